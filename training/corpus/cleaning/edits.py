"""What a rule does to a text: edits, each a stretch of it and what stands there instead."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

LONGEST = 40_000
"""Characters of two lines beyond which a comparison by words would take too long: the whole line counts as changed."""
TOKENS = re.compile(r"\s+|[^\W\d_]+|\d+|.", re.DOTALL)


@dataclass(frozen=True)
class Edit:
    """The characters from `start` to before `end` become `after`."""

    start: int
    end: int
    after: str


def substitute(pattern: re.Pattern[str], text: str, by: Callable[[re.Match[str]], str | None] | str) -> list[Edit]:
    """One edit for each match; a function may leave a match alone by giving None or what stands there."""
    edits = []
    for match in pattern.finditer(text):
        after = by if isinstance(by, str) else by(match)
        if after is not None and after != match[0]:
            edits.append(Edit(match.start(), match.end(), after))
    return edits


def removals(pattern: re.Pattern[str], text: str) -> list[Edit]:
    """Each match goes, with the space that would stand doubled or before a stop without it."""
    edits = []
    for match in pattern.finditer(text):
        start, end = match.span()
        before, after = text[start - 1 : start], text[end : end + 1]
        if before in ("", " ", "\n") and after == " ":
            end += 1
        elif before == " " and (after in ("", "\n") or after in ".,;:!?)"):
            start -= 1
        edits.append(Edit(start, end, ""))
    return edits


def without_lines(text: str, goes: Callable[[str], bool]) -> list[Edit]:
    """Each line that goes, with the line breaks around it made into the wider of the two gaps."""
    edits: list[Edit] = []
    for start, end in lines(text):
        if text[start:end].strip() and goes(text[start:end]):
            while end < len(text) and text[end].isspace():
                end += 1
            if edits and edits[-1].end == start:
                start = edits.pop().start
            edits.append(Edit(start, end, ""))
    return [gap_kept(text, edit) for edit in edits]


def gap_kept(text: str, edit: Edit) -> Edit:
    start = len(text[: edit.start].rstrip())
    if start == 0 or edit.end == len(text):
        return Edit(start, edit.end, "")
    gaps = text[start : edit.start], text[len(text[: edit.end].rstrip()) : edit.end]
    return Edit(start, edit.end, "\n\n" if any(gap.count("\n") > 1 for gap in gaps) else "\n")


def lines(text: str) -> Iterator[tuple[int, int]]:
    """Where each line begins and ends, its break left out."""
    at = 0
    for line in text.split("\n"):
        yield at, at + len(line)
        at += len(line) + 1


def between(before: str, after: str) -> list[Edit]:
    """The edits that lead from one text to the other, a word at a time; for rules that give a whole text back."""
    if before == after:
        return []
    olds, news = before.split("\n"), after.split("\n")
    if len(olds) == len(news) > 1:  # line by line, which keeps the comparison short
        edits, at = [], 0
        for old, new in zip(olds, news, strict=True):
            edits += [Edit(edit.start + at, edit.end + at, edit.after) for edit in between(old, new)]
            at += len(old) + 1
        return edits
    if len(before) + len(after) > LONGEST:
        return [Edit(0, len(before), after)]
    was, now = TOKENS.findall(before), TOKENS.findall(after)
    starts = [0]
    for token in was:
        starts.append(starts[-1] + len(token))
    return [
        Edit(starts[a], starts[b], "".join(now[c:d]))
        for kind, a, b, c, d in difflib.SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
        if kind != "equal"
    ]


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made; they stand in order and never overlap."""
    parts, at = [], 0
    for edit in edits:
        assert edit.start >= at, "Edits stand in order and do not overlap."
        parts += [text[at : edit.start], edit.after]
        at = edit.end
    return "".join([*parts, text[at:]])


def disjoint(edits: Iterable[Edit]) -> list[Edit]:
    """In order, without those that reach into one before them: the next round finds these again."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if not kept or edit.start >= kept[-1].end and edit != kept[-1]:
            kept.append(edit)
    return kept
