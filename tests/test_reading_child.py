"""Files built to hurt cost a refusal, and never the process that imports them."""

import os
import signal

import pytest

from tests.documents import LINE, every_kind, pdf, zipped
from training.corpus.reading.child import Child, Limits, read_files
from training.corpus.reading.read import read

GOOD = ("rye.txt", LINE.encode())
SLOW = pdf(b"BT /F1 12 Tf " + b"1 0 0 1 0 0 Tm (a) Tj " * 400_000 + b"ET")

# The second is what a machine too busy to give the child a second of its processor in ten says.
LATE = ("reading it takes longer than 1 seconds.", "reading it takes longer than 10 seconds.")


def readings(*files, **limits):
    return list(read_files(files, Limits(**limits)))


def test_the_child_reads_what_would_be_read_here():
    files = list(every_kind().values())
    assert list(read_files(files)) == [reading for name, raw in files for reading in read(name, raw)]


def bomb(name, megabytes):
    """A real ZIP bomb: zeros, a thousandth of their size when packed."""
    raw = zipped({name: bytes(megabytes * 2**20), "[Content_Types].xml": b"<Types/>"})
    assert len(raw) < megabytes * 2**20 / 900
    return raw


@pytest.mark.parametrize(
    ("name", "raw", "reason"),
    [
        ("bomb.zip", bomb("zeros.txt", 600), "it would unpack to 600 MB; the limit is 500 MB."),
        ("bomb.xlsx", bomb("xl/workbook.xml", 600), "it would unpack to 600 MB; the limit is 500 MB."),
        ("bomb.docx", bomb("word/document.xml", 600), "it would unpack to 600 MB; the limit is 500 MB."),
    ],
)
def test_a_zip_bomb_is_refused_before_it_is_unpacked(name, raw, reason):
    bad, good = readings((name, raw), GOOD)
    assert bad.reason == reason and good.text == LINE


def test_a_file_of_an_archive_that_would_be_too_large_is_refused_by_itself():
    raw = zipped({"zeros.txt": bytes(60 * 2**20), "rye.txt": LINE.encode()})
    bad, good = readings(("all.zip", raw))
    assert bad.reason == "it would unpack to 60 MB; the limit is 50 MB." and good.text == LINE


@pytest.mark.parametrize("name", ["laughs.xml", "laughs.rss", "laughs.epub", "laughs.docx"])
def test_an_entity_bomb_never_grows(name):
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    laughs = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a0 "ha">{entities}]>'
    tag = {"laughs.rss": "rss", "laughs.epub": "container", "laughs.docx": "Types"}.get(name, "copy")
    raw = f"{laughs}<{tag}>&a9;</{tag}>".encode()
    if name.endswith("epub"):
        raw = zipped({"mimetype": b"application/epub+zip", "META-INF/container.xml": raw})
    if name.endswith("docx"):
        raw = zipped({"[Content_Types].xml": raw, "word/document.xml": raw})
    bad, good = readings((name, raw), GOOD, seconds=5)
    assert bad.outcome == "refused" and good.text == LINE
    assert "longer than" not in bad.reason and "memory" not in bad.reason
    if name.endswith(("xml", "rss")):
        assert bad.reason == "it is XML that defines entities of its own, which VoiceLab does not follow."


def test_a_file_that_takes_too_long_is_refused_and_the_next_is_read():
    bad, good = readings(("slow.pdf", SLOW), GOOD, seconds=1)
    assert bad.reason in LATE and good.text == LINE


def test_a_reader_that_waits_for_ever_is_ended():
    child = Child(Limits(seconds=1))
    assert [reading.text for reading in child.read(*GOOD)] == [LINE]
    os.kill(child.process.pid, signal.SIGALRM)
    [bad] = child.read(*GOOD)
    assert bad.reason == "reading it takes longer than 10 seconds."
    child.close()


def test_a_file_that_takes_too_much_memory_is_refused_and_a_fresh_child_reads_the_next():
    child = Child(Limits(megabytes=256))
    rows = b"text\n" + b"\xe2\x82\xac," * 12_000_000
    found = child.read("wide.csv", rows)
    bad, first = next(found), child.process
    assert bad.reason == "reading it takes more than 256 MB of memory."
    assert list(found) == [] and [reading.text for reading in child.read(*GOOD)] == [LINE]
    assert child.process is not first
    child.close()


def test_a_file_that_gives_too_much_text_is_refused():
    [bad] = readings(("long.txt", b"warm rye " * 600_000))
    assert bad.reason == "it holds more than 5,000,000 characters of text. Split it."


def test_a_file_that_is_too_large_is_refused():
    [bad] = readings(("large.txt", b" " + b"x" * (50 * 2**20)))
    assert bad.reason == "it is larger than 50 MB. Split it."


def test_in_an_archive_the_file_that_ends_the_reader_is_refused_by_itself():
    raw = zipped({"a.txt": LINE.encode(), "slow.pdf": SLOW, "z.txt": LINE.encode(), "slower.pdf": SLOW + b"\n"})
    found = {reading.name: reading.reason or reading.text for reading in readings(("all.zip", raw), GOOD, seconds=1)}
    assert found.pop("all.zip/slow.pdf") in LATE and found.pop("all.zip/slower.pdf") in LATE
    assert found == {"all.zip/a.txt": LINE, "all.zip/z.txt": LINE, "rye.txt": LINE}


def test_a_child_that_is_killed_costs_its_file_alone():
    child = Child(Limits())
    assert [reading.text for reading in child.read(*GOOD)] == [LINE]
    os.kill(child.process.pid, signal.SIGKILL)
    [bad] = child.read(*GOOD)
    assert bad.reason == "reading it ended the reader (SIGKILL)."
    assert [reading.text for reading in child.read(*GOOD)] == [LINE]
    child.close()


def test_the_child_knows_no_secret_and_writes_no_file(monkeypatch):
    monkeypatch.setenv("VOICELAB_SECRET_KEY", "pear")
    child = Child(Limits())
    list(child.read(*GOOD))
    with open(f"/proc/{child.process.pid}/environ", "rb") as file:
        assert b"pear" not in file.read()
    with open(f"/proc/{child.process.pid}/limits") as file:
        limits = {line[:26].strip(): line[26:].split()[0] for line in file}
    assert limits["Max file size"] == "0" and limits["Max address space"] == str(1024 * 2**20)
    child.close()


def test_no_child_is_left_when_nobody_reads_on():
    found = read_files([GOOD, GOOD])
    next(found)
    child = found.gi_frame.f_locals["child"].process
    found.close()
    assert child.poll() is not None
