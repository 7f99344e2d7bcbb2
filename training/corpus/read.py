"""Files in, plain documents out: Markdown, HTML, text, CSV, JSON lines.

Markup, front matter and template tags are taken off; headings, paragraphs and list items stay.
Every change is named in `Document.changes`, and the raw bytes stay with the source.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import ftfy
import yaml
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser, LexborNode

from training.corpus.brief import NO_TEXT, Brief, BriefError

KINDS = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".txt": "text",
    ".csv": "csv",
    ".jsonl": "jsonl",
}
TEXT_COLUMNS = ("output", "copy", "text", "body", "content", "completion")
DROPPED = "script,style,noscript,template,nav,header,footer,aside,form,svg,iframe,button,pre,figure,table,img"
BLOCKS = {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "dd", "dt", "td"}
INNER = ",".join(sorted(BLOCKS))
FRONT_MATTER = re.compile(r"\A---\s*\n(.*?)\n---\s*(?:\n|\Z)", re.DOTALL)
TEMPLATE_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)


class ReadError(ValueError):
    """A file that cannot be read; the message says why, with the row where there is one."""


@dataclass(frozen=True)
class Block:
    """A paragraph, a list item ("item") or a heading ("heading"), as plain text."""

    text: str
    kind: str = "paragraph"


@dataclass
class Document:
    """One piece of published copy. `brief` is set when the file brought the request along."""

    title: str
    blocks: list[Block]
    brief: Brief | None = None
    changes: list[str] = field(default_factory=list)


def kind_of(name: str) -> str:
    """The kind by the file's ending. Raises `ReadError` for one that VoiceLab cannot read."""
    suffix = PurePosixPath(name.lower()).suffix
    if suffix not in KINDS:
        raise ReadError(f"{suffix or 'no'} ending: VoiceLab reads {', '.join(KINDS)}.")
    return KINDS[suffix]


def read(name: str, raw: bytes) -> list[Document]:
    """All documents of one file. Raises `ReadError` with the reason when there are none."""
    kind = kind_of(name)
    if not raw.strip():
        raise ReadError("the file is empty.")
    text, changes = decode(raw)
    documents = list(READERS[kind](text, PurePosixPath(name).stem))
    for document in documents:
        document.changes[:0] = changes
    if not any(document.blocks for document in documents):
        raise ReadError("there is no text in it once markup is taken off.")
    return documents


def decode(raw: bytes) -> tuple[str, list[str]]:
    """Text and what was done to get it. UTF-8 first, then UTF-16 by its mark, then Windows-1252."""
    changes = []
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = raw.decode("utf-16", errors="replace")
        changes.append("read as UTF-16")
    else:
        if b"\0" in raw:
            raise ReadError("it is not text (it holds zero bytes). Save it as UTF-8 text first.")
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252", errors="replace")
            changes.append("read as Windows-1252")
    mended = ftfy.fix_text(text, uncurl_quotes=False, fix_latin_ligatures=False, normalization="NFC")
    if mended != text:
        changes.append("mended character encoding")
    return mended.replace("\r\n", "\n").replace("\r", "\n"), changes


def read_markdown(text: str, name: str) -> Iterator[Document]:
    changes = []
    title = ""
    if match := FRONT_MATTER.match(text):
        text = text[match.end() :]
        changes.append("front matter taken off")
        try:
            matter = yaml.safe_load(match[1])
        except (yaml.YAMLError, ValueError, RecursionError):  # ValueError: a date that no calendar has
            matter = None
        if isinstance(matter, dict) and isinstance(matter.get("title"), str):
            title = matter["title"]
    stripped = TEMPLATE_TAG.sub(" ", text)
    if stripped != text:
        changes.append("template tags taken off")
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(stripped)
    found_title, blocks = html_blocks(html)
    yield Document(plain(title) or found_title or name, blocks, changes=[*changes, "Markdown taken off"])


