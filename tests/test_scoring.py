"""What becomes of a judgement: tests/test_desk.py holds the plain hand-over, this its edges."""

import pytest
from django.utils import timezone

from reviews import scoring
from reviews.models import Item, Round, Score, Task
from training.models import Pair, Preference

RATINGS = {"brand_voice": 4, "accuracy": 5, "creativity": 3, "overall": 4}


@pytest.fixture
def rate(voice):
    """A person scores a sample."""
    work = Round.objects.create(voice=voice, purpose="score")

    def one(user, sample, origin="human", **ratings):
        item, _ = Item.objects.get_or_create(
            round=work, sample=sample, defaults={"position": work.items.count(), "wanted": 3}
        )
        task = Task.objects.create(item=item, reviewer=user, expires_at=timezone.now())
        return scoring.record_score(task, {**RATINGS, **ratings}, origin=origin)

    return one


@pytest.fixture
def two(base_version, first_version, make_brief, make_sample):
    """Two samples of one training brief."""
    brief = make_brief("a rye loaf", split="train")
    return make_sample(base_version, brief), make_sample(first_version, brief)


@pytest.mark.parametrize(
    ("low", "high", "count"),
    [
        ({"overall": 2, "brand_voice": 2}, {"overall": 4, "brand_voice": 4}, 1),
        ({"overall": 2, "brand_voice": 4}, {"overall": 4, "brand_voice": 4}, 1),
        ({"overall": 3, "brand_voice": 2}, {"overall": 4, "brand_voice": 5}, 0),
        ({"overall": 2, "brand_voice": 5}, {"overall": 5, "brand_voice": 3}, 0),
    ],
    ids=["two steps", "brand voice alike", "one step", "brand voice points the other way"],
)
def test_only_a_clear_gap_is_a_preference(rate, two, cora, low, high, count):
    rate(cora, two[0], **low)
    rate(cora, two[1], **high)
    assert Preference.objects.filter(chosen=two[1].text).count() == count == Preference.objects.count()


def test_a_gap_that_a_second_reviewer_closes_is_withdrawn(rate, two, cora, carl):
    rate(cora, two[0], overall=2, brand_voice=2)
    rate(cora, two[1], overall=5, brand_voice=5)
    assert Preference.objects.count() == 1
    rate(carl, two[1], overall=1, brand_voice=1)
    assert not Preference.objects.exists()


def test_a_gap_that_turns_round_turns_the_preference(rate, two, cora, carl, ada):
    rate(cora, two[0], overall=1, brand_voice=1)
    rate(cora, two[1], overall=3, brand_voice=3)
    assert Preference.objects.get().chosen == two[1].text
    rate(carl, two[0], overall=5, brand_voice=5)
    rate(ada, two[0], overall=5, brand_voice=5)
    rate(carl, two[1], overall=1, brand_voice=1)
    rate(ada, two[1], overall=1, brand_voice=1)
    assert Preference.objects.get().chosen == two[0].text


def test_a_demo_rating_never_stands_behind_a_persons_preference(rate, two, cora, carl):
    rate(cora, two[0], origin="demo", overall=1, brand_voice=1)
    rate(carl, two[1], overall=5, brand_voice=5)
    assert not Preference.objects.exists()
    rate(cora, two[1], origin="demo", overall=5, brand_voice=5)
    assert Preference.objects.get().origin == "demo"


@pytest.mark.parametrize("weak", ["brand_voice", "accuracy", "overall"])
def test_a_sample_that_is_weak_in_one_thing_is_no_validation_data(
    rate, first_version, make_brief, make_sample, cora, carl, weak
):
    sample = make_sample(first_version, make_brief("a loaf", split="validation"))
    rate(cora, sample, **{"overall": 4, "brand_voice": 4, "accuracy": 4, weak: 3})
    assert not Pair.objects.exists()
    # Colleagues count together: the mean is 4 now.
    rate(carl, sample, **{"overall": 4, "brand_voice": 4, "accuracy": 4, weak: 5})
    pair = Pair.objects.get()
    assert (pair.provenance, pair.output, pair.status) == (f"score:{sample.pk}", sample.text, "validated")


def test_copy_that_answers_its_brief_already_is_not_added_again(
    rate, base_version, first_version, make_brief, make_sample, cora
):
    brief = make_brief("a loaf", split="validation")
    for version in (base_version, first_version):
        rate(cora, make_sample(version, brief, "Warm rye, from seven."))
    assert Pair.objects.count() == 1


