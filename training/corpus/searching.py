"""What somebody typed into a search box: the words and phrases to look for, and where a text has them.

Words are runs of letters and digits; case and accents count for nothing. Every word stands for all that begin with it,
so that "bak" finds bakery; a phrase in double quotes is found as it stands. All of them must be there.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

ACCENTS = re.compile("[\u0300-\u036f]")
WORD = re.compile("[^\\W_](?:[^\\W_]|[\u0300-\u036f])*")
TERM = re.compile(r'"([^"]*)"|([^\s"]+)')
MOST_TERMS, LONGEST = 12, 60
SHORT = 1
"""A word of so few characters stands for itself alone: half of all words begin with any one letter."""


@dataclass(frozen=True)
class Term:
    """Words that stand one after the other, folded. In a term that `begins`, the last one may go on."""

    words: tuple[str, ...]
    begins: bool


def fold(text: str) -> str:
    """Small letters without accents."""
    if text.isascii():
        return text.lower()
    return ACCENTS.sub("", unicodedata.normalize("NFD", text)).lower()


def terms(typed: str) -> list[Term]:
    """What to look for; empty where nothing that was typed is a word. Never an error, whatever was typed."""
    found: list[Term] = []
    for quoted, bare in TERM.findall(typed):
        words = tuple(word[:LONGEST] for word in WORD.findall(fold(quoted or bare)))
        if words:
            # "first-class" without quotes is two words side by side, as it is in the text.
            found.append(Term(words, begins=not quoted and len(words[-1]) > SHORT))
    return list(dict.fromkeys(found))[:MOST_TERMS]


def as_fts5(looked_for: Iterable[Term]) -> str:
    """The query in SQLite's language. Quotes keep every word from being read as an operator."""
    return " AND ".join(f'"{" ".join(term.words)}"{" *" if term.begins else ""}' for term in looked_for)


def as_tsquery(looked_for: Iterable[Term]) -> str:
    """The query in PostgreSQL's language, for `to_tsquery('simple', ...)`."""

    def said(term: Term) -> str:
        *first, last = (f"'{word}'" for word in term.words)
        return "(" + " <-> ".join([*first, f"{last}:*" if term.begins else last]) + ")"

    return " & ".join(said(term) for term in looked_for)


def pieces(text: str, looked_for: Sequence[Term]) -> list[tuple[bool, str]]:
    """The text cut where a term begins and ends: (whether it was looked for, piece)."""
    found: list[tuple[bool, str]] = []
    at = 0
    for start, end in spans(text, looked_for):
        if start > at:
            found.append((False, text[at:start]))
        found.append((True, text[start:end]))
        at = end
    return [*found, (False, text[at:])] if at < len(text) else found


def excerpt(text: str, looked_for: Sequence[Term], words: int) -> str:
    """So many words of the text, from a little before the first one that was looked for."""
    spots = [match.span() for match in WORD.finditer(text)]
    first = next(spans(text, looked_for), (0, 0))[0]
    before = sum(1 for start, _ in spots if start < first)
    begin = max(0, min(before - words // 3, len(spots) - words)) if before >= words else 0
    if len(spots) <= words:
        return text
    start = spots[begin][0] if begin else 0
    end = spots[begin + words - 1][1]
    return f"{'… ' if begin else ''}{text[start:end]}{' …' if begin + words < len(spots) else ''}"


def spans(text: str, looked_for: Sequence[Term]) -> Iterator[tuple[int, int]]:
    """Where the terms stand in the text, in characters, in order and without overlap. Reads no further than asked."""
    words = ((fold(match[0]), *match.span()) for match in WORD.finditer(text))
    ahead = deque(islice(words, max((len(term.words) for term in looked_for), default=0)))
    while ahead:
        length = max((len(term.words) for term in looked_for if stands(term, ahead)), default=0)
        if length:
            yield ahead[0][1], ahead[length - 1][2]
        for _ in range(length or 1):
            ahead.popleft()
            ahead.extend(islice(words, 1))


def stands(term: Term, ahead: Sequence[tuple[str, int, int]]) -> bool:
    """Whether the words ahead are the term's."""
    if len(ahead) < len(term.words):
        return False
    *first, last = (ahead[at][0] for at in range(len(term.words)))
    if tuple(first) != term.words[:-1]:
        return False
    return last.startswith(term.words[-1]) if term.begins else last == term.words[-1]
