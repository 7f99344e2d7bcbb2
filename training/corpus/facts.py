"""Facts of a text, and those that nothing explains: a model trained on unexplained facts learns to invent.

Reading is as tolerant as a person: £3.50 is 3.50 pounds, "Friday 3 May" is in "3 May", "three" is 3, 1,000 is 1000.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from training.corpus.brief import Brief
from training.corpus.english import FUNCTION
from training.corpus.names import names
from training.corpus.values import ORDINALS, WORDS, Value, stem, values

Key = tuple[object, ...]
WORD = re.compile(r"[^\W_]+")
LONGEST = 50_000
"""Characters of a text that are read; nobody marks facts by hand in a longer one."""


@dataclass(frozen=True)
class Fact:
    """One statement that can be checked: `text` is output[start:end].

    `kind` is one of "number", "price", "percent", "date", "time", "link", "e-mail", "handle", "phone" and "name".
    """

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Told:
    """What a text says: meanings of values by what they are looked up with, and in which of its lines a word stands."""

    keys: dict[object, frozenset[Key]]
    lines: dict[str, frozenset[int]]
    initials: frozenset[str]
    folded: str


def facts(text: str) -> list[Fact]:
    """All the numbers, prices, shares, dates, times, addresses and names of a text, in its order."""
    return [fact for fact, _ in read(text)]


def unexplained(output: str, brief: Brief, fact_sheet: str = "", guidelines: str = "") -> list[Fact]:
    """The facts of `output` that neither its brief nor the fact sheet bears, in order, each place that has one.

    `guidelines` (and with them the brand's own name) explain names alone: their figures are examples.
    """
    asked = told("\n".join((brief.topic, *brief.facts, brief.audience, brief.call_to_action)))
    sheet, style = told_once(fact_sheet), told_once(guidelines)
    known: dict[object, bool] = {}
    found: list[Fact] = []
    for fact, value in read(output):
        same = (fact.kind, fact.text, value.keys if value else None)
        if same not in known:
            known[same] = is_explained(fact, value, (asked, sheet), (asked, sheet, style))
        if not known[same]:
            found.append(fact)
    return found


def distinct(found: Iterable[Fact]) -> int:
    """How many different facts these are: a name that comes three times is one."""
    return len({(fact.kind, " ".join(fact.text.casefold().split())) for fact in found})


def read(text: str) -> list[tuple[Fact, Value | None]]:
    text = text[:LONGEST]
    found = values(text)
    both: list[tuple[Fact, Value | None]] = [
        (Fact(value.kind, text[value.start : value.end], value.start, value.end), value) for value in found
    ]
    spans = [(value.start, value.end) for value in found]
    both += [(Fact("name", text[start:end], start, end), None) for start, end in names(text, spans)]
    return sorted(both, key=lambda each: each[0].start)


def told(text: str) -> Told:
    text = text[:LONGEST]
    keys: set[Key] = set()
    for value in values(text):
        keys |= value.keys
    lines: dict[str, set[int]] = {}
    initials: set[str] = set()
    for number, line in enumerate(text.splitlines()):
        words = [match[0] for match in WORD.finditer(line)]
        for word in words:
            lines.setdefault(stem(word), set()).add(number)
            if (small := WORDS.get(word.casefold())) is not None:
                keys.add(("number", "", small, False, frozenset()))
            if word.casefold() in ORDINALS:
                keys.add(("number", "", float(ORDINALS.index(word.casefold()) + 1), True, frozenset()))
        starts = "".join(word[0] for word in words if word.casefold() not in FUNCTION).casefold()
        initials |= {starts[a : a + size] for size in range(2, 7) for a in range(min(len(starts) - size + 1, 2000))}
    by: dict[object, set[Key]] = {}
    for key in keys:
        for place in found_under(key):
            by.setdefault(place, set()).add(key)
    return Told(
        {place: frozenset(found) for place, found in by.items()},
        {word: frozenset(places) for word, places in lines.items()},
        frozenset(initials),
        " ".join(text.casefold().split()),
    )


told_once = lru_cache(maxsize=64)(told)
"""A voice's fact sheet and guidelines are read once for all its pairs."""


def is_explained(fact: Fact, value: Value | None, by: tuple[Told, ...], names_by: tuple[Told, ...]) -> bool:
    if value is None:
        return any(bears_name(one, fact.text) for one in names_by)
    if any(
        " ".join(fact.text.casefold().split()) in one.folded and fact.kind in ("link", "handle") for one in names_by
    ):
        return True
    return any(agree(key, other) for key in value.keys for one in by for other in one.keys.get(looked_up(key), ()))


def bears_name(one: Told, name: str) -> bool:
    """Whether one line has all the words of the name; or, for a short form, whether it has the words in full."""
    words = [stem(word) for word in WORD.findall(name) if word.casefold() not in FUNCTION]
    if not words:
        return True
    places = [one.lines.get(word, frozenset()) for word in words]
    if frozenset.intersection(*places):
        return True
    return len(words) == 1 and name.isupper() and name.casefold() in one.initials


def looked_up(key: Key) -> object:
    """What has to be the same in whatever explains this."""
    if key[0] != "date":
        return key[2] if key[0] in ("number", "price") else key[1] if key[0] == "percent" else key
    _, weekday, day, month, year = key
    return (
        ("day", day, month)
        if day and month
        else ("month", month)
        if month
        else float(str(year))
        if year
        else ("weekday", weekday)
    )


def found_under(key: Key) -> set[object]:
    """All that a meaning can be looked up with."""
    if key[0] != "date":
        return {looked_up(key)}
    _, weekday, day, month, year = key
    places: set[object] = {("day", day, month), ("month", month), ("weekday", weekday)}
    return places | {float(str(number)) for number in (day, year) if number}


def agree(key: Key, other: Key) -> bool:
    """Whether two meanings are the same one, where a unit or a part of a date may be left unsaid."""
    kind, known = key[0], other[0]
    if kind == known == "date":
        pairs = list(zip(key[1:], other[1:], strict=True))
        same = [mine == theirs for mine, theirs in pairs if mine is not None and theirs is not None]
        # What the copy adds to a known day may be its weekday, never a year or a month.
        added = [mine for mine, theirs in pairs[1:] if mine is not None and theirs is None]
        return bool(same) and all(same) and not added
    if kind == "number":
        if known == "number":
            return key[2] == other[2] and counts_the_same(key, other)
        if known in ("price", "percent"):
            return not key[1] and key[2] == other[-1] or (kind_of_money(key[1]) == other[1] and key[2] == other[-1])
        return known == "date" and (key[2] == other[4] or (bool(key[3]) and key[2] == other[2]))
    if known == "number" and kind == "price":
        return key[2] == other[2] and (kind_of_money(other[1]) == key[1] or not other[1] and not other[4])
    if known == "number" and kind == "percent":
        return key[1] == other[2] and not other[1] and not other[4]
    if known == "number" and kind == "date":
        return key[4] is not None and key[4] == other[2] and key[2:4] == (None, None)
    return key == other


def counts_the_same(key: Key, other: Key) -> bool:
    """Whether two numbers can be of one thing: their units agree, or a word after them, or one says nothing more."""
    if key[1] and other[1]:
        return key[1] == other[1]
    mine, theirs = key[4], other[4]
    assert isinstance(mine, frozenset) and isinstance(theirs, frozenset)
    return not mine or not theirs or bool(mine & theirs)


def kind_of_money(unit: object) -> str:
    return {"pound": "£", "dollar": "$", "euro": "€"}.get(str(unit), "?")