def test_a_score_sent_twice_lowers_what_is_wanted_once(rate, two, cora):
    rate(cora, two[0])
    assert scoring.record_score(Task.objects.get(), RATINGS) is None
    assert Item.objects.get().wanted == 2


def test_a_late_answer_never_makes_wanted_negative(rate, two, cora, carl):
    rate(cora, two[0])
    Item.objects.update(wanted=0)
    rate(carl, two[0])
    assert Item.objects.get().wanted == 0


def test_an_edit_sent_twice_is_one_edit(two, cora, carl):
    first = scoring.record_edit(two[0], cora, "Warm rye, from seven.")
    assert scoring.record_edit(two[0], cora, "Warm rye, from seven.") == first
    assert Preference.objects.count() == 1 == Pair.objects.count()
    assert Pair.objects.get().provenance == f"edit:{first.pk}" == Preference.objects.get().provenance
    # A colleague's, and a second thought, are edits of their own.
    scoring.record_edit(two[0], carl, "Warm rye, from eight.")
    scoring.record_edit(two[0], cora, "Warm rye, from nine.")
    assert Preference.objects.count() == 3


def test_what_answers_a_test_brief_never_trains(rate, base_version, first_version, make_brief, make_sample, cora):
    brief = make_brief("a test loaf", split="test")
    low, high = make_sample(base_version, brief), make_sample(first_version, brief)
    rate(cora, low, overall=1, brand_voice=1)
    rate(cora, high, overall=5, brand_voice=5)
    scoring.record_edit(low, cora, "Warm rye, from seven.")
    assert Preference.objects.count() == 2 and not Preference.objects.for_training().exists()
    assert not Pair.objects.exists()


def test_a_score_taken_back_takes_all_that_it_gave(rate, two, first_version, make_brief, make_sample, cora):
    rate(cora, two[0], overall=1, brand_voice=1)
    rate(cora, two[1], overall=5, brand_voice=5)
    sample = make_sample(first_version, make_brief("a loaf", split="validation"))
    rate(cora, sample, overall=5, brand_voice=5)
    assert Preference.objects.exists() and Pair.objects.exists()
    for task in Task.objects.all():
        given = scoring.take_back(task)
        assert given["accuracy"] == 5 and given["comment"] == ""
    assert not (Score.objects.exists() or Preference.objects.exists() or Pair.objects.exists())
    assert set(Task.objects.values_list("state", flat=True)) == {"leased"}
    # Sent twice, there is nothing more to take back.
    assert scoring.take_back(Task.objects.first()) == {}


def test_what_is_wanted_is_wanted_again_after_taking_back(rate, two, cora):
    rate(cora, two[0])
    Round.objects.update(overlap=1)
    Item.objects.update(wanted=0)
    scoring.take_back(Task.objects.get())
    assert Item.objects.get().wanted == 1


def test_another_reviewers_score_keeps_its_say(rate, first_version, make_brief, make_sample, cora, carl):
    sample = make_sample(first_version, make_brief("a loaf", split="validation"))
    rate(cora, sample, overall=5, brand_voice=5)
    rate(carl, sample, overall=5, brand_voice=5)
    scoring.take_back(Task.objects.get(reviewer=cora))
    assert Pair.objects.count() == 1 and Score.objects.get().reviewer == carl


def test_validation_data_goes_when_colleagues_find_it_weak(rate, first_version, make_brief, make_sample, cora, carl):
    sample = make_sample(first_version, make_brief("a loaf", split="validation"))
    rate(cora, sample, overall=4, brand_voice=4, accuracy=4)
    assert Pair.objects.exists()
    rate(carl, sample, overall=1, brand_voice=1, accuracy=1)
    assert not Pair.objects.exists()


def test_an_annotators_own_decision_outlives_the_scores(rate, first_version, make_brief, make_sample, cora, carl, anna):
    sample = make_sample(first_version, make_brief("a loaf", split="validation"))
    rate(cora, sample, overall=4, brand_voice=4, accuracy=4)
    Pair.objects.update(decided_by=anna)
    rate(carl, sample, overall=1, brand_voice=1, accuracy=1)
    assert Pair.objects.exists()


def test_nothing_is_taken_back_once_the_round_is_over(rate, two, cora):
    rate(cora, two[0])
    Round.objects.update(is_open=False)
    assert scoring.take_back(Task.objects.get()) is None
    assert Score.objects.count() == 1
