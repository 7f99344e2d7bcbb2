"""The facts of a copy as phrases that stand by themselves, word for word, for a brief to ask for."""

# ruff: noqa: SIM905 - word lists read best as lines of words

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from training.corpus.english import FUNCTION, VERBS
from training.corpus.facts import Fact
from training.corpus.values import UNITS, YEAR

LONGEST_WORDS, LONGEST = 10, 80
"""Words and characters of one phrase."""
WEIGHTS = {"price": 9, "date": 8, "time": 8, "phone": 7, "link": 7, "e-mail": 7, "percent": 7, "handle": 5, "number": 6}
NAME_WEIGHT = 5
SINGLE = frozenset(("name", "link", "e-mail", "handle", "phone"))
ITEM = re.compile(r"^\s*(?:[-*•]|\d{1,3}[.)])\s+")
LEFT_OF_DATE = re.compile(
    r"(?:\b(?:from|by|until|till|before|after|since|every|this|next|last|in|early|late|mid|spring|summer|autumn|fall|winter"
    r"|starting|through|between|the|of)[ -]){1,4}$",
    re.IGNORECASE,
)
LEFT_OF_NUMBER = re.compile(
    r"(?:\b(?:an?|the|our|their) )?\b[a-z]{3,20} of (?:(?:over|about|around|nearly|almost|just|only) )?$"
    r"|\b(?:over|under|about|around|nearly|almost|only|just|up to|more than|less than|fewer than|at least|at most|from"
    r"|within|every|as little as"
    r"|roughly|approximately|another|the first|the last|the next|top|between|last|next|first) $",
    re.IGNORECASE,
)
UNIT_OF_PRICE = re.compile(
    r" (?:each|apiece|off|(?:a|an|per) [a-z]{2,15}(?: per [a-z]{2,15})?|for (?:two|three|four|five|six|ten|one)\b)"
)
SHARE_OF = re.compile(
    r" (?:off|more|less|fewer|faster|cheaper|of (?:the |all |our |its |their )?[^\W\d_]+(?: [^\W\d_]+s\b)?)"
)
WORD = re.compile(r"(?: |-)([^\W_][\w’'-]*)")
PEOPLE = frozenset("people men women children staff feet teeth mice sheep fish".split())
ENDS_CLAUSE = re.compile(r"[.!?;:,()\[\]\n“”\"]|\s[-–—]+\s|[—…]")
JOINS_RANGE = re.compile(r"\s?[-–—~/]\s?|\s(?:to|or|by)\s|\s?x\s?|\s")
JOINS_DAYS = re.compile(r"\s?[-–—/,]\s?|,?\s(?:to|and|or|at|on|from|until|till|between)\s(?:the\s)?|\s\(?")
JOINS_NAMES = re.compile(r", (?:and |or )?|\s(?:and|or|&)\s|/")


@dataclass(frozen=True)
class Phrase:
    start: int
    end: int
    facts: tuple[Fact, ...]


def phrases(text: str, wanted: Sequence[Fact], limit: int) -> list[str]:
    """At most `limit` phrases of the text, in its order, that bear as much of the `wanted` facts as they can.

    A fact around which no phrase of ten words stands by itself is left for a person to see to.
    """
    found: list[Phrase] = []
    for fact in wanted:
        place = around(text, fact)
        if place is None:
            continue
        new = Phrase(*place, (fact,))
        if found and (both := merged(text, found[-1], new)):
            found[-1] = both
        else:
            found.append(new)
    kept: list[Phrase] = []
    meanings = {fact: meaning(text, fact) for phrase in found for fact in phrase.facts}
    left = set(meanings.values())
    while left and len(kept) < limit:
        best = max(found, key=lambda phrase: worth(phrase, meanings, left))
        if not worth(best, meanings, left):
            break
        kept.append(best)
        left -= {meanings[fact] for fact in best.facts}
    return [text[phrase.start : phrase.end] for phrase in sorted(kept, key=lambda phrase: phrase.start)]


def meaning(text: str, fact: Fact) -> tuple[str, str]:
    """Two numbers are one fact only if they count the same."""
    after = re.match(r"[ -][^\W\d_]+", text[fact.end : fact.end + 40]) if fact.kind == "number" else None
    return fact.kind, fact.text.casefold() + (after[0].casefold() if after else "")


def worth(phrase: Phrase, meanings: Mapping[Fact, tuple[str, str]], left: set[tuple[str, str]]) -> int:
    found = {meanings[fact]: WEIGHTS.get(fact.kind, NAME_WEIGHT) for fact in phrase.facts}
    return sum(weight for key, weight in found.items() if key in left)


