"""Figures in words: what a section's heading says, and no more than its interval allows."""

from __future__ import annotations

from collections.abc import Sequence

from reviews.evidence import Evidence, Mean
from reviews.models import Gate
from training.metrics.intervals import votes_to_settle, wilson
from training.models import LossPoint

SPACE = "\N{NO-BREAK SPACE}"
JOINER = "\N{WORD JOINER}"  # after a dash a line may break, and an interval in two pieces reads as two numbers
DASH = "–" + JOINER
MOST = 2000  # texts; further away than that is "far from settled"


def plural(count: int, noun: str) -> str:
    """ "1 pair", "1,204 pairs"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def percent(share: float) -> str:
    return f"{round(100 * share)}{SPACE}%"


def share(value: float, interval: tuple[float, float]) -> str:
    """ "88 % (69–96)": a share with its 95 % interval, in one piece on every screen."""
    return f"{percent(value)}{SPACE}({round(100 * interval[0])}{DASH}{round(100 * interval[1])})"


def mean(value: Mean) -> str:
    return f"{value.value:.1f}{SPACE}({value.low:.1f}{DASH}{value.high:.1f})"


def texts(count: int) -> str:
    return f"{count} text{'' if count == 1 else 's'}"


def finding(row: Evidence, target: float) -> str:
    """What is known about this version's alignment, in one sentence."""
    if row.alignment is None:
        return f"{row.version.label}: nobody has scored it yet"
    said = f"On voice: {share(row.alignment, row.interval)} of {texts(row.scored)}, target {percent(target)}"
    return f"{said}: {reached(row, target)}"


def reached(row: Evidence, target: float) -> str:
    low, high = row.interval
    if low >= target:
        return "reached"
    return "not reached" if high < target else "not settled yet"


def texts_to_settle(good: int, total: int, target: float) -> int | None:
    """Further scored texts until the interval leaves the target out, at the same share. None: not within `MOST`."""
    for count in range(total, total + MOST + 1):
        low, high = wilson(count * good / total, count) if total else (0.0, 1.0)
        if low >= target or high < target:
            return count - total
    return None


def alignment_finding(rows: Sequence[Evidence], target: float) -> str:
    scored = [row for row in rows if row.alignment is not None]
    if not scored:
        return "Nobody has scored a test text yet"
    passing = [row.version.label for row in scored if reached(row, target) == "reached"]
    if passing:
        return f"{in_words(passing)} {'passes' if len(passing) == 1 else 'pass'} the {percent(target)} line"
    best = max(scored, key=lambda row: (row.alignment or 0.0, row.version.number))
    known = f"{best.version.label} is the highest, {share(best.alignment or 0.0, best.interval)}"
    if all(reached(row, target) == "not reached" for row in scored):
        return f"No version reaches {percent(target)}; {known}"
    return f"No version passes {percent(target)} beyond doubt; {known}"


def alignment_next(row: Evidence, target: float, test_briefs: int) -> str:
    """What would settle it, when it is not."""
    if not row.scored or reached(row, target) != "not settled yet":
        return ""
    more = texts_to_settle(row.on_voice, row.scored, target)
    if more is None:
        return f"{row.version.label} is so near the line that no reasonable number of scores would settle it."
    said = f"At this share, about {more} more scored texts settle it."
    if row.scored + more > test_briefs:
        said += f" This voice has {test_briefs} test briefs, so it takes more of these (VOICELAB_TEST_BRIEFS)."
    return said


def wins_finding(row: Evidence) -> str:
    if row.against is None:
        return f"{row.version.label} has met no other version"
    rival = row.against.label.lower()
    if row.win_rate is None:
        return f"{row.version.label} and {rival}: nobody has compared them yet"
    low, high = row.win_interval
    known = f"{share(row.win_rate, (low, high))} of {row.votes} brief{'' if row.votes == 1 else 's'} compared blind"
    if low > 0.5:
        return f"{row.version.label} beats {rival}: {known}"
    if high < 0.5:
        return f"{row.version.label} loses to {rival}: {known}"
    return f"{row.version.label} neither wins nor loses beyond chance against {rival}: {known}"


def wins_next(row: Evidence) -> str:
    """How many more comparisons would settle it, when it is not settled."""
    low, high = row.win_interval
    if not row.votes or low > 0.5 or high < 0.5:
        return ""
    more = votes_to_settle(row.wins, row.losses)
    if more is None:
        return "They are so even that it may take thousands to tell the two apart."
    # Against one half a tie tells nothing, so ties come on top.
    more = max(1, round(more * row.votes / (row.wins + row.losses)))
    return f"About {more} more compared brief{'' if more == 1 else 's'} settle this, if they fall as before."


def criteria_finding(row: Evidence) -> str:
    if not row.criteria:
        return f"{row.version.label}: accuracy and creativity have no scores yet"
    accuracy, creativity = mean(row.criteria["accuracy"]), mean(row.criteria["creativity"])
    return f"{row.version.label}: accuracy {accuracy}, creativity {creativity} of 5, n = {texts(row.scored)}"


def overlap_finding(row: Evidence) -> str:
    rouge, bleu = row.measured.get("rougeL"), row.measured.get("bleu")
    if rouge is None or bleu is None:
        return f"{row.version.label} has not been measured yet"
    said = [f"ROUGE-{JOINER}L {measured(rouge.value, rouge.low, rouge.high, 100)}"]
    said.append(f"BLEU {measured(bleu.value, bleu.low, bleu.high)} of 100")
    return f"{row.version.label} and the client's own copy: {', '.join(said)}, n = {texts(rouge.n)}"


def measured(value: float, low: float | None, high: float | None, scale: int = 1) -> str:
    known = f"{scale * value:.1f}"
    return known if low is None or high is None else f"{known}{SPACE}({scale * low:.1f}{DASH}{scale * high:.1f})"


def loss_finding(points: Sequence[LossPoint], *, is_over: bool = True) -> str:
    """Of one stage's learning curve, so far when it goes on."""
    checked = [(point.step, point.validation_loss) for point in points if point.validation_loss is not None]
    if not checked:
        return "Nothing was held out to check the loss on" if is_over else "Not checked on validation data yet"
    if not is_over and len(checked) == 1:
        return f"Validation loss is {checked[0][1]:.2f} at step {checked[0][0]}"
    first, (step, lowest) = checked[0][1], min(checked, key=lambda one: one[1])
    if lowest >= first:
        return f"Validation loss never fell below its first {first:.2f}"
    last = max(point.step for point in points)
    return f"Validation loss fell from {first:.2f} to {lowest:.2f}, lowest at step {step} of {last}"


def verdict_finding(kind: str, why: str, against: str) -> str:
    said = {
        Gate.Verdict.PROMOTE: "The gate says: promote.",
        Gate.Verdict.KEEP: f"The gate says: {against.lower()} is the better one.",
        Gate.Verdict.EQUAL: "The gate sees no difference.",
        Gate.Verdict.NOT_YET: "The gate cannot decide yet.",
    }
    return f"{said[Gate.Verdict(kind)]} {why}"


def in_words(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
