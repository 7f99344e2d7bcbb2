"""From a source to what learnt from it, and back; and what happens when it goes."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from reviews.models import LogEntry
from training import tracing
from training.models import ModelVersion, Pair, Passage, Run, Snapshot, SnapshotPair, Source
from training.retraining import rows_of

PAGE = {"client": "bakery", "voice": "house"}


@pytest.fixture
def signed_in(client, anna):
    client.force_login(anna)
    return client


@pytest.fixture
def source(voice):
    return Source.objects.create(
        voice=voice, name="spring.docx", kind="docx", sha256="a" * 64, raw=b"x", licence="Ours"
    )


@pytest.fixture
def from_source(source, make_pair, anna):
    def make(topic, **fields):
        passage = Passage.objects.create(source=source, position=source.passages.count(), text=topic)
        return make_pair(topic, passage=passage, decided_by=anna, **fields)

    return make


def snapshot_of(voice, pairs, number, days=0):
    row = Snapshot.objects.create(
        voice=voice,
        digest=f"{number:064}",
        counts={"supervised_train": len(pairs), "supervised_validation": 0, "preferences_train": 0},
    )
    Snapshot.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(days=days))
    SnapshotPair.objects.bulk_create(SnapshotPair(snapshot=row, pair=pair) for pair in pairs)
    return Snapshot.objects.get(pk=row.pk)


def learnt(voice, snapshot, number):
    run = Run.objects.create(voice=voice, snapshot=snapshot, state="finished", base_model="b")
    return ModelVersion.objects.create(
        voice=voice, kind="adapter", number=number, base_model="b", adapter=f"v{number}", run=run
    )


def test_two_snapshots_differ_by_pairs_and_a_new_revision_is_a_change(voice, make_pair):
    kept, mended, gone, new = (make_pair(topic) for topic in ("a bun", "a loaf", "a tart", "a cake"))
    before = snapshot_of(voice, [kept, mended, gone], 1, days=2)
    Pair.objects.filter(pk=mended.pk).update(is_current=False)
    after_pair = make_pair("a better loaf", lineage=mended.lineage, revision=2)
    after = snapshot_of(voice, [kept, after_pair, new], 2)
    difference = tracing.compare(before, after)
    assert difference.added == [new] and difference.removed == [gone] and difference.same == 1
    assert [(one.before, one.after) for one in difference.changed] == [(mended, after_pair)]
    assert tracing.counts(before, after) == (1, 1, 1)


def test_the_page_compares_with_the_one_before_unless_told_otherwise(signed_in, voice, make_pair):
    pairs = [make_pair(f"bun {number}") for number in range(4)]
    first = snapshot_of(voice, pairs[:1], 1, days=3)
    snapshot_of(voice, pairs[:2], 2, days=2)
    third = snapshot_of(voice, pairs, 3)
    where = reverse("snapshot", kwargs={**PAGE, "snapshot": third.pk})
    assert "2 added, 0 removed" in signed_in.get(where).content.decode()
    assert "3 added, 0 removed" in signed_in.get(where, {"against": str(first.pk)}).content.decode()
    assert signed_in.get(where, {"format": "csv"}).content.decode().count("added,") == 2


def test_a_snapshot_tells_its_sources_people_and_versions(signed_in, voice, from_source, make_pair):
    row = snapshot_of(voice, [from_source("a bun"), from_source("a loaf"), make_pair("an edit", made="edit")], 1)
    learnt(voice, row, 1)
    page = signed_in.get(reverse("snapshot", kwargs={**PAGE, "snapshot": row.pk})).content.decode()
    assert "Version 1 learnt from it" in page and "spring.docx" in page and "Ours" in page
    assert "2: Anna" in page and "1: Edited draft" in page
    listed = signed_in.get(reverse("snapshots", kwargs=PAGE)).content.decode()
    assert "Version 1" in listed and row.digest[:12] in listed


def test_the_list_takes_as_many_queries_for_many_snapshots_as_for_few(
    signed_in, voice, make_pair, django_assert_max_num_queries
):
    """But for the comparison of neighbours, which each page of twenty pays."""
    pairs = [make_pair(f"bun {number}") for number in range(3)]
    for number in range(20):
        learnt(voice, snapshot_of(voice, pairs[: number % 3 + 1], number, days=number), number + 1)
    with django_assert_max_num_queries(60) as few:
        signed_in.get(reverse("snapshots", kwargs=PAGE))
    for number in range(20, 50):
        learnt(voice, snapshot_of(voice, pairs, number, days=number), number + 1)
    with django_assert_max_num_queries(len(few)):
        signed_in.get(reverse("snapshots", kwargs=PAGE))


def test_files_that_were_changed_are_told(signed_in, voice, make_pair, settings, tmp_path):
    from training.corpus.snapshot import SnapshotRows, SupervisedRow, write_snapshot

    settings.SNAPSHOTS = tmp_path
    written = write_snapshot(tmp_path, SnapshotRows(supervised_train=[SupervisedRow("1", "Brief", "Copy")]))
    row = Snapshot.objects.create(voice=voice, digest=written.digest, counts=written.counts)
    where = reverse("snapshot", kwargs={**PAGE, "snapshot": row.pk})
    assert "exactly the rows of this hash" in signed_in.get(where, {"check": "1"}).content.decode()
    file = written.path / "supervised_train.jsonl"
    file.write_text(file.read_text().replace("Copy", "Cope"))
    assert "are not those it was made of" in signed_in.get(where, {"check": "1"}).content.decode()


def test_a_source_tells_where_it_went_and_what_stays_without_it(signed_in, voice, source, from_source, make_pair):
    pairs = [from_source("a bun"), from_source("a loaf"), make_pair("a tart")]
    from_source("a cake", status="proposed")
    learnt(voice, snapshot_of(voice, pairs, 1), 3)
    page = signed_in.get(reverse("source_use", kwargs={**PAGE, "source": source.pk})).content.decode()
    assert "1 version learnt from it: Version 3." in page
    assert "1 of 3 validated pairs stay." in page and "A run needs 50." in page
    assert "2 pairs" in page


def test_a_withdrawn_source_trains_no_more_and_comes_back_as_it_was(signed_in, voice, source, from_source, make_pair):
    valid, waiting = from_source("a bun"), from_source("a loaf", status="proposed")
    refused = from_source("a tart", status="rejected", reject_reason="Off voice.")
    other = make_pair("a cake")
    where = reverse("source_use", kwargs={**PAGE, "source": source.pk})
    assert signed_in.post(where, {"act": "withdraw", "reason": ""}).status_code == 422
    signed_in.post(where, {"act": "withdraw", "reason": "The permission ended."})
    signed_in.post(where, {"act": "withdraw", "reason": "The permission ended."})
    assert list(voice.pairs.validated()) == [other] and not voice.pairs.open().exists()
    assert LogEntry.objects.get(action="source.withdrawn").data["reason"] == "The permission ended."
    Pair.objects.filter(pk=valid.pk).update(status="validated")  # as many re-opened and accepted in one act
    assert [row.pair for row in rows_of(voice).supervised_train] == [str(other.pk)]
    Pair.objects.filter(pk=valid.pk).update(status="rejected")
    signed_in.post(where, {"act": "bring_back"})
    states = {pair.pk: (pair.status, pair.reject_reason) for pair in voice.pairs.all()}
    assert states[valid.pk] == ("validated", "") and states[waiting.pk] == ("proposed", "")
    assert states[refused.pk] == ("rejected", "Off voice.")
