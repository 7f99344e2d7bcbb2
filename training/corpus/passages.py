"""Long documents into pieces of the size of copy."""

from __future__ import annotations

import re
from dataclasses import dataclass

from training.corpus.reading.document import COPY, Block, Document

MINIMUM_WORDS = 12
MAXIMUM_WORDS = 110
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"')\]]*\s+(?=[\"'(\[]?[A-Z0-9£$€])")


@dataclass(frozen=True)
class Piece:
    """A passage before it is stored: its nearest heading, the text, and what was done to it."""

    heading: str
    text: str
    changes: tuple[str, ...]


def pieces(document: Document) -> list[Piece]:
    """Cut at headings first, then between paragraphs, and inside one only when it is too long by itself.

    Pieces have 12 to 110 words; a shorter rest joins the piece before it where that has room, and is
    left out otherwise, as are the rows of tables. A document that brought its own brief is never cut.
    """
    if document.brief is not None:
        return [Piece("", document.blocks[0].text, tuple(document.changes))]
    found: list[Piece] = []
    heading = ""
    group: list[Block] = []

    def close() -> None:
        text = joined(group)
        group.clear()
        if words(text) >= MINIMUM_WORDS:
            found.append(Piece(heading, text, tuple(document.changes)))
        elif text and found and found[-1].heading == heading and words(found[-1].text) + words(text) <= MAXIMUM_WORDS:
            last = found.pop()
            found.append(Piece(heading, f"{last.text}\n\n{text}", last.changes))

    for block in document.blocks:
        if block.kind not in COPY:
            continue
        if block.kind == "heading":
            close()
            heading = block.text
            continue
        for part in cut(block):
            if group and words(joined(group)) + words(part.text) > MAXIMUM_WORDS:
                close()
            group.append(part)
    close()
    return found


def cut(block: Block) -> list[Block]:
    """A block of at most 110 words as it is; a longer one at the ends of sentences."""
    if words(block.text) <= MAXIMUM_WORDS:
        return [block]
    parts: list[str] = []
    for sentence in SENTENCE_END.split(block.text):
        if parts and words(parts[-1]) + words(sentence) <= MAXIMUM_WORDS:
            parts[-1] = f"{parts[-1]} {sentence}"
        else:
            parts.append(sentence)
    return [Block(part, block.kind) for part in parts if words(part) <= MAXIMUM_WORDS]


def joined(blocks: list[Block]) -> str:
    text = ""
    for previous, block in zip([None, *blocks], blocks, strict=False):
        line = f"- {block.text}" if block.kind == "item" else block.text
        gap = "" if previous is None else "\n" if previous.kind == block.kind == "item" else "\n\n"
        text += gap + line
    return text


def words(text: str) -> int:
    return len(text.split())
