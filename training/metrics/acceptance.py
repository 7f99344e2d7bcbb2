"""Acceptance sampling by attributes: how many of a lot to inspect, how many defects to let pass, what that will catch.

A lot of `lot` units with `defects` defective ones is accepted when a random sample of `sample` shows at most `limit`
of them. The number found is hypergeometric, since a unit is inspected once, so nothing here is an approximation.
Terms as in ISO 2859-1 and Montgomery, Introduction to Statistical Quality Control, chapter 15: the acceptable quality
level should pass, all but the producer's risk; the rejectable one should fail, all but the consumer's risk.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from training.metrics.intervals import log_choose

ACCEPTABLE, REJECTABLE = 0.025, 0.10
PRODUCERS_RISK, CONSUMERS_RISK = 0.05, 0.10
LEVEL = 0.05  # of what an interval leaves out
HAIR = 1e-9  # 0.07 * 100 is 7.000000000000001


@dataclass(frozen=True)
class Plan:
    """Inspect `sample` of `lot` units and accept with at most `limit` defects. Levels and risks are shares, 0-1."""

    lot: int
    sample: int
    limit: int
    acceptable: float = ACCEPTABLE
    rejectable: float = REJECTABLE
    producers_risk: float = PRODUCERS_RISK
    consumers_risk: float = CONSUMERS_RISK

    def passes(self, share: float) -> float:
        """Probability that a lot with this share of defects is accepted, taken to the nearest whole defect."""
        return chance_of_accepting(self.lot, round(share * self.lot), self.sample, self.limit)

    def catches(self) -> float:
        """Probability that a lot with the least number of defects that is too many is rejected."""
        bad = math.ceil(self.rejectable * self.lot - HAIR)
        return 1 - chance_of_accepting(self.lot, bad, self.sample, self.limit)

    def curve(self, points: int = 60) -> list[tuple[float, float]]:
        """The operating curve: (share of defects, probability of acceptance) from none to past where it has fallen."""
        most, seen = self.lot, 0
        while seen < most:  # the first number of defects that passes less than once in two hundred times
            middle = (seen + most) // 2
            chance = chance_of_accepting(self.lot, middle, self.sample, self.limit)
            seen, most = (middle + 1, most) if chance > 0.005 else (seen, middle)
        steps = sorted({round(most * step / points) for step in range(points + 1)})
        return [(one / self.lot, chance_of_accepting(self.lot, one, self.sample, self.limit)) for one in steps]


def plan_for(
    lot: int,
    acceptable: float = ACCEPTABLE,
    rejectable: float = REJECTABLE,
    producers_risk: float = PRODUCERS_RISK,
    consumers_risk: float = CONSUMERS_RISK,
) -> Plan:
    """The smallest sample that keeps both risks, and its limit.

    A lot has whole defects: its acceptable level is the largest number within `acceptable`, its rejectable one the
    smallest that reaches `rejectable`. A small lot is inspected whole, which keeps both for certain. Raises ValueError
    for an empty lot and for levels or risks in the wrong order.
    """
    if lot < 1:
        raise ValueError("A lot needs at least one unit.")
    if not 0 <= acceptable < rejectable <= 1:
        raise ValueError("The acceptable level must be below the rejectable one, both between 0 and 1.")
    if not (0 < producers_risk < 1 and 0 < consumers_risk < 1):
        raise ValueError("A risk must be between 0 and 1.")
    good, bad = math.floor(acceptable * lot + HAIR), math.ceil(rejectable * lot - HAIR)
    # The smallest sample for a limit grows with the limit, so the first that serves is the smallest of all. A limit
    # of `good` serves at the latest: such a lot then always passes.
    for limit in range(good + 1):
        low, high = limit + 1, lot
        while low < high:
            middle = (low + high) // 2
            if chance_of_accepting(lot, bad, middle, limit) <= consumers_risk + HAIR:
                high = middle
            else:
                low = middle + 1
        if chance_of_accepting(lot, good, low, limit) >= 1 - producers_risk - HAIR:
            break
    return Plan(lot, low, limit, acceptable, rejectable, producers_risk, consumers_risk)


def chance_of_accepting(lot: int, defects: int, sample: int, limit: int) -> float:
    """Probability that a sample of `sample` from a lot with `defects` defective units shows at most `limit`."""
    least, most = max(0, sample + defects - lot), min(sample, defects)
    if limit >= most:
        return 1.0
    whole = log_choose(lot, sample)
    terms = (
        math.exp(log_choose(defects, found) + log_choose(lot - defects, sample - found) - whole)
        for found in range(least, limit + 1)
    )
    return min(1.0, math.fsum(terms))


def defect_interval(lot: int, sample: int, found: int, level: float = LEVEL) -> tuple[float, float]:
    """Exact interval of the lot's share of defects, from `found` in a sample. (0, 1) without a sample.

    Clopper and Pearson (1934) with the hypergeometric distribution: the shares under which finding so many, or so few,
    is no rarer than half the level. The sample's own defects are known, so that a lot read whole has no width.
    """
    if not sample:
        return 0.0, 1.0
    least, most = found, lot - (sample - found)
    low, high = least, most
    while low < high:  # the smallest number under which so many or more are found often enough
        middle = (low + high) // 2
        if found and 1 - chance_of_accepting(lot, middle, sample, found - 1) <= level / 2:
            low = middle + 1
        else:
            high = middle
    first = low
    low, high = first, most
    while low < high:  # the largest under which so few or fewer are
        middle = (low + high + 1) // 2
        if chance_of_accepting(lot, middle, sample, found) <= level / 2:
            high = middle - 1
        else:
            low = middle
    return first / lot, low / lot
