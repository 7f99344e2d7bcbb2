"""A rehearsal plays the loop with a simulated reviewer, counts in nothing, and leaves nothing behind."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.urls import reverse

from reviews import rehearsal
from reviews.demo.load import CLIENTS, load_voice, rows_of
from reviews.evidence import evidence_of
from reviews.models import Comparison, Membership, Round, Score
from reviews.scratch import clear_left_over, fill_from_voice, scratch
from tests import tiny
from training.evidence import practice_briefs
from training.management.lookup import find_voice
from training.metrics.judge import Judge
from training.models import ModelVersion, Pair, Preference, Run, Sample, Voice

ROOT = Path(__file__).resolve().parents[1]
COUNTS = "from django.apps import apps; print({m.__name__: m.objects.count() for m in apps.get_models()})"


def counts():
    return {model.__name__: model.objects.count() for model in apps.get_models()}


@pytest.fixture
def voices(db, settings, tmp_path):
    settings.SNAPSHOTS, settings.WORK, settings.MODELS = tmp_path / "s", tmp_path / "w", tmp_path / "m"
    settings.TEST_BRIEFS = 8
    return [load_voice(demo) for demo in CLIENTS]


def fake(run):
    """A training that teaches the reference copy: base samples are another voice's, the version's are its own."""
    voice, number = run.voice, run.voice.versions.count()
    claim = run.try_claim()
    foreign = [row["output"] for row in rows_of("workflow")]
    folder = rehearsal.settings.MODELS / str(run.pk)
    folder.mkdir(parents=True)
    (folder / "adapter_model.safetensors").write_bytes(b"weights")
    versions = [] if number else [ModelVersion.objects.create(voice=voice, kind="base", number=0, base_model="tiny")]
    versions.append(
        ModelVersion.objects.create(
            voice=voice,
            run=run,
            kind="adapter",
            number=max(number, 1),
            adapter=str(run.pk),
            trainable_parameters=10,
            total_parameters=1000,
        )
    )
    for version in versions:
        briefs = [*voice.briefs.filter(is_frozen=True), *practice_briefs(voice, version.number)]
        for place, brief in enumerate(briefs):
            own = Pair.objects.validated().filter(brief=brief, made="demo").first().output
            text = own if version.run_id else foreign[place]
            Sample.objects.create(version=version, brief=brief, seed=1, text=text)
    run.finish(claim, Run.State.FINISHED, seconds=2.0)
    run.refresh_from_db()
    rehearsal.open_rounds(run)
    return 2.0


@pytest.fixture(scope="module")
def judge():
    """Fitted once; tests/test_judge.py asks how well it judges."""
    return Judge([row["output"] for row in rows_of("bakery")[::4]], [row["output"] for row in rows_of("workflow")[::4]])


@pytest.fixture
def trained(monkeypatch, judge):
    monkeypatch.setattr(rehearsal, "train_here", fake)
    monkeypatch.setattr(rehearsal, "Judge", lambda own, others: judge)


def test_two_iterations_make_a_table_and_its_json_and_leave_nothing(voices, trained, tmp_path, settings, capsys):
    before, path = counts(), tmp_path / "rehearsal.json"
    call_command("rehearse", "bakery", iterations=2, json=path)
    assert counts() == before
    assert not any(settings.MODELS.iterdir()) and not any(settings.SNAPSHOTS.iterdir())
    report = json.loads(path.read_text())
    base, first, second = report["iterations"]
    assert report["reviewers"] == "simulated" and report["judge"]["broken"] <= 0.1
    assert base["alignment"] <= 0.2 and first["alignment"] >= 0.7
    assert first["win_rate"] >= 0.8 and first["trainable_share"] == 0.01
    assert first["preferences"] == 0 and second["preferences"] > 0, "Judgements of practice briefs feed the next run."
    assert second["win_rate"] is None, "The same texts are not compared."
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("Judge: fitted on") and said[1].startswith("| iteration |")
    assert [row.split("|")[1].strip() for row in said[3:]] == ["base", "1", "2"]


def test_what_is_kept_is_marked_as_simulated_and_in_no_figure(voices, trained, client, django_user_model):
    call_command("rehearse", "bakery", iterations=1, keep=True)
    voice = Voice.objects.get(is_scratch=True)
    for model in (Score, Comparison, Preference, Round):
        assert set(model.objects.values_list("origin", flat=True)) == {"simulated"}
    assert Score.objects.count() > 16 and not any(row.scored or row.votes for row in evidence_of(voice))
    assert not django_user_model.objects.filter(is_active=True).exists()
    client.force_login(django_user_model.objects.create_superuser("root"))
    assert client.get(reverse("dashboard", args=[voice.client.slug, voice.slug])).status_code == 404


@pytest.mark.parametrize(
    ("error", "said"),
    [(KeyboardInterrupt, "Stopped. The scratch voice is deleted"), (rehearsal.RehearsalError("No disk."), "No disk")],
)
def test_nothing_is_left_after_an_error_or_ctrl_c(voices, trained, monkeypatch, error, said, tmp_path, settings):
    def fail(task, reviewer, seen):
        if Score.objects.count() > 3:
            raise error
        judge_task(task, reviewer, seen)

    judge_task = rehearsal.judge_task
    monkeypatch.setattr(rehearsal, "judge_task", fail)
    before = counts()
    with pytest.raises(CommandError, match=said):
        call_command("rehearse", "bakery", json=tmp_path / "rehearsal.json")
    assert counts() == before and not (tmp_path / "rehearsal.json").exists()
    assert not any(settings.MODELS.iterdir()) and not any(settings.SNAPSHOTS.iterdir())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"iterations": 0}, "--iterations must be 1 or more"),
        ({"set": ["rank=0"]}, "rank is 0; use 1 or more"),
        ({"set": ["rank"]}, "write NAME=NUMBER"),
        ({"folder": Path("nowhere")}, "nowhere: no such file or folder"),
        ({"others": [Path("nowhere")]}, "nowhere: no such file or folder"),
        ({"json": Path("nowhere/r.json")}, "no such folder. Choose another file"),
        ({"pairs": 20}, "--pairs must be 50 or more"),
    ],
)
def test_what_cannot_be_rehearsed_is_said(voices, trained, options, said):
    before = counts()
    with pytest.raises(CommandError, match=said):
        call_command("rehearse", "bakery", **options)
    assert counts() == before


def test_the_judges_copy_is_never_trained_on(voices):
    with scratch("bakery", keep=True) as voice:
        kept = fill_from_voice(voice, voices[0], 10_000)
    trained = set(voice.pairs.values_list("output", flat=True))
    assert 150 < len(kept) < 260 and not trained & set(kept) and len(trained) + len(kept) == 680


@pytest.fixture
def killed(voices, trained, monkeypatch, settings):
    """A rehearsal that was killed while it judged: its lock is gone with its process, all else is there."""
    monkeypatch.setattr(rehearsal, "judge_task", lambda task, reviewer, seen: 1 / 0)
    monkeypatch.setattr("reviews.scratch.remove", lambda voice: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        call_command("rehearse", "bakery")
    monkeypatch.undo()
    return Voice.objects.get(is_scratch=True)


def test_the_next_rehearsal_clears_up_after_a_killed_one(killed, monkeypatch, judge, settings):
    monkeypatch.setattr(rehearsal, "train_here", fake)
    monkeypatch.setattr(rehearsal, "Judge", lambda own, others: judge)
    assert Round.objects.exists() and any(settings.MODELS.iterdir()) and any(settings.SNAPSHOTS.iterdir())
    call_command("rehearse", "bakery", iterations=1)
    assert not Voice.objects.filter(is_scratch=True).exists() and not Round.objects.exists()
    assert not any(any(folder.iterdir()) for folder in (settings.MODELS, settings.SNAPSHOTS, settings.WORK))


def test_a_worker_clears_up_after_a_killed_rehearsal(killed, monkeypatch, settings):
    from voicelab import worker

    monkeypatch.setattr(worker.jobs.stopping, "wait", lambda seconds: True)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)  # the test's transaction is on this one
    worker.sweep_for_ever(os.getppid())
    assert not Voice.objects.filter(is_scratch=True).exists() and not any(settings.WORK.iterdir())


def test_a_rehearsal_that_lives_and_a_voice_that_is_kept_are_left_alone(voices, settings):
    with scratch("lives", keep=False), scratch("kept", keep=True) as voice:
        assert clear_left_over() == 0 and Voice.objects.filter(is_scratch=True).count() == 2
        with pytest.raises(CommandError, match=f"no such scratch voice was kept. Choose one of: {voice.slug}."):
            call_command("rehearse", Voice.objects.get(name="lives").slug, drop=True)
    assert [voice.name for voice in Voice.objects.filter(is_scratch=True)] == ["kept"]
    call_command("rehearse", voice.slug, drop=True)
    assert not Voice.objects.filter(is_scratch=True).exists() and not any(settings.WORK.iterdir())


def test_a_kept_voice_is_named_for_those_who_want_to_try_it_and_for_nobody_else(
    voices, trained, capsys, django_user_model, client
):
    call_command("rehearse", "bakery", iterations=1, keep=True)
    voice = Voice.objects.get(is_scratch=True)
    assert f"The scratch voice stays as {voice.slug}, for manage.py write" in capsys.readouterr().out
    for command in (["export", voice.slug, "x.jsonl"], ["retrain", voice.slug], ["import_copy", voice.slug, "."]):
        with pytest.raises(CommandError, match=r"no such voice. Choose one of: workflow/workflow, bakery/bakery\.$"):
            call_command(*command)
    assert find_voice(voice.slug, even_scratch=True) == voice
    # Even somebody whom a mistake made a member of its client sees nothing of it.
    lead = django_user_model.objects.create_user("lead")
    Membership.objects.create(user=lead, client=voice.client, role="lead")
    client.force_login(lead)
    assert "Simulated" not in client.get("/").content.decode() and not client.get("/").context["rows"]
    for page in ("dashboard", "runs", "pairs", "sources", "score"):
        assert client.get(reverse(page, args=[voice.client.slug, voice.slug])).status_code == 404
    for kind in ("pairs", "preferences", "scores"):
        assert client.get(reverse("export", args=[voice.client.slug, voice.slug, kind])).status_code == 404


@pytest.fixture
def prepared(tmp_path):
    """A data folder with the demo's pairs and a tiny base model, and how to run a command there."""
    tiny.model(max_position_embeddings=1024).save_pretrained(tmp_path / "base")
    tiny.tokenizer().save_pretrained(tmp_path / "base")
    var = tmp_path / "var"
    var.mkdir()
    dropped = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "REDIS_URL")
    environment = {
        **{name: value for name, value in os.environ.items() if name not in dropped},
        "VOICELAB_VAR": str(var),
        "VOICELAB_BASE_MODEL": str(tmp_path / "base"),
        "VOICELAB_TEST_BRIEFS": "4",
        "VOICELAB_TRAINING_THREADS": "1",
        "VOICELAB_SECRET_KEY": "rehearsal",
    }

    def manage(*arguments):
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    setup = (
        "from reviews.demo.load import *; [load_voice(demo) for demo in CLIENTS];"
        "Pair.objects.exclude(pk__in=[p.pk for v in Voice.objects.all() for p in v.pairs.all()[:240]]).delete()"
    )
    for arguments in (["migrate", "-v0"], ["shell", "-v0", "-c", setup]):
        said, _ = (command := manage(*arguments)).communicate()
        assert command.returncode == 0, said
    yield manage
    shutil.rmtree(var)


