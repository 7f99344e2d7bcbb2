"""How broken is a text? Word order, spelling, endings and repetition, held against a body of real copy.

`Language.features` gives the figures; `BREAKS` break copy on purpose, as a half-trained model does: words shuffled,
said twice, misspelt or glued together, sentences cut short, loops. What tells the two apart is fitted in `judge`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray

TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+|[^\w\s]|\n")
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
ENDS = (".", "!", "?", "…", "\n", "</s>")
COMMON = 300  # words that stand for themselves; a rarer one stands for its last two letters
PRIOR = 4.0  # observations that a backed-off share is worth


class Language:
    """Counts of words, of word shapes and of what follows what in real copy."""

    def __init__(self, texts: Sequence[str]) -> None:
        split = [tokens(text) for text in texts]
        frequent = Counter(word.casefold() for words in split for word in words).most_common(COMMON)
        self.common = {word for word, _ in frequent}
        self.counts: Counter[tuple[str, ...]] = Counter()
        for words in split:
            self.counts.update(self.grams(words))
        known = [gram[1] for gram in self.counts if gram[0] == "word"]
        self.letters = Counter(piece for word in known for piece in letters(word))
        self.total = sum(len(words) for words in split)

    def shape(self, word: str) -> str:
        folded = word.casefold()
        if word.isdigit():
            return "0"
        return ("A" if word[0].isupper() else "a") + (folded if folded in self.common else folded[-2:])

    def grams(self, words: list[str]) -> Counter[tuple[str, ...]]:
        """Counts of one text: single words and shapes, and runs of two words, of two and of three shapes."""
        folded, shapes = [word.casefold() for word in words], [self.shape(word) for word in words]
        found: Counter[tuple[str, ...]] = Counter()
        for place in range(2, len(words)):
            found["word", folded[place]] += 1
            found["shape", shapes[place]] += 1
            found["after", folded[place - 1]] += 1
            found["two words", folded[place - 1], folded[place]] += 1
            found["two shapes", *shapes[place - 1 : place + 1]] += 1
            found["three shapes", *shapes[place - 2 : place + 1]] += 1
        return found

    def features(self, text: str, source: str | None = None) -> list[float]:
        """Figures about one text. `source` is the counted text that it is or was made of: its counts are left out."""
        words = tokens(text)
        own = self.grams(tokens(source)) if source is not None else Counter()

        def seen(*gram: str) -> int:
            return max(self.counts[gram] - own[gram], 0)

        folded, shapes = [word.casefold() for word in words], [self.shape(word) for word in words]
        by_word, by_shape = [], []  # log of how much likelier a token is after those before it than anywhere
        for place in range(2, len(words)):
            share = (seen("word", folded[place]) + 0.5) / self.total
            pair = seen("two words", folded[place - 1], folded[place])
            by_word.append(np.log((pair + PRIOR * share) / (seen("after", folded[place - 1]) + PRIOR) / share))
            share = (seen("shape", shapes[place]) + 0.5) / self.total
            two, one = seen("two shapes", *shapes[place - 1 : place + 1]), seen("shape", shapes[place - 1])
            after_one = (two + PRIOR * share) / (one + PRIOR)
            three = seen("three shapes", *shapes[place - 2 : place + 1])
            before = seen("two shapes", *shapes[place - 2 : place])
            by_shape.append(np.log((three + PRIOR * after_one) / (before + PRIOR) / share))
        body = folded[2:-1]
        spelt = [word for word in words[2:-1] if word[0].isalpha()]
        new = [word for word in spelt if not seen("word", word.casefold())]
        # A capital may begin a name, and names are new in any copy.
        odd = sum(word[0].islower() for word in new)
        strange = sum(
            any(self.letters[piece] <= (("word", word.casefold()) in own) for piece in letters(word)) for word in new
        )
        twice = sum(first == second and first.isalpha() for first, second in zip(body, body[1:], strict=False))
        threes = list(zip(body, body[1:], body[2:], strict=False))
        again = len(threes) - len(set(threes))
        size, at_ends = len(body) + 4, [place for place, word in enumerate(words[2:]) if word in ENDS]
        figures: list[float] = []
        for lifts in (np.array(by_word), np.array(by_shape)):
            ends = lifts[at_ends]
            figures += [lifts.mean(), worst(lifts, 3), worst(lifts, 8), np.quantile(lifts, 0.1), lifts[-1]]
            figures += [ends.mean(), ends.min()]
        figures += [odd, odd / size, strange, strange / size, twice, twice / size, again / size]
        longest = max((len(run[0]) for run in re.finditer(r"(\S)\1*", text)), default=0)
        return [*figures, len(set(body)) / size**0.9, longest, size]


def tokens(text: str) -> list[str]:
    """Words, numbers, signs and line breaks, case kept, between two marks of the beginning and one of the end."""
    return ["<s>", "<s>", *TOKEN.findall(re.sub(r"\n+", "\n", text.strip())), "</s>"]


def letters(word: str) -> set[str]:
    """Runs of three letters, the word's edges included."""
    edged = f"^{word.casefold()}$"
    return {edged[start : start + 3] for start in range(len(edged) - 2)}


def worst(lifts: NDArray[np.float64], size: int) -> float:
    """The lowest mean of `size` tokens in a row."""
    if len(lifts) < size:
        return float(lifts.mean())
    return float(np.convolve(lifts, np.ones(size) / size, "valid").min())


def shuffled(text: str, random: Random) -> str:
    words, share = text.split(), random.uniform(0.4, 1.0)
    places = [place for place in range(len(words)) if random.random() < share]
    moved = [words[place] for place in random.sample(places, len(places))]
    for place, word in zip(places, moved, strict=True):
        words[place] = word
    return " ".join(words)


def said_twice(text: str, random: Random) -> str:
    share = random.uniform(0.1, 0.3)
    return " ".join(f"{word} {word}" if random.random() < share else word for word in text.split())


def misspelt(text: str, random: Random) -> str:
    words, share = text.split(), random.uniform(0.15, 0.5)

    def mangled(word: str) -> str:
        if len(word) < 4 or random.random() > share:
            return word
        other, place = random.choice(words), random.randrange(1, len(word) - 1)
        swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        return swapped if random.random() < 0.5 else word[: place + 1] + other[len(other) // 2 :]

    return " ".join(mangled(word) for word in words)


def cut_short(text: str, random: Random) -> str:
    """Each sentence ends mid-way, with or without a full stop."""
    parts = []
    for sentence in SENTENCE_END.split(text):
        words = sentence.split()
        kept = " ".join(words[: random.randrange(1, len(words) - 1)] if len(words) > 3 else words)
        parts.append(kept + random.choice(("", ".")))
    return " ".join(parts)


def broken_off(text: str, random: Random) -> str:
    words = text.split()
    least = len(words) // 3 + 1
    return " ".join(words[: random.randrange(least, max(len(words) - 1, least + 1))]).rstrip(".,;:!?")


def looped(text: str, random: Random) -> str:
    words, size = text.split(), random.randrange(1, 7)
    start = random.randrange(max(1, len(words) - size))
    return " ".join(words[:start] + words[start : start + size] * random.randrange(4, 15))


BREAKS: tuple[Callable[[str, Random], str], ...] = (shuffled, said_twice, misspelt, cut_short, broken_off, looped)
