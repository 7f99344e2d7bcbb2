"""The life of a run: started once, claimed once, ended once, whatever the messages do."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from reviews.models import LogEntry
from training import jobs
from training.corpus.brief import Brief as Content
from training.corpus.snapshot import read_snapshot
from training.importing import briefs_for
from training.management.commands.train import Reporter, reason
from training.models import Brief, LossPoint, ModelVersion, Pair, Preference, Run, Voice
from training.retraining import CannotStart, rows_of, start_run


@pytest.fixture
def folders(settings, tmp_path):
    settings.SNAPSHOTS, settings.WORK, settings.MODELS = tmp_path / "s", tmp_path / "w", tmp_path / "m"


@pytest.fixture
def corpus(voice, folders):
    """90 briefs over two channels, each with one validated pair."""
    contents = [Content(channel=("social", "email")[n % 2], topic=f"loaf number {n}") for n in range(90)]
    Pair.objects.bulk_create(
        Pair(voice=voice, brief=brief, output=f"Ahoy, {brief.topic}!", status="validated")
        for brief in briefs_for(voice, contents).values()
    )
    return voice


@pytest.fixture
def sent(monkeypatch):
    """The ids that were sent to the queue."""
    ids: list[str] = []
    monkeypatch.setattr(jobs.train_run, "send", ids.append)
    return ids


def prefer(brief, number, chosen="Ahoy!", rejected="Dear all,"):
    return Preference.objects.create(
        voice=brief.voice,
        brief=brief,
        chosen=chosen,
        rejected=rejected,
        source="comparison",
        provenance=f"test:{number}",
        strength=1.0,
    )


def test_a_run_is_a_snapshot_a_row_and_on_commit_a_message(
    corpus, lena, sent, settings, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        run = start_run(corpus, user=lena, config={"epochs": 1}, origin="human")
        assert sent == []
    assert sent == [str(run.pk)]
    assert run.state == "queued" and run.requested_by == lena and run.config["epochs"] == 1
    snapshot, rows = read_snapshot(settings.SNAPSHOTS / run.snapshot.digest)
    assert snapshot.counts == run.snapshot.counts and len(rows.supervised_train) >= 50


def test_no_test_brief_is_trained_on(corpus):
    test = Brief.objects.filter(voice=corpus, split="test").first()
    other = Brief.objects.filter(voice=corpus, split="train").first()
    prefer(test, 1)
    prefer(other, 2)
    # The same request but for a full stop, put on another side.
    twin = Brief.objects.create(
        voice=corpus, channel=test.channel, topic=test.topic + ".", digest="f" * 64, split="train"
    )
    Pair.objects.create(voice=corpus, brief=twin, output="Leaked.", status="validated")
    rows = rows_of(corpus)
    prompts = {row.prompt for row in (*rows.supervised_train, *rows.supervised_validation, *rows.preferences_train)}
    tested = {brief.prompt() for brief in Brief.objects.filter(voice=corpus, split="test")}
    assert not prompts & tested
    assert len(rows.preferences_train) == 1


def test_an_empty_text_that_was_rejected_stops_no_run(corpus):
    prefer(Brief.objects.filter(voice=corpus, split="train").first(), 1, rejected="  ")
    assert rows_of(corpus).preferences_train == []


def test_test_briefs_are_frozen_over_channels_and_stay(corpus, settings, sent):
    settings.TEST_BRIEFS = 4
    start_run(corpus, user=None, config={}, origin="human").request_cancel()
    frozen = set(Brief.objects.filter(is_frozen=True))
    assert len(frozen) == 4 and {brief.channel for brief in frozen} == {"social", "email"}
    settings.TEST_BRIEFS = 6
    start_run(corpus, user=None, config={}, origin="human")
    assert frozen < set(Brief.objects.filter(is_frozen=True))


def test_too_few_pairs_and_a_run_under_way_are_said(corpus, voice, sent):
    start_run(corpus, user=None, config={}, origin="human")
    with pytest.raises(CannotStart, match="under way"):
        start_run(corpus, user=None, config={}, origin="human")
    Run.objects.all().delete()
    Pair.objects.all().update(status="proposed")
    with pytest.raises(CannotStart, match="0 validated training pairs; a run needs"):
        start_run(corpus, user=None, config={}, origin="human")


def test_a_run_waits_when_redis_is_away(corpus, monkeypatch, caplog, django_capture_on_commit_callbacks):
    from redis.exceptions import ConnectionError

    def away(run_id):
        raise ConnectionError("Connection refused.")

    monkeypatch.setattr(jobs.train_run, "send", away)
    with django_capture_on_commit_callbacks(execute=True):
        run = start_run(corpus, user=None, config={}, origin="human")
    assert Run.objects.get(pk=run.pk).state == "queued" and "waits until it is back" in caplog.text


@pytest.fixture
def run(corpus, sent):
    return start_run(corpus, user=None, config={}, origin="human")


def test_a_sweep_sends_what_waits_and_what_was_left_behind_alone(run, sent):
    assert jobs.sweep() == 1
    run.try_claim()
    assert jobs.sweep() == 0
    Run.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.sweep() == 1 and sent == [str(run.pk)] * 2


def test_a_sweep_passes_over_the_run_of_a_rehearsal(run, sent):
    Voice.objects.update(is_scratch=True)
    assert jobs.sweep() == 0
    run.try_claim()
    Run.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.sweep() == 0 and sent == []


def child(monkeypatch, run, code):
    """Let the child be this program instead of `manage.py train`."""
    popen = subprocess.Popen

    def start(command, **options):
        assert command[2:4] == ["train", str(run.pk)]
        return popen([sys.executable, "-c", code], **options)

    monkeypatch.setattr(jobs.subprocess, "Popen", start)


def test_an_end_is_recorded_with_its_rounds_or_not_at_all(run, monkeypatch, settings):
    child(monkeypatch, run, "")
    settings.ON_RUN_FINISHED = "tests.test_jobs.refuse"
    with pytest.raises(RuntimeError):
        jobs.train_run(str(run.pk))
    assert Run.objects.get().state == "running"
    Run.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    settings.ON_RUN_FINISHED = "tests.test_jobs.accept"
    jobs.train_run(str(run.pk))
    ended = Run.objects.get()
    assert ended.state == "finished" and ended.seconds is not None and ended.attempts == 2
    jobs.train_run(str(run.pk))
    assert Run.objects.get().attempts == 2


def refuse(run):
    raise RuntimeError("No rounds today.")


def accept(run):
    assert run.state == "finished" and transaction.get_connection().in_atomic_block


def test_a_childs_last_line_is_the_reason(run, monkeypatch):
    child(monkeypatch, run, "import sys; sys.exit('noise\\nCommandError: The disk is full.')")
    jobs.train_run(str(run.pk))
    ended = Run.objects.get()
    assert (ended.state, ended.error) == ("failed", "The disk is full.")


def test_a_killed_child_is_back_in_line_and_given_up_in_the_end(run, monkeypatch, sent):
    child(monkeypatch, run, "import os; os.kill(os.getpid(), 9)")
    jobs.train_run(str(run.pk))
    assert Run.objects.get().state == "queued" and sent == [str(run.pk)]
    for _ in range(jobs.ATTEMPTS):
        jobs.train_run(str(run.pk))
    ended = Run.objects.get()
    assert ended.state == "failed" and "8 times" in ended.error and ended.attempts == jobs.ATTEMPTS


def test_a_stopping_worker_puts_its_run_back_and_ends_its_child(run, monkeypatch, sent):
    child(monkeypatch, run, "import sys; sys.stdin.read()")
    monkeypatch.setattr(jobs.stopping, "wait", lambda seconds: True)
    jobs.train_run(str(run.pk))
    back = Run.objects.get()
    assert (back.state, back.attempts, back.claim) == ("queued", 0, None)


def test_a_cancelled_run_is_not_put_back(run, monkeypatch):
    child(monkeypatch, run, "import os; os.kill(os.getpid(), 9)")
    Run.objects.update(cancel_requested=True)
    jobs.train_run(str(run.pk))
    assert Run.objects.get().state == "cancelled"


def test_a_step_trained_again_replaces_its_point(run):
    from training.engine.progress import Progress

    claim = run.try_claim()
    for loss in (2.0, 1.0):
        reporter = Reporter(run, claim)
        reporter.report(Progress("supervised", 5, 5, loss, None, 100.0, 0.0, 10))
    assert [point.train_loss for point in LossPoint.objects.all()] == [1.0]
    assert Run.objects.get().progress["step"] == 5


def test_a_cancel_is_heard_while_training(run):
    from training.engine.progress import Progress

    claim = run.try_claim()
    reporter = Reporter(run, claim)
    run.request_cancel()
    reporter.report(Progress("supervised", 5, 9, 1.0, None, 100.0, 0.0, 10))
    assert reporter.cancelled()


def test_errors_are_said_for_a_person():
    try:
        raise RuntimeError("write failed") from OSError(28, "No space left on device")
    except RuntimeError as error:
        assert reason(error).startswith("The disk is full.")
    assert "ran out of memory" in reason(MemoryError())
    assert "KeyError" in reason(KeyError("gone"))


def test_retrain_from_the_command_line(corpus, sent):
    said = io.StringIO()
    call_command("retrain", "bakery/house", "--set", "epochs=1", stdout=said)
    run = Run.objects.get()
    assert "waits for a worker" in said.getvalue() and run.config["epochs"] == 1
    act = LogEntry.objects.get()
    assert (act.action, act.who, act.voice, act.data["run"]) == ("run.started", "Command line", corpus, str(run.pk))
    with pytest.raises(CommandError, match="under way"):
        call_command("retrain", "house")


def test_a_run_that_cannot_be_logged_is_not_started(corpus, sent, monkeypatch):
    monkeypatch.setattr("reviews.retraining.record", lambda *what, **more: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        call_command("retrain", "house")
    assert not Run.objects.exists() and not sent


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("rank", "--set rank: write NAME=NUMBER"),
        ("rank=many", "--set rank=many: write NAME=NUMBER"),
        ("rank=0", "rank is 0; use 1 or more"),
        ("ranks=4", "no setting named ranks; use: "),
    ],
)
def test_a_setting_that_cannot_be_used_starts_no_run(corpus, sent, setting, reason):
    with pytest.raises(CommandError, match=reason):
        call_command("retrain", "house", "--set", setting)
    assert not Run.objects.exists() and not LogEntry.objects.exists() and not sent


@pytest.mark.parametrize(
    ("code", "end"),
    [
        ("", "Finished after"),
        ("import sys; sys.exit('CommandError: The disk is full.')", "Failed after .* The disk is full."),
        ("import sys; sys.exit(3)", "Cancelled after"),
    ],
)
def test_retrain_waits_for_the_end_and_tells_it(corpus, monkeypatch, settings, code, end):
    from reviews.management.commands import retrain

    settings.ON_RUN_FINISHED = "tests.test_jobs.accept"
    said = io.StringIO()

    def work(seconds):
        run = Run.objects.get()
        child(monkeypatch, run, code)
        if not code:
            ModelVersion.objects.create(voice=corpus, run=run, kind="adapter", number=1, adapter="v1")
        jobs.train_run(str(run.pk))

    monkeypatch.setattr(jobs.train_run, "send", lambda run_id: None)
    monkeypatch.setattr(retrain.time, "sleep", work)
    if code:
        with pytest.raises(CommandError, match=end):
            call_command("retrain", "house", "--wait", stdout=said)
    else:
        call_command("retrain", "house", "--wait", stdout=said)
        assert re.search(rf"{end} 0 s: Version 1\.", said.getvalue())


def test_who_stops_waiting_does_not_stop_the_run(corpus, sent, monkeypatch):
    from reviews.management.commands import retrain

    def interrupt(seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr(retrain.time, "sleep", interrupt)
    with pytest.raises(CommandError, match="the run goes on"):
        call_command("retrain", "house", "--wait", stdout=io.StringIO())
    assert Run.objects.get().state == "queued"


def test_a_run_knows_which_pairs_it_trains_on(corpus, lena, sent):
    run = start_run(corpus, user=lena, config={"epochs": 1})
    rows = rows_of(corpus)
    held = {row.pair for row in (*rows.supervised_train, *rows.supervised_validation)}
    assert {str(pk) for pk in run.snapshot.members.values_list("pair_id", flat=True)} == held
