"""A simulated reviewer: does this text sound like the voice, and is it whole?

Two classifiers, fitted on real copy that no run trains on: character n-grams tell the voice from others, and word
order, spelling, endings and repetition tell copy from copy that was broken on purpose (`training.metrics.broken`).
Calibrated by cross-validation so that the voice's own held-out copy earns a 4 or 5 in about nine of ten cases. It
serves rehearsals and tests. It is no measure of quality, and no person's figure ever counts it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.metrics.broken import BREAKS, Language

Figures = NDArray[np.float64]

OWN, OTHER, BROKEN = 0, 1, 2
FOLDS = 5
BAR = 3.5  # where a rating rounds to a 4
MASKS = (
    (re.compile(r"https?://\S+|\S+@\S+"), "@"),
    (re.compile(r"\d+"), "0"),
)
OWN_SHARES = (0.9, 0.89, 0.88, 0.87, 0.86)
OTHER_SHARE = 0.1
NOISE = 0.35  # standard deviation of one rating around the reviewer's view, in steps of the 1-5 scale
SEVERITY = 0.25  # standard deviation between reviewers, in steps


class JudgeError(ValueError):
    """Too little copy to fit a judge, or copy that cannot be told apart."""


@dataclass(frozen=True)
class Calibration:
    """Shares earning a 4 or 5, cross-validated: the voice's own copy, other voices', its own broken on purpose."""

    own: float
    others: float
    broken: float
    own_texts: int
    other_texts: int
    broken_texts: int


@dataclass(frozen=True)
class Ratings:
    brand_voice: int
    accuracy: int
    creativity: int
    overall: int


def masked(text: str) -> str:
    for pattern, mark in MASKS:
        text = pattern.sub(mark, text)
    return text


class Judge:
    """`view` is the noiseless brand-voice rating; a `Reviewer` adds severity and noise to it.

    A text is on voice when it sounds like the voice and is whole, so the lower of the two counts.
    """

    def __init__(self, own: list[str], others: list[str], *, seed: int = 0) -> None:
        """Fit on the voice's own texts and other voices'. Raises `JudgeError` below 30 of either."""
        if min(len(own), len(others)) < 30:
            raise JudgeError(
                f"A judge needs 30 texts of the voice and 30 of others; there are {len(own)} and {len(others)}."
            )
        self.language = Language([*own, *others])
        random = Random(seed)
        harmed = [(number, harm(text, random)) for number, text in enumerate(own) for harm in 2 * BREAKS]
        harmed = [(number, text) for number, text in harmed if text != own[number]]
        texts = np.array([*own, *others, *(text for _, text in harmed)], dtype=object)
        kinds = np.array([OWN] * len(own) + [OTHER] * len(others) + [BROKEN] * len(harmed))
        sources = [*own, *others, *(own[number] for number, _ in harmed)]
        figures = np.array([self.language.features(*both) for both in zip(texts, sources, strict=True)])
        # What was broken out of a text is in the text's own fold.
        folds = np.random.default_rng(seed).integers(0, FOLDS, size=len(own) + len(others))
        folds = np.concatenate([folds, folds[[number for number, _ in harmed]]])
        margins = np.zeros((2, len(texts)))
        for fold in range(FOLDS):
            held = folds == fold
            self.fit(texts[~held], figures[~held], kinds[~held])
            margins[:, held] = self.margins(texts[held], figures[held])
        self.fit(texts, figures, kinds)
        self.calibrate(margins, kinds, seed)

    def fit(self, texts: NDArray[np.object_], figures: Figures, kinds: NDArray[np.int_]) -> None:
        from sklearn.ensemble import ExtraTreesClassifier
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline

        self.voice: Any = make_pipeline(
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True, max_features=60_000),
            LogisticRegression(C=10.0, class_weight="balanced", max_iter=1000),
        )
        sound = kinds != BROKEN
        self.voice.fit([masked(text) for text in texts[sound]], kinds[sound] == OWN)
        self.whole: Any = ExtraTreesClassifier(200, min_samples_leaf=2, class_weight="balanced", random_state=0)
        self.whole.fit(figures[kinds != OTHER], kinds[kinds != OTHER] == OWN)

    def margins(self, texts: Iterable[str], figures: Figures) -> Figures:
        """Log-odds that each text is of the voice, and that it is whole: (2, texts)."""
        share = np.clip(self.whole.predict_proba(figures)[:, 1], 0.01, 0.99)
        voice = self.voice.decision_function([masked(text) for text in texts])
        return np.stack([voice, np.log(share / (1 - share))])

    def calibrate(self, margins: Figures, kinds: NDArray[np.int_], seed: int) -> None:
        """Set both bars as high as nine of ten of the voice's own texts allow, noise included.

        Where more than one in ten of the others or the broken would pass, they rise a little further.
        """
        draws = np.random.default_rng(seed).normal(0.0, float(np.hypot(NOISE, SEVERITY)), size=400)

        def share(kind: int) -> float:
            return float((np.add.outer(self.scaled(margins[:, kinds == kind]), draws) >= BAR).mean())

        for wanted in OWN_SHARES:
            low, high = 0.0, 1 - wanted
            for _ in range(12):
                quantile = (low + high) / 2
                self.set_bars(margins, kinds, quantile)
                low, high = (quantile, high) if share(OWN) > wanted else (low, quantile)
            if max(share(OTHER), share(BROKEN)) <= OTHER_SHARE:
                break
        counts = np.bincount(kinds)
        self.calibration = Calibration(share(OWN), share(OTHER), share(BROKEN), *(int(count) for count in counts))

    def set_bars(self, margins: Figures, kinds: NDArray[np.int_], quantile: float) -> None:
        """The bars below which about this share of the voice's own texts falls, and the steps of the scale."""
        voice, whole = margins[:, kinds == OWN]
        # Telling voices apart is the easier of the two, so its bar takes the smaller part.
        self.bars = np.array([np.quantile(voice, quantile / 2), np.quantile(whole, quantile)])
        # From the bar to the median of the voice's own copy is one step; the median of what was broken earns a 1.
        broken = np.median(margins[1, kinds == BROKEN])
        steps = np.array([np.median(voice) - self.bars[0], (self.bars[1] - broken) / (BAR - 1)])
        self.steps = np.maximum(steps, 1e-6)

    def scaled(self, margins: Figures) -> NDArray[np.float64]:
        views: NDArray[np.float64] = BAR + ((margins - self.bars[:, None]) / self.steps[:, None]).min(axis=0)
        return views

    def view(self, texts: list[str]) -> NDArray[np.float64]:
        """Brand voice of each text on the 1-5 scale before rounding: (texts,); 3.5 is the bar for a 4."""
        figures = np.array([self.language.features(text) for text in texts])
        views: NDArray[np.float64] = np.clip(self.scaled(self.margins(texts, figures)), 0.5, 5.49)
        return views


