"""One file's bytes in, readings out: the table from kind to reader, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from training.corpus.reading import archives, feeds, mail, office, pdf, prose, rows, sheets
from training.corpus.reading.detect import TOLD, binary_kind, misnamed, text_kind
from training.corpus.reading.document import (
    MAXIMUM_ARCHIVE,
    MAXIMUM_BYTES,
    MAXIMUM_CHARACTERS,
    Block,
    Document,
    Problem,
    ReadError,
    Reading,
)
from training.corpus.reading.encodings import decode
from training.corpus.reading.mending import mended
from training.corpus.reading.pages import read_html

Found = Iterator[Document | Problem]
OF_BYTES: dict[str, Callable[[bytes, str], Iterator[Document] | Found]] = {
    "docx": office.read_docx,
    "eml": mail.read_eml,
    "epub": archives.read_epub,
    "mbox": mail.read_mbox,
    "msg": mail.read_msg,
    "pdf": pdf.read_pdf,
    "pptx": office.read_pptx,
    "rtf": prose.read_rtf,
    "xls": sheets.read_xls,
    "xlsx": sheets.read_xlsx,
}
OF_TEXT: dict[str, Callable[[str, str], Iterator[Document] | Found]] = {
    "atom": feeds.read_feed,
    "csv": rows.read_csv,
    "html": read_html,
    "json": rows.read_json,
    "jsonl": rows.read_jsonl,
    "markdown": prose.read_markdown,
    "rss": feeds.read_feed,
    "text": prose.read_text,
    "tsv": rows.read_csv,
    "xml": feeds.read_xml,
}
ENCODINGS = {"ascii": "", "utf-8": "", "utf-8-sig": ""}


def parts(name: str, raw: bytes) -> Iterator[tuple[str, bytes | ReadError]]:
    """The file itself, or, of an archive, each of its files, named archive/file."""
    if not raw.startswith(b"PK") or kind_of_bytes(name, raw) != "zip":
        yield name, raw
        return
    empty = True
    try:
        if len(raw) > MAXIMUM_ARCHIVE:
            raise ReadError(f"it is larger than {MAXIMUM_ARCHIVE // 2**20} MB. Split it.")
        for member, found in archives.members(raw):
            empty = False
            if isinstance(found, bytes) and found.startswith(b"PK") and kind_of_bytes(member, found) == "zip":
                found = ReadError("it is an archive inside an archive; unpack it first.")
            yield f"{name}/{member}", found
        if empty:
            raise ReadError("it is a ZIP archive without files.")
    except ReadError as error:
        yield name, error


def kind_of_bytes(name: str, raw: bytes) -> str:
    try:
        return binary_kind(raw, name)
    except ReadError:
        return ""


def read(name: str, raw: bytes) -> Iterator[Reading]:
    """The file's reading; an archive's files give one each. Never raises for a bad file."""
    for part, found in parts(name, raw):
        yield reading(part, found)


def reading(name: str, raw: bytes | ReadError) -> Reading:
    """One file that is no archive, or the refusal of one that could not be unpacked."""
    if isinstance(raw, ReadError):
        return Reading(name, b"", reason=str(raw))
    kind = encoding = ""
    documents: list[Document] = []
    problems: list[Problem] = []
    try:
        if not raw.strip():
            raise ReadError("the file is empty.")
        if len(raw) > MAXIMUM_BYTES:
            raise ReadError(f"it is larger than {MAXIMUM_BYTES // 2**20} MB. Split it.")
        stem = PurePosixPath(name).stem
        if kind := binary_kind(raw, name):
            found = OF_BYTES[kind](raw, stem)
        else:
            text, encoding = decode(raw)
            kind = text_kind(text, name)
            found = OF_TEXT[kind](text.replace("\r\n", "\n").replace("\r", "\n"), stem)
        notes = [note for note in (misnamed(name, kind), told(encoding)) if note]
        size = 0
        for each in found:
            if isinstance(each, Problem):
                problems.append(each)
                continue
            document = finished(each, notes, unescape=kind == "text")
            size += sum(len(block.text) for block in document.blocks)
            if size > MAXIMUM_CHARACTERS:
                raise ReadError(f"it holds more than {MAXIMUM_CHARACTERS:,} characters of text. Split it.")
            if document.blocks:
                documents.append(document)
        if not documents and problems:
            rest = f" {len(problems) - 1} more like it." if len(problems) > 1 else ""
            raise ReadError(f"{problems[0]}{rest}")
        if not documents:
            raise ReadError("there is no text in it once markup is taken off.")
    except ReadError as error:
        return Reading(name, raw, kind, encoding, problems=tuple(problems), reason=str(error))
    except MemoryError:
        raise
    except Exception as error:  # each library raises whatever the damage happens to hit
        found_wrong = "" if type(error).__name__ == "error" else f" ({type(error).__name__})"  # zlib's, struct's
        reason = f"it is {TOLD.get(kind, 'a file')} that is cut off or damaged{found_wrong}."
        return Reading(name, raw, kind, encoding, problems=tuple(problems), reason=reason)
    return Reading(name, raw, kind, encoding, tuple(documents), tuple(problems))


def told(encoding: str) -> str:
    return f"read as {encoding}" if ENCODINGS.get(encoding, encoding) else ""


def finished(document: Document, notes: list[str], unescape: bool) -> Document:
    """The document with its characters mended and what was done to the whole file told first."""
    changes = [*notes, *document.changes]
    title = mended(document.title)[0]
    blocks = document.blocks
    if document.brief is None:  # a row with its brief is mended already, and its line breaks are the copy's
        blocks = []
        changed = False
        for block in document.blocks:
            text, differs = mended(block.text, unescape)
            changed |= differs
            if text.strip():
                blocks.append(Block(text, block.kind))
        if changed:
            changes.append("mended character encoding")
    return Document(title, blocks, document.brief, changes, document.date, document.channel)
