"""Names in a text, by how they are written: people, places, organisations, products.

A capital that only begins a sentence, a heading in title case, or words said loudly name nobody.
"""

# ruff: noqa: SIM905 - word lists read best as lines of words

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from training.corpus.english import COMMON, DEMONYMS, FUNCTION, GENERIC
from training.corpus.values import MONTHS, SMALL, TENS, WEEKDAYS

TOKEN = re.compile(r"[^\W_](?:\w|[’'&.-](?=[^\W_]))*")
INSIDE = frozenset("of de del di da la le van von der den du al bin & the".split())
"""Small words that a name may hold, never at its ends."""
BEFORE_NAMES = frozenset("mr mrs ms dr prof st mt sr jr no inc ltd co u.s u.k e.g i.e vs".split())
"""What a full stop may follow without ending the sentence."""
MINUTES_AND_MORE = frozenset([*MONTHS, *WEEKDAYS, *SMALL, *TENS, *(f"{day}s" for day in WEEKDAYS)])
PLACEHOLDER = re.compile(r"\[(?:e-mail|phone|card|IBAN)\]")
HASHTAG = re.compile(r"#\w{1,100}")
SENTENCE = re.compile(r"[.!?…:;](?:[\"”’')\]]{0,3})\s|\n")
TITLE_SHARE = 0.7
GERMAN_SHARE = 0.3
"""More capitals than this in the middle of sentences: a language whose nouns have them, so one says nothing."""


@dataclass(frozen=True)
class Token:
    word: str
    start: int
    end: int
    begins: bool
    """Whether a sentence begins with it, so that its capital says nothing."""
    line: int

    @property
    def kind(self) -> str:
        return kind_of(self.word)


@lru_cache(maxsize=50_000)
def kind_of(word: str) -> str:
    """How it is written: "mixed" (GitHub, 18F, MAIN_KEY), "loud" (GSA), "capital" (Anna), or "" for a plain word."""
    if word in GENERIC or word == word.lower():
        return ""
    if "_" in word or any(sign.isdigit() for sign in word):
        return "mixed"
    bare = re.sub(r"[’'](?:s|S|re|ll|ve|d|m|t)$", "", word)
    letters = [sign for sign in bare if sign.isalpha()]
    if sum(sign.isupper() for sign in bare) > 1 and all(
        sign.isupper() for sign in letters[: -1 if bare[-1] == "s" else None]
    ):
        return "" if bare in GENERIC or bare.casefold() in FUNCTION else "loud"
    if any(re.search(r"[^\W\d_][A-Z]", part) for part in re.split(r"[-.&’']", bare)):
        return "mixed"
    return "capital" if bare[0].isupper() and len(bare) > 1 else ""


def names(text: str, taken: Sequence[tuple[int, int]] = ()) -> list[tuple[int, int]]:
    """Start and end of each name. `taken` are places that are known to be something else: dates, links."""
    tokens = list(tokens_of(text, taken))
    inner = [token for token in tokens if not token.begins and token.word[0].isalpha()]
    capitals = sum(token.kind == "capital" for token in inner)
    is_german = len(inner) >= 20 and capitals > GERMAN_SHARE * len(inner)
    sure = {token.word.casefold() for token in inner if token.kind == "capital"}
    plain = {token.word for token in tokens if not token.kind}
    titles = title_lines(tokens, text)
    found: list[tuple[int, int]] = []
    place = 0
    while place < len(tokens):
        run = run_from(text, tokens, place)
        place += max(1, len(run))
        while (
            run
            and (run[0].begins or run[0].word in DEMONYMS or run[0].word.casefold() in FUNCTION)
            and is_common(run[0], plain, sure, len(run) > 1)
        ):
            run = run[1:]
            while run and not run[0].kind:
                run = run[1:]
        while run and run[-1].word in DEMONYMS:
            run = run[:-1]
        if not run or (run[0].line in titles and all(token.kind == "capital" for token in run)):
            continue
        capitals_alone = all(token.kind in ("capital", "") for token in run)
        if capitals_alone and (says_nothing(run, sure) or (is_german and not has_two_together(run))):
            continue
        if all(token.kind == "loud" and is_shout(token, plain, len(run)) for token in run):
            continue
        start, end = run[0].start, run[-1].end
        said = text[start:end]
        if said.endswith(("'s", "’s")):
            end -= 2
        elif text[end : end + 1] == "." and re.search(r"\.[A-Z]$", said):
            end += 1  # U.S.
        found.append((start, end))
    return found


