"""Keyphrases of a passage: what it speaks of more than the rest of its document does.

Candidates as in RAKE (Rose et al. 2010): runs of words between function words and signs. Only those that an article, a
possessive, a preposition or their own plural marks as things count, so that no run of verbs is taken for a topic.
"""

# ruff: noqa: SIM905 - word lists read best as lines of words

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from training.corpus.english import COMMON, FUNCTION, VERBS
from training.corpus.values import stem

BEFORE_THINGS = frozenset(
    """a an the our your their its his her this that these those my every each any some no of for with about in on to
between into from through and or by as against without within via using""".split()
)
PART = re.compile(r"[.!?;:,()\[\]\n“”\"/|]|\s[-–—]+\s|[—…]")
WORD = re.compile(r"[^\W\d_](?:\w|[’'-](?=\w))*")
NO_END = ("ly", "ed", "ing", "est", "ful", "ous", "ible", "ulent")
AFTER_VERBS = frozenset("a an the your our their its his her my whether how that if you us them".split())
LONGEST_WORDS = 3


def keyphrases(text: str, document: str = "", limit: int = 3) -> list[str]:
    """The phrases that say best what `text` is about, within `document`, best first, as the text writes them."""
    here = counted(text)
    there = counted(document)
    scores: dict[str, float] = {}
    spelt: dict[str, str] = {}
    for place, words in candidates(text):
        folded = " ".join(words).casefold()
        rare = [here[stem(word)] / math.sqrt(1 + max(there[stem(word)], here[stem(word)])) for word in words]
        # Two words say more than one, and what comes first matters more.
        score = sum(rare) / len(words) * (1.0, 1.6, 1.5)[len(words) - 1] * (1 + 0.5 / (1 + place))
        scores[folded] = max(scores.get(folded, 0.0), score)
        spelt.setdefault(folded, " ".join(words))
    best = sorted(scores, key=lambda phrase: (-scores[phrase], phrase))
    return [spelt[phrase] for phrase in best[:limit]]


@lru_cache(maxsize=8)
def counted(text: str) -> Counter[str]:
    return Counter(stem(word) for word in WORD.findall(text))


def candidates(text: str) -> Iterator[tuple[int, list[str]]]:
    """(number of the sentence part, the words of a thing)."""
    for place, part in enumerate(PART.split(text)):
        run: list[str] = []
        before = ""
        is_open = False
        for word in [*WORD.findall(part), ""]:
            folded = word.casefold()
            if word and folded not in FUNCTION and folded not in VERBS and not (run and folded.endswith("ly")):
                if not run:
                    is_open = before in BEFORE_THINGS
                run.append(word)
            else:
                if len(run) > 1 and folded in AFTER_VERBS and run[-1].endswith("s"):
                    run.pop()  # "this setting affects the"
                while run and (run[-1].casefold().endswith(NO_END) or run[-1].casefold() in COMMON) and len(run) > 1:
                    run.pop()
                if run and 1 <= len(run) <= LONGEST_WORDS and is_thing(run, is_open):
                    yield place, run
                run = []
            before = folded


def is_thing(run: list[str], is_open: bool) -> bool:
    last = run[-1].casefold()
    if len(run) == 1 and (len(last) < 4 or last in COMMON):
        return False
    if last.endswith(NO_END) or any(sign in last for sign in "’'"):
        return False
    return is_open or (len(run) > 1 and last.endswith("s"))
