"""Each document and each cluster of near-copies on one side of the splits, and what cannot move out of training."""

import hashlib
from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.curation import revise
from tests.test_deduplication import ids, make_passage, prose, together  # noqa: F401
from training.corpus.brief import Brief as Content
from training.corpus.snapshot import SnapshotError, SnapshotRows, SupervisedRow, write_snapshot
from training.corpus.splits import LEAST, MOST, part_of, split_of, split_together
from training.deduplication import find_duplicates
from training.importing import briefs_for, import_files
from training.models import Brief, Pair, Passage, Preference, Sample
from training.retraining import rows_of
from training.sides import settle_sides

DIGESTS = st.integers(0, 2**256 - 1).map(lambda number: f"{number:064x}")


def move(passage, split, **fields):
    Brief.objects.filter(pairs__passage=passage).update(split=split, **fields)


def split_of_passage(passage):
    return passage.pairs.get(is_current=True).brief.split


def document(words, paragraphs=8, heading="About"):
    text = "\n\n".join(f"## Part {number}\n\n{prose(f'{words} {number}', 80)}." for number in range(paragraphs))
    return f"# {heading} {words}\n\n{text}".encode()


def test_what_is_cut_from_one_document_is_in_one_split(voice):
    list(import_files(voice, [(f"{name}.md", document(name)) for name in range(30)]))
    sides = defaultdict(set)
    for pair in Pair.objects.select_related("brief", "passage"):
        sides[pair.passage.source_id].add(pair.brief.split)
    assert len(sides) == 30 and all(len(own) == 1 for own in sides.values())
    assert set.union(*sides.values()) == {"train", "validation", "test"}


def test_a_table_is_as_many_documents_as_it_has_rows(voice):
    rows = "".join(f'"{prose(number, 20)}"\n' for number in range(400))
    list(import_files(voice, [("posts.csv", f"copy\n{rows}".encode())]))
    counts = Counter(Brief.objects.values_list("split", flat=True))
    assert 0.7 <= counts["train"] / 400 <= 0.9 and counts["test"] >= 20 and counts["validation"] >= 20


def test_one_long_document_falls_into_stretches_so_that_there_is_something_to_test_on(voice):
    list(import_files(voice, [("book.md", document("book", paragraphs=300))]))
    counts = Counter(Brief.objects.values_list("split", flat=True))
    assert min(counts["test"], counts["validation"]) >= LEAST * 300 / 2 and counts["train"] >= 200
    sides = defaultdict(set)
    for pair in Pair.objects.select_related("brief", "passage"):
        sides[pair.passage.part].add(pair.brief.split)
    assert len(sides) == 15 and all(len(own) == 1 for own in sides.values())


def test_a_new_passage_of_a_document_goes_where_its_known_brief_is(voice):
    text = document("house rules")
    list(import_files(voice, [("a.md", text)]))
    Brief.objects.update(split="validation")
    list(import_files(voice, [("b.md", text + b"\n\n## Later\n\n" + prose("later", 80).encode())]))
    assert set(Brief.objects.values_list("split", flat=True)) == {"validation"}


def test_a_pair_whose_brief_is_mended_stays_on_its_side(voice, anna, make_passage):  # noqa: F811
    for number in range(12):
        passage = make_passage(prose(number))
        move(passage, "validation")
        pair = passage.pairs.select_related("brief", "voice__client").get()
        revise(pair, anna, Content(channel="blog", topic=f"Another {number}"), pair.output)
    assert set(Brief.objects.filter(pairs__is_current=True).values_list("split", flat=True)) == {"validation"}


def test_what_a_data_set_says_is_for_testing_stays_there_and_takes_its_copies_along(voice, make_passage):  # noqa: F811
    """The copy that was here before would draw it into training otherwise."""
    text = prose("rye", 40)
    here = make_passage(text)
    move(here, "train")
    brief = briefs_for(voice, [Content(channel="blog", topic="A test of rye")])
    Brief.objects.filter(pk__in=[one.pk for one in brief.values()]).update(split="test")
    (brought,) = Brief.objects.filter(topic="A test of rye")
    Pair.answering(brought, f"{text} Today.", voice=voice, provenance="import:0f:1").save()
    find_duplicates(voice)
    brought.refresh_from_db()
    assert (brought.split, split_of_passage(here)) == ("test", "test")


