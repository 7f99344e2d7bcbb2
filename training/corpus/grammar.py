"""Spelling and grammar of English copy (harper-py, offline), as findings that a person accepts or dismisses.

Of Harper's nine hundred rules those are on that find slips of the pen, chosen by reading what each found in three real
archives. What makes a voice its own is no slip: capitals, exclamation marks, fragments, contractions, slang, the
serial comma, signs, long sentences and the choice of words stay alone.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import OSA

REVISION = 1
"""Raised with every change of what is found, so that all copy is looked at again."""
DIALECTS = {
    "american": "American",
    "british": "British",
    "australian": "Australian",
    "canadian": "Canadian",
    "indian": "Indian",
}
SPELLING, UNKNOWN, DIALECT = "spelling", "unknown", "dialect"


@dataclass(frozen=True)
class Kind:
    """One kind of finding: its label, what it is in plain words, and Harper's rules that find it."""

    label: str
    does: str
    rules: tuple[str, ...] = ()


KINDS = {
    SPELLING: Kind("Spelling", "A word that no dictionary has, close to one that this voice writes elsewhere."),
    "repeated": Kind("Repeated word", "The same word twice in a row: the the.", ("RepeatedWords", "ToTo")),
    "article": Kind("A or an", "A before a vowel, an before a consonant.", ("AnA",)),
    "confused": Kind(
        "Mixed-up words",
        "One word where another one was meant: it's and its, then and than, suppose to.",
        (
            "ItsPossessive", "ItsContraction", "ThenThan", "ThereOwn", "TheyreToTheir", "Theres", "SupposedTo",
            "UseToUsedTo", "ModalOf", "DoesOrDose", "BareInMind", "PeaceOfMind", "PiqueInterest", "SneakPeekPreview",
            "WhetYourAppetite", "EggYolk", "EachOthersPossessive", "SaveToSafe", "InThe", "WaistWaste",
            "BellowBelow", "TrialAndError", "Bought", "CanBeSeen", "GoingTo", "ItCan", "NeedHelp", "TheirToThere",
            "HalfAnHour", "ThrowAway", "OneAndTheSame", "FreeRein", "WreakHavoc", "BatedBreath", "AtAllCosts",
        ),
    ),
    "form": Kind(
        "Form of a word",
        "A form that the word does not have, or not here: tomatos, it didn't worked.",
        ("DidPast", "RegularIrregulars", "AnAnother", "IAmAgreement", "HelpedPast", "Payed", "PluralDecades"),
    ),
    "spacing": Kind("Space before a comma", "A comma with a space before it, or none after it.", ("CommaFixes",)),
    DIALECT: Kind("Another country's spelling", "Right elsewhere, but not in the English that this voice writes."),
    UNKNOWN: Kind("Unknown words", "No dictionary has them, and no other word is likely: terms, foreign, coined."),
}  # fmt: skip
QUIET = (UNKNOWN,)
"""Kinds that are shown on request alone."""
IN_WORDS = (SPELLING, UNKNOWN, DIALECT)
"""Kinds that a dictionary answers."""
SHORTEST, TELLING = 4, 6
"""Letters of a word that is looked at, and of one that can be told to be a slip: short ones are close to too many."""
MAXIMUM_REPLACEMENTS = 4
OWN_RATIO = 2
"""A correction that the voice writes this many times as often as the word itself is likely."""
TELLING_WORDS, TELLING_SHARE = 10, 0.8
SENTENCE_BEGINS = re.compile(r"(?:^|[.!?:…\n•*\-–—]|\d[.)])[\s\"'“‘(*\[]*$")
# Parts of addresses, file names, handles and code.
GLUED_BEFORE = tuple("_./@#\\<=$~`{%&+:-")
GLUED_AFTER = re.compile(r"[-_/@\\=(`}]|[.:]\w|\.\.\.?/")
ENDINGS = re.compile(
    r"(?:s|es|d|ed|er|ers|or|ors|ing|ings|ish|y|ly|ily|ism|ist|able|ability|less|ness|like|wise|ful|ive|let|lets|ee|ees)$"
)
BEGINNINGS = re.compile(
    r"^(?:un|re|de|dis|mis|pre|non|over|under|out|off|on|micro|multi|sub|super|anti|inter|co|geo|proto)"
)
VOWELS = "aeiou"
FOLLOWING = re.compile(r"\s+[^\W\d_][a-z’'-]{2,}(?![\w])")


@dataclass(frozen=True)
class Finding:
    """One place: characters `start` to before `end` of the text, the words there and what could stand instead."""

    kind: str
    start: int
    end: int
    words: str
    replacements: tuple[str, ...]


