"""Agreement figures: the published worked examples and a published rating set, to the printed digit."""

import csv
import random
from pathlib import Path

import pytest

from training.metrics.agreement import alpha, alpha_interval, percent_agreement

RATINGS = Path(__file__).resolve().parents[2] / "shared" / "data" / "ratings"
CRITERIA = ["relevance", "coherence", "empathy", "surprise", "engagement", "complexity"]
# Krippendorff (2011), example C: four observers, twelve units, gaps.
OBSERVERS = ["1 2 3 3 2 1 4 1 2 - - -", "1 2 3 3 2 2 4 1 2 5 - 3", "- 3 3 3 2 3 4 2 2 5 1 -", "1 2 3 3 2 4 4 1 2 5 1 -"]
UNITS = [[float(one) for one in unit if one != "-"] for unit in zip(*(row.split() for row in OBSERVERS), strict=True)]


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_alpha_is_krippendorffs_own(level, published):
    assert round(alpha(UNITS, level), 3) == published


def test_two_observers_with_two_values_give_krippendorffs_first_example():
    """Example A: two observers, ten units, alpha 0.095."""
    units = list(zip([0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0], strict=True))
    assert round(alpha(units), 3) == 0.095
    assert percent_agreement(units) == 0.6


@pytest.fixture(scope="module")
def stories():
    """Criterion -> story -> its three ratings."""
    path = RATINGS / "hanna" / "ratings.csv"
    if not path.exists():
        pytest.skip("The real ratings under ../shared are not on this machine.")
    found = {name: {} for name in CRITERIA}
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for name in CRITERIA:
                found[name].setdefault(row["story_id"], []).append(float(row[name]))
    return found


@pytest.mark.parametrize(
    ("level", "figures"),
    [
        ("interval", [0.1375, -0.0547, 0.1159, 0.0512, 0.1801, 0.2779]),
        ("ordinal", [0.1651, -0.0539, 0.1171, 0.0149, 0.1666, 0.2658]),
    ],
)
def test_real_ratings_give_their_known_figures_the_negative_one_as_well(stories, level, figures):
    assert [round(alpha(list(stories[name].values()), level), 4) for name in CRITERIA] == figures


def test_what_cannot_be_told_is_none_and_no_number():
    assert alpha([[1, 1], [1, 1]]) is None and percent_agreement([[1, 1], [1, 1]]) == 1.0
    assert alpha([[1], [2]]) is None and percent_agreement([[1], [2]]) is None
    assert alpha([]) is None and alpha_interval([[1, 1]] * 5) is None
    with pytest.raises(ValueError, match="no level of measurement called 'ordinary'"):
        alpha([[1, 2]], "ordinary")


def test_an_interval_from_draws_that_mostly_do_not_vary_is_not_given():
    """One defect among twenty: a third of the draws miss it."""
    assert alpha_interval([[0, 0]] * 19 + [[0, 1]]) is None
    assert alpha_interval([[0, 0]] * 15 + [[1, 1]] * 4 + [[0, 1]]) is not None


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    """Two judges of a fair coin who copy each other with probability 0.6, so that the true alpha is 0.6."""
    dice = random.Random(2)
    held = 0
    for trial in range(100):
        units = []
        for _ in range(60):
            first = dice.random() < 0.5
            units.append([first, first if dice.random() < 0.6 else dice.random() < 0.5])
        low, high = alpha_interval(units, seed=trial, draws=300)
        held += low <= 0.6 <= high
    assert held >= 88


def test_one_seed_gives_one_interval():
    assert alpha_interval(UNITS, "ordinal", seed=1) == alpha_interval(UNITS, "ordinal", seed=1)
    low, high = alpha_interval(UNITS, "ordinal", seed=1)
    assert low < alpha(UNITS, "ordinal") < high