@given(DIGESTS)
def test_a_brief_that_comes_alone_is_in_the_split_of_its_content(digest):
    assert split_together(digest, 1, {}) == split_of(digest)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(1, 25), min_size=200, max_size=300), st.integers())
def test_validation_and_test_hold_their_share_whatever_the_documents_are_like(sizes, seed):
    counts = Counter()
    for number, size in enumerate(sizes):
        digest = hashlib.sha256(f"{seed} {number}".encode()).hexdigest()
        counts[split_together(digest, size, counts)] += size
    for held in ("test", "validation"):
        assert LEAST * 0.8 <= counts[held] / counts.total() <= MOST


@given(st.integers(1, 500))
def test_stretches_are_of_like_length_and_in_order(passages):
    parts = [part_of(place, passages) for place in range(passages)]
    assert parts == sorted(parts) and set(parts) == set(range(max(parts) + 1))
    lengths = Counter(parts).values()
    assert max(lengths) <= 30 and (len(lengths) == 1 or max(lengths) - min(lengths) <= 1)


def test_a_cluster_goes_to_the_side_of_its_oldest_pair(voice, make_passage):  # noqa: F811
    first, second = make_passage(prose(1)), make_passage(prose(1) + " too")
    move(first, "validation")
    assert find_duplicates(voice).moved == 1
    assert split_of_passage(second) == "validation"


def test_a_cluster_with_a_frozen_brief_is_on_the_test_side(voice, make_passage):  # noqa: F811
    first, second = make_passage(prose(1), status="validated"), make_passage(prose(1) + " too", status="validated")
    move(second, "test", is_frozen=True)
    find_duplicates(voice)
    assert {split_of_passage(first), split_of_passage(second)} == {"test"}


def test_a_brief_that_was_written_for_stays_and_its_copy_is_left_out_of_training(voice, make_passage, base_version):  # noqa: F811
    first, second = make_passage(prose(1) + " longer", status="validated"), make_passage(prose(1), status="validated")
    move(second, "test", is_frozen=True)
    brief = first.pairs.get().brief
    Sample.objects.create(version=base_version, brief=brief, text="Buns.", seed=1)
    Preference.objects.create(voice=voice, brief=brief, chosen="a", rejected="b", source="edit", strength=1)
    assert len(rows_of(voice).supervised_train) == len(rows_of(voice).preferences_train) == 1
    assert find_duplicates(voice).moved == 0
    assert (split_of_passage(first), split_of_passage(second)) == ("train", "test")
    rows = rows_of(voice)
    assert (rows.supervised_train, rows.preferences_train) == ([], [])


def test_clusters_that_share_a_brief_are_on_one_side(voice, make_passage):  # noqa: F811
    passages = [make_passage(prose(seed) + more) for seed in (1, 2) for more in ("", " too")]
    shared = passages[0].pairs.get().brief
    passages[2].pairs.update(brief=shared)
    move(passages[3], "test")
    move(passages[1], "validation")
    find_duplicates(voice)
    assert {split_of_passage(passage) for passage in passages} == {"train"}


def test_a_document_that_is_there_twice_goes_with_the_first_as_a_whole(voice):
    list(import_files(voice, [("page.md", document("page"))]))
    Brief.objects.update(split="validation")
    again = document("page", heading="All about") + b"\n\n## New\n\n" + prose("new", 80).encode()
    list(import_files(voice, [("page-2.md", again)]))
    Brief.objects.exclude(split="validation").update(split="train")
    find_duplicates(voice)
    assert set(Brief.objects.values_list("split", flat=True)) == {"validation"}


def test_a_footer_that_is_on_every_page_brings_no_two_pages_together(voice, make_passage):  # noqa: F811
    for name in range(6):
        source = make_passage(prose("the same on every page")).source
        for number in range(3):
            move(make_passage(prose(f"{name} {number}"), source=source), "test" if name % 2 else "train")
    find_duplicates(voice)
    counts = Counter(Brief.objects.values_list("split", flat=True))
    assert counts == {"train": 9 + 6, "test": 9}


