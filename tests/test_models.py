"""The promises that the database itself keeps."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from reviews.models import Comparison, Edit, Item, LogEntry, Membership, Round, Score, Task, record
from training.models import (
    Brief,
    Client,
    LossPoint,
    Measurement,
    ModelVersion,
    Pair,
    Passage,
    Preference,
    Run,
    Sample,
    Snapshot,
    Source,
    Voice,
)


def refused(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


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


def test_a_run_is_the_only_unfinished_one_of_its_voice(voice):
    snapshot = Snapshot.objects.create(voice=voice, digest="0" * 64)
    Run.objects.create(voice=voice, snapshot=snapshot, base_model="b", state="finished")
    Run.objects.create(voice=voice, snapshot=snapshot, base_model="b", state="running")
    refused(lambda: Run.objects.create(voice=voice, snapshot=snapshot, base_model="b", state="queued"))


def test_what_counts_once_is_there_once(voice, first_version, make_sample, make_pair, cora):
    """Whatever the code above does: the same source, revision, version, sample, figure or role twice is refused."""
    pair, sample = make_pair("rye"), make_sample(first_version)
    source = Source.objects.create(voice=voice, name="a", kind="text", sha256="1" * 64, raw=b"x")
    Passage.objects.create(source=source, position=1, text="x")
    Snapshot.objects.create(voice=voice, digest="0" * 64)
    run = Run.objects.create(voice=voice, snapshot=voice.snapshots.get(), base_model="b")
    LossPoint.objects.create(run=run, stage="sft", step=1)
    Measurement.objects.create(version=first_version, name="bleu", value=1, n=1, signature="s")
    Round.objects.create(voice=voice, run=run, purpose="score")
    work = Round.objects.create(voice=voice, purpose="score")
    Item.objects.create(round=work, position=1, sample=sample)
    because = {"voice": voice, "brief": sample.brief, "source": "edit", "strength": 1, "provenance": "edit:1"}
    Preference.objects.create(**because, chosen="a", rejected="b")
    task = Task.objects.create(item=work.items.get(), reviewer=cora, expires_at=timezone.now())
    Score.objects.create(sample=sample, reviewer=cora, task=task, **dict.fromkeys(Score.CRITERIA, 3))
    for again in (
        lambda: Client.objects.create(slug=voice.client.slug, name="x"),
        lambda: Voice.objects.create(client=voice.client, slug=voice.slug, name="x"),
        lambda: Source.objects.create(voice=voice, name="b", kind="text", sha256="1" * 64, raw=b"x"),
        lambda: Passage.objects.create(source=source, position=1, text="y"),
        lambda: Pair.objects.create(
            voice=voice, brief=pair.brief, output="x", lineage=pair.lineage, revision=1, is_current=False
        ),
        lambda: Snapshot.objects.create(voice=voice, digest="0" * 64),
        lambda: LossPoint.objects.create(run=run, stage="sft", step=1),
        lambda: ModelVersion.objects.create(voice=voice, kind="adapter", number=1, adapter="v1"),
        lambda: Sample.objects.create(version=first_version, brief=sample.brief, seed=sample.seed, text="x"),
        lambda: Measurement.objects.create(version=first_version, name="bleu", value=2, n=1, signature="s"),
        lambda: Round.objects.create(voice=voice, run=run, purpose="score"),
        lambda: Item.objects.create(round=work, position=1, sample=sample),
        lambda: Score.objects.create(sample=sample, reviewer=cora, task=task, **dict.fromkeys(Score.CRITERIA, 3)),
        lambda: Membership.objects.create(user=cora, client=voice.client, role="copywriter"),
        lambda: Preference.objects.create(**because, chosen="c", rejected="d"),
    ):
        refused(again)


def test_what_makes_no_sense_is_refused(voice, first_version, make_sample, make_pair, cora):
    pair, sample = make_pair("rye"), make_sample(first_version)
    other = make_sample(first_version, brief=sample.brief, seed=2)
    work = Round.objects.create(voice=voice, purpose="compare")
    preference = {"voice": voice, "brief": sample.brief, "chosen": "a", "rejected": "b", "source": "edit"}
    for senseless in (
        lambda: Voice.objects.filter(pk=voice.pk).update(alignment_target=1.2),
        lambda: Pair.objects.filter(pk=pair.pk).update(output=""),
        lambda: Pair.objects.filter(pk=pair.pk).update(revision=0),
        lambda: Brief.objects.filter(pk=pair.brief.pk).update(split="holdout"),
        lambda: ModelVersion.objects.create(voice=voice, kind="adapter", number=5, adapter=""),
        lambda: Membership.objects.create(user=cora, client=voice.client, role="king"),
        lambda: Round.objects.create(voice=voice, purpose="score", overlap=0),
        lambda: Item.objects.create(round=work, position=1, sample=sample, other=sample),
        lambda: Comparison.objects.create(left=sample, right=sample, reviewer=cora, verdict="left"),
        lambda: Comparison.objects.create(left=sample, right=other, reviewer=cora, verdict="maybe"),
        lambda: Edit.objects.create(sample=sample, reviewer=cora, text="", distance=0),
        lambda: Preference.objects.create(**preference, strength=1.5, provenance="x"),
        lambda: Preference.objects.create(**preference, strength=0, provenance="x"),
        lambda: Preference.objects.create(**{**preference, "rejected": "a"}, strength=1, provenance="x"),
    ):
        refused(senseless)


def test_the_log_is_append_only(voice, cora, bakery):
    entry = record("version.promoted", client=bakery, user=cora, voice=voice, reason="It reads like us.")
    mine = LogEntry.objects.filter(pk=entry.pk)
    refused(lambda: mine.update(data={"reason": "I never said that."}))
    refused(lambda: mine.update(action="version.rolled_back"))
    entry.data = {}
    refused(entry.save)
    cora.delete()  # a person may go; what they did stays
    assert mine.get().data == {"reason": "It reads like us."} and mine.get().user is None


def test_the_migrations_say_what_the_models_say(db):
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True)
