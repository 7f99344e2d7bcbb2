"""What more data would bring, from runs on different amounts of it. Numbers in, numbers out."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

MINIMUM = 3
# 97.5 % quantiles of Student's t for 1, 2, ... 10 degrees of freedom (any table; R: qt(0.975, 1:10)).
T = (12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281)


@dataclass(frozen=True)
class Curve:
    """loss = scale * pairs ** -exponent, fitted to `points`, one (pairs, loss) for each number of pairs."""

    scale: float
    exponent: float
    points: tuple[tuple[int, float], ...]
    spread: float

    def at(self, pairs: int) -> float:
        return self.scale * math.exp(-self.exponent * math.log(pairs))

    def expected(self, pairs: int) -> tuple[float, float, float]:
        """(loss, low, high) at this number of pairs: the 95 % prediction interval of the regression in logarithms."""
        logs = [math.log(n) for n, _ in self.points]
        centre = sum(logs) / len(logs)
        squares = sum((x - centre) ** 2 for x in logs)
        wide = math.sqrt(1 + 1 / len(logs) + (math.log(pairs) - centre) ** 2 / squares)
        free = len(logs) - 2
        half = (T[free - 1] if free <= len(T) else 2.0) * self.spread * wide
        loss = self.at(pairs)
        return loss, loss * math.exp(-half), loss * math.exp(half)


def fit(runs: Iterable[tuple[int, float]]) -> Curve | None:
    """A power law through (pairs, best validation loss) of past runs, by least squares in logarithms.

    Learning curves of language models follow one over wide ranges (Hestness et al. 2017). Of several runs on one
    number of pairs the best counts. None below three numbers of pairs: two points lie on any line.
    """
    best: dict[int, float] = {}
    for pairs, loss in runs:
        if pairs > 0 and loss > 0 and math.isfinite(loss):
            best[pairs] = min(loss, best.get(pairs, loss))
    if len(best) < MINIMUM:
        return None
    points = sorted(best.items())
    xs, ys = [math.log(n) for n, _ in points], [math.log(loss) for _, loss in points]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    slope = sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)
    left = sum((b - (y + slope * (a - x))) ** 2 for a, b in zip(xs, ys, strict=True))
    return Curve(math.exp(y - slope * x), -slope, tuple(points), math.sqrt(left / (len(points) - 2)))
