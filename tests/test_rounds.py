"""The review work that a finished run opens."""

import pytest
from django.utils import timezone

from reviews.models import Gate, Item, Round, Score
from reviews.rounds import open_rounds
from training.models import ModelVersion, Run, Snapshot


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


def items(purpose):
    return list(Item.objects.filter(round__purpose=purpose, round__is_open=True).order_by("position"))


def test_a_new_version_is_scored_beside_the_live_one_and_the_base(
    finish, frozen, practice, base_version, first_version, make_sample
):
    run, new = finish(2)
    for brief in frozen + practice:
        for version in (base_version, first_version, new):
            make_sample(version, brief)
    open_rounds(run)
    scored = items("score")
    assert {(item.sample.version, item.sample.brief) for item in scored if item.sample.brief.is_frozen} == {
        (version, brief) for version in (base_version, first_version, new) for brief in frozen
    }
    # Practice briefs give training and validation data; the old versions' were judged before.
    rest = [item for item in scored if not item.sample.brief.is_frozen]
    assert {(item.sample.version, item.sample.brief) for item in rest} == {(new, brief) for brief in practice}


def test_each_sitting_feeds_the_next_run_and_the_evidence(finish, frozen, practice, base_version, make_sample):
    run, new = finish(1)
    for brief in frozen + practice:
        make_sample(base_version, brief)
        make_sample(new, brief)
    open_rounds(run)
    expected = [False, True, True, False, True, True]
    assert [item.sample.brief.is_frozen for item in items("compare")] == expected
    assert [item.sample.brief for item in items("compare") if not item.sample.brief.is_frozen] == practice
    assert [item.sample.brief.is_frozen for item in items("score")] == [*expected, True, True, True, True]


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


def test_a_sample_that_two_people_scored_is_not_asked_again(finish, frozen, base_version, make_sample, cora, carl):
    run, new = finish(1)
    known, once, fresh = (
        make_sample(base_version, frozen[0]),
        make_sample(base_version, frozen[1]),
        make_sample(new, frozen[0]),
    )
    for user, sample in [(cora, known), (carl, known), (cora, once)]:
        Score.objects.create(sample=sample, reviewer=user, brand_voice=4, accuracy=4, creativity=4, overall=4)
    open_rounds(run)
    assert {item.sample for item in items("score")} == {once, fresh}


def test_the_order_tells_nothing_of_the_versions(finish, make_brief, base_version, make_sample):
    run, new = finish(1)
    for number in range(12):
        brief = make_brief(f"bun {number}")
        make_sample(base_version, brief)
        make_sample(new, brief)
    open_rounds(run)
    order = [item.sample.version_id for item in items("score")]
    assert order != sorted(order, key=str) and order != sorted(order, key=str, reverse=True)
    assert order[:12].count(new.pk) not in (0, 12)
