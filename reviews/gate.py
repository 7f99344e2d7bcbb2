"""Evidence to verdict: may this version take over?"""

from __future__ import annotations

import math

from reviews.evidence import Evidence
from reviews.models import Gate


def verdict(gate: Gate, new: Evidence, against: Evidence | None) -> tuple[str, str]:
    """(verdict, the reason in a sentence), by the rule that was frozen when the rounds opened."""
    if new.scored < gate.minimum_scores:
        missing = gate.minimum_scores - new.scored
        return Gate.Verdict.NOT_YET, f"About {missing} more score{'s' if missing > 1 else ''} settle this."
    if against is None:
        low, _ = new.interval
        if low >= gate.alignment_target:
            return Gate.Verdict.PROMOTE, "Its alignment is above the target, and nothing else is live."
        return (
            Gate.Verdict.NOT_YET,
            "Nothing is live to compare it with, and its alignment does not pass the target yet.",
        )
    if new.criteria and against.criteria:
        drop = against.criteria["accuracy"] - new.criteria["accuracy"]
        if drop > gate.accuracy_margin:
            return Gate.Verdict.KEEP, f"Its accuracy is {drop:.1f} points lower."
    low, high = new.win_interval
    if low > 0.5:
        return Gate.Verdict.PROMOTE, "It wins blind comparisons, beyond chance."
    if high < 0.5:
        return Gate.Verdict.KEEP, "It loses blind comparisons, beyond chance."
    if new.votes < gate.minimum_comparisons:
        missing = gate.minimum_comparisons - new.votes
        return Gate.Verdict.NOT_YET, f"About {missing} more comparison{'s' if missing > 1 else ''} settle this."
    rate = new.wins / max(new.wins + new.losses, 1)
    if abs(rate - 0.5) < 0.05:
        return Gate.Verdict.EQUAL, "People cannot tell it from the version beside it."
    needed = math.ceil(7 / (rate - 0.5) ** 2 / 4)
    missing = max(needed - new.wins - new.losses, 5)
    return Gate.Verdict.NOT_YET, f"About {missing} more comparisons settle this."
