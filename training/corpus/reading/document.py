"""What comes out of a file: documents made of blocks, and what had to be left out."""

from __future__ import annotations

from dataclasses import dataclass, field

from training.corpus.brief import Brief

MAXIMUM_BYTES = 50 * 2**20
"""Bytes that one file, or one file inside an archive, may have."""
MAXIMUM_ARCHIVE = 200 * 2**20
"""Bytes that a ZIP archive of such files may have."""
MAXIMUM_CHARACTERS = 5_000_000
"""Characters of text that one file may give: some fifty novels' chapters, never an archive's whole life."""
COPY = ("paragraph", "item", "heading")
"""The kinds of block that can become copy. A table's "row" and a "comment" are shown, and left alone."""


class ReadError(ValueError):
    """A file that cannot be read; the message says why, with the row where there is one."""


@dataclass(frozen=True)
class Block:
    """A paragraph, a list item ("item"), a heading ("heading") or a row of a table ("row"), as plain text."""

    text: str
    kind: str = "paragraph"


@dataclass
class Document:
    """One piece of published copy. `brief` is set when the file brought the request along.

    `date` is ISO 8601 and `channel` as the file says it, both empty where it does not.
    """

    title: str
    blocks: list[Block]
    brief: Brief | None = None
    changes: list[str] = field(default_factory=list)
    date: str = ""
    channel: str = ""

    @property
    def text(self) -> str:
        return "\n\n".join(block.text for block in self.blocks)

    @property
    def has_copy(self) -> bool:
        return any(block.kind in COPY for block in self.blocks)


@dataclass(frozen=True)
class Problem:
    """A row, line or message that was left out while the rest of its file was read."""

    where: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}"


@dataclass(frozen=True)
class Reading:
    """What became of one file: its documents, or the `reason` why there are none."""

    name: str
    raw: bytes = field(repr=False)
    kind: str = ""
    encoding: str = ""
    documents: tuple[Document, ...] = ()
    problems: tuple[Problem, ...] = ()
    reason: str = ""

    @property
    def outcome(self) -> str:
        return "text" if self.documents else "refused"

    @property
    def text(self) -> str:
        return "\n\n".join(document.text for document in self.documents)


def plain(text: str) -> str:
    """White space folded to single spaces; nothing else changes, so the voice stays as it was."""
    return " ".join(text.split())


def paragraphs(text: str) -> list[Block]:
    """The parts of a plain text between empty lines."""
    parts = (plain(part) for part in text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n"))
    return [Block(part) for part in parts if part]
