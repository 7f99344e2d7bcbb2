"""Intervals: against published figures, and by simulation where the promise is about every look."""

import random

import pytest

from training.metrics.intervals import always_valid, mean_interval, votes_to_settle, wilson


@pytest.mark.parametrize(
    ("good", "total", "low", "high"),
    # Newcombe (1998), table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_intervals(good, total, low, high):
    assert wilson(good, total) == pytest.approx((low, high), abs=5e-5)


def test_a_mean_of_one_value_has_no_width_and_of_none_is_nothing():
    assert mean_interval([4.0]) == (4.0, 4.0, 4.0)
    assert mean_interval([]) == (0.0, 0.0, 0.0)
    mean, low, high = mean_interval([3.0, 4.0, 5.0, 4.0])
    assert mean == 4.0 and low == pytest.approx(3.2, abs=0.001) and high == pytest.approx(4.8, abs=0.001)


@pytest.mark.parametrize(("wins", "losses", "ties"), [(15, 3, 2), (0, 9, 4), (7, 0, 0), (0, 0, 30), (300, 250, 90)])
def test_the_win_rate_lies_in_its_interval_which_mirrors(wins, losses, ties):
    low, high = always_valid(wins, losses, ties)
    assert 0 <= low <= (wins + ties / 2) / (wins + losses + ties) <= high <= 1
    assert always_valid(losses, wins, ties) == pytest.approx((1 - high, 1 - low), abs=1e-6)


def test_a_tie_is_no_evidence_against_one_half_but_narrows_the_interval():
    for ties in (0, 5, 50):
        assert (always_valid(8, 0, ties)[0] > 0.5, always_valid(5, 0, ties)[0] > 0.5) == (True, False)
    assert always_valid(5, 5, 40)[1] < always_valid(5, 5)[1]


@pytest.mark.parametrize("tied", [0.0, 0.4])
def test_looking_after_every_vote_misleads_no_more_often_than_promised(tied):
    dice = random.Random(3)
    misled = 0
    for _ in range(200):
        votes = [0, 0, 0]
        for vote in range(60):
            votes[2 if dice.random() < tied else dice.random() < 0.5] += 1
            low, high = always_valid(*votes) if vote % 5 == 4 else (0.0, 1.0)
            if not low <= 0.5 <= high:
                misled += 1
                break
    assert misled <= 0.05 * 200


def test_the_votes_that_settle_it_are_as_many_as_it_says():
    more = votes_to_settle(6, 3)
    assert always_valid(6 * (9 + more) // 9, 3 * (9 + more) // 9)[0] > 0.5 - 0.02
    assert always_valid(6 * (9 + more + 3) // 9, 3 * (9 + more + 3) // 9)[0] > 0.5
    assert always_valid(6 * (9 + more - 9) // 9, 3 * (9 + more - 9) // 9)[0] < 0.5
    assert votes_to_settle(8, 0) == 0
    assert votes_to_settle(10, 10) is None and votes_to_settle(0, 0) is None
