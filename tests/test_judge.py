"""The simulated reviewer, fitted on real copy."""

from pathlib import Path

import pytest

from training.corpus.passages import pieces
from training.corpus.read import read
from training.metrics.judge import Judge, JudgeError, Reviewer, runs, share_of_facts, share_of_new_runs

VOICES = Path(__file__).resolve().parents[2] / "shared" / "data" / "voices"


def copy_of(voice: str, limit: int) -> list[str]:
    texts = []
    for file in sorted((VOICES / voice / "docs").glob("*.md")):
        for document in read(file.name, file.read_bytes()):
            texts += [piece.text for piece in pieces(document)]
        if len(texts) >= limit:
            break
    return texts[:limit]


@pytest.mark.skipif(not VOICES.exists(), reason="the real voices lie in shared/, which is not here")
def test_the_judge_knows_the_voice_and_turns_others_away():
    judge = Judge(copy_of("based-cooking", 300), copy_of("eighteenf", 300))
    assert 0.85 <= judge.calibration.own <= 0.95
    assert judge.calibration.others <= 0.1
    unseen = copy_of("healthchecks", 60)
    reviewer = Reviewer(judge, seed=3)
    high = [reviewer.rate(text, [], set()).brand_voice >= 4 for text in unseen]
    assert sum(high) / len(high) < 0.3


def test_a_judge_without_enough_copy_says_how_much_it_needs():
    with pytest.raises(JudgeError, match="needs 30 texts"):
        Judge(["one"], ["two"])


def test_facts_count_by_their_value_whatever_the_label():
    assert share_of_facts("Two for £5 on Mill Lane.", ["Price: £5", "Mill Lane", "on Friday"]) == pytest.approx(2 / 3)


def test_copied_runs_are_not_new():
    training = "We bake the bread at four in the morning."
    assert share_of_new_runs(training, runs(training)) == 0
    assert share_of_new_runs("Something else was written here for once.", runs(training)) == 1