def says_nothing(run: Sequence[Token], sure: set[str]) -> bool:
    """One word with the capital of its sentence, and nowhere else with one."""
    return len(run) == 1 and run[0].begins and run[0].word.casefold() not in sure


def has_two_together(run: Sequence[Token]) -> bool:
    return any(first.kind and second.kind for first, second in zip(run, run[1:], strict=False))


def tokens_of(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[Token]:
    hidden = sorted([*taken, *(match.span() for pattern in (PLACEHOLDER, HASHTAG) for match in pattern.finditer(text))])
    blocked = bytearray(len(text))
    for start, end in hidden:
        blocked[start:end] = b"\1" * (end - start)
    before, word, line = 0, "", 0
    is_blocked = began = False
    for match in TOKEN.finditer(text):
        gap = text[before : match.start()]
        line += gap.count("\n")
        # What follows a number at the beginning of a line begins it as well: "4 Carrots".
        begins = starts_sentence(gap, word, before == 0) or (is_blocked and began)
        before, word, began = match.end(), match[0], begins
        if is_blocked := 1 in blocked[match.start() : match.end()]:
            continue
        yield Token(match[0], match.start(), match.end(), begins, line)


def starts_sentence(gap: str, previous: str, is_first: bool) -> bool:
    """Whether what stands between two words ends a sentence, opens a quotation or a bracket, or begins an item."""
    if is_first or "\n" in gap:
        return True
    signs = gap.strip()
    if not signs:
        return False
    if signs == "." and (previous.casefold() in BEFORE_NAMES or (len(previous) == 1 and previous.isupper())):
        return False
    return bool(re.search(r"[.!?…:;|>*•“\"(\[–—→‘]", signs)) or not signs.isascii()


def run_from(text: str, tokens: Sequence[Token], place: int) -> list[Token]:
    """The tokens of one name that begins here, with the small words inside it."""
    if not tokens[place].kind:
        return []
    run, waiting = [tokens[place]], list[Token]()
    for token in tokens[place + 1 : place + 12]:
        last = waiting[-1] if waiting else run[-1]
        gap = text[last.end : token.start]
        stop = ". " if last.word.casefold() in BEFORE_NAMES or len(last.word) == 1 else " "
        if gap not in (" ", stop, " & ") or last.word.endswith(("'s", "’s")):
            break
        if token.kind and not token.begins:
            run += [*waiting, token]
            waiting = []
        elif token.word in INSIDE and len(waiting) < 2:
            waiting.append(token)
        else:
            break
    return run


def is_common(token: Token, plain: set[str], sure: set[str], has_more: bool) -> bool:
    """Whether the first word of a sentence has its capital from there alone."""
    if token.kind != "capital":
        return False
    folded = token.word.casefold()
    stem = re.sub(r"[’'].*$", "", folded)
    if token.word in DEMONYMS and not token.begins:
        return not has_more
    if stem in COMMON or folded in COMMON or folded in plain or folded in MINUTES_AND_MORE or token.word in DEMONYMS:
        return True
    return has_more and folded not in sure and folded.endswith(("ing", "ly", "ed"))


def is_shout(token: Token, plain: set[str], length: int) -> bool:
    folded = token.word.casefold()
    return folded in plain or folded in COMMON or len(token.word) > 6 or length > 2


def title_lines(tokens: Sequence[Token], text: str) -> set[int]:
    """Lines in title case: two words or more that could have had a small letter, nearly all with a capital, no stop."""
    ended = {number for number, line in enumerate(text.split("\n")) if line.rstrip().endswith((".", "!", ";", ","))}
    told: dict[int, list[bool]] = {}
    for token in tokens:
        is_small = token.word.casefold() in FUNCTION or token.word.casefold() in INSIDE
        if token.word[0].isalpha() and (token.word[0].isupper() or not is_small):
            told.setdefault(token.line, []).append(token.word[0].isupper())
    return {
        line
        for line, all_ in told.items()
        if line not in ended and len(all_) >= 2 and sum(all_) >= TITLE_SHARE * len(all_)
    }
