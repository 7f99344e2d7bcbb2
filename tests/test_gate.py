"""The gate's verdict follows the frozen rule and says no more than the evidence allows."""

import pytest

from reviews import gate
from reviews.evidence import Evidence, Mean
from reviews.findings import alignment_next, wins_next
from reviews.models import Gate
from training.models import ModelVersion

RULE = Gate(alignment_target=0.85, minimum_scores=20, minimum_comparisons=20, accuracy_margin=0.25)
OLD = ModelVersion(kind="adapter", number=1)


def new(wins=0, ties=0, losses=0, scored=24, on_voice=20, accuracy=4.0):
    row = Evidence(ModelVersion(kind="adapter", number=2), scored=scored, on_voice=on_voice, against=OLD)
    row.criteria = {"accuracy": Mean(accuracy, accuracy - 0.2, accuracy + 0.2)}
    row.wins, row.ties, row.losses = wins, ties, losses
    return row


def old(accuracy=4.0):
    return Evidence(OLD, scored=24, on_voice=18, criteria={"accuracy": Mean(accuracy, 3.8, 4.2)})


@pytest.mark.parametrize(
    ("row", "verdict", "words"),
    [
        (new(scored=18), "not_yet", "2 more test texts must be scored first."),
        (new(wins=18, losses=3), "promote", "It wins blind comparisons, beyond chance."),
        (new(wins=3, losses=18), "keep", "The new one loses blind comparisons, beyond chance."),
        (new(wins=18, losses=3, accuracy=3.7), "keep", "accuracy is 0.3 lower (3.7 against 4.0 of 5)"),
        (new(wins=4, losses=3), "not_yet", "13 more test briefs must be compared first."),
        (new(wins=14, losses=8), "not_yet", "more compared briefs settle this, if they fall as before."),
        (new(wins=11, losses=11), "not_yet", "so even that it may take thousands"),
        (new(wins=20, losses=20, ties=400), "equal", "People can hardly tell the two apart."),
    ],
)
def test_the_verdict_and_its_reason(row, verdict, words):
    decided, reason = gate.verdict(RULE, row, old())
    assert decided == verdict
    assert words in reason


def test_with_nothing_live_the_target_decides():
    assert gate.verdict(RULE, new(on_voice=24), None)[0] == "promote"
    assert gate.verdict(RULE, new(on_voice=22), None)[0] == "not_yet"


def test_ties_come_on_top_of_the_comparisons_that_settle_it():
    without, half = wins_next(new(wins=14, losses=8)), wins_next(new(wins=14, losses=8, ties=22))
    assert without == "About 119 more compared briefs settle this, if they fall as before."
    assert half == "About 238 more compared briefs settle this, if they fall as before."


def test_what_settles_the_alignment_says_when_the_test_briefs_do_not_suffice():
    near = new(scored=10, on_voice=7)
    assert alignment_next(near, 0.85, 40) == "At this share, about 12 more scored texts settle it."
    assert "This voice has 24 test briefs, so it takes more of these" in alignment_next(new(on_voice=22), 0.85, 24)
    assert alignment_next(new(on_voice=10), 0.85, 24) == ""
    assert "no reasonable number" in alignment_next(new(scored=20, on_voice=17), 0.85, 24)
