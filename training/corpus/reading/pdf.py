"""PDF: the text layer, its lines joined to paragraphs again. Scanned pictures have none and are refused."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest

from training.corpus.reading.document import Block, Document, ReadError, plain

BULLET = re.compile(r"^\s*(?:[•·▪◦‣●■–*]|\d{1,2}[.)])\s+(?=\D)")
PAGE_NUMBER = re.compile(
    r"\s*[-–|]?\s*(?:page|p\.|seite)?\s*\d{1,4}(?:\s*(?:/|of|von)\s*\d{1,4})?\s*[-–|]?\s*", re.IGNORECASE
)
FORM_WIDTH = 60
HYPHENATED = re.compile(r"(\w+)-$")
ENDS = (".", "!", "?", ":", "…", ".”", ".\"", "!”", "?”", ".)")  # fmt: skip


def read_pdf(raw: bytes, name: str) -> Iterator[Document]:
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    changes = ["text layer taken from the PDF"]
    try:
        reader = pypdf.PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadError("it is locked with a password; save it without one first.")
        pages = [page.extract_text() for page in reader.pages]
        title = plain(str(reader.metadata.title or "")) if reader.metadata else ""
    except pypdf.errors.DependencyError as error:
        raise ReadError("it is encrypted; save it without a password first.") from error
    date = made(reader)
    lines, taken = without_furniture([page.splitlines() for page in pages])
    if taken:
        changes.append("page heads and feet taken off")
    blocks = joined_lines(lines)
    if not blocks:
        raise ReadError("it is a PDF without a text layer (scanned pages, perhaps); run text recognition on it first.")
    heading = next((block.text for block in blocks if block.kind == "heading"), "")
    yield Document(
        title if title.lower() != "untitled" and title else heading or name, blocks, changes=changes, date=date
    )


def made(reader: object) -> str:
    try:
        when = reader.metadata.creation_date  # type: ignore[attr-defined]
        return when.isoformat() if when else ""
    except Exception:  # a date that no calendar has costs the date alone
        return ""


def without_furniture(pages: list[list[str]]) -> tuple[list[str], bool]:
    """All lines, without page numbers and what stands at the head or foot of most pages (numbers aside)."""

    def key(line: str) -> str:
        return re.sub(r"\d+", "#", plain(line))

    pages = [[line for line in page if line.strip()] for page in pages]
    edges = Counter(each for page in pages for each in {key(line) for line in page[:1] + page[-1:]})
    common = {line for line, count in edges.items() if count >= 3 and count * 2 > len(pages)}

    def is_furniture(line: str) -> bool:
        return key(line) in common or PAGE_NUMBER.fullmatch(line) is not None

    kept: list[str] = []
    for page in pages:
        page = page[1:] if page and is_furniture(page[0]) else page
        kept += page[:-1] if page and is_furniture(page[-1]) else page
    return kept, len(kept) < sum(map(len, pages))


def joined_lines(lines: list[str]) -> list[Block]:
    """A new paragraph starts after a short line that ends a sentence, at a bullet, and at lines too short to be one."""
    lengths = sorted(len(line) for line in lines)
    wide = lengths[len(lengths) * 3 // 4] if lengths else 0
    if wide < FORM_WIDTH and sum(line[:1].islower() for line in lines) * 10 < len(lines):
        return [Block(plain(line)) for line in lines if plain(line)]  # a form or a poster: no line goes on in the next
    vocabulary = {word.strip(".,;:!?()") for line in lines for word in line.split()}
    blocks: list[Block] = []
    text, kind = "", "paragraph"

    def close() -> None:
        nonlocal text, kind
        if found := plain(text):
            blocks.append(Block(found, kind))
        text, kind = "", "paragraph"

    previous = ""
    for line in lines:
        if bullet := BULLET.match(line):
            close()
            kind, line = "item", line[bullet.end() :]
        elif previous and len(previous) < 0.75 * wide and (previous.rstrip().endswith(ENDS) or not line[:1].islower()):
            close()
        word = HYPHENATED.search(text)
        if word and line[:1].islower():
            rest = re.match(r"\w*", line)
            whole = word[1] + (rest[0] if rest else "")
            with_hyphen = f"{word[1]}-{rest[0] if rest else ''}"
            text = (text if with_hyphen in vocabulary and whole not in vocabulary else text[:-1]) + line
        else:
            text = f"{text} {line}"
        text, previous = text.rstrip(), line
    close()
    return [titled(block, after) for block, after in zip_longest(blocks, blocks[1:])]


def titled(block: Block, after: Block | None) -> Block:
    """A few words without a full stop before a whole paragraph are its heading."""
    short = len(block.text.split()) <= 12 and not block.text.endswith((".", ",", ";", "!", "?"))
    if block.kind == "paragraph" and short and after is not None and len(after.text.split()) > 12:
        return Block(block.text, "heading")
    return block
