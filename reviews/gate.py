"""Evidence to verdict: may this version take over?"""

from __future__ import annotations

from reviews.evidence import Evidence
from reviews.findings import wins_next
from reviews.models import Gate

SAME = 0.1
"""Two versions are equal when the win rate's whole interval lies within this distance of one half."""


def verdict(gate: Gate, new: Evidence, against: Evidence | None) -> tuple[str, str]:
    """(verdict, the reason in a sentence), by the rule that was frozen when the rounds opened."""
    if new.scored < gate.minimum_scores:
        missing = gate.minimum_scores - new.scored
        return Gate.Verdict.NOT_YET, f"{missing} more test text{'s' if missing > 1 else ''} must be scored first."
    if against is None:
        low, _ = new.interval
        if low >= gate.alignment_target:
            return Gate.Verdict.PROMOTE, "Its alignment is above the target, and nothing else is live."
        return (
            Gate.Verdict.NOT_YET,
            "Nothing is live to compare it with, and its alignment does not pass the target yet.",
        )
    if new.criteria and against.criteria:
        mine, theirs = new.criteria["accuracy"].value, against.criteria["accuracy"].value
        if theirs - mine > gate.accuracy_margin:
            return (
                Gate.Verdict.KEEP,
                f"The new one's accuracy is {theirs - mine:.1f} lower ({mine:.1f} against {theirs:.1f} of 5).",
            )
    low, high = new.win_interval
    if low > 0.5:
        return Gate.Verdict.PROMOTE, "It wins blind comparisons, beyond chance."
    if high < 0.5:
        return Gate.Verdict.KEEP, "The new one loses blind comparisons, beyond chance."
    if new.votes < gate.minimum_comparisons:
        missing = gate.minimum_comparisons - new.votes
        return Gate.Verdict.NOT_YET, f"{missing} more test brief{'s' if missing > 1 else ''} must be compared first."
    if low > 0.5 - SAME and high < 0.5 + SAME:
        return Gate.Verdict.EQUAL, "People can hardly tell the two apart."
    return Gate.Verdict.NOT_YET, wins_next(new)