def test_a_real_training_is_rehearsed_and_ctrl_c_ends_it_with_all_its_files(prepared, tmp_path):
    before, _ = prepared("shell", "-v0", "-c", COUNTS).communicate()
    options = ["--pairs=160", "--set=epochs=1", "--set=rank=2", f"--json={tmp_path / 'r.json'}"]
    said, _ = (command := prepared("rehearse", "bakery", "--iterations=1", *options)).communicate()
    assert command.returncode == 0, said
    base, first = json.loads((tmp_path / "r.json").read_text())["iterations"]
    assert base["alignment"] == first["alignment"] == 0, "A random base writes nothing that is on voice."
    assert first["scored"] == base["scored"] == 4 and 0 < first["trainable_share"] < 1 and first["rouge_l"] is not None
    after, _ = prepared("shell", "-v0", "-c", COUNTS).communicate()
    assert after == before

    command = prepared("rehearse", "bakery", "--iterations=1", *options, "--set=epochs=999")
    deadline = time.monotonic() + 120
    while not list((tmp_path / "var").glob("**/*.lock")) and time.monotonic() < deadline:
        time.sleep(0.1)
    command.send_signal(signal.SIGTERM)
    said, _ = command.communicate(timeout=60)
    assert command.returncode == 1 and "Stopped. The scratch voice is deleted." in said
    after, _ = prepared("shell", "-v0", "-c", COUNTS).communicate()
    assert after == before
    left = [path for path in (tmp_path / "var").rglob("*") if path.is_file() and "sqlite" not in path.name]
    assert [path for path in left if path.suffix in (".lock", ".held", ".jsonl", ".safetensors")] == []


def test_the_kernel_lets_go_of_what_a_killed_rehearsal_held(prepared, tmp_path):
    before, _ = prepared("shell", "-v0", "-c", COUNTS).communicate()
    hold = "import time\nfrom reviews.scratch import scratch\nwith scratch('bakery', keep=False) as voice:\n"
    command = prepared("shell", "-v0", "-c", f"{hold}    print(voice.slug, flush=True); time.sleep(600)")
    slug = command.stdout.readline().strip()
    clear = "from reviews.scratch import clear_left_over; print(clear_left_over())"
    assert prepared("shell", "-v0", "-c", clear).communicate()[0] == "0\n"
    assert (tmp_path / "var" / "work" / f"{slug}.held").exists()
    command.kill()
    command.communicate()
    assert prepared("shell", "-v0", "-c", clear).communicate()[0] == "1\n"
    after, _ = prepared("shell", "-v0", "-c", COUNTS).communicate()
    assert after == before and not any((tmp_path / "var" / "work").iterdir())
