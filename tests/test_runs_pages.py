"""The list of runs, the retrain form, a run while it goes and when it is over, and its cancel button."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reviews.models import LogEntry
from reviews.rounds import open_rounds
from reviews.views.runs import duration
from tests.pages import text, where
from training.models import Brief, LossPoint, ModelVersion, Run, Snapshot

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def make_run(voice, lena):
    snapshot = Snapshot.objects.create(
        voice=voice, digest="ab" * 32, counts={"supervised_train": 412, "preferences_train": 3}
    )

    def make(state="finished", **fields):
        values = {"base_model": "voicelab-starter", "requested_by": lena, "config": {"rank": 8}, **fields}
        return Run.objects.create(voice=voice, snapshot=snapshot, state=state, **values)

    return make


@pytest.fixture
def running(make_run):
    run = make_run(
        "running",
        lease_until=timezone.now() + timedelta(minutes=1),
        progress={
            "stage": "supervised",
            "step": 30,
            "steps": 120,
            "train_loss": 2.5,
            "validation_loss": 2.75,
            "tokens_per_second": 9120.4,
            "seconds_left": 143,
        },
    )
    LossPoint.objects.create(run=run, stage="supervised", step=10, train_loss=3.0, validation_loss=3.1)
    return run


@pytest.fixture
def sent(monkeypatch):
    """The runs that were handed to the queue."""
    runs = []
    monkeypatch.setattr("training.retraining.send", runs.append)
    return runs


SETTINGS = {"learning_rate": "0.001", "batch_size": "4", "epochs": "2", "rank": "8", "seed": "7"}


def test_without_runs_it_says_so_and_what_is_missing(client, lena, voice, make_pair):
    make_pair("a rye loaf")
    client.force_login(lena)
    page = text(client.get(where("runs", voice)))
    assert "No runs yet." in page
    assert "49 more validated pairs, then a run can start" in page
    assert "A run needs 50 validated training pairs; there is 1." in page
    assert ">Retrain</button>" not in page


def test_the_form_suggests_settings_and_says_what_it_will_train_on(client, lena, voice, make_pair):
    for number in range(50):
        make_pair(f"bun {number}")
    make_pair("a loaf", split="validation")
    client.force_login(lena)
    page = text(client.get(where("runs", voice)))
    assert "trains on 50 pairs and 0 preferences, and checks itself on 1 validation pair." in page
    for number, brief in enumerate(Brief.objects.filter(topic__in=["bun 1", "a loaf"])):
        brief.preferences.create(
            voice=voice, chosen="a", rejected="b", source="edit", strength=0.8, provenance=f"edit:{number}"
        )
    page = text(client.get(where("runs", voice)))
    assert "trains on 50 pairs and 1 preference, and checks itself on 1 validation pair and 1 preference." in page
    assert ">Retrain</button>" in page
    assert 'name="rank" value="8"' in page


def test_retrain_starts_a_run_with_the_chosen_settings_and_logs_it(
    client, lena, voice, make_pair, sent, django_capture_on_commit_callbacks
):
    for number in range(50):
        make_pair(f"bun {number}")
    client.force_login(lena)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(where("runs", voice), SETTINGS)
    run = Run.objects.get()
    assert answer.url == where("run", voice, run.pk)
    assert sent == [run]
    assert (run.requested_by, run.config["rank"], run.config["alpha"], run.config["seed"]) == (lena, 8, 16, 7)
    assert LogEntry.objects.get().action == "run.started"


@pytest.mark.parametrize(("name", "value"), [("rank", "0"), ("learning_rate", "fast"), ("epochs", "")])
def test_a_setting_that_cannot_be_used_is_named(client, lena, voice, make_pair, sent, name, value):
    for number in range(50):
        make_pair(f"bun {number}")
    client.force_login(lena)
    answer = client.post(where("runs", voice), {**SETTINGS, name: value})
    assert answer.status_code == 422
    assert "<details open>" in text(answer)
    assert not Run.objects.exists() and not sent


def test_too_few_pairs_start_nothing(client, lena, voice, sent):
    client.force_login(lena)
    answer = client.post(where("runs", voice), SETTINGS)
    assert answer.status_code == 422
    assert "a run needs 50" in text(answer)
    assert not Run.objects.exists() and not LogEntry.objects.exists()


def test_a_second_run_waits_for_the_first(client, lena, voice, running, sent):
    client.force_login(lena)
    page = text(client.get(where("runs", voice)))
    assert "A run is under way" in page and ">Retrain</button>" not in page
    answer = client.post(where("runs", voice), SETTINGS)
    assert answer.status_code == 422
    assert "A run is under way for this voice." in text(answer)
    assert Run.objects.count() == 1


def test_only_a_lead_sees_the_form_and_starts_a_run(client, ada, voice, make_pair, sent):
    for number in range(50):
        make_pair(f"bun {number}")
    client.force_login(ada)
    assert ">Retrain</button>" not in text(client.get(where("runs", voice)))
    assert client.post(where("runs", voice), SETTINGS).status_code == 403


def test_the_list_shows_who_what_and_how_it_ended_and_finds_by_words(client, ada, voice, make_run):
    done = make_run(seconds=134.2)
    ModelVersion.objects.create(voice=voice, kind="adapter", number=1, run=done, base_model="b", adapter="v1")
    make_run("failed", error="The base model is not there. Check VOICELAB_BASE_MODEL, then retrain.")
    client.force_login(ada)
    page = text(client.get(where("runs", voice)))
    assert "412 pairs, 3 preferences" in page
    assert "2 min 14 s" in page
    assert "Version 1" in page
    assert "The base model is not there." in page
    for search, number in {"failed": 1, "lena": 2, "version 1": 1, "1": 1, "nobody": 0}.items():
        found = client.get(where("runs", voice), {"q": search})
        assert len(found.context["page"].object_list) == number, search
    assert "No run matches “nobody”." in text(client.get(where("runs", voice), {"q": "nobody"}))
    lines = client.get(where("runs", voice), {"format": "csv", "q": "failed"}).content.decode().splitlines()
    assert len(lines) == 2
    assert ",Lena,Failed,,412,0,3,," in lines[1]


def test_a_run_from_the_command_line_or_of_the_demo_says_so(client, ada, voice, make_run):
    make_run(requested_by=None)
    make_run(requested_by=None, origin="demo")
    client.force_login(ada)
    page = client.get(where("runs", voice))
    assert [row.by for row in page.context["page"]] == ["VoiceLab", "Command line"]
    assert "<td>Command line</td>" in text(page)


def test_a_run_page_polls_itself_while_it_goes(client, ada, voice, running):
    client.force_login(ada)
    page = text(client.get(where("run", voice, running.pk)))
    assert f'hx-get="{where("run", voice, running.pk)}" hx-trigger="every 2s"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "Learning the voice: 25 %" in page
    part = client.get(where("run", voice, running.pk), **HTMX)
    assert part.status_code == 200
    assert "HX-Request" in part.headers["Vary"]
    for fact in ("30 of 120", "2.500", "2.750", "9,120", "about 2 min 23 s", '"x": [10]'):
        assert fact in text(part)
    assert "<html" not in text(part)


def test_polling_stops_when_the_run_is_over(client, ada, voice, running):
    Run.objects.update(state="finished", seconds=60)
    client.force_login(ada)
    part = client.get(where("run", voice, running.pk), **HTMX)
    assert (part.status_code, part.headers["HX-Refresh"]) == (286, "true")
    page = client.get(where("run", voice, running.pk))
    assert page.status_code == 200
    assert "every 2s" not in text(page) and "http-equiv" not in text(page)


def test_a_finished_run_shows_what_it_made(client, ada, voice, make_run, settings, tmp_path):
    settings.MODELS = tmp_path
    (tmp_path / "v1").mkdir()
    (tmp_path / "v1" / "manifest.json").write_text(
        '{"files": {}, "base_unchanged": true, "tokens": 81234, "steps": 120, "device": "cpu"}'
    )
    run = make_run(seconds=3720, notes=["Using float32."])
    ModelVersion.objects.create(
        voice=voice,
        kind="adapter",
        number=1,
        run=run,
        base_model="b",
        base_digest="c0ffee" * 10,
        adapter="v1",
        trainable_parameters=98304,
        total_parameters=2198304,
    )
    LossPoint.objects.create(run=run, stage="supervised", step=0, train_loss=3.2, validation_loss=3.0)
    LossPoint.objects.create(run=run, stage="supervised", step=9, train_loss=1.9, validation_loss=2.0)
    client.force_login(ada)
    page = text(client.get(where("run", voice, run.pk)))
    assert "Version 1 is ready" in page
    assert "Trained on 412 pairs, 3 preferences in 1 h 2 min." in page
    assert "98,304 of 2,198,304 parameters (4.5 %)" in page
    assert "the same before and after" in page
    assert "81,234 in 120 steps on cpu" in page
    assert "Validation loss fell from 3.00 to 2.00, lowest at step 9 of 9" in page
    assert "Using float32." in page


def test_a_version_whose_files_are_gone_still_has_its_page(client, ada, voice, make_run, settings, tmp_path):
    settings.MODELS = tmp_path
    run = make_run()
    ModelVersion.objects.create(voice=voice, kind="adapter", number=1, run=run, base_model="b", adapter="gone")
    client.force_login(ada)
    assert client.get(where("run", voice, run.pk)).status_code == 200


def test_a_failed_run_says_why_and_what_to_do(client, ada, voice, make_run):
    run = make_run("failed", error="The disk is full. Free some space, then retrain.")
    client.force_login(ada)
    page = text(client.get(where("run", voice, run.pk)))
    assert "The run failed" in page
    assert "The disk is full. Free some space, then retrain." in page


def test_a_run_whose_worker_died_says_that_it_goes_on(client, ada, voice, running):
    Run.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    client.force_login(ada)
    assert "taken up again from the last checkpoint" in text(client.get(where("run", voice, running.pk)))


def test_cancel_asks_a_running_run_to_stop_and_logs_it(client, lena, voice, running):
    client.force_login(lena)
    assert "Cancel the run" in text(client.get(where("run", voice, running.pk)))
    answer = client.post(where("cancel", voice, running.pk), follow=True)
    running.refresh_from_db()
    assert running.cancel_requested and running.state == "running"
    assert "It stops at its next step." in text(answer)
    assert LogEntry.objects.get().action == "run.cancelled"


def test_cancel_ends_a_waiting_run_at_once(client, lena, voice, make_run):
    run = make_run("queued")
    client.force_login(lena)
    assert "The run was cancelled" in text(client.post(where("cancel", voice, run.pk), follow=True))


def test_cancel_after_the_end_changes_nothing(client, lena, voice, make_run):
    run = make_run()
    client.force_login(lena)
    assert "The run was over already." in text(client.post(where("cancel", voice, run.pk), follow=True))
    assert not LogEntry.objects.exists()
    assert client.get(where("cancel", voice, run.pk)).status_code == 405


def test_who_may_not_cancel_sees_no_button(client, ada, voice, running):
    client.force_login(ada)
    assert "Cancel the run" not in text(client.get(where("run", voice, running.pk)))
    assert client.post(where("cancel", voice, running.pk)).status_code == 403


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, ""), (0.4, "0 s"), (59.4, "59 s"), (60, "1 min"), (200, "3 min 20 s"), (7500, "2 h 5 min")],
)
def test_a_duration_in_words_that_stay_together(seconds, words):
    assert duration(seconds) == words.replace(" ", "\N{NO-BREAK SPACE}")


@pytest.fixture
def done(client, lena, voice, make_pair, sent):
    """A finished run on fifty pairs with SETTINGS."""
    for number in range(50):
        make_pair(f"bun {number}")
    client.force_login(lena)
    client.post(where("runs", voice), SETTINGS)
    run = Run.objects.get()
    Run.objects.update(state="finished")
    ModelVersion.objects.create(voice=voice, kind="adapter", number=1, run=run, base_model="b", adapter="v1")
    return run


def test_nothing_new_to_learn_is_said_before_the_run(client, voice, make_pair, done):
    page = text(client.get(where("runs", voice)))
    assert "Nothing new to learn since" in page and ">version 1</a>" in page
    assert "<details open>" in page and ">Retrain</button>" in page
    make_pair("something new")
    assert "Nothing new to learn" not in text(client.get(where("runs", voice)))


def test_the_same_data_and_settings_make_no_second_run(client, voice, make_pair, done):
    answer = client.post(where("runs", voice), SETTINGS)
    assert answer.status_code == 422
    assert "Nothing has changed since the run of" in text(answer)
    assert Run.objects.count() == 1
    make_pair("something new")
    assert client.post(where("runs", voice), SETTINGS).status_code == 302


def test_another_setting_makes_another_adapter_so_it_may_run(client, voice, done):
    assert client.post(where("runs", voice), {**SETTINGS, "seed": "8"}).status_code == 302
    assert Run.objects.count() == 2


@pytest.mark.parametrize("changes", [{"state": "failed"}, {"base_model": "another"}])
def test_a_run_that_made_no_such_adapter_stands_in_nobodys_way(client, voice, done, changes):
    Run.objects.update(**changes)
    assert client.post(where("runs", voice), SETTINGS).status_code == 302


def test_a_finished_run_says_what_waits_for_the_copywriters(
    client, ada, voice, make_run, base_version, make_brief, make_sample, settings, tmp_path
):
    settings.MODELS = tmp_path
    run = make_run()
    version = ModelVersion.objects.create(voice=voice, kind="adapter", number=1, run=run, base_model="b", adapter="v1")
    brief = make_brief("a bun")
    make_sample(base_version, brief, text="The same.")
    new = make_sample(version, brief, text="The same.")
    open_rounds(run)
    client.force_login(ada)
    assert "so there is nothing to compare" in text(client.get(where("run", voice, run.pk)))
    run.rounds.all().delete()
    new.text = "Another."
    new.save()
    open_rounds(run)
    assert "2 texts to score and 1 brief to compare wait." in text(client.get(where("run", voice, run.pk)))


def test_a_run_that_writes_its_samples_says_how_many(client, ada, voice, running):
    Run.objects.update(progress={"stage": "writing", "writer": "Version 2", "written": 16})
    client.force_login(ada)
    page = text(client.get(where("run", voice, running.pk)))
    assert "Writing samples" in page and "Version 2 has written 16 texts" in page