class Reviewer:
    """One simulated reviewer, with a severity of their own and noise at each judgement."""

    def __init__(self, judge: Judge, *, seed: int) -> None:
        self.judge = judge
        self.random = np.random.default_rng(seed)
        self.severity = float(self.random.normal(0.0, SEVERITY))

    def rate(self, text: str, facts: list[str], seen: set[str]) -> Ratings:
        """Four ratings. `facts`: phrases that the copy should hold; `seen`: 5-word runs of training copy."""
        voice = self.noisy(float(self.judge.view([text])[0]))
        accuracy = self.noisy(1.0 + 4.0 * share_of_facts(text, facts))
        creativity = self.noisy(2.0 + 3.0 * share_of_new_runs(text, seen))
        overall = self.noisy(0.5 * voice + 0.35 * accuracy + 0.15 * creativity)
        return Ratings(*(int(np.clip(round(value), 1, 5)) for value in (voice, accuracy, creativity, overall)))

    def prefer(self, left: str, right: str, facts: list[str]) -> str:
        """ "left", "right", "equal" or "both_bad", by voice first and facts second."""
        views = self.judge.view([left, right])
        merits = [
            self.noisy(float(view)) + 1.5 * share_of_facts(text, facts)
            for view, text in zip(views, (left, right), strict=True)
        ]
        if max(views) < 1.5 and max(merits) < 2.5:
            return "both_bad"
        if abs(merits[0] - merits[1]) < 0.3:
            return "equal"
        return "left" if merits[0] > merits[1] else "right"

    def noisy(self, value: float) -> float:
        return value - self.severity + float(self.random.normal(0.0, NOISE))


def share_of_facts(text: str, facts: list[str]) -> float:
    """Share of facts whose value stands in the text, label and case aside; 1 when none was asked for."""
    if not facts:
        return 1.0
    folded = " ".join(text.casefold().split())
    values = [re.sub(r"^[A-Z][\w ]{0,20}:\s+", "", fact).casefold() for fact in facts]
    return sum(value in folded for value in values) / len(values)


def runs(text: str, size: int = 5) -> set[str]:
    """All runs of `size` words, case aside."""
    words = re.findall(r"[\w'’]+", text.casefold())
    return {" ".join(words[start : start + size]) for start in range(len(words) - size + 1)}


def share_of_new_runs(text: str, seen: set[str]) -> float:
    """Share of 5-word runs that the training copy does not hold; 0 for a text of fewer words."""
    own = runs(text)
    return len(own - seen) / len(own) if own else 0.0
