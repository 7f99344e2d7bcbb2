"""Sampling plans: against published plans, curves and intervals, and by drawing lots with a seed."""

import math
import random
from itertools import product

import pytest

from training.metrics.acceptance import Plan, chance_of_accepting, defect_interval, plan_for

ENDLESS = 10**7  # a lot so large that drawing from it is as good as binomial


@pytest.mark.parametrize(
    ("share", "accepted"),
    # Montgomery, Introduction to Statistical Quality Control, table of the plan n = 89, c = 2 (chapter 15).
    [
        (0.005, 0.9897),
        (0.01, 0.9397),
        (0.02, 0.7366),
        (0.03, 0.4985),
        (0.04, 0.3042),
        (0.05, 0.1721),
        (0.06, 0.0919),
        (0.07, 0.0468),
        (0.08, 0.0230),
        (0.09, 0.0109),
    ],
)
def test_the_operating_curve_is_the_published_one(share, accepted):
    assert Plan(ENDLESS, 89, 2).passes(share) == pytest.approx(accepted, abs=5e-5)


@pytest.mark.parametrize(
    ("share", "accepted"),
    # NIST/SEMATECH e-Handbook of Statistical Methods, 6.2.3.2: the plan n = 52, c = 3, as printed.
    [(0.01, 0.998), (0.02, 0.980), (0.03, 0.930), (0.05, 0.739), (0.07, 0.502), (0.10, 0.223), (0.12, 0.115)],
)
def test_the_handbooks_curve_is_met_to_a_thousandth(share, accepted):
    assert Plan(ENDLESS, 52, 3).passes(share) == pytest.approx(accepted, abs=1e-3)


def test_plans_for_a_lot_of_a_hundred_are_the_published_ones():
    """Kenett and Zacks, Modern Industrial Statistics: N = 100, both risks 5 %, hypergeometric."""
    rejectable = [0.05, 0.08, 0.11, 0.14, 0.17, 0.20, 0.23, 0.26, 0.29, 0.32]
    for acceptable, published in (
        (0.01, [(65, 1), (46, 1), (36, 1), (29, 1), (24, 1), (20, 1), (18, 1), (16, 1), (14, 1), (13, 1)]),
        (0.03, [(92, 3), (71, 3), (56, 3), (37, 2), (31, 2), (27, 2), (24, 2), (21, 2), (19, 2), (13, 1)]),
    ):
        plans = [plan_for(100, acceptable, one, 0.05, 0.05) for one in rejectable]
        assert [(plan.sample, plan.limit) for plan in plans] == published


@pytest.mark.parametrize("lot", [1, 2, 7, 12, 30, 61])
def test_no_smaller_sample_keeps_both_risks(lot):
    plan = plan_for(lot)
    good, bad = math.floor(0.025 * lot), math.ceil(0.10 * lot)

    def keeps(sample, limit):
        return (
            chance_of_accepting(lot, good, sample, limit) >= 0.95
            and chance_of_accepting(lot, bad, sample, limit) <= 0.1
        )

    assert keeps(plan.sample, plan.limit)
    assert not any(keeps(sample, limit) for sample, limit in product(range(1, plan.sample), range(lot)))


def test_probabilities_are_the_counted_ones():
    for lot, defects, sample, limit in product([1, 6, 9], range(7), range(1, 7), range(4)):
        if max(defects, sample) > lot:
            continue
        ways = sum(
            math.comb(defects, found) * math.comb(lot - defects, sample - found)
            for found in range(limit + 1)
            if found <= sample
        )
        assert chance_of_accepting(lot, defects, sample, limit) == pytest.approx(ways / math.comb(lot, sample))


def test_drawn_lots_are_accepted_as_often_as_the_plan_promises():
    dice = random.Random(11)
    plan = plan_for(400)

    def accepted(defects):
        lot = [True] * defects + [False] * (400 - defects)
        return sum(sum(dice.sample(lot, plan.sample)) <= plan.limit for _ in range(2000)) / 2000

    good, bad = accepted(10), accepted(40)  # 2.5 % and 10 %
    assert good >= 0.94 and good == pytest.approx(plan.passes(0.025), abs=0.015)
    assert bad <= 0.11 and bad == pytest.approx(plan.passes(0.10), abs=0.02)


def test_the_curve_falls_from_certain_to_hardly_ever():
    for lot in (1, 40, 1200, 100_000):
        curve = plan_for(lot).curve()
        assert curve[0] == (0.0, 1.0) and curve[-1][1] <= 0.005
        assert all(left[1] >= right[1] and left[0] < right[0] for left, right in zip(curve, curve[1:], strict=False))


@pytest.mark.parametrize(
    ("found", "sample", "low", "high"),
    # Newcombe (1998), table I, method 5 (Clopper-Pearson).
    [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0.0, 0.1684), (1, 29, 0.0009, 0.1776)],
)
def test_in_an_endless_lot_the_interval_is_clopper_and_pearsons(found, sample, low, high):
    assert defect_interval(ENDLESS, sample, found) == pytest.approx((low, high), abs=6e-5)


def test_a_lot_read_whole_leaves_nothing_open():
    assert defect_interval(80, 80, 3) == (3 / 80, 3 / 80)
    assert defect_interval(80, 0, 0) == (0.0, 1.0)


def test_the_interval_holds_the_truth_as_often_as_it_says():
    dice = random.Random(5)
    for defects in (0, 3, 17):
        lot = [True] * defects + [False] * (120 - defects)
        held = 0
        for _ in range(500):
            low, high = defect_interval(120, 45, sum(dice.sample(lot, 45)))
            held += low <= defects / 120 <= high
        assert held >= 0.95 * 500


@pytest.mark.parametrize(
    ("arguments", "why"),
    [((0,), "at least one"), ((10, 0.2, 0.1), "below the rejectable"), ((10, 0.1, 0.2, 0.0), "risk must be")],
)
def test_a_plan_that_cannot_be_is_refused_with_the_reason(arguments, why):
    with pytest.raises(ValueError, match=why):
        plan_for(*arguments)


@pytest.mark.parametrize("lot", [30, 683, 1200, 5000])
def test_a_plan_catches_what_is_too_bad_as_often_as_it_was_asked_to(lot):
    """In whole defects: 10 % of 683 pairs are 69 of them, not 68."""
    assert plan_for(lot).catches() >= 0.9