def digest(dialect: str) -> str:
    """What a text was looked at with: 16 characters at most."""
    return f"{REVISION}:{dialect or 'either'}"


@functools.cache
def linter(dialect: str, *, spells_only: bool = False) -> Any:
    """Harper with our rules on and all others off; the first one of a process takes a second."""
    from harper import Dialect, Linter

    found = Linter(Dialect[dialect.upper()])
    on = {"SpellCheck"} if spells_only else {"SpellCheck", *(rule for kind in KINDS.values() for rule in kind.rules)}
    found.set_lint_config({rule: rule in on for rule in found.get_default_lint_config()})
    return found


@functools.cache
def kind_of() -> dict[str, str]:
    return {rule: name for name, kind in KINDS.items() for rule in kind.rules}


def look(text: str, dialect: str = "") -> list[Finding]:
    """All findings of one text, in order. Without a dialect, what is right in America or in Britain is right."""
    others = [name for name in ("american", "british") if name != (dialect or "american")]
    found: list[Finding] = []
    unknown: dict[tuple[int, int], tuple[str, ...]] = {}
    for rule, lints in linter(dialect or "american").organized_lints(text, language="plaintext").items():
        for lint in lints:
            span = lint.span.start, lint.span.end
            if rule == "SpellCheck":
                unknown[span] = replacements_of(lint, text)
            elif (
                (kind := kind_of().get(rule))
                and is_slip(rule, text, *span)
                and (instead := replacements_of(lint, text))
            ):
                found.append(whole(Finding(kind, *span, text[slice(*span)], instead), text))
    elsewhere = [spans(linter(name, spells_only=True), text) for name in others] if unknown else []
    for (start, end), instead in unknown.items():
        word = text[start:end]
        if not is_plain_word(text, start, end):
            continue
        if all((start, end) in flagged for flagged in elsewhere):
            if not any(one.casefold() == word.casefold() for one in instead):  # that would be a matter of capitals
                found.append(Finding(UNKNOWN, start, end, word, near(word, instead)))
        elif dialect and instead:
            found.append(Finding(DIALECT, start, end, word, instead[:1]))
    return without_overlaps(found)


def spans(checker: Any, text: str) -> set[tuple[int, int]]:
    return {(lint.span.start, lint.span.end) for lint in checker.lint(text, language="plaintext")}


def replacements_of(lint: Any, text: str) -> tuple[str, ...]:
    """What would stand in place of the words, whole, whether Harper replaces, removes or adds."""
    words = text[lint.span.start : lint.span.end]
    kinds = {"REPLACE": "", "REMOVE": "", "INSERT_AFTER": words}
    made = [kinds[one.kind.name] + one.replacement_text for one in lint.suggestions]
    return tuple(dict.fromkeys(one for one in made if one != words))


def is_slip(rule: str, text: str, start: int, end: int) -> bool:
    """Whether what the rule found is what we keep of it."""
    words = text[start:end]
    if (
        rule == "AnA"
    ):  # how an abbreviation is said, only its reader knows; and Schedule A has its name from nobody's ear
        begins = SENTENCE_BEGINS.search(text[max(0, start - 12) : start])
        if not (words.islower() or begins) or text[start - 1 : start] in GLUED_BEFORE:
            return False
        following = FOLLOWING.match(text, end)
        return following is not None and text[following.end() : following.end() + 3] != "://"
    if rule == "RepeatedWords":
        word = words.split()[0]
        thrice = {*text[:start].split()[-1:], *re.findall(r"\w+", text[end : end + 30])[:1]}
        return "\n" not in words and word not in thrice and words[1:].islower()
    if rule == "CommaFixes":
        return "," in text[start : end + 1] and "\n" not in text[max(0, start - 1) : end + 1]
    return True


def whole(found: Finding, text: str) -> Finding:
    """A finding that shows what it is about: a space before a comma with the words around, an article with its noun."""
    start, end = found.start, found.end
    if found.kind == "spacing":
        while start and not text[start - 1].isspace() or text[start].isspace():
            start -= 1
        while end < len(text) and not text[end].isspace():
            end += 1
    elif found.kind == "article" and (following := FOLLOWING.match(text, end)):
        end = following.end()
    before, after = text[start : found.start], text[found.end : end]
    instead = tuple(f"{before}{one}{after}" for one in found.replacements)
    return Finding(found.kind, start, end, text[start:end], instead)


