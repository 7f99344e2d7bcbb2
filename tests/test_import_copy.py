"""Copy into a voice, from the command line."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.documents import zipped
from training.corpus.reading.child import read_files
from training.corpus.reading.document import ReadError
from training.importing import import_files, import_reading
from training.models import Brief, Pair, Passage, Source

TEXT = (
    b"We bake the rye at four in the morning, every day but Sunday, and sell it warm for \xc2\xa33.50 until it is gone."
)


def test_a_folder_becomes_sources_passages_and_proposed_pairs(voice, tmp_path, capsys):
    (tmp_path / "blog").mkdir()
    (tmp_path / "blog" / "rye.txt").write_bytes(TEXT)
    (tmp_path / "bad.jsonl").write_text("{oops")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "notes.txt").write_bytes(TEXT + b" Or not.")
    call_command("import_copy", "house", str(tmp_path), licence="own copy")
    out, err = capsys.readouterr()
    assert "1 files imported, 1 proposed pairs, 2 files left out" in out
    assert "picture.png: it is a PNG picture." in err
    assert "bad.jsonl: line 1: it is not JSON" in err
    source = Source.objects.get()
    assert bytes(source.raw) == TEXT and source.licence == "own copy"
    pair = Pair.objects.get()
    assert pair.status == "proposed" and pair.passage.source == source
    assert pair.brief.facts == ["£3.50"] or "£3.50" in " ".join(pair.brief.facts)


def test_the_channel_can_be_told(voice, tmp_path):
    (tmp_path / "rye.txt").write_bytes(TEXT)
    call_command("import_copy", "house", str(tmp_path), channel="email")
    assert Pair.objects.get().brief.channel == "email"
    with pytest.raises(CommandError, match="invalid choice: 'fax'"):
        call_command("import_copy", "house", str(tmp_path), "--channel", "fax")


@pytest.mark.django_db(transaction=True)
def test_a_second_click_while_the_first_import_is_at_work_doubles_nothing_and_breaks_nothing(voice):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one writer in at a time; PostgreSQL lets both look before either has stored.")
    [reading], both = read_files([("rye.txt", TEXT)]), Barrier(2)

    def go(number):
        both.wait(timeout=20)
        try:
            return import_reading(voice, reading)
        except ReadError as error:
            return str(error)
        finally:
            connection.close()

    for _ in range(5):
        Passage.objects.all().delete()
        Source.objects.all().delete()
        with ThreadPoolExecutor(2) as pool:
            assert set(pool.map(go, range(2))) == {1, "it is here already, as rye.txt."}
        assert Source.objects.count() == Passage.objects.count() == 1


def test_the_same_bytes_are_imported_once(voice):
    first, second = import_files(voice, [("rye.txt", TEXT), ("again.txt", TEXT)])
    assert first.passages == 1
    assert second.problem == "it is here already, as rye.txt."
    assert Passage.objects.count() == 1


def test_a_bad_row_is_left_out_by_itself_and_the_summary_says_so(voice, tmp_path, capsys):
    rows = (
        '{"topic": "a bun", "channel": "ad", "output": "A bun, warm and round."}\n'
        '{"topic": "x", "output": "y"}\n{oops\n'
        '{"topic": "a loaf", "channel": "ad", "output": "A loaf, warm and long."}\n'
    )
    (tmp_path / "rows.jsonl").write_text(rows)
    call_command("import_copy", "house", str(tmp_path))
    out, err = capsys.readouterr()
    assert "1 files imported, 2 proposed pairs, 0 files left out, 2 rows left out." in out
    assert "rows.jsonl: row 2: channel is missing" in err and "rows.jsonl: line 3: it is not JSON" in err
    assert [pair.brief.topic for pair in Pair.objects.order_by("passage__position")] == ["a bun", "a loaf"]


def test_a_file_without_copy_leaves_nothing(voice):
    [result] = import_files(voice, [("people.csv", b"name,age\nRye,5\n")])
    assert result.problem.startswith("it has no column for the copy; name it one of output, copy")
    assert not Source.objects.exists() and not Brief.objects.exists() and not Pair.objects.exists()


def test_the_files_of_an_archive_become_sources_of_their_own(voice):
    raw = zipped({"blog/rye.txt": TEXT, "again.txt": TEXT, "b.png": b"\x89PNG"})
    results = {result.name: result for result in import_files(voice, [("all.zip", raw)])}
    assert results["all.zip/blog/rye.txt"].passages == 1
    assert results["all.zip/again.txt"].problem == "it is here already, as all.zip/blog/rye.txt."
    assert results["all.zip/b.png"].problem == "it is a PNG picture."
    assert bytes(Source.objects.get().raw) == TEXT


def test_a_channel_that_the_file_tells_is_proposed(voice):
    rows = f'text,channel\n"{TEXT.decode()}",Instagram\n'
    list(import_files(voice, [("rows.csv", rows.encode()), ("mail.eml", b"From: a@b.c\nSubject: Rye\n\n" + TEXT)]))
    assert set(Brief.objects.values_list("channel", flat=True)) == {"social", "email"}


def test_an_unknown_voice_lists_the_choices(voice, tmp_path):
    with pytest.raises(CommandError, match="Choose one of: bakery/house"):
        call_command("import_copy", "nobody", str(tmp_path))


def test_a_missing_path_is_said(voice):
    with pytest.raises(CommandError, match="no such file or folder"):
        call_command("import_copy", "bakery/house", "nowhere")
