"""What would come out of each file, without importing it."""

import json

import pytest
from django.core.management import CommandError, call_command

from tests.documents import LINE, zipped
from training.models import Source


def run(capsys, *arguments):
    """The exit status and what was printed."""
    status = 0
    try:
        call_command("read_source", *map(str, arguments))
    except SystemExit as end:
        status = end.code
    return status, capsys.readouterr().out


def test_each_file_is_a_line_of_json(tmp_path, capsys):
    (tmp_path / "rye.txt").write_bytes(LINE.encode("cp1252"))
    status, out = run(capsys, tmp_path / "rye.txt", "--json")
    row = json.loads(out)
    assert status == 0
    assert row.pop("documents")[0]["title"] == "rye"
    assert row == {
        "file": str(tmp_path / "rye.txt"),
        "outcome": "text",
        "type": "text",
        "encoding": "cp1252",
        "text": LINE,
        "reason": "",
        "left_out": [],
    }


def test_folders_are_walked_and_one_refusal_makes_the_status_1(tmp_path, capsys):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "rye.txt").write_text(LINE)
    (tmp_path / "a" / "cut.docx").write_bytes(b"PK\x03\x04")
    (tmp_path / "a" / "all.zip").write_bytes(zipped({"x.jsonl": b'{"text": "Warm."}\n{oops\n'}))
    (tmp_path / "a" / ".hidden").write_text("x")
    status, out = run(capsys, tmp_path, "--json")
    rows = {row["file"].removeprefix(f"{tmp_path}/a/"): row for row in map(json.loads, out.splitlines())}
    assert status == 1 and set(rows) == {"b/rye.txt", "cut.docx", "all.zip/x.jsonl"}
    assert rows["cut.docx"]["outcome"] == "refused" and "cut off or damaged" in rows["cut.docx"]["reason"]
    assert rows["all.zip/x.jsonl"]["text"] == "Warm." and "line 2" in rows["all.zip/x.jsonl"]["left_out"][0]


def test_for_people_it_says_what_each_file_is_and_what_was_done_to_it(tmp_path, capsys):
    (tmp_path / "rye.csv").write_text(f"<html><body><p>{LINE}</p></body></html>")
    status, out = run(capsys, tmp_path / "rye.csv")
    assert status == 0
    assert "rye.csv: an HTML page, utf-8" in out and "  named .csv, read as an HTML page\n" in out
    assert LINE in out and out.endswith("1 read, 0 refused.\n")


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(CommandError, match=r"nowhere.txt: no such file or folder"):
        call_command("read_source", str(tmp_path / "nowhere.txt"))


def test_nothing_is_written(db, tmp_path, capsys):
    (tmp_path / "rye.txt").write_text(LINE)
    run(capsys, tmp_path)
    assert not Source.objects.exists() and [path.name for path in tmp_path.iterdir()] == ["rye.txt"]