def read_html(text: str, name: str) -> Iterator[Document]:
    title, blocks = html_blocks(text)
    yield Document(title or name, blocks, changes=["HTML taken off"])


def read_text(text: str, name: str) -> Iterator[Document]:
    paragraphs = [plain(part) for part in re.split(r"\n\s*\n", text)]
    yield Document(name.replace("-", " ").replace("_", " "), [Block(part) for part in paragraphs if part])


def read_csv(text: str, name: str) -> Iterator[Document]:
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise ReadError(f"it is not a readable CSV file ({error}).") from error
    for number, row in enumerate(rows, start=2):
        yield from row_documents({key.strip().lower(): value for key, value in row.items() if key}, name, number)


def read_jsonl(text: str, name: str) -> Iterator[Document]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:  # JSONDecodeError, and numbers or nesting without end
            raise ReadError(f"line {number} is not JSON ({getattr(error, 'msg', error)}).") from error
        if not isinstance(row, dict):
            raise ReadError(f"line {number} is not an object in braces.")
        yield from row_documents({str(key).lower(): value for key, value in row.items()}, name, number)


def row_documents(row: dict[str, Any], name: str, number: int) -> Iterator[Document]:
    column = next((key for key in TEXT_COLUMNS if key in row), None)
    if column is None:
        raise ReadError(f"row {number} has no column for the copy; name it one of {', '.join(TEXT_COLUMNS)}.")
    copy = row[column]
    if copy is None or copy == "":
        return
    if not isinstance(copy, str):
        raise ReadError(f"row {number}: {column} is not text.")
    if NO_TEXT.search(copy):
        raise ReadError(f"row {number}: {column} holds characters that are no text; take them out.")
    brief = None
    if row.get("topic"):
        facts = row.get("facts")
        given = {**row, "facts": re.split(r"\s*[;\n]\s*", facts) if isinstance(facts, str) else facts}
        try:
            brief = Brief.from_dict(given)
        except BriefError as error:
            raise ReadError(f"row {number}: {error}") from error
    title = NO_TEXT.sub("", row["title"]) if isinstance(row.get("title"), str) else ""
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in copy.split("\n")]
    kept = "\n".join(lines).strip()
    if brief is not None:
        yield Document(brief.topic, [Block(kept)], brief=brief)
    else:
        blocks = [Block(plain(part)) for part in re.split(r"\n\s*\n", kept) if part.strip()]
        yield Document(title or name, blocks)


READERS: dict[str, Callable[[str, str], Iterator[Document]]] = {
    "markdown": read_markdown,
    "html": read_html,
    "text": read_text,
    "csv": read_csv,
    "jsonl": read_jsonl,
}


def html_blocks(html: str) -> tuple[str, list[Block]]:
    """The title and the text blocks of a page, in order, without navigation, scripts, code and tables."""
    tree = LexborHTMLParser(html)
    titled = tree.css_first("title") or tree.css_first("h1")
    name = plain(titled.text(deep=True)) if titled else ""
    for node in tree.css(DROPPED):
        node.decompose()
    root = tree.css_first("main") or tree.css_first("article") or tree.body
    if root is None:
        return name, []
    blocks = []
    for node in root.traverse():
        if node.tag not in BLOCKS or has_inner_block(node):
            continue
        text = plain(node.text(deep=True, separator=""))
        if not text:
            continue
        kind = (
            "heading"
            if node.tag in ("h1", "h2", "h3", "h4", "h5", "h6")
            else "item"
            if node.tag == "li"
            else "paragraph"
        )
        blocks.append(Block(text, kind))
    return name, blocks


def has_inner_block(node: LexborNode) -> bool:
    """Whether a block stands inside this one: then the inner one carries the text."""
    return any(child.mem_id != node.mem_id for child in node.css(INNER))


def plain(text: str) -> str:
    """White space folded to single spaces; nothing else changes, so the voice stays as it was."""
    return " ".join(text.split())
