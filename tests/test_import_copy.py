"""Copy into a voice, from the command line."""

import pytest
from django.core.management import CommandError, call_command

from training.importing import import_files
from training.models import Brief, Pair, Passage, Source

TEXT = (
    b"We bake the rye at four in the morning, every day but Sunday, and sell it warm for \xc2\xa33.50 until it is gone."
)


def test_a_folder_becomes_sources_passages_and_proposed_pairs(voice, tmp_path, capsys):
    (tmp_path / "blog").mkdir()
    (tmp_path / "blog" / "rye.txt").write_bytes(TEXT)
    (tmp_path / "bad.jsonl").write_text("{oops")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    call_command("import_copy", "house", str(tmp_path), licence="own copy")
    out, err = capsys.readouterr()
    assert "1 files imported, 1 proposed pairs, 1 files left out" in out
    assert "bad.jsonl: line 1 is not JSON" in err
    source = Source.objects.get()
    assert bytes(source.raw) == TEXT and source.licence == "own copy"
    pair = Pair.objects.get()
    assert pair.status == "proposed" and pair.passage.source == source
    assert pair.brief.facts == ["£3.50"] or "£3.50" in " ".join(pair.brief.facts)


def test_the_same_bytes_are_imported_once(voice):
    first, second = import_files(voice, [("rye.txt", TEXT), ("again.txt", TEXT)])
    assert first.passages == 1
    assert second.problem == "it is here already, as rye.txt."
    assert Passage.objects.count() == 1


def test_a_file_that_fails_half_way_leaves_nothing(voice):
    rows = (
        b'{"topic": "a bun", "channel": "ad", "output": "A bun, warm and round."}\n'
        b'{"topic": "x", "channel": "fax", "output": "y"}\n'
    )
    [result] = import_files(voice, [("rows.jsonl", rows)])
    assert result.problem.startswith("row 2: channel is 'fax'")
    assert not Source.objects.exists() and not Brief.objects.exists() and not Pair.objects.exists()


def test_an_unknown_voice_lists_the_choices(voice, tmp_path):
    with pytest.raises(CommandError, match="Choose one of: bakery/house"):
        call_command("import_copy", "nobody", str(tmp_path))


def test_a_missing_path_is_said(voice):
    with pytest.raises(CommandError, match="no such file or folder"):
        call_command("import_copy", "bakery/house", "nowhere")
