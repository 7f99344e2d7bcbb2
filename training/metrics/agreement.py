"""How far judges of the same units agree. Numbers in, numbers out.

`units` is one sequence of ratings a unit, in any order and of any length; a unit with fewer than two says nothing.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

Units = Sequence[Sequence[float]]
DRAWS = 1000
UNDEFINED = 0.05
"""The share of resamples without any variation up to which an interval from the others is still given."""


def percent_agreement(units: Units) -> float | None:
    """Share of the pairs of ratings of one unit that are equal, each unit weighing the same. None without a pair."""
    shares = []
    for unit in paired(units):
        same = sum(count * (count - 1) for count in Counter(unit).values())
        shares.append(same / (len(unit) * (len(unit) - 1)))
    return sum(shares) / len(shares) if shares else None


def alpha(units: Units, level: str = "nominal") -> float | None:
    """Krippendorff's alpha: 1 is perfect agreement, 0 that of chance, below 0 worse than chance.

    Level: "nominal", "ordinal", "interval" or "ratio". From the coincidences of values within units, as in
    Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), so that units may have different judges and gaps.
    None where it is not defined: no unit with two ratings, or one and the same value throughout.
    """
    coincidences: defaultdict[tuple[float, float], float] = defaultdict(float)
    totals: Counter[float] = Counter()
    for unit in paired(units):
        counts = Counter(unit)
        for first, many in counts.items():
            totals[first] += many
            for second, more in counts.items():
                coincidences[first, second] += many * (more - (first == second)) / (len(unit) - 1)
    if len(totals) < 2:
        return None
    far = distance(level, totals)
    n = sum(totals.values())
    observed = sum(count * far(*values) for values, count in coincidences.items())
    expected = sum(totals[a] * totals[b] * far(a, b) for a in totals for b in totals)
    return 1 - (n - 1) * observed / expected


def alpha_interval(
    units: Units, level: str = "nominal", seed: int = 0, draws: int = DRAWS
) -> tuple[float, float] | None:
    """95 % percentile interval of alpha, by drawing the units again with replacement (Efron and Tibshirani 1993).

    None where alpha is not defined, or where too many draws have no variation for the others to stand for all.
    """
    known = paired(units)
    if alpha(known, level) is None:
        return None
    dice = random.Random(seed)
    drawn = [alpha(dice.choices(known, k=len(known)), level) for _ in range(draws)]
    found = sorted(one for one in drawn if one is not None)
    if len(found) < (1 - UNDEFINED) * draws:
        return None
    return found[int(0.025 * len(found))], found[min(len(found) - 1, int(0.975 * len(found)))]


def paired(units: Units) -> list[Sequence[float]]:
    return [unit for unit in units if len(unit) > 1]


def distance(level: str, totals: Counter[float]) -> Callable[[float, float], float]:
    """The squared difference between two values at this level of measurement."""
    if level == "nominal":
        return lambda a, b: float(a != b)
    if level == "interval":
        return lambda a, b: (a - b) ** 2
    if level == "ratio":
        return lambda a, b: ((a - b) / (a + b)) ** 2 if a != b else 0.0
    if level == "ordinal":
        below, place = 0.0, {}
        for value in sorted(totals):
            place[value] = below + totals[value] / 2
            below += totals[value]
        return lambda a, b: (place[a] - place[b]) ** 2
    raise ValueError(f"There is no level of measurement called {level!r}: use nominal, ordinal, interval or ratio.")