def is_plain_word(text: str, start: int, end: int) -> bool:
    """Lower-case letters alone, or a capital where a sentence begins: no name, number, address or code."""
    word = text[start:end]
    if len(word) < SHORTEST or not (word.isascii() and word.isalpha()):
        return False
    if not (word.islower() or word[1:].islower() and SENTENCE_BEGINS.search(text[max(0, start - 12) : start])):
        return False
    return text[start - 1 : start] not in GLUED_BEFORE and not GLUED_AFTER.match(text[end : end + 3])


def near(word: str, instead: Sequence[str]) -> tuple[str, ...]:
    """The replacements that a slip or two made into the word, set as the word is set."""
    kept = [one for one in instead if one.islower() and is_near(word.lower(), one)]
    return tuple(one.capitalize() if word[:1].isupper() else one for one in kept[:MAXIMUM_REPLACEMENTS])


def is_near(word: str, meant: str) -> bool:
    """One letter added, dropped, changed or swapped with the next; or two, where the consonants are the same."""
    if not meant.isalpha():
        return meant.replace("'", "") == word and not meant.endswith("'s")
    distance = OSA.distance(word, meant)
    return distance == 1 or distance == 2 and len(skeleton(word)) > 3 and skeleton(word) == skeleton(meant)


def skeleton(word: str) -> str:
    return re.sub(r"(.)\1+", r"\1", re.sub("[aeiou]", "", word))


def likely(word: str, instead: Iterable[str], own: Mapping[str, int], times: int = 1) -> tuple[str, ...]:
    """Those of the near replacements that were probably meant, the likeliest first; none for a word of its own.

    `own` counts the passages of the voice in which a word stands, `times` those with the word in question. A slip
    is believed where the voice writes the other word more often itself, or where it is one of the classic kind:
    a letter doubled or not, two letters swapped, one vowel for another.
    """
    if len(word) < TELLING or not word.islower() or is_formed(word, instead, own):
        return tuple(one for one in instead if "'" in one)
    good = []
    for one in instead:
        count = own.get(one, 0)
        if "'" in one or is_classic(word, one) or (count >= OWN_RATIO * times and one[0] == word[0]):
            good.append((count, one))
    return tuple(one for _, one in sorted(good, key=lambda pair: (-pair[0], OSA.distance(word, pair[1]))))


def is_formed(word: str, instead: Iterable[str], own: Mapping[str, int]) -> bool:
    """Whether the word is another one with an ending or a beginning: certifiers, prewritten, buns."""
    known = set(instead) | set(own)
    ending = ENDINGS.search(word)
    stem = word[: ending.start()] if ending else ""
    stems = {stem, f"{stem}e", f"{stem}y"} if len(stem) > 2 else set()
    if stem[-1:] == stem[-2:-1] and len(stem) > 3:
        stems.add(stem[:-1])
    if stem[-1:] == "i":
        stems.add(f"{stem[:-1]}y")
    beginning = BEGINNINGS.match(word)
    if beginning and len(rest := word[beginning.end() :]) > 3:
        stems.add(rest)
    return bool(stems & known)


def is_classic(word: str, meant: str) -> bool:
    if len(word) < 7 or word[0] != meant[0] or OSA.distance(word, meant) != 1:
        return False
    if len(word) == len(meant):
        at = next(number for number, letter in enumerate(word) if letter != meant[number])
        swapped = word[at : at + 2] == meant[at : at + 2][::-1] and len(meant[at : at + 2]) == 2
        return swapped or (at < len(word) - 1 and word[at] in VOWELS and meant[at] in VOWELS)
    longer, shorter = sorted((word, meant), key=len, reverse=True)
    at = next((number for number, letter in enumerate(shorter) if letter != longer[number]), len(shorter))
    return longer[at] in longer[max(0, at - 1) : at]


def without_overlaps(found: Iterable[Finding]) -> list[Finding]:
    kept: list[Finding] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def unknown_words(text: str) -> list[str]:
    """Words as they stand in the text, capitals and all, that neither American nor British English knows."""
    first, second = (linter(name, spells_only=True) for name in ("american", "british"))
    unknown = spans(first, text) & spans(second, text) if text.strip() else set()
    return list(dict.fromkeys(text[start:end] for start, end in sorted(unknown) if text[start:end].isalpha()))


def told_dialect(texts: Iterable[str]) -> str:
    """American or British, where at least 10 words tell and 80 % of them agree; else ""."""
    counts = {"american": 0, "british": 0}
    for text in texts:
        american, british = (spans(linter(name, spells_only=True), text) for name in ("american", "british"))
        counts["american"] += len(british - american)
        counts["british"] += len(american - british)
    most = max(counts, key=lambda name: counts[name])
    return most if counts[most] >= max(TELLING_WORDS, TELLING_SHARE * sum(counts.values())) else ""
