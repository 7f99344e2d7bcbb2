"""The life of an import: asked for once, taken in once, whatever is clicked, killed or cancelled."""

from __future__ import annotations

import shutil
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reviews.models import LogEntry
from tests.documents import zipped
from tests.imported import take_in
from tests.pages import text, where
from training import importjobs
from training.intake import Intake, Lost
from training.models import Import, ImportFile, Pair, Passage, RecurringLine, Source
from training.uploads import Upload, start_import

COPY = "We bake the {} at four in the morning, every day but Sunday, and sell it warm until it is gone."


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.IMPORTS = tmp_path / "imports"
    return settings.IMPORTS


def raw(bread):
    return COPY.format(bread).encode()


def ask(voice, files, **fields):
    uploads = [Upload(name, [content]) for name, content in files.items()]
    return start_import(voice, uploads, **{"key": uuid.uuid4(), "origin": "files", **fields})


def outcomes(job):
    return {file.name: file.state for file in job.files.order_by("position")}


def breads(*names):
    return {f"{name}.txt": raw(name) for name in names}


def test_an_upload_is_bytes_and_rows_until_a_worker_comes(voice, anna, folder, django_capture_on_commit_callbacks):
    job = ask(voice, breads("rye", "oats"), user=anna, licence="own copy")
    assert sorted(path.read_bytes() for path in job.folder.iterdir()) == sorted([raw("rye"), raw("oats")])
    assert outcomes(job) == {"rye.txt": "waiting", "oats.txt": "waiting"} and not Source.objects.exists()
    take_in()
    job.refresh_from_db()
    assert job.state == "finished" and outcomes(job) == {"rye.txt": "imported", "oats.txt": "imported"}
    assert {source.licence for source in Source.objects.all()} == {"own copy"}
    assert list(folder.iterdir()) == []
    act = LogEntry.objects.get()
    assert (act.action, act.user, act.data["files"], act.data["pairs"]) == ("copy.imported", anna, 2, 2)


def test_two_clicks_are_one_import(client, anna, voice):
    client.force_login(anna)
    key = client.get(where("sources", voice)).context["form"].initial["key"]
    pages = set()
    for _ in range(2):
        files = [SimpleUploadedFile("rye.txt", raw("rye"))]
        pages.add(client.post(where("sources", voice), {"files": files, "key": key}).url)
    job = Import.objects.get()
    assert pages == {where("importing", voice, job.pk)} and job.files.count() == 1


def test_what_lost_the_race_of_two_clicks_leaves_no_bytes(voice, folder, monkeypatch):
    key = uuid.uuid4()
    first = ask(voice, breads("rye"), key=key)
    monkeypatch.setattr("django.db.models.query.QuerySet.first", lambda self: None)
    assert ask(voice, breads("rye"), key=key) == first
    assert [path.name for path in folder.iterdir()] == [str(first.pk)]


