"""The review work that a finished run opens."""

from collections import Counter

import pytest
from django.utils import timezone

from reviews.models import Gate, Item, Round, Score
from reviews.queue import next_task
from reviews.rounds import open_rounds
from reviews.scoring import record_score
from training.models import ModelVersion, Preference, Run, Snapshot


@pytest.fixture
def finish(voice):
    """A finished run with the version that it made."""

    def make(number):
        snapshot = Snapshot.objects.create(voice=voice, digest=f"digest {number}")
        run = Run.objects.create(
            voice=voice, snapshot=snapshot, base_model="tiny", state="finished", finished_at=timezone.now()
        )
        version = ModelVersion.objects.create(
            voice=voice, kind="adapter", number=number, run=run, base_model="tiny", adapter=f"v{number}"
        )
        return run, version

    return make


@pytest.fixture
def frozen(make_brief):
    return [make_brief(f"frozen bun {n}") for n in range(4)]


@pytest.fixture
def practice(make_brief):
    return [make_brief(f"practice bun {split}", split=split) for split in ("train", "validation")]


def scored(sample, user):
    return Score.objects.create(sample=sample, reviewer=user, **dict.fromkeys(Score.CRITERIA, 4))


def items(purpose):
    return list(Item.objects.filter(round__purpose=purpose, round__is_open=True).order_by("position"))


def test_neither_a_brief_nor_a_count_tells_the_new_versions_texts(
    finish, frozen, make_brief, base_version, first_version, make_sample
):
    """Of every brief, test or practice, one text in two is the new version's; the others share the rest."""
    run, new = finish(2)
    practice = [make_brief(f"practice bun {number}", split="train") for number in range(4)]
    for brief in frozen + practice:
        for version in (base_version, first_version, new):
            make_sample(version, brief)
    open_rounds(run)
    texts = {}
    for item in items("score"):
        texts.setdefault(item.sample.brief, []).append(item.sample.version)
    assert set(texts) == {*frozen, *practice}
    assert all(len(wrote) == 2 and new in wrote for wrote in texts.values())
    for briefs in (frozen, practice):
        wrote = Counter(version for brief in briefs for version in texts[brief])
        assert wrote == {new: len(briefs), first_version: len(briefs) / 2, base_version: len(briefs) / 2}


@pytest.mark.parametrize("number", range(5))
def test_nor_does_the_order_tell_them_wherever_people_stop(
    finish, frozen, practice, base_version, first_version, make_sample, number
):
    run, new = finish(2 + number)
    for brief in frozen + practice:
        for version in (base_version, first_version, new):
            make_sample(version, brief)
    open_rounds(run)
    order = [item.sample for item in items("score")]
    half = len(order) // 2
    for part in (order[:half], order[half:]):
        assert len({sample.brief for sample in part}) == half
        assert [sample.version for sample in part].count(new) == half / 2
    # The two texts of a brief are half a round apart.
    assert [sample.brief for sample in order[:half]] == [sample.brief for sample in order[half:]]


def test_who_stands_first_is_drawn_anew_for_every_run(finish, frozen, base_version, make_sample):
    orders = set()
    for number in range(1, 9):
        run, new = finish(number)
        for brief in frozen:
            make_sample(new, brief)
            if number == 1:
                make_sample(base_version, brief)
        open_rounds(run)
        orders.add(tuple(item.sample.version == new for item in items("score")))
    assert len(orders) > 3


def test_two_texts_of_a_practice_brief_scored_far_apart_become_a_preference(
    finish, practice, base_version, make_sample, cora
):
    run, new = finish(1)
    for brief in practice:
        make_sample(base_version, brief)
        make_sample(new, brief)
    open_rounds(run)
    while task := next_task(cora, new.voice, "score"):
        rating = 5 if task.item.sample.version == new else 2
        record_score(task, dict.fromkeys(Score.CRITERIA, rating))
    found = Preference.objects.filter(source="scores")
    assert {(one.brief, one.chosen) for one in found} == {
        (brief, new.samples.get(brief=brief).text) for brief in practice
    }


def test_the_text_judged_least_stands_beside_the_new_one(
    finish, frozen, base_version, first_version, make_sample, cora
):
    run, new = finish(2)
    for brief in frozen:
        make_sample(new, brief)
        make_sample(first_version, brief)
        scored(make_sample(base_version, brief), cora)
    open_rounds(run)
    assert {item.sample.version for item in items("score")} == {new, first_version}


