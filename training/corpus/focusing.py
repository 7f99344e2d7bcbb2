"""What copy can be seen to do: rules that a focus finds its pairs by, and that tell what an editor changed.

Each is countable by anybody who reads the copy. What no rule can count, a person chooses by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from training.corpus.brief import Brief
from training.corpus.english import FUNCTION
from training.corpus.facts import Told, is_explained, read, told
from training.corpus.propose import call_of
from training.corpus.searching import fold, spans, terms
from training.corpus.values import stem

CONTRACTION = re.compile(
    r"\b(?:\w+n['’]t|(?:I|you|we|they)['’](?:re|ve|ll|d|m)|(?:it|that|there|here|what|who|let|he|she)['’]s)\b", re.I
)
YOU = re.compile(r"\b(?:you|your|yours|yourself)\b", re.I)
SENTENCE = re.compile(r"(?<=[.!?…])[\"”’')]*\s+|\n+")
WORD = re.compile(r"[^\W_]+")
EMOJI = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")
SHORT_SENTENCE, TIGHT = 12, 40
"""Words of a sentence on average, and of a whole copy."""


@dataclass(frozen=True)
class Rule:
    """`that` goes on from "e-mails that": what their copy does."""

    label: str
    that: str
    hint: str
    shows: Callable[[str, Brief], bool]


def asks(output: str, brief: Brief) -> bool:
    """Both the brief and the copy ask the reader to do something."""
    call = folded(brief.call_to_action)
    return bool(call) and (call in folded(output) or bool(call_of(output)))


def is_warm(output: str, _: Brief) -> bool:
    return bool(YOU.search(output) and CONTRACTION.search(output))


def is_formal(output: str, _: Brief) -> bool:
    return not (CONTRACTION.search(output) or "!" in output or EMOJI.search(output))


def has_short_sentences(output: str, _: Brief) -> bool:
    lengths = sentences(output)
    return len(lengths) > 1 and sum(lengths) / len(lengths) <= SHORT_SENTENCE


def is_tight(output: str, _: Brief) -> bool:
    return len(output.split()) <= TIGHT


def is_calm(output: str, _: Brief) -> bool:
    return "!" not in output


def says_all(output: str, brief: Brief) -> bool:
    """The copy bears each of two facts or more."""
    return len(brief.facts) > 1 and len(borne(brief.facts, output)) == len(brief.facts)


RULES = {
    "call": Rule("Asks for something", "end in a call to action", "brief and copy both have a call to action", asks),
    "warm": Rule(
        "Speaks to the reader", "speak to the reader", "it says “you” and has contractions such as “we’re”", is_warm
    ),
    "formal": Rule("Is formal", "are formal", "it has no contractions, exclamation marks or emoji", is_formal),
    "short": Rule(
        "Has short sentences",
        "have short sentences",
        f"two sentences or more, of {SHORT_SENTENCE} words at most on average",
        has_short_sentences,
    ),
    "tight": Rule("Is short", f"are {TIGHT} words at most", f"{TIGHT} words at most", is_tight),
    "calm": Rule("Does not shout", "have no exclamation mark", "it has no exclamation mark", is_calm),
    "facts": Rule(
        "Says all its facts", "say each fact of their brief", "the copy bears each of its brief’s facts", says_all
    ),
}
"""Key -> rule; the key stands in the database."""

TAGS = (
    (("call to action", "cta", "ask for", "asks nothing"), "call"),
    (("too informal", "too casual", "too chatty", "sloppy"), "formal"),
    (("formal", "stiff", "cold", "distant", "corporate"), "warm"),
    (("long sentence", "sentences too long", "convoluted"), "short"),
    (("too long", "wordy", "shorten", "lengthy"), "tight"),
    (("exclamation", "shout", "pushy", "hype"), "calm"),
    (("fact", "accura", "wrong", "invent", "made up", "missing detail"), "facts"),
)


def rule_for(words: str) -> str:
    """The rule that finds the cure for what a tag or a reason complains of; "" where none does."""
    said = words.casefold().replace("-", " ").replace("_", " ")
    return next((rule for names, rule in TAGS if any(name in said for name in names)), "")


def shows(output: str, brief: Brief, *, rule: str = "", search: str = "", channel: str = "") -> bool:
    """Whether a pair shows what is looked for; all that is given must hold, and something must be given."""
    if not (rule or search) or (channel and brief.channel != channel):
        return False
    if rule and not RULES[rule].shows(output, brief):
        return False
    looked_for = terms(search)
    plain = fold(output) if looked_for else ""
    # A word that is nowhere needs no closer look.
    if not all(word in plain for term in looked_for for word in term.words):
        return False
    return all(next(spans(output, [term]), None) for term in looked_for)


def borne(phrases: tuple[str, ...], output: str) -> tuple[str, ...]:
    """Those of a brief's facts that the copy bears: their values and names, and most of their other words."""
    plain = folded(output)
    read_once: list[Told] = []

    def bears(phrase: str) -> bool:
        if stands_in(folded(phrase.partition(": ")[2] or phrase), plain):
            return True
        if not read_once:
            read_once.append(told(output))
        said = read_once[0]
        found = read(phrase)
        if not all(is_explained(fact, value, (said,), (said,)) for fact, value in found):
            return False
        rest = phrase.partition(": ")[2] if found and ": " in phrase else phrase
        for fact, _ in found:
            rest = rest.replace(fact.text, " ")
        others = [stem(word) for word in WORD.findall(rest) if word.casefold() not in FUNCTION]
        return 2 * sum(word in said.lines for word in others) >= len(others)

    return tuple(phrase for phrase in phrases if bears(phrase))


def stands_in(phrase: str, text: str) -> bool:
    """Whether the text has the phrase word for word: "3 may" is not in "13 may", nor "£3" in "£3.50"."""
    return bool(re.search(rf"(?<![\w.,]){re.escape(phrase)}(?!\w|[.,]\d)", text)) if phrase in text else False


def folded(text: str) -> str:
    return " ".join(text.casefold().split())


@dataclass(frozen=True)
class Change:
    """Something that editors do to drafts. `complaint` is what the drafts had, `rule` finds copy that has it right."""

    complaint: str
    did: str
    rule: str


CHANGES = {
    "call": Change("Missing call to action", "added a call to action", "call"),
    "shorter": Change("Too long", "shortened by a sixth or more", "tight"),
    "sentences": Change("Sentences too long", "made the longest sentence shorter by a fifth or more", "short"),
    "calmer": Change("Too many exclamation marks", "took exclamation marks out", "calm"),
    "warmer": Change("Too formal", "added contractions", "warm"),
    "stiffer": Change("Too informal", "took contractions out", "formal"),
}


def changes(draft: str, final: str) -> set[str]:
    """Which of `CHANGES` an editor made: simple counts over both texts, so that anybody can check them."""
    found = set()
    if call_of(final) and not call_of(draft):
        found.add("call")
    if 6 * len(final.split()) <= 5 * len(draft.split()):
        found.add("shorter")
    if 5 * max(sentences(final)) <= 4 * max(sentences(draft)):
        found.add("sentences")
    if final.count("!") < draft.count("!"):
        found.add("calmer")
    contracted = len(CONTRACTION.findall(final)) - len(CONTRACTION.findall(draft))
    if contracted:
        found.add("warmer" if contracted > 0 else "stiffer")
    return found


def sentences(text: str) -> list[int]:
    """How many words each sentence has; [0] for a text without any."""
    return [len(part.split()) for part in SENTENCE.split(text) if part.strip()] or [0]
