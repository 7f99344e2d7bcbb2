"""Plain text, Markdown and rich text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from training.corpus.reading.document import Block, Document, paragraphs, plain
from training.corpus.reading.pages import html_blocks

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

FRONT_MATTER = re.compile(r"\A---\s*\n(.*?)\n---\s*(?:\n|\Z)", re.DOTALL)
TEMPLATE_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)


def read_text(text: str, name: str) -> Iterator[Document]:
    yield Document(name.replace("-", " ").replace("_", " "), paragraphs(text))


def read_markdown(text: str, name: str) -> Iterator[Document]:
    import yaml

    changes = []
    title = date = ""
    if match := FRONT_MATTER.match(text):
        text = text[match.end() :]
        changes.append("front matter taken off")
        try:
            matter = yaml.load(match[1], Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        except (yaml.YAMLError, ValueError, RecursionError):  # ValueError: a date that no calendar has
            matter = None
        if isinstance(matter, dict):
            title = matter["title"] if isinstance(matter.get("title"), str) else ""
            date = str(matter.get("date") or "")[:10]
    stripped = TEMPLATE_TAG.sub(" ", text)
    if stripped != text:
        changes.append("template tags taken off")
    html = markdown_parser().render(stripped)
    found_title, blocks = html_blocks(html)
    yield Document(plain(title) or found_title or name, blocks, changes=[*changes, "Markdown taken off"], date=date)


@cache
def markdown_parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": True}).enable("table")


def read_rtf(raw: bytes, name: str) -> Iterator[Document]:
    from striprtf.striprtf import rtf_to_text

    source = raw.decode("latin-1").replace("HYPERLINK", "LINK")  # or it writes the address behind each link's text
    text = rtf_to_text(source, errors="replace")
    changes = ["rich text taken off"]
    if source.count("{") > source.count("}"):
        changes.append("the file stops early; read up to there")
    lines = (plain(line.replace("|", " ")) for line in text.split("\n"))
    items = ((line.startswith(("•", "·")), line.lstrip("•· ")) for line in lines)
    blocks = [Block(line, "item" if is_item else "paragraph") for is_item, line in items if line]
    yield Document(name, blocks, changes=changes)
