"""Long documents into pieces of the size of copy, cut where a reader would pause.

Cut at headings first, then between paragraphs, and inside one only when it is too long by itself: between sentences,
never inside one. A list stays together and with the line that leads to it, a quotation in one piece, a question with
its answer, as far as these are no longer than a piece may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.corpus.reading.document import COPY, Block, Document

MINIMUM_WORDS = 12
MAXIMUM_WORDS = 110
SIZES = {"ad": 60, "social": 80}
"""Words of the channels whose copy is shorter than the maximum."""
SHORTEST = {"ad": 4, "social": 4}
WHOLE = ("ad", "social", "email", "product")
"""One message or one item: headings and all in one piece, where that is short enough."""
LONGEST_QUESTION = 30
"""Words of a paragraph that asks, and so belongs with the next, which answers."""
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’')\]]{0,3}\s+(?=[\"“‘'(\[]?[A-Z0-9£$€])")
NO_END = re.compile(r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Mt|Prof|Inc|Ltd|Co|No|vs|cf|e\.g|i\.e)\.$")
LEFT_OUT = "a line that led to something left out"
FREE, LOOSE, FIRM = 0, 1, 2
"""How a part holds on to the next: not at all, as in a list or a quotation, as a line does to what it leads to."""


@dataclass(frozen=True)
class Piece:
    """A passage before it is stored: its nearest heading, the text, and what was done to it."""

    heading: str
    text: str
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A block, or a sentence of one (`continues` where it is not the first), and how it holds on to the next part."""

    text: str
    kind: str
    hold: int = FREE
    continues: bool = False

    @property
    def words(self) -> int:
        return words(self.text)


def pieces(document: Document, channel: str = "", maximum: int = MAXIMUM_WORDS) -> list[Piece]:
    """The pieces of a document for a channel, of at most `maximum` words, and of 12 at least (4 in an ad or a post).

    Left out are the rows of tables, sentences longer than a piece, and a rest under a heading that is shorter than a
    piece and finds no room in the one before. A document that brought its own brief is never cut.
    """
    changes = tuple(document.changes)
    if document.brief is not None:
        return [Piece("", document.blocks[0].text, changes)]
    limit, least = min(maximum, SIZES.get(channel, maximum)), SHORTEST.get(channel, MINIMUM_WORDS)
    blocks = [block for block in document.blocks if block.kind in COPY]
    if channel in WHOLE:
        if blocks and blocks[0].kind == "heading" and blocks[0].text.casefold() == document.title.casefold():
            blocks = blocks[1:]
        whole = joined([Part(block.text, block.kind) for block in blocks])
        if least <= words(whole) <= limit:
            return [Piece("", whole, changes)]
    found: list[Piece] = []
    for heading, section in sections(blocks):
        for parts in filled(units(held(section), limit), limit, least):
            kept = without_last_lead(parts)
            text = joined(kept)
            if words(text) >= least:
                found.append(Piece(heading, text, changes if kept == parts else (*changes, LEFT_OUT)))
    return found


def sections(blocks: Sequence[Block]) -> Iterator[tuple[str, list[Block]]]:
    """Each heading with what stands under it."""
    heading, section = "", list[Block]()
    for block in blocks:
        if block.kind != "heading":
            section.append(block)
            continue
        yield heading, section
        heading, section = block.text, []
    yield heading, section


def held(section: Sequence[Block]) -> list[Part]:
    """The blocks of a section, each with its hold on the next."""
    found: list[Part] = []
    for block, after in zip(section, [*section[1:], None], strict=False):
        hold = FREE
        if after is not None:
            if block.text.endswith(":") or asks(block):
                hold = FIRM
            elif block.kind == after.kind == "item" or block.text.count("“") > block.text.count("”"):
                hold = LOOSE
        found.append(Part(block.text, block.kind, hold))
    return found


def asks(block: Block) -> bool:
    return block.kind == "paragraph" and block.text.endswith("?") and words(block.text) <= LONGEST_QUESTION


def units(parts: Sequence[Part], limit: int) -> Iterator[list[Part]]:
    """What must stay together, each of at most `limit` words; what is longer comes apart where it holds least."""
    for whole in runs(parts, LOOSE):
        if size(whole) <= limit:
            yield whole
            continue
        for tight in runs(whole, FIRM):
            if size(tight) <= limit:
                yield tight
                continue
            single = [sentence for part in tight for sentence in sentences(part)]
            for quoted in runs(single, LOOSE):
                for run in [quoted] if size(quoted) <= limit else runs(quoted, FIRM):
                    yield from [run] if size(run) <= limit else ([part] for part in run if part.words <= limit)


def runs(parts: Sequence[Part], hold: int) -> Iterator[list[Part]]:
    """The parts in runs that hold together at least so firmly."""
    run: list[Part] = []
    for part in parts:
        run.append(part)
        if part.hold < hold:
            yield run
            run = []
    if run:
        yield run


def sentences(part: Part) -> list[Part]:
    """The sentences of a part; those inside a quotation hold on to the next, and the last holds as its part does."""
    texts = split(part.text)
    found: list[Part] = []
    is_open = False
    for place, text in enumerate(texts):
        is_open ^= bool(text.count('"') % 2) or text.count("“") != text.count("”")
        hold = part.hold if place == len(texts) - 1 else LOOSE if is_open else FIRM if text.endswith(":") else FREE
        found.append(Part(text, part.kind, hold, continues=place > 0))
    return found


def split(text: str) -> list[str]:
    """The sentences of a text, each with the signs that close it."""
    found = SENTENCE_END.finditer(text)
    ends = [match.end() for match in found if not NO_END.search(text[max(0, match.start() - 8) : match.start()])]
    return [text[start:end].strip() for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]


def filled(found: Iterator[list[Part]], limit: int, least: int) -> list[list[Part]]:
    """Units put together up to `limit` words. A short rest takes the unit before it along, so that it is not lost."""
    groups: list[list[list[Part]]] = []
    for unit in found:
        if groups and size(flat(groups[-1])) + size(unit) <= limit:
            groups[-1].append(unit)
        else:
            groups.append([unit])
    if len(groups) > 1 and size(flat(groups[-1])) < least:
        before, rest = groups[-2], groups[-1]
        while len(before) > 1 and size(flat(rest)) < least:
            rest.insert(0, before.pop())
        if size(flat(rest)) > limit or size(flat(before)) < least:
            before.append(rest.pop(0))
    return [flat(group) for group in groups if group]


def without_last_lead(parts: list[Part]) -> list[Part]:
    """The parts without a last sentence that leads to something: what it led to (code, a picture) is no copy."""
    while parts and parts[-1].text.endswith(":"):
        *before, _ = split(parts[-1].text)
        last = [Part(" ".join(before), parts[-1].kind, FREE, parts[-1].continues)] if before else []
        parts = [*parts[:-1], *last]
    return parts


def flat(group: Sequence[Sequence[Part]]) -> list[Part]:
    return [part for unit in group for part in unit]


def size(parts: Sequence[Part]) -> int:
    return sum(part.words for part in parts) + sum(part.kind == "item" for part in parts)


def joined(parts: Sequence[Part]) -> str:
    text = ""
    for previous, part in zip([None, *parts], parts, strict=False):
        if previous is None:
            gap = ""
        elif part.continues:
            gap = " "
        else:
            gap = "\n" if previous.kind == part.kind == "item" else "\n\n"
        is_start = part.kind == "item" and (previous is None or not part.continues)
        text += gap + (f"- {part.text}" if is_start else part.text)
    return text


def words(text: str) -> int:
    return len(text.split())
