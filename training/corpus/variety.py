"""How varied copy is, and what it is about. Texts in, figures out."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Sequence

from training.corpus.english import FUNCTION

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
WINDOW = 100
PLAIN = FUNCTION | {"new", "day", "time", "way", "year", "people", "work"}
"""Words that a topic may hold without being about them."""


def words(text: str) -> list[str]:
    """The words of a text, case folded; figures are none."""
    return WORD.findall(text.casefold())


def moving_average_ttr(texts: Iterable[str], window: int = WINDOW) -> float | None:
    """Share of different words in a window, averaged over every window (MATTR, Covington and McFall 2010).

    Unlike the plain type-token ratio it does not fall with length. None below one window of words.
    """
    held: deque[str] = deque()
    counts: Counter[str] = Counter()
    total, windows = 0, 0
    for text in texts:
        for word in words(text):
            held.append(word)
            counts[word] += 1
            if len(held) > window:
                gone = held.popleft()
                counts[gone] -= 1
                if not counts[gone]:
                    del counts[gone]
            if len(held) == window:
                total += len(counts)
                windows += 1
    return total / (windows * window) if windows else None


def distinct(texts: Iterable[str], n: int = 2) -> float | None:
    """Different n-grams over all n-grams, within texts (distinct-n, Li et al. 2016). None without any.

    It falls with the number of texts, so compare equal numbers.
    """
    seen: set[tuple[str, ...]] = set()
    total = 0
    for text in texts:
        found = words(text)
        grams = list(zip(*(found[start:] for start in range(n)), strict=False))
        seen.update(grams)
        total += len(grams)
    return len(seen) / total if total else None


def subjects(topics: Iterable[str]) -> Counter[str]:
    """How many topics speak of each word, common ones aside; a plural counts as its singular."""
    found: Counter[str] = Counter()
    for topic in topics:
        found.update({singular(word) for word in words(topic) if len(word) > 2 and word not in PLAIN})
    return found


def singular(word: str) -> str:
    if word.endswith(("ss", "us", "is", "'s", "’s")) or len(word) < 4:
        return word.removesuffix("'s").removesuffix("’s")
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word.removesuffix("s")


def thin(asked: Iterable[str], held: Iterable[str], most: int = 8) -> list[tuple[str, int, int]]:
    """(subject, times asked for, pairs that have it) of what is asked for often and held seldom, worst first.

    A subject is thin when it is asked for at least twice and fewer than five pairs have it.
    """
    wanted, there = subjects(asked), subjects(held)
    found = [(word, count, there[word]) for word, count in wanted.items() if count >= 2 and there[word] < 5]
    return sorted(found, key=lambda one: (one[2] - one[1], one[0]))[:most]


def histogram(values: Sequence[int], edges: Sequence[int]) -> list[tuple[int, int | None, int]]:
    """(from, up to and including, count) for each step between `edges`; the last is open."""
    steps = [(low, high - 1) for low, high in zip(edges, edges[1:], strict=False)]
    counts = [(low, high, sum(low <= value <= high for value in values)) for low, high in steps]
    return [*counts, (edges[-1], None, sum(value >= edges[-1] for value in values))]
