"""The life of a data set's import: it shows how far it is; a kill or a cancel cuts it between batches only."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection

from reviews import datasets
from reviews.models import LogEntry
from tests.imported import bring_in
from tests.pages import text, where
from training import datasetjobs, exchange
from training.batchjobs import ATTEMPTS
from training.exchange import Batch
from training.jobs import stopping
from training.models import DataSet, DataSetJob, Pair

ROWS = [{"prompt": f"Write an ad about bun {n}", "completion": f"Bun {n}!"} for n in range(6)]
ROWS.insert(3, {"prompt": "Write an ad about tea", "completion": ""})
RAW = "".join(json.dumps(row) + "\n" for row in ROWS).encode()


class Killed(BaseException):
    """What a kill -9 is to the database: nothing more happens."""


@pytest.fixture(autouse=True)
def two_at_once(monkeypatch):
    monkeypatch.setattr(exchange, "AT_ONCE", 2)


@pytest.fixture
def annotator(client, voice, anna):
    client.force_login(anna)
    return client


def upload(client, voice, raw=RAW, name="rows.jsonl"):
    file = SimpleUploadedFile(name, raw)
    return client.post(where("data", voice), {"file": file, "channel": "blog"}, follow=True)


def at(voice):
    return where("data_set", voice, DataSet.objects.get().pk)


def asked(client, voice, **fields):
    """A data set whose import waits for a worker."""
    upload(client, voice)
    client.post(at(voice), {"wish": "import", **fields})
    return DataSetJob.objects.get()


def in_batch(monkeypatch, number, act):
    """Call `act` in the transaction that stores the batch of this number."""
    kept, calls = Batch.store, []

    def store(self, batch):
        calls.append(1)
        kept(self, batch)
        if len(calls) == number:
            act()

    monkeypatch.setattr(Batch, "store", store)


def kill():
    raise Killed


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_after_a_kill_in_any_batch_nothing_is_doubled_and_the_counts_are_those_of_one_import(
    annotator, voice, monkeypatch, number
):
    job = asked(annotator, voice)
    in_batch(monkeypatch, number, kill)
    with pytest.raises(Killed):
        datasetjobs.run_data_set_job(str(job.pk))
    monkeypatch.undo()
    monkeypatch.setattr(exchange, "AT_ONCE", 2)
    datasetjobs.run_data_set_job(str(job.pk))
    assert DataSetJob.objects.get().attempts == 1  # as long as its lease holds, nobody else begins
    DataSetJob.objects.update(lease_until="2020-01-01T00:00Z")
    assert "It is taken up again within seconds" in text(annotator.get(at(voice)))
    datasetjobs.run_data_set_job(str(job.pk))
    kept = DataSet.objects.get()
    assert voice.pairs.count() == 6 and bytes(kept.raw) == b""
    assert [kept.outcome[name] for name in ("pairs", "here", "refused")] == [6, 0, 1]
    assert kept.outcome["reasons"] == [[4, "completion", "it is empty."]]
    entry = LogEntry.objects.get()
    assert (entry.action, entry.data["pairs"], entry.data["refused"]) == ("data.imported", 6, 1)


def test_the_page_shows_how_far_it_is_and_ends_by_showing_what_came_in(annotator, voice, monkeypatch):
    asked(annotator, voice)
    page = text(annotator.get(at(voice)))
    assert "Waiting to begin" in page and ">Corpus</a>" in page
    seen = []
    in_batch(monkeypatch, 3, lambda: seen.append(annotator.get(at(voice), HTTP_HX_REQUEST="true")))
    bring_in()
    part = text(seen[0])
    assert "Importing 4 of 7 rows" in part and "3 pairs imported so far, 1 refused" in part and "<html" not in part
    last = annotator.get(at(voice), HTTP_HX_REQUEST="true")
    assert last.status_code == 286 and last["HX-Refresh"] == "true"
    assert "6 pairs came in" in text(annotator.get(at(voice)))


def test_a_cancel_keeps_whole_batches_and_importing_again_brings_the_rest(annotator, voice, anna, monkeypatch):
    asked(annotator, voice, trust="on")
    kept = exchange.placed

    def cancelled(rows):
        for count, row in enumerate(kept(rows)):
            if count == 3:
                annotator.post(at(voice), {"wish": "cancel"})
            yield row

    monkeypatch.setattr(exchange, "placed", cancelled)
    bring_in()
    monkeypatch.undo()
    assert voice.pairs.count() == 2  # the batch at work is taken back
    page = text(annotator.get(at(voice)))
    assert "The import was cancelled" in page and "2 pairs came in and stay" in page
    assert "Stopped" in text(annotator.get(where("data", voice)))
    entry = LogEntry.objects.get()
    assert (entry.action, entry.user, entry.data["pairs"]) == ("data.cancelled", anna, 2)
    annotator.post(at(voice), {"wish": "import"})
    bring_in()
    assert voice.pairs.count() == 6 and DataSet.objects.get().outcome["here"] == 2
    assert "was over already" in text(annotator.post(at(voice), {"wish": "cancel"}, follow=True))


def test_an_import_that_waits_is_cancelled_at_once_and_its_file_can_go(annotator, voice):
    asked(annotator, voice)
    annotator.post(at(voice), {"wish": "remove"})
    assert DataSet.objects.exists()  # not while a worker may begin with it
    page = text(annotator.post(at(voice), {"wish": "cancel"}, follow=True))
    assert "The import was cancelled" in page and "Nothing came in" in page
    bring_in()
    assert not voice.pairs.exists()
    annotator.post(at(voice), {"wish": "remove"})
    assert not DataSet.objects.exists()


def test_a_double_click_and_the_same_file_again_are_one_import(
    annotator, voice, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr(datasetjobs.run_data_set_job, "send", sent.append)
    with django_capture_on_commit_callbacks(execute=True):
        job = asked(annotator, voice)
        annotator.post(at(voice), {"wish": "import"})
        assert "Waiting to begin" in text(upload(annotator, voice))
    assert DataSetJob.objects.count() == 1 and sent == [str(job.pk)]


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_import_at_once_one_does(annotator, voice, anna, lena):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one writer in at a time; PostgreSQL lets both look before either has stored.")
    upload(annotator, voice)
    data_set, both = DataSet.objects.get(), threading.Barrier(2)

    def go(act):
        both.wait(timeout=20)
        try:
            return act()
        except datasets.Busy:
            return None
        finally:
            connection.close()

    def at_once(*acts):
        with ThreadPoolExecutor(2) as pool:
            return [found for found in pool.map(go, acts) if found]

    for _ in range(5):
        (job,) = at_once(
            *(lambda user=user: datasets.import_data_set(data_set, user, trust=False) for user in (anna, lena))
        )
        assert len(at_once(job.try_claim, job.try_claim)) == 1
        DataSetJob.objects.all().delete()


def test_a_large_file_is_looked_at_by_a_worker(annotator, voice, monkeypatch):
    monkeypatch.setattr(datasets, "AT_ONCE", 10)
    page = text(upload(annotator, voice))
    assert "Waiting to be read" in page and "Being read" in text(annotator.get(where("data", voice)))
    bring_in()
    page = text(annotator.get(at(voice)))
    assert "6 pairs can come in" in page and "1 row would be refused" in page and not voice.pairs.exists()
    other = {"wish": "read", "otherwise": "social", "completion": "prompt"}
    assert "Waiting to be read" in text(annotator.post(at(voice), other, follow=True))
    bring_in()
    kept = DataSet.objects.get()
    assert (kept.channel, kept.mapping) == ("social", {"completion": "prompt"})


def test_a_large_file_that_is_no_data_set_is_told_of_on_its_page(annotator, voice, monkeypatch):
    monkeypatch.setattr(datasets, "AT_ONCE", 10)
    upload(annotator, voice, b"only words, and more of them\n")
    bring_in()
    page = text(annotator.get(at(voice)))
    assert "It cannot be read" in page and "rows.jsonl: it has no rows." in page
    again = text(annotator.post(at(voice), {"wish": "read", "otherwise": "blog"}, follow=True))
    assert "Waiting to be read" in again
    page = text(annotator.post(at(voice), {"wish": "cancel"}, follow=True))
    assert "Reading was stopped" in page and not LogEntry.objects.exists()
    assert "rows.jsonl is removed." in text(annotator.post(at(voice), {"wish": "remove"}, follow=True))


def test_an_import_that_breaks_says_so_and_keeps_what_is_in(annotator, voice, monkeypatch):
    asked(annotator, voice)
    in_batch(monkeypatch, 2, lambda: 1 / 0)
    bring_in()
    page = text(annotator.get(at(voice)))
    assert "The import broke off" in page and "VoiceLab broke on it (ZeroDivisionError)" in page
    assert "2 pairs came in and stay" in page and LogEntry.objects.get().action == "data.broke_off"


def test_what_kills_its_worker_again_and_again_is_given_up(annotator, voice):
    asked(annotator, voice)
    DataSetJob.objects.update(attempts=ATTEMPTS)
    bring_in()
    assert "It was stopped from outside 8 times." in text(annotator.get(at(voice)))


def test_a_stopping_worker_puts_its_import_back(annotator, voice, monkeypatch):
    job = asked(annotator, voice)
    in_batch(monkeypatch, 2, stopping.set)
    try:
        bring_in()
    finally:
        stopping.clear()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.progress["rows"]) == ("queued", 0, 2)
    sent = []
    monkeypatch.setattr(datasetjobs.run_data_set_job, "send", sent.append)
    assert datasetjobs.sweep() == 1 and sent == [str(job.pk)]
    bring_in()
    assert voice.pairs.count() == 6


def test_the_command_leaves_a_file_alone_that_the_page_imports(annotator, voice, tmp_path):
    asked(annotator, voice)
    file = tmp_path / "rows.jsonl"
    file.write_bytes(RAW)
    with pytest.raises(CommandError, match="being imported on the page"):
        call_command("import_data", "house", str(file))
    assert not Pair.objects.exists()
    bring_in()
    call_command("import_data", "house", str(file))
    assert DataSet.objects.get().outcome["here"] == 6