def test_a_text_that_another_version_wrote_word_for_word_is_asked_once(
    finish, frozen, base_version, first_version, make_sample
):
    run, new = finish(2)
    for version in (first_version, new):
        make_sample(version, frozen[0], "Warm buns.")
        make_sample(version, frozen[1], "Warm rye.")
    make_sample(base_version, frozen[0], "We sell buns.")
    open_rounds(run)
    assert Counter(item.sample.text for item in items("score")) == {"Warm buns.": 1, "We sell buns.": 1, "Warm rye.": 1}


def test_each_sitting_feeds_the_next_run_and_the_evidence(finish, frozen, practice, base_version, make_sample):
    run, new = finish(1)
    for brief in frozen + practice:
        make_sample(base_version, brief)
        make_sample(new, brief)
    open_rounds(run)
    expected = [False, True, True, False, True, True]
    assert [item.sample.brief.is_frozen for item in items("compare")] == expected
    assert [item.sample.brief for item in items("compare") if not item.sample.brief.is_frozen] == practice
    assert [item.sample.brief.is_frozen for item in items("score")] == expected * 2


def test_a_new_version_meets_the_live_one_on_every_brief_that_both_answered(
    finish, frozen, practice, base_version, first_version, make_sample
):
    run, new = finish(2)
    for brief in frozen + practice:
        for version in (base_version, first_version, new):
            make_sample(version, brief)
    open_rounds(run)
    met = items("compare")
    assert {(item.sample.version, item.other.version) for item in met} == {(new, first_version)}
    assert {item.sample.brief for item in met} == {*frozen, *practice}
    gate = Gate.objects.get()
    assert (gate.version, gate.against, gate.alignment_target) == (new, first_version, 0.85)


def test_the_first_version_meets_the_base(finish, frozen, base_version, make_sample):
    run, new = finish(1)
    make_sample(base_version, frozen[0])
    make_sample(new, frozen[0])
    open_rounds(run)
    assert [item.other.version for item in items("compare")] == [base_version]
    assert Gate.objects.get().against == base_version


def test_nothing_happens_the_second_time(finish, frozen, base_version, make_sample):
    run, new = finish(1)
    make_sample(base_version, frozen[0])
    make_sample(new, frozen[0])
    for _ in range(2):
        open_rounds(run)
        assert Round.objects.filter(is_open=True).count() == 2 == Round.objects.count()
        assert Item.objects.count() == 3
        assert Gate.objects.count() == 1


def test_an_earlier_runs_rounds_close_and_peoples_own_stay_open(voice, finish, frozen, base_version, make_sample):
    own = Round.objects.create(voice=voice, purpose="score")
    for number in (1, 2):
        run, new = finish(number)
        make_sample(new, frozen[0])
        make_sample(base_version, frozen[number])
        open_rounds(run)
    still = Round.objects.filter(is_open=True)
    assert set(still.values_list("run", flat=True)) == {run.pk, None} and own in still
    assert not Round.objects.filter(is_open=False, closed_at=None).exists()


def test_identical_texts_and_texts_that_name_a_model_are_not_compared(finish, frozen, base_version, make_sample):
    run, new = finish(1)
    for brief, theirs, ours in zip(
        frozen,
        ["The same.", "Version 2 of our bun.", "Fine buns.", "Fine rye."],
        ["The same.", "Warm buns.", "As an AI, I like buns.", "Warm rye."],
        strict=True,
    ):
        make_sample(base_version, brief, theirs)
        make_sample(new, brief, ours)
    open_rounds(run)
    assert [item.sample.text for item in items("compare")] == ["Warm rye."]


def test_a_brief_whose_new_text_two_people_scored_is_done_with(finish, frozen, base_version, make_sample, cora, carl):
    run, new = finish(1)
    known, once = make_sample(new, frozen[0]), make_sample(new, frozen[1])
    beside = [make_sample(base_version, brief) for brief in frozen[:2]]
    for user, sample in [(cora, known), (carl, known), (cora, once), (cora, beside[1]), (carl, beside[1])]:
        scored(sample, user)
    open_rounds(run)
    assert {item.sample for item in items("score")} == {once, beside[1]}
