"""Corrections that a person accepted, as the last rule of cleaning: words, found again by what is around them.

Unlike the other rules' finds they belong to one passage. They hold when it is cleaned again, and are undone like any
rule: switched off, or taken back one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from training.corpus.cleaning.edits import Edit, apply, disjoint
from training.corpus.cleaning.engine import Change, Cleaned

RULE = "corrections"
CONTEXT = 16
"""Characters on either side that tell one place from another."""


@dataclass(frozen=True)
class Correction:
    """`words`, which begin at character `start`, become `replacement`; `before` and `after` stand around them."""

    start: int
    words: str
    replacement: str
    before: str = ""
    after: str = ""

    @property
    def undone(self) -> Correction:
        return replace(self, words=self.replacement, replacement=self.words)


def around(text: str, start: int, end: int) -> tuple[str, str]:
    return text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]


def place(text: str, correction: Correction) -> int | None:
    """Where the words begin in this text: at their own place, else where the same stands around them, else where they
    stand alone as whole words. None where they are gone, or stand in several places.
    """
    words, end = correction.words, correction.start + len(correction.words)
    if text[correction.start : end] == words and around(text, correction.start, end) == (
        correction.before,
        correction.after,
    ):
        return correction.start
    found = [match.start() for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)]
    told = [at for at in found if around(text, at, at + len(words)) == (correction.before, correction.after)]
    for choice in (told, found):
        if len(choice) == 1:
            return choice[0]
    return None


def correct(found: Cleaned, corrections: Iterable[Correction]) -> Cleaned:
    """What cleaning left, with the corrections made that still have a place."""
    places = [(place(found.text, one), one) for one in corrections]
    edits = disjoint(Edit(at, at + len(one.words), one.replacement) for at, one in places if at is not None)
    if not edits:
        return found
    changes = tuple(Change(RULE, found.text[edit.start : edit.end], edit.after, edit.start) for edit in edits)
    text = apply(found.text, edits)
    return replace(found, text=text, changes=found.changes + changes, touched=(*found.touched, RULE))


def uncorrected(text: str, changes: Sequence[Change]) -> str:
    """The text as it was before the corrections, which are the last of its changes."""
    edits, moved = [], 0
    for change in changes:
        if change.rule == RULE:
            at = change.at + moved
            edits.append(Edit(at, at + len(change.after), change.before))
            moved += len(change.after) - len(change.before)
    return apply(text, edits)