def test_a_document_of_before_that_lies_on_two_sides_trains_on_the_larger_alone(voice, make_passage):  # noqa: F811
    first = make_passage(prose(0), status="validated")
    others = [make_passage(prose(seed), status="validated", source=first.source) for seed in range(1, 5)]
    move(others[0], "validation")
    move(others[1], "test")
    rows = rows_of(voice)
    assert len(rows.supervised_train) == 3 and rows.supervised_validation == []
    move(first, "test")
    move(others[2], "test")
    assert rows_of(voice) == SnapshotRows([], [], [], [])


def test_corpora_without_passages_train_as_before(voice, make_pair):
    make_pair("rye", split="train")
    make_pair("oat", split="validation")
    rows = rows_of(voice)
    assert (len(rows.supervised_train), len(rows.supervised_validation)) == (1, 1)


def test_a_snapshot_refuses_rows_that_belong_together_on_two_sides(tmp_path):
    rows = SnapshotRows([SupervisedRow("1", "One\n", "a")], [SupervisedRow("2", "Two\n", "b")])
    document = ("document 7", "are from one document of spring.html")
    with pytest.raises(SnapshotError, match="Pair 1 of the training rows and pair 2 of the validation rows are from"):
        write_snapshot(tmp_path, rows, {"1": [document], "2": [("cluster 1", "are copies of one text"), document]})
    assert list(tmp_path.iterdir()) == []
    assert write_snapshot(tmp_path, rows, {"1": [document]}) == write_snapshot(tmp_path, rows)


@pytest.mark.django_db(transaction=False)
@settings(deadline=None, max_examples=15)
@given(data=st.data())
def test_no_cluster_is_on_two_sides_in_any_corpus(data):
    """Any briefs on any side, frozen, shared or worked on; any texts, some copies of others."""
    from django.db import transaction

    from training.models import Client, ModelVersion, Source, Voice

    with transaction.atomic():
        client = Client.objects.create(slug="any", name="Any")
        voice = Voice.objects.create(client=client, slug="any", name="Any")
        version = ModelVersion.objects.create(voice=voice, kind="base", number=0, base_model="b")
        contents = [Content(channel="blog", topic=f"Topic {number}") for number in range(8)]
        briefs = list(briefs_for(voice, contents).values())
        for brief in briefs:
            brief.split = data.draw(st.sampled_from(["train", "validation", "test"]))
            brief.is_frozen = brief.split == "test" and data.draw(st.booleans())
            brief.save()
            if data.draw(st.integers(0, 3)) == 0:
                Sample.objects.create(version=version, brief=brief, text="x", seed=1)
        source = Source.objects.create(voice=voice, name="a", kind="text", sha256="1" * 64, raw=b"")
        for position in range(data.draw(st.integers(2, 14))):
            text = prose(data.draw(st.integers(1, 4))) + data.draw(st.sampled_from(["", " one", " two"]))
            passage = Passage.objects.create(
                source=source, document=position // 2, position=position, original=text, text=text
            )
            brief = data.draw(st.sampled_from(briefs))
            Pair.answering(brief, text, voice=voice, passage=passage, status="validated").save()
        frozen = {brief.pk for brief in briefs if brief.is_frozen}
        find_duplicates(voice)
        assert settle_sides(voice) == 0
        assert not Brief.objects.filter(pk__in=frozen).exclude(split="test").exists()
        rows = rows_of(voice)
        trained = {row.pair for row in rows.supervised_train} | {row.pair for row in rows.supervised_validation}
        cluster_of = {copy.passage_id: copy.kept_id or copy.pk for copy in voice.copies.all()}
        sides = defaultdict(set)
        for pair in Pair.objects.select_related("brief", "passage"):
            if str(pair.pk) in trained or pair.brief.split == "test":
                sides[cluster_of.get(pair.passage_id, pair.passage_id)].add(pair.brief.split)
            if str(pair.pk) in trained:
                sides[source.pk, pair.passage.document].add(pair.brief.split)
        assert all(len(own) == 1 for own in sides.values())
        transaction.set_rollback(True)