@pytest.mark.django_db(transaction=True)
def test_what_two_do_at_once_is_done_once(voice):
    """Two clicks of one form, and then two workers with an import each of one voice."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one writer in at a time; PostgreSQL lets both look before either has stored.")

    def at_once(one, other):
        both = Barrier(2)

        def go(act):
            both.wait(timeout=20)
            try:
                return act()
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(go, [one, other]))

    for _ in range(5):
        key = uuid.uuid4()
        first, second = at_once(*[lambda key=key: ask(voice, breads("rye"), key=key)] * 2)
        assert first == second and len(list(first.folder.parent.iterdir())) == 1
        other = ask(voice, breads("oats"))
        assert [claim for claim in at_once(first.try_claim, other.try_claim) if claim is None] == [None]
        Import.objects.all().delete()
        shutil.rmtree(first.folder.parent)


def test_a_message_that_comes_twice_imports_once(voice):
    job = ask(voice, breads("rye"))
    for _ in range(2):
        importjobs.run_import(str(job.pk))
    job.refresh_from_db()
    assert job.attempts == 1 and Pair.objects.count() == 1 and LogEntry.objects.count() == 1


class Killed(BaseException):
    """What a kill -9 is to the database: nothing more happens."""


def kill_at(monkeypatch, place, number):
    """Let the process be gone just before `place` of the intake is called for the `number`th time."""
    kept, calls = getattr(Intake, place), []

    def gone(self, *args, **more):
        calls.append(1)
        if len(calls) == number:
            raise Killed
        return kept(self, *args, **more)

    monkeypatch.setattr(Intake, place, gone)


@pytest.mark.parametrize("place", ["take", "store", "mark", "hold", "tell_left"])
@pytest.mark.parametrize("number", [1, 2, 5, 6])
def test_after_a_kill_anywhere_nothing_is_doubled_or_lost_and_each_file_is_told_as_it_was(
    voice, monkeypatch, place, number
):
    footer = "\n\nAll rights reserved, The Corner Bakery, Mill Lane."
    files = {name: content + footer.encode() for name, content in breads("rye", "oats", "spelt").items()}
    archive = {f"{name}.txt": raw(name) + footer.encode() for name in ("wheat", "barley")}
    job = ask(
        voice, {**files, "more.zip": zipped({**archive, "picture.png": b"\x89PNG"}), "again.txt": files["rye.txt"]}
    )
    kill_at(monkeypatch, place, number)
    try:
        importjobs.run_import(str(job.pk))
    except Killed:
        assert Import.objects.get().state == "running"
    monkeypatch.undo()
    Import.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    importjobs.sweep()
    importjobs.run_import(str(job.pk))
    job.refresh_from_db()
    assert job.state == "finished" and not job.folder.exists()
    assert outcomes(job) == {
        **dict.fromkeys(files, "imported"),
        "more.zip": "opened",
        "again.txt": "known",
        "more.zip/wheat.txt": "imported",
        "more.zip/barley.txt": "imported",
        "more.zip/picture.png": "refused",
    }
    assert job.files.count() == 8
    assert Source.objects.count() == Passage.objects.count() == Pair.objects.current().count() == 5
    assert RecurringLine.objects.get().goes and not Passage.objects.filter(text__contains="rights reserved").exists()
    assert sum(act.data["files"] for act in LogEntry.objects.all()) == 5


def test_who_lost_the_claim_stores_nothing_more(voice, monkeypatch):
    job = ask(voice, breads("rye", "oats"))
    claim = job.try_claim()
    kept = Intake.store

    def taken_over(self, file, reading, url):
        Import.objects.update(claim=uuid.uuid4())
        return kept(self, file, reading, url)

    monkeypatch.setattr(Intake, "store", taken_over)
    with pytest.raises(Lost):
        importjobs.carry_out(job, claim)
    assert not Source.objects.exists() and set(outcomes(job).values()) == {"waiting"}


def test_a_cancel_keeps_what_is_in_and_reads_no_more(client, anna, voice, monkeypatch):
    client.force_login(anna)
    job = ask(voice, breads("rye", "oats", "spelt"))
    kept = Intake.take

    def cancelled(self, file):
        kept(self, file)
        client.post(where("cancel_import", voice, job.pk))

    monkeypatch.setattr(Intake, "take", cancelled)
    take_in()
    job.refresh_from_db()
    assert job.state == "cancelled" and not job.folder.exists()
    assert outcomes(job) == {"rye.txt": "imported", "oats.txt": "cancelled", "spelt.txt": "cancelled"}
    page = text(client.get(where("importing", voice, job.pk)))
    assert "The import was cancelled" in page and "1 pair proposed; 2 not read." in page
    assert LogEntry.objects.filter(action="import.cancelled", user=anna).count() == 1


def test_an_import_that_waits_is_cancelled_at_once(client, anna, voice, django_capture_on_commit_callbacks):
    client.force_login(anna)
    job = ask(voice, breads("rye"))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(where("cancel_import", voice, job.pk))
    take_in()
    job.refresh_from_db()
    assert (job.state, outcomes(job)) == ("cancelled", {"rye.txt": "cancelled"}) and not job.folder.exists()
    assert "was over already" in client.post(where("cancel_import", voice, job.pk), follow=True).text


def test_a_voice_has_one_import_at_work_and_the_next_one_waits(voice, monkeypatch):
    first, second = ask(voice, breads("rye")), ask(voice, breads("oats"))
    claim = first.try_claim()
    importjobs.run_import(str(second.pk))
    assert Import.objects.get(pk=second.pk).state == "queued"
    sent = []
    monkeypatch.setattr(importjobs.run_import, "send", sent.append)
    assert importjobs.sweep() == 0
    first.put_back(claim)
    importjobs.run_import(str(first.pk))
    assert sent == [str(second.pk)]


def test_an_import_that_was_killed_keeps_no_other_one_waiting(voice):
    first, second = ask(voice, breads("rye")), ask(voice, breads("oats"))
    first.try_claim()
    Import.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    importjobs.run_import(str(second.pk))
    assert dict(Import.objects.values_list("pk", "state")) == {first.pk: "queued", second.pk: "finished"}


def test_a_sweep_sends_the_oldest_of_each_voice_and_what_was_left_behind(voice, rival, monkeypatch):
    jobs = [ask(voice, breads("rye")), ask(voice, breads("oats")), ask(rival, breads("spelt"))]
    sent = []
    monkeypatch.setattr(importjobs.run_import, "send", sent.append)
    assert importjobs.sweep() == 2 and set(sent) == {str(jobs[0].pk), str(jobs[2].pk)}
    jobs[2].try_claim()
    Import.objects.filter(voice=rival).update(lease_until=timezone.now() - timedelta(seconds=1))
    sent.clear()
    assert importjobs.sweep() == 2 and str(jobs[2].pk) in sent


def test_bytes_that_no_import_has_are_swept_up(voice, folder):
    job = ask(voice, breads("rye"))
    (folder / "nobody.part").mkdir()
    importjobs.drop_left_over(timezone.now().timestamp() + 5)
    assert [path.name for path in folder.iterdir()] == [str(job.pk)]


def test_an_import_waits_when_redis_is_away(voice, monkeypatch, caplog, django_capture_on_commit_callbacks):
    from redis.exceptions import ConnectionError

    def away(import_id):
        raise ConnectionError("Connection refused.")

    monkeypatch.setattr(importjobs.run_import, "send", away)
    with django_capture_on_commit_callbacks(execute=True):
        job = ask(voice, breads("rye"))
    assert Import.objects.get(pk=job.pk).state == "queued" and "waits until it is back" in caplog.text


def test_a_stopping_worker_puts_its_import_back(voice, monkeypatch):
    job = ask(voice, breads("rye", "oats"))
    kept = Intake.take

    def stopped(self, file):
        kept(self, file)
        importjobs.stopping.set()

    monkeypatch.setattr(Intake, "take", stopped)
    try:
        importjobs.run_import(str(job.pk))
    finally:
        importjobs.stopping.clear()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.claim) == ("queued", 0, None)
    assert outcomes(job) == {"rye.txt": "imported", "oats.txt": "waiting"}
    monkeypatch.undo()
    assert take_in().state == "finished"


def test_what_kills_its_process_again_and_again_is_given_up(voice):
    job = ask(voice, breads("rye", "oats"))
    Import.objects.update(attempts=importjobs.ATTEMPTS)
    take_in()
    job.refresh_from_db()
    assert job.state == "failed" and "8 times, the last time at rye.txt" in job.error
    assert set(outcomes(job).values()) == {"cancelled"}


def test_a_file_that_breaks_voicelab_itself_is_refused_and_the_others_come_in(voice, monkeypatch):
    kept = importjobs.look_across
    monkeypatch.setattr("training.intake.prepare", lambda voice, reading, **more: 1 / 0)
    job = ask(voice, breads("rye"))
    take_in()
    assert "VoiceLab broke on it (ZeroDivisionError)" in job.files.get().reason
    monkeypatch.undo()
    monkeypatch.setattr(importjobs, "look_across", lambda voice, tell: 1 / 0)
    job = ask(voice, breads("oats"))
    take_in()
    job.refresh_from_db()
    assert job.state == "failed" and "What is in stays in" in job.error and Source.objects.count() == 1
    assert kept


def test_an_upload_that_is_gone_is_said(voice):
    job = ask(voice, breads("rye"))
    next(job.folder.iterdir()).unlink()
    take_in()
    assert job.files.get().reason == "its upload is gone. Import it again."


def test_names_that_no_database_takes_are_made_ones(voice):
    job = ask(voice, {"a\0b\udcff.txt": raw("rye"), "x" * 500: raw("oats")})
    take_in()
    assert outcomes(job) == {"ab\\udcff.txt": "imported", "x" * 400: "imported"}


def test_the_day_that_a_document_was_published_is_kept(voice):
    ask(voice, {"rye.md": b"---\ntitle: Rye\ndate: 2024-02-29\n---\n\n" + raw("rye"), "oats.txt": raw("oats")})
    take_in()
    assert {f"{passage.title}: {passage.published}" for passage in Passage.objects.all()} == {
        "Rye: 2024-02-29",
        "oats: None",
    }


def test_the_page_of_an_import_is_searched_filtered_and_downloaded(client, anna, voice):
    client.force_login(anna)
    job = ask(voice, {**breads("rye", "oats"), "short.txt": b"Too short."}, user=anna)
    page = where("importing", voice, job.pk)
    waiting = text(client.get(page))
    assert "Waiting to begin" in waiting and "every 2s" in waiting and "Cancel the import" in waiting
    take_in()
    shown = client.get(page)
    assert "2 files imported" in text(shown) and "2 pairs proposed; 1 file refused." in text(shown)
    assert "every 2s" not in text(shown) and "Decide 2 proposed pairs" in text(shown) and "by Anna" in text(shown)
    names = [file.name for file in client.get(page, {"state": "refused"}).context["page"]]
    assert names == ["short.txt"]
    assert [file.name for file in client.get(page, {"q": "OATS"}).context["page"]] == ["oats.txt"]
    assert "No file is like that" in client.get(page, {"q": "\0none"}).text
    lines = client.get(page, {"format": "csv", "state": "refused"}).text.splitlines()
    assert len(lines) == 2 and lines[1].startswith("short.txt,,Refused,0,no piece of it")


def test_polling_ends_when_the_import_is_over(client, anna, voice):
    client.force_login(anna)
    job = ask(voice, breads("rye"))
    page, htmx = where("importing", voice, job.pk), {"HX-Request": "true"}
    part = client.get(page, headers=htmx)
    assert part.status_code == 200 and "<html" not in part.text and "Waiting to begin" in part.text
    job.try_claim()
    assert "Reading 0 of 1 file" in text(client.get(page, headers=htmx))
    Import.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert "has gone quiet" in text(client.get(page, headers=htmx))
    Import.objects.update(state="queued", claim=None)
    take_in()
    last = client.get(page, headers=htmx)
    assert last.status_code == 286 and last["HX-Refresh"] == "true"


def test_past_imports_are_listed_searched_and_downloaded(client, anna, voice):
    client.force_login(anna)
    page = where("imports", voice)
    assert "Nothing was imported yet" in client.get(page).text
    ask(voice, {**breads("rye"), "short.txt": b"Too short."}, user=anna, licence="own copy")
    take_in()
    assert "Anna" in client.get(page, {"q": "short"}).text and "1 import" in client.get(page, {"q": "rye"}).text
    assert "No import is like “oats”" in client.get(page, {"q": "oats"}).text
    assert client.get(page, {"format": "csv"}).text.splitlines()[1].endswith(",Files,,Anna,Finished,1,1,0,1,own copy")


@pytest.mark.parametrize("page", ["imports", "importing"])
def test_queries_do_not_grow_with_imports_and_files(client, anna, voice, page):
    client.force_login(anna)
    job = ask(voice, breads("rye"))
    take_in()

    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(where(page, voice, *([job.pk] if page == "importing" else [])))
        return len(found)

    few = queries()
    source = Source.objects.get()
    for number in range(1, 11):
        Import.objects.create(voice=voice, state="finished", requested_by=anna)
        ImportFile.objects.create(job=job, position=number, name=f"{number}", state="imported", source=source)
    assert queries() == few


def test_the_command_goes_on_where_it_was_killed(voice, tmp_path, monkeypatch, capsys):
    home = tmp_path / "copy"
    home.mkdir()
    for name in ("rye", "oats", "spelt"):
        (home / f"{name}.txt").write_bytes(raw(name))
    kill_at(monkeypatch, "take", 3)
    with pytest.raises(Killed):
        call_command("import_copy", "house", home)
    monkeypatch.undo()
    job = Import.objects.get()
    Import.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert importjobs.sweep() == 0 and Import.objects.get().state == "queued"
    importjobs.run_import(str(job.pk))
    assert Import.objects.get().state == "queued"
    call_command("import_copy", "house", home)
    out = capsys.readouterr().out
    assert "Going on with the import" in out and "2 files are done" in out
    assert "House voice: 3 files imported, 3 proposed pairs, 0 files left out." in out
    assert Import.objects.get().state == "finished" and Source.objects.count() == 3


def test_a_file_that_went_away_since_the_command_began_is_said(voice, tmp_path, monkeypatch, capsys):
    home = tmp_path / "copy"
    home.mkdir()
    for name in ("rye", "oats"):
        (home / f"{name}.txt").write_bytes(raw(name))
    kill_at(monkeypatch, "take", 1)
    with pytest.raises(Killed):
        call_command("import_copy", "house", home)
    monkeypatch.undo()
    Import.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    (home / "rye.txt").unlink()
    call_command("import_copy", "house", home)
    assert "rye.txt: it is gone since the import began." in capsys.readouterr().err
