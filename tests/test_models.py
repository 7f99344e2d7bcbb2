"""The promises that the database itself keeps."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from reviews.models import Item, Round, Score, Task
from training.models import Brief, ModelVersion, Pair


def test_a_voice_has_at_most_one_live_version(first_version, voice):
    with pytest.raises(IntegrityError), transaction.atomic():
        ModelVersion.objects.create(voice=voice, kind="adapter", number=2, adapter="v2", is_live=True)


def test_a_brief_is_in_one_split(make_brief):
    make_brief("seeded loaf", split="train")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_brief("Seeded  loaf", split="test")


def test_a_pair_has_one_current_revision(make_pair):
    pair = make_pair("seeded loaf")
    with pytest.raises(IntegrityError), transaction.atomic():
        Pair.objects.create(
            voice=pair.voice,
            brief=pair.brief,
            output="Another",
            lineage=pair.lineage,
            revision=2,
            is_current=True,
        )


@pytest.mark.parametrize("rating", [0, 6])
@pytest.mark.parametrize("criterion", Score.CRITERIA)
def test_a_rating_is_from_1_to_5(first_version, make_sample, cora, rating, criterion):
    ratings = dict.fromkeys(Score.CRITERIA, 3) | {criterion: rating}
    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.create(sample=make_sample(first_version), reviewer=cora, **ratings)


def test_a_reviewer_holds_one_lease_per_item(first_version, make_sample, voice, cora):
    work = Round.objects.create(voice=voice, purpose="score")
    item = Item.objects.create(round=work, position=1, sample=make_sample(first_version))
    Task.objects.create(item=item, reviewer=cora, expires_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.create(item=item, reviewer=cora, expires_at=timezone.now())


def test_only_test_briefs_are_frozen(make_brief):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_brief("seeded loaf", split="train", is_frozen=True)
    assert not Brief.objects.exists()


def test_the_migrations_say_what_the_models_say(db):
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True)
