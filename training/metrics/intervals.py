"""Intervals for shares and means. Numbers in, numbers out."""

from __future__ import annotations

import math

Z = 1.959963984540054  # standard normal quantile of 97.5 %


def wilson(good: int, total: int) -> tuple[float, float]:
    """95 % score interval of a share (Wilson 1927). (0, 1) without observations."""
    if total == 0:
        return 0.0, 1.0
    share = good / total
    centre = (share + Z * Z / (2 * total)) / (1 + Z * Z / total)
    half = Z * math.sqrt(share * (1 - share) / total + Z * Z / (4 * total * total)) / (1 + Z * Z / total)
    return max(0.0, centre - half), min(1.0, centre + half)


def mean_interval(values: list[float]) -> tuple[float, float, float]:
    """(mean, low, high), 95 %, normal approximation; (mean, mean, mean) below two values."""
    if not values:
        return 0.0, 0.0, 0.0
    mean = sum(values) / len(values)
    if len(values) < 2:
        return mean, mean, mean
    variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    half = Z * math.sqrt(variance / len(values))
    return mean, mean - half, mean + half


def always_valid(wins: int, losses: int, level: float = 0.05) -> tuple[float, float]:
    """Interval of a win rate that may be looked at after every vote (uniform-mixture martingale, Robbins 1970).

    Ties are no votes here. The interval holds all rates p at which the Beta(1, 1) mixture has not reached
    1/level: B(wins + 1, losses + 1) / (p^wins (1 - p)^losses) < 1/level.
    """
    if wins + losses == 0:
        return 0.0, 1.0
    log_mixture = math.lgamma(wins + 1) + math.lgamma(losses + 1) - math.lgamma(wins + losses + 2)

    def inside(rate: float) -> bool:
        likelihood = (wins * math.log(rate) if wins else 0.0) + (losses * math.log(1 - rate) if losses else 0.0)
        return log_mixture - likelihood < -math.log(level)

    best = min(max(wins / (wins + losses), 1e-9), 1 - 1e-9)
    return edge(inside, best, 1e-9), edge(inside, best, 1 - 1e-9)


def edge(inside, start: float, end: float) -> float:  # type: ignore[no-untyped-def]
    """Where `inside` turns false between start (true) and end, by bisection."""
    if inside(end):
        return end
    for _ in range(60):
        middle = (start + end) / 2
        start, end = (middle, end) if inside(middle) else (start, middle)
    return start
