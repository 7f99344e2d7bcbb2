"""What the coverage page counts, checked by hand and by construction."""

import math
import random

import pytest

from training.corpus.variety import distinct, histogram, moving_average_ttr, singular, subjects, thin
from training.metrics.learning_curve import fit


def test_the_moving_average_is_the_mean_over_every_window():
    # Windows of two: (a b) 2, (b b) 1, (b a) 2.
    assert moving_average_ttr(["a b b a"], window=2) == pytest.approx(5 / 6)
    assert moving_average_ttr(["a b", "b a"], window=2) == pytest.approx(5 / 6)
    assert moving_average_ttr(["too short"], window=3) is None


def test_variety_does_not_fall_with_length_alone():
    draw = random.Random(1)
    letters = "bcdfghjklmnp"
    vocabulary = [f"{a}{b}{c}" for a in letters for b in "aeiou" for c in letters]
    text = [" ".join(draw.choices(vocabulary, k=50)) for _ in range(400)]
    assert moving_average_ttr(text) == pytest.approx(moving_average_ttr(text[:40]), abs=0.01)


def test_distinct_counts_pairs_of_words_within_a_text():
    assert distinct(["warm bread today", "warm bread tomorrow"]) == 3 / 4
    assert distinct(["one", ""]) is None


@pytest.mark.parametrize(
    ("word", "one"),
    [("loaves", "loave"), ("buns", "bun"), ("berries", "berry"), ("boxes", "box"), ("glass", "glass"), ("gas", "gas")],
)
def test_a_plural_counts_with_its_singular(word, one):
    assert singular(word) == one


def test_subjects_leave_common_words_and_figures_out():
    assert subjects(["Our new plum buns", "The plum bun of 2024"]) == {"plum": 2, "bun": 2}


def test_what_is_asked_for_often_and_held_seldom_is_thin():
    asked = ["plum bun"] * 4 + ["rye loaf"] * 3 + ["gift box"]
    held = ["rye loaf"] * 9 + ["plum tart"]
    assert thin(asked, held) == [("bun", 4, 0), ("plum", 4, 1)]


def test_a_histogram_counts_everything_once():
    assert histogram([1, 10, 11, 500], [0, 11, 51]) == [(0, 10, 2), (11, 50, 1), (51, None, 1)]


def test_a_curve_finds_the_power_law_that_it_was_drawn_from():
    curve = fit((n, 3.0 * n**-0.1) for n in (100, 300, 1000, 2500))
    assert (curve.scale, curve.exponent) == (pytest.approx(3.0), pytest.approx(0.1))
    loss, low, high = curve.expected(3000)
    assert low == pytest.approx(loss) == pytest.approx(high) == pytest.approx(3.0 * 3000**-0.1)


def test_the_interval_holds_what_comes_about_as_often_as_it_says():
    draw = random.Random(3)
    held = 0
    for _ in range(400):
        curve = fit((n, 3.0 * n**-0.1 * math.exp(draw.gauss(0, 0.02))) for n in (100, 200, 400, 800, 1600))
        _, low, high = curve.expected(2100)
        held += low <= 3.0 * 2100**-0.1 * math.exp(draw.gauss(0, 0.02)) <= high
    assert 0.92 < held / 400 < 0.98


def test_two_amounts_of_data_make_no_curve_and_the_best_of_equal_ones_counts():
    assert fit([(100, 2.0), (100, 1.9), (200, 1.8)]) is None
    assert fit([(100, 2.0), (100, 1.9), (200, 1.8), (400, 1.7)]).points[0] == (100, 1.9)
