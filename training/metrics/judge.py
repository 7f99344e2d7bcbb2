"""A simulated reviewer: does this text sound like the voice?

Character n-grams and logistic regression, fitted on real copy that no run trains on, and calibrated by
cross-validation so that the voice's own held-out copy earns a 4 or 5 in about nine of ten cases. It
serves rehearsals and tests. It is no measure of quality, and no person's figure ever counts it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MASKS = (
    (re.compile(r"https?://\S+|\S+@\S+"), "@"),
    (re.compile(r"\d+"), "0"),
)
OWN_SHARE = 0.9
OTHER_SHARE = 0.1
NOISE = 0.35  # standard deviation of one rating around the reviewer's view, in steps of the 1-5 scale
SEVERITY = 0.25  # standard deviation between reviewers, in steps


class JudgeError(ValueError):
    """Too little copy to fit a judge, or copy that cannot be told apart."""


@dataclass(frozen=True)
class Calibration:
    """Shares of texts earning a 4 or 5, cross-validated: the voice's own copy and other voices' copy."""

    own: float
    others: float
    own_texts: int
    other_texts: int


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
    """`view(text)` is the noiseless brand-voice rating; a `Reviewer` adds severity and noise to it."""

    def __init__(self, own: list[str], others: list[str], *, seed: int = 0) -> None:
        """Fit on the voice's own texts and other voices'. Raises `JudgeError` below 30 of either."""
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import StratifiedKFold, cross_val_predict
        from sklearn.pipeline import make_pipeline

        if min(len(own), len(others)) < 30:
            raise JudgeError(
                f"A judge needs 30 texts of the voice and 30 of others; there are {len(own)} and {len(others)}."
            )
        texts = [masked(text) for text in [*own, *others]]
        labels = np.array([1] * len(own) + [0] * len(others))
        self.model: Any = make_pipeline(
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True, max_features=60_000),
            LogisticRegression(C=10.0, class_weight="balanced", max_iter=1000),
        )
        folds = StratifiedKFold(5, shuffle=True, random_state=seed)
        margins: NDArray[np.float64] = cross_val_predict(
            self.model, texts, labels, cv=folds, method="decision_function"
        )
        self.model.fit(texts, labels)
        mine, theirs = margins[labels == 1], margins[labels == 0]
        # One step of the scale: from the bar for a 4 to the median of the voice's own copy is one step.
        draws = np.random.default_rng(seed).normal(0.0, float(np.hypot(NOISE, SEVERITY)), size=400)
        self.bar = float(np.quantile(mine, 1 - OWN_SHARE))
        for _ in range(20):
            self.step = max(float(np.median(mine)) - self.bar, 1e-6)
            shift = float(np.quantile(np.add.outer(mine / self.step, draws).ravel(), 1 - OWN_SHARE)) * self.step
            if abs(shift - self.bar) < 1e-3:
                break
            self.bar = shift
        self.bar = max(self.bar, float(np.quantile(theirs, 1 - OTHER_SHARE)))
        self.step = max(float(np.median(mine)) - self.bar, 1e-6)
        self.calibration = Calibration(
            own=self.share(mine, draws),
            others=self.share(theirs, draws),
            own_texts=len(own),
            other_texts=len(others),
        )

    def share(self, margins: NDArray[np.float64], draws: NDArray[np.float64]) -> float:
        views = 3.5 + (margins - self.bar) / self.step
        return float((np.add.outer(views, draws) >= 3.5).mean())

    def view(self, texts: list[str]) -> NDArray[np.float64]:
        """Brand voice of each text on the 1-5 scale before rounding: (texts,); 3.5 is the bar for a 4."""
        margins = self.model.decision_function([masked(text) for text in texts])
        views: NDArray[np.float64] = np.clip(3.5 + (margins - self.bar) / self.step, 0.5, 5.49)
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
