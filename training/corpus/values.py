"""Numbers, prices, shares, dates, times and addresses in a text, each with what it says however it is spelt.

Patterns have bounds, so that no text can stall them.
"""

# ruff: noqa: SIM905 - word lists read best as lines of words

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from training.corpus.cleaning.personal import EMAIL, PHONE, digits
from training.corpus.english import FUNCTION

MONTHS = "january february march april may june july august september october november december".split()
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
SMALL += ["seventeen", "eighteen", "nineteen"]
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
WORDS = {word: float(value) for value, word in enumerate(SMALL)}
WORDS |= {word: 20.0 + 10 * place for place, word in enumerate(TENS)}
SCALES = {"hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "dozen": 12.0}
FRACTIONS = {"¼": 0.25, "½": 0.5, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3, "⅛": 0.125}
CURRENCIES = {"£": "£", "$": "$", "€": "€", "¥": "¥", "gbp": "£", "usd": "$", "eur": "€"}
CURRENCIES |= {"pound": "£", "pounds": "£", "dollar": "$", "dollars": "$", "euro": "€", "euros": "€"}
UNITS = {
    spelt: name
    for name, several in {
        "second": "s sec secs second seconds",
        "minute": "min mins minute minutes",
        "hour": "h hr hrs hour hours",
        "day": "day days",
        "week": "week weeks wk",
        "month": "month months",
        "year": "year years yr yrs",
        "gram": "g gr gram grams gramme grammes",
        "kilo": "kg kilo kilos kilogram kilograms",
        "pound": "lb lbs pound pounds",
        "ounce": "oz ounce ounces",
        "millilitre": "ml millilitre millilitres milliliter milliliters",
        "litre": "l litre litres liter liters",
        "centilitre": "cl",
        "teaspoon": "tsp tsps teaspoon teaspoons",
        "tablespoon": "tbsp tbsps tbs tablespoon tablespoons",
        "cup": "cup cups",
        "millimetre": "mm",
        "centimetre": "cm centimetre centimetres centimeter centimeters",
        "metre": "metre metres meter meters",
        "kilometre": "km kilometre kilometres kilometer kilometers",
        "mile": "mile miles mi",
        "inch": "inch inches",
        "foot": "ft foot feet",
        "celsius": "°c",
        "fahrenheit": "°f",
        "degree": "° degree degrees",
        "dollar": "dollar dollars",
        "euro": "euro euros",
        "cent": "cent cents pence p",
    }.items()
    for spelt in several.split()
}
ATTACHED = r"°\s?[CF]?|(?:kg|mg|g|lbs?|oz|ml|cl|l|mm|cm|km|ft|min|mins|hrs?|tsp|tbsp|[KMGT]B|k|m|bn|x|%)\b"
"""Units that may stand right behind their number."""
NUMBER = r"(?:\d{1,3}(?:,\d{3}){1,5}|\d{1,15})(?:\.\d{1,6})?"
MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
SHORT = r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
DAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
SHORT_DAY = r"(?:Mon|Tues?|Wed|Thu|Thurs|Fri|Sat|Sun)\b\.?"
NTH = r"\d{1,2}(?:st|nd|rd|th)?"
OF_DAY = r"(?:[:.][0-5]\d)?\s?(?:[ap]m\b|[AP]M\b|[ap]\.m\.|[AP]\.M\.)"
SPELT = (
    rf"(?:{'|'.join(TENS)})(?:[- ](?:{'|'.join(SMALL[1:10])}))?|{'|'.join(sorted(SMALL[2:], key=len, reverse=True))}"
)

PATTERNS: dict[str, re.Pattern[str]] = {
    "link": re.compile(
        r"(?:https?://|www\.)[^\s<>()\"“”]{2,300}"
        r"|(?<![\w.@/-])(?:[a-z0-9-]{1,40}\.){1,4}(?:com|org|net|gov|edu|io|eu|uk|de|us|app|dev|shop|info)\b"
        r"(?:/[^\s<>()\"“”]{0,200})?",
        re.IGNORECASE,
    ),
    "e-mail": EMAIL,
    "handle": re.compile(r"(?<![\w@.])@\w{2,40}"),
    "phone": PHONE,
    "price": re.compile(
        rf"[£$€¥]\s?{NUMBER}(?:\s?(?:k|m|bn|thousand|million|billion)\b)?"
        rf"|(?<![\w.,]){NUMBER}(?:\s?[£€]|\s(?:GBP|USD|EUR|euros?|dollars?)\b|p\b)"
        rf"|\b(?:GBP|USD|EUR)\s?{NUMBER}"
    ),
    "percent": re.compile(rf"(?<![\w.,]){NUMBER}\s?(?:%|per\s?cent\b)"),
    "date": re.compile(
        rf"(?:\b(?:{DAY}|{SHORT_DAY}),?\s)?(?:the\s)?"
        rf"(?:(?<![\w.,/]){NTH}\s(?:of\s)?(?:{MONTH}\b|{SHORT}(?!\w))|\b(?:{MONTH}\s|{SHORT}\s){NTH}(?![\d\w]))(?:,?\s(?:19|20)\d\d\b)?"
        rf"|\b(?:{MONTH}|{SHORT}),?\s(?:of\s)?(?:19|20)\d\d\b"
        r"|(?<![\w/.-])(?:19|20)\d\d-\d\d-\d\d(?![\w-])"
        r"|(?<![\w/.-])\d{1,2}([/.])\d{1,2}\1(?:19|20)?\d\d(?![\w/])"
        rf"|\b{DAY}s?\b|\b(?:January|February|April|June|July|August|September|October|November|December)\b"
        r"|(?<=[a-z] )(?:March|May)\b(?! (?:I|be|you|we|have)\b)"
    ),
    "time": re.compile(
        rf"(?<![\w.,:/]){NTH}{OF_DAY}|(?<![\w.,:/])(?:[01]?\d|2[0-3]):[0-5]\d(?![\w:])"
        rf"|(?<![\w.,:/])\d{{1,2}}(?:[:.]\d\d)?(?=\s?(?:-|–|to)\s?\d{{1,2}}{OF_DAY})"
        r"|\b\d{1,2} o['’]clock\b|\b(?:noon|midday|midnight)\b"
    ),
    "number": re.compile(
        rf"(?<![\w.,])(?<![^\W\d_][-/])(?:{NUMBER}(?:\s?[¼½¾⅓⅔⅛]|\s\d/\d{{1,2}}|/\d{{1,2}})?|[¼½¾⅓⅔⅛])"
        rf"(?:\s?(?:thousand|million|billion|hundred|dozen)\b|\s?(?:{ATTACHED})|st\b|nd\b|rd\b|th\b|s\b)?(?![\w])(?!\.\d)"
        rf"|\b(?:{SPELT})(?:\s(?:hundred|thousand|million|billion|dozen))?\b"
        r"|\b(?:a|one)\s(?:hundred|thousand|million|billion|dozen)\b",
        re.IGNORECASE,
    ),
}
MARKER = re.compile(r"^[ \t]*(?:[-*•]\s)?\(?\d{1,3}[.)](?=\s)", re.MULTILINE)
COUNTER = re.compile(r"\b(?:step|part|chapter|section|figure|table|page|no\.|number)\s$", re.IGNORECASE)
YEAR = re.compile(r"(?:19|20)\d\ds?")


@dataclass(frozen=True)
class Value:
    """One value: its kind (a key of `PATTERNS`), its place, and its meaning: any of `keys` that another has as well
    makes them the same. A unit or a part of a date that only one of the two names makes no difference."""

    kind: str
    start: int
    end: int
    keys: frozenset[tuple[object, ...]]


def values(text: str) -> list[Value]:
    """The values of a text in their order, none overlapping another. Numbers that only count a list are left out."""
    taken = bytearray(len(text))
    for match in MARKER.finditer(text):
        taken[match.start() : match.end()] = b"\1" * len(match[0])
    found: list[Value] = []
    for kind, pattern in PATTERNS.items():
        for match in pattern.finditer(text):
            start, end = match.span()
            if kind == "link":
                end = start + len(match[0].rstrip(".,;:!?'’*"))
            if 1 in taken[start:end]:
                continue
            if kind == "number" and COUNTER.search(text[max(0, start - 10) : start]):
                continue
            taken[start:end] = b"\1" * (end - start)
            found.append(Value(kind, start, end, frozenset(keys(kind, text[start:end], text[end : end + 48]))))
    return sorted(found, key=lambda value: value.start)


def keys(kind: str, said: str, after: str) -> Iterator[tuple[object, ...]]:
    """What a value means. `after` is what follows it, for the unit."""
    folded = said.casefold()
    if kind in ("link", "e-mail", "handle"):
        yield "address", re.sub(r"^(?:https?://)?(?:www\.)?", "", folded).rstrip("/")
    elif kind == "phone":
        yield "phone", digits(said)[-9:]
    elif kind == "price":
        unit = next((sign for spelt, sign in CURRENCIES.items() if spelt in folded), "£")
        amount = amount_of(folded) / (100 if folded.endswith("p") and not folded.endswith("gbp") else 1)
        yield "price", unit, amount
    elif kind == "percent":
        yield "percent", amount_of(folded)
    elif kind == "date":
        yield from dates(folded)
    elif kind == "time":
        yield from (("time", minute) for minute in minutes(folded))
    else:
        word = re.match(r"[ -]?(°\s?[CFcf]?|[^\W\d_]+)", after)
        attached = re.search(r"(?:°\s?[cf]?|[a-z]+)$", folded)
        spelt = (attached[0] if attached else "").replace(" ", "")
        unit = UNITS.get(spelt) or (UNITS.get(word[1].casefold().replace(" ", "")) if word else None) or ""
        yield "number", unit, amount_of(folded), spelt in ("st", "nd", "rd", "th"), counted(after)


def counted(after: str) -> frozenset[str]:
    """The words that may say what is counted: up to three, before a sign or a small word."""
    found: set[str] = set()
    for word in re.split(r"[ -]", after.lstrip(" -"))[:3] if after[:1] in (" ", "-") else []:
        whole = re.match(r"[^\W\d_]+", word)
        if not whole or (folded := whole[0].casefold()) in FUNCTION:
            break
        found.add(stem(folded))
        if whole[0] != word:
            break
    return frozenset(found)


def stem(word: str) -> str:
    """A word without case and plural."""
    folded = word.casefold()
    return folded[:-1] if len(folded) > 3 and folded.endswith("s") and not folded.endswith("ss") else folded


def amount_of(folded: str) -> float:
    """The number that digits, fractions or words say, rounded to the millionth."""
    match = re.search(NUMBER, folded)
    total = float(match[0].replace(",", "")) if match else 0.0
    if match and (part := re.match(r"\s(\d)/(\d{1,2})", folded[match.end() :])):
        total += int(part[1]) / max(1, int(part[2]))
    elif match and (part := re.match(r"()/(\d{1,2})", folded[match.end() :])):
        total /= max(1, int(part[2]))
    total += sum(value for sign, value in FRACTIONS.items() if sign in folded)
    told = re.findall(r"[a-z]+", folded)
    total += sum(WORDS.get(word, 0.0) for word in told)
    scales = [SCALES[word] for word in told if word in SCALES and not (word == "m" and not match)]
    for scale in scales:
        total = (total or 1.0) * scale
    return round(total, 6)


def dates(folded: str) -> Iterator[tuple[object, ...]]:
    """("date", weekday, day, month, year), counted from 1 and None where it is not said; both ways for 3/5/2026."""
    names = re.findall(r"[a-z]+", folded)
    weekday = next((place for place, day in enumerate(WEEKDAYS, 1) for name in names if day[:3] == name[:3]), None)
    if weekday and all(month[:3] != name[:3] for month in MONTHS for name in names) and not re.search(r"\d", folded):
        yield "date", weekday, None, None, None
        return
    month = next((place for place, each in enumerate(MONTHS, 1) for name in names if each[:3] == name[:3]), None)
    told = [int(number) for number in re.findall(r"\d+", folded)]
    if month is None and len(told) == 3:
        if told[0] > 31:
            yield "date", None, told[2], told[1], told[0]
            return
        year = told[2] if told[2] > 99 else 2000 + told[2]
        yield "date", None, told[0], told[1], year
        yield "date", None, told[1], told[0], year
        return
    year_told = next((number for number in told if number > 31), None)
    yield "date", weekday, next((number for number in told if number <= 31), None), month, year_told


def minutes(folded: str) -> Iterator[int]:
    """Minutes after midnight; a time on the twelve-hour clock without am or pm gives both."""
    if folded in ("noon", "midday", "midnight"):
        yield 0 if folded == "midnight" else 720
        return
    told = [int(number) for number in re.findall(r"\d+", folded)]
    hour, minute = told[0], told[1] if len(told) > 1 else 0
    if half := re.search(r"([ap])\.?m", folded):
        yield hour % 12 * 60 + minute + (720 if half[1] == "p" else 0)
        return
    yield hour * 60 + minute
    if hour <= 12 and not folded.startswith("0"):
        yield (hour % 12 + (12 if hour < 12 else 0)) * 60 + minute
