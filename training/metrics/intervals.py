"""Intervals for shares and means. Numbers in, numbers out."""

from __future__ import annotations

import math

Z = 1.959963984540054  # standard normal quantile of 97.5 %


def wilson(good: float, total: int) -> tuple[float, float]:
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


def always_valid(wins: int, losses: int, ties: int = 0, level: float = 0.05) -> tuple[float, float]:
    """Interval of a win rate, a tie counting half, that may be looked at after every vote. (0, 1) without votes.

    It holds every rate m at which a bettor against m, spread evenly over all fixed shares b, has not made 1/level
    of the stake: the integral over b of (b/m)^wins ((1-b)/(1-m))^losses ((b/m + (1-b)/(1-m))/2)^ties (Cover's
    universal portfolio; Orabona and Jun 2021). Without ties it is Robbins' (1970) uniform mixture.
    """
    votes = wins + losses + ties
    if votes == 0:
        return 0.0, 1.0
    terms = [
        log_choose(ties, k) + log_beta(wins + k + 1, losses + ties - k + 1) - ties * math.log(2)
        for k in range(ties + 1)
    ]

    def inside(rate: float) -> bool:
        up, down = math.log(rate), math.log(1 - rate)
        made = [term - (wins + k) * up - (losses + ties - k) * down for k, term in enumerate(terms)]
        top = max(made)
        return top + math.log(sum(math.exp(one - top) for one in made)) < -math.log(level)

    best = min(max((wins + ties / 2) / votes, 1e-9), 1 - 1e-9)
    low = edge(inside, best, 1e-9) if wins or ties else 0.0
    return low, edge(inside, best, 1 - 1e-9) if losses or ties else 1.0


def votes_to_settle(wins: int, losses: int, level: float = 0.05, most: int = 2000) -> int | None:
    """Further votes until `always_valid` leaves one half out, if they fall as before. None: not within `most`.

    Against one half a tie is no evidence, so these are votes that are no ties.
    """
    seen = wins + losses
    if not seen:
        return None
    for votes in range(seen, seen + most + 1):
        won = votes * wins / seen
        if log_beta(won + 1, votes - won + 1) + votes * math.log(2) >= -math.log(level):
            return votes - seen
    return None


def log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def edge(inside, start: float, end: float) -> float:  # type: ignore[no-untyped-def]
    """Where `inside` turns false between start (true) and end, by bisection."""
    if inside(end):
        return end
    for _ in range(60):
        middle = (start + end) / 2
        start, end = (middle, end) if inside(middle) else (start, middle)
    return start
