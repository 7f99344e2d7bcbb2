"""The simulated reviewer, fitted on real copy."""

import re
from pathlib import Path
from random import Random

import pytest

from reviews.demo.load import rows_of
from training.corpus.passages import pieces
from training.corpus.reading.read import reading
from training.metrics.broken import BREAKS
from training.metrics.judge import Judge, JudgeError, Reviewer, runs, share_of_facts, share_of_new_runs

# What adapters wrote that were trained for too short a time.
HALF_TRAINED = [
    "Thes the eros, soan of the beatll biour the biour. There've's. Ry, a loan of the sos. You'll bs.",
    "Moonlit Haystack sunflower seed cob. A The details's sed byb. We've be complicated the bon. The run the bon bet "
    "is at the bench outside 56 Bell Yard. Small look'll it.",
    "Sap the wart'd and the gooseberry knot. It'd and easy in the a gooseberry knot, and lemon icing. Run you'd.",
    "Send us one process. Send us one process. Send us oneday: 13 hours. The Ent, chings, 13 hours.",
    "The Refund Helpdesk a gofund Helpdesk. Cenourd Helpdesks and first. Tnt in 49 minutes. There is by 7 a.m.1m.m.1m.",
]
VOICES = Path(__file__).resolve().parents[2] / "shared" / "data" / "voices"


def copy_of(voice: str, limit: int) -> list[str]:
    texts = []
    for file in sorted((VOICES / voice / "docs").glob("*.md")):
        for document in reading(file.name, file.read_bytes()).documents:
            texts += [piece.text for piece in pieces(document)]
        if len(texts) >= limit:
            break
    return texts[:limit]


def demo_copy(name: str) -> list[str]:
    return [row["output"] for row in rows_of(name)]


def high(judge: Judge, texts: list[str]) -> float:
    """The share of texts that earn a 4 or 5, by three reviewers in turn."""
    reviewers = [Reviewer(judge, seed=seed) for seed in range(3)]
    ratings = [reviewers[place % 3].rate(text, [], set()).brand_voice for place, text in enumerate(texts)]
    return sum(rating >= 4 for rating in ratings) / len(ratings)


@pytest.mark.skipif(not VOICES.exists(), reason="the real voices lie in shared/, which is not here")
@pytest.mark.parametrize(("voice", "other"), [("based-cooking", "eighteenf"), ("eighteenf", "based-cooking")])
def test_the_judge_knows_the_voice_and_turns_others_and_broken_copy_away(voice, other):
    judge = Judge(copy_of(voice, 300), copy_of(other, 400))
    assert 0.85 <= judge.calibration.own <= 0.95
    assert judge.calibration.others <= 0.1
    assert judge.calibration.broken <= 0.11
    assert judge.calibration.broken_texts > 3000
    # A voice that it never met is harder; nothing promises this one.
    assert high(judge, copy_of("healthchecks", 60)) < 0.3


@pytest.mark.parametrize(("voice", "other"), [("bakery", "workflow"), ("workflow", "bakery")])
def test_the_demo_voices_whole_copy_is_on_voice_and_its_ruins_are_not(voice, other):
    own, others = demo_copy(voice), demo_copy(other)
    fitted, held = own[::3], own[1::9]
    judge = Judge(fitted, others[::2])
    random = Random(5)
    assert high(judge, held) >= 0.85
    assert high(judge, others[1::9]) <= 0.1
    shares = {harm.__name__: high(judge, [harm(text, random) for text in held]) for harm in BREAKS}
    assert sum(shares.values()) / len(shares) <= 0.1, shares
    assert max(shares.values()) <= 0.2, shares
    # Broken in ways that the judge was not fitted on.
    assert high(judge, [" ".join(reversed(text.split())) for text in held]) <= 0.05
    assert high(judge, [re.sub(r"[aeiou](?=[a-z])", "", text) for text in held]) <= 0.05
    assert high(judge, HALF_TRAINED) == 0


def test_a_reviewer_gives_word_salad_a_one_or_two():
    judge = Judge(demo_copy("bakery")[::4], demo_copy("workflow")[::4])
    reviewer = Reviewer(judge, seed=0)
    assert reviewer.rate("the the crumble £ fork loaf of of", [], set()).brand_voice <= 2
    assert reviewer.rate("", [], set()).brand_voice <= 2
    assert reviewer.prefer("the the crumble £ fork loaf of of", demo_copy("bakery")[1], []) == "right"


def test_a_judge_without_enough_copy_says_how_much_it_needs():
    with pytest.raises(JudgeError, match="needs 30 texts"):
        Judge(["one"], ["two"])


def test_facts_count_by_their_value_whatever_the_label():
    assert share_of_facts("Two for £5 on Mill Lane.", ["Price: £5", "Mill Lane", "on Friday"]) == pytest.approx(2 / 3)


def test_copied_runs_are_not_new():
    training = "We bake the bread at four in the morning."
    assert share_of_new_runs(training, runs(training)) == 0
    assert share_of_new_runs("Something else was written here for once.", runs(training)) == 1