def around(text: str, fact: Fact) -> tuple[int, int] | None:
    """The place of the phrase that bears a fact: its list item, or what belongs to it in its sentence."""
    start, end = line_of(text, fact.start)
    is_item = bool(ITEM.match(text[start:end]))
    start, end = trimmed(text, start, end)
    line = text[start:end]
    is_label = re.match(r"[^\W\d_][\w ’'-]{1,30}: \S", line) and not re.search(r"[.!?]\s", line)
    if (is_item or is_label) and fits(line) and start <= fact.start and fact.end <= end:
        return start, end
    if fact.kind in SINGLE:
        initials = re.match(r" \([A-Z][\w&.-]{1,10}\)", text[fact.end : fact.end + 16])
        return fact.start, fact.end + len(initials[0]) if initials else fact.end
    before, after = text[max(start, fact.start - 60) : fact.start], text[fact.end : end]
    counted = noun_after(fact.text, after) if fact.kind == "number" else 0
    if fact.kind in ("date", "time") or (YEAR.fullmatch(fact.text) and not counted):
        left = LEFT_OF_DATE.search(before)
        begins = fact.start - len(left[0]) if left else fact.start
        return (begins + (len(left[0]) - len(left[0].lstrip())) if left else begins), fact.end
    begins = fact.start
    if left := LEFT_OF_NUMBER.search(before):
        begins -= len(left[0])
    if fact.kind == "price":
        unit = UNIT_OF_PRICE.match(after)
        return begins, fact.end + (unit.end() if unit else 0)
    if fact.kind == "percent":
        share = SHARE_OF.match(after)
        return begins, fact.end + (share.end() if share else 0)
    if counted:
        return begins, fact.end + counted
    if re.search(r"[a-z°]$", fact.text.casefold()) and fact.text[0].isdigit():
        return begins, fact.end  # 500 g, 175 °C
    return clause(text, start, end, fact)


def line_of(text: str, place: int) -> tuple[int, int]:
    end = text.find("\n", place)
    return text.rfind("\n", 0, place) + 1, len(text) if end < 0 else end


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the item's marker, signs before the first word, and what ends a sentence."""
    while start < end and not (text[start].isalnum() or text[start] in "£$€¥@#¼½¾⅓⅔⅛“\"'‘(["):
        start += 1
    if marker := re.match(r"\d{1,3}[.)]\s+", text[start:end]):
        start += marker.end()
    while end > start and text[end - 1] in ".,;: ":
        end -= 1
    return start, end


def fits(phrase: str) -> bool:
    return len(phrase) <= LONGEST and len(phrase.split()) <= LONGEST_WORDS


def noun_after(number: str, after: str) -> int:
    """How many characters after a number belong to what it counts: "55 line items", "two-part series"; 0 if unclear."""
    place, words, ends = 0, 0, 0
    is_unit = False
    while words < 4 and (match := WORD.match(after, place)):
        word = match[1].rstrip("-’'")
        folded = word.casefold()
        if folded in FUNCTION and folded not in ("more", "other", "own") or (folded in VERBS and words and not is_unit):
            break
        if folded in VERBS and not words:
            return 0
        place, words = match.start(1) + len(word), words + 1
        if folded in UNITS and words == 1 and folded != "degrees":
            ends, is_unit = place, True
            continue
        if folded not in ("more", "other", "own"):
            ends = place
        if folded in PEOPLE or (folded.endswith("s") and not folded.endswith(("ss", "us", "is"))):
            break
    if words == 4 and after[place - 1] != "s":
        return 0
    if tail := re.match(r" (?:per|a|an) [a-z]{3,15}\b", after[ends:]) if ends else None:
        ends += tail.end() if tail[0].startswith(" per") else 0
    return ends


def clause(text: str, start: int, end: int, fact: Fact) -> tuple[int, int] | None:
    """What stands between two signs around the fact, if it is short and neither begins nor ends in mid-air."""
    begins, ends = start, end
    for match in ENDS_CLAUSE.finditer(text, start, end):
        if match.end() <= fact.start:
            begins = match.end()
        elif match.start() >= fact.end:
            ends = match.start()
            break
    said = text[begins:ends]
    begins += len(said) - len(said.lstrip())
    ends -= len(said) - len(said.rstrip())
    if opening := re.match(r"(?:and|or|but|so|then|because|while|although) ", text[begins:ends], re.IGNORECASE):
        begins += opening.end()
    words = text[begins:ends].split()
    if not 2 <= len(words) <= LONGEST_WORDS or not fits(text[begins:ends]) or begins > fact.start:
        return None
    if words[0].casefold() in ("which", "that", "who", "than", "as") or words[-1].casefold() in FUNCTION - {
        "more",
        "each",
    }:
        return None
    return begins, ends


def merged(text: str, first: Phrase, second: Phrase) -> Phrase | None:
    """Two phrases as one where they overlap or belong together: a range, a day and its time, a list of names."""
    both = Phrase(first.start, max(first.end, second.end), (*first.facts, *second.facts))
    if second.start < first.end:
        return both
    gap, kinds = text[first.end : second.start], {fact.kind for fact in both.facts}
    if "\n" in gap or not fits(text[both.start : both.end]):
        return None
    if kinds <= {"date", "time"}:
        joins = JOINS_DAYS
    elif kinds == {"name"}:
        joins = JOINS_NAMES
    elif kinds <= {"number", "price", "percent"}:
        joins = JOINS_RANGE
    else:
        return None
    return both if joins.fullmatch(gap) else None
