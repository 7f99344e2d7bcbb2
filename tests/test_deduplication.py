"""Near-copies of a voice: one is kept, the others wait, and what people decide holds."""

import random
import threading
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from training.deduplication import find_duplicates, keep_instead, take_back, tell_apart
from training.importing import briefs_for
from training.models import Copy, CopyDecision, Pair, Passage, Source, Touch
from training.retraining import rows_of

WORDS = [f"{stem}{letter}" for stem in ["brew", "loaf", "rye", "oven", "lane", "salt"] for letter in "abcdefghij"]


def prose(seed, words=60):
    chance = random.Random(seed)
    return " ".join(chance.choice(WORDS) for _ in range(words))


@pytest.fixture
def make_passage(voice):
    """A passage with its pair, in a document of its own."""

    def make(text, status="proposed", voice=voice, source=None, **fields):
        number = Passage.objects.count()
        source = source or Source.objects.create(
            voice=voice, name=f"{number}.txt", kind="text", sha256=f"{number:064}", raw=b""
        )
        passage = Passage.objects.create(source=source, position=number, original=text, text=text, **fields)
        from training.corpus.brief import Brief as Content

        content = Content(channel="blog", topic=f"Topic {number}")
        brief = briefs_for(voice, [content], {content.digest(): "train"})[content.digest()]
        Pair.answering(brief, text, voice=voice, passage=passage, status=status).save()
        return passage

    return make


def kept(voice):
    return {row.passage or row.lineage for row in voice.copies.kept()}


def together(voice):
    """Each cluster as the set of its texts."""
    return {
        frozenset([row.passage_id or row.lineage, *(one.passage_id or one.lineage for one in row.copies.all())])
        for row in voice.copies.kept()
    }


def ids(*passages):
    return frozenset(passage.pk for passage in passages)


def test_the_longest_of_a_cluster_is_kept_and_the_others_point_to_it(voice, make_passage):
    text = prose(1)
    short, long, alone = make_passage(text), make_passage(f"{text} and more"), make_passage(prose(2))
    found = find_duplicates(voice)
    assert (found.texts, found.clusters, found.left_out) == (3, 1, 1)
    row = short.copy
    assert row.kept.passage == long and row.kept.size == 2
    assert row.similarity == pytest.approx(56 / 58)
    assert list(Pair.objects.open().order_by("created_at")) == [long.pairs.get(), alone.pairs.get()]


def test_of_equally_long_ones_the_cleanest_is_kept_then_the_newest(voice, make_passage):
    text = prose(1)
    flagged = make_passage(text, published=date(2026, 1, 1))
    Touch.objects.create(voice=voice, passage=flagged, rule="language")
    invents = make_passage(text, published=date(2025, 1, 1))
    invents.pairs.update(unexplained=2)
    old, new = make_passage(text, published=date(2023, 1, 1)), make_passage(text, published=date(2024, 1, 1))
    find_duplicates(voice)
    assert kept(voice) == {new}
    new.pairs.all().delete()
    new.delete()
    find_duplicates(voice)
    assert kept(voice) == {old}


def test_work_that_is_done_stays_and_a_rejected_text_is_never_the_one_that_is_kept(voice, make_passage):
    text = prose(1)
    rejected = make_passage(f"{text} and very much more", status="rejected")
    validated = make_passage(text, status="validated")
    make_passage(f"{text} and more")
    find_duplicates(voice)
    assert kept(voice) == {validated}
    validated.pairs.update(status="rejected")
    rejected.delete()
    find_duplicates(voice)
    assert kept(voice).isdisjoint({validated})


def test_nothing_is_deleted_or_rejected_and_copies_train_no_more(voice, make_passage):
    text = prose(1)
    first, second = make_passage(text, status="validated"), make_passage(f"{text} and more", status="validated")
    assert len(rows_of(voice).supervised_train) == 2
    find_duplicates(voice)
    assert [row.pair for row in rows_of(voice).supervised_train] == [str(second.pairs.get().pk)]
    assert Pair.objects.filter(status="validated").count() == 2
    second.pairs.all().delete()
    second.delete()
    assert [row.completion for row in rows_of(voice).supervised_train] == [first.text]


def test_pairs_without_a_passage_are_compared_as_well_and_keep_their_place_when_they_are_revised(voice, make_pair):
    text = prose(1)
    first = make_pair("rye", output=text)
    second = make_pair("oat", output=f"{text} and more")
    make_pair("old", output=text, status="rejected")
    find_duplicates(voice)
    assert together(voice) == {frozenset([first.lineage, second.lineage])}
    assert [row.pair for row in rows_of(voice).supervised_train] == [str(second.pk)]
    Pair.objects.filter(pk=first.pk).update(is_current=False)
    revised = Pair.answering(first.brief, text, voice=voice, lineage=first.lineage, revision=2, status="validated")
    revised.save()
    assert len(rows_of(voice).supervised_train) == 1


def test_a_passage_that_answers_two_briefs_is_no_copy_of_itself(voice, make_passage, make_brief):
    passage = make_passage(prose(1), status="validated")
    Pair.answering(
        make_brief("again", split="train"), passage.text, voice=voice, passage=passage, status="validated"
    ).save()
    assert find_duplicates(voice).clusters == 0
    assert len(rows_of(voice).supervised_train) == 2


def test_a_second_look_changes_nothing_and_one_after_a_change_changes_that_cluster_alone(voice, make_passage):
    for seed in range(5):
        make_passage(prose(seed))
        make_passage(prose(seed) + " too")
    find_duplicates(voice)
    before = set(Copy.objects.values_list("pk", flat=True))
    find_duplicates(voice)
    assert set(Copy.objects.values_list("pk", flat=True)) == before
    make_passage(prose(3) + " as well")
    find_duplicates(voice)
    assert len(before & set(Copy.objects.values_list("pk", flat=True))) == 8


def test_another_voices_texts_are_no_copies(voice, rival, make_passage):
    make_passage(prose(1))
    make_passage(prose(1), voice=rival)
    assert find_duplicates(voice).clusters == 0


def test_texts_that_are_said_to_be_no_copies_stay_apart_on_the_next_look(voice, anna, make_passage):
    text = prose(1)
    first, second = make_passage(text), make_passage(f"{text} more")
    find_duplicates(voice)
    decision = tell_apart(voice.copies.kept().get(), anna)
    assert Copy.objects.count() == 0 and Pair.objects.open().count() == 2
    find_duplicates(voice)
    assert Copy.objects.count() == 0
    third = make_passage(f"{text} more")
    find_duplicates(voice)
    assert together(voice) == {ids(second, third)}
    take_back(decision)
    assert together(voice) == {ids(first, second, third)}


def test_one_text_that_is_no_copy_leaves_the_others_together(voice, anna, make_passage):
    text = prose(1)
    texts = [make_passage(f"{text}{more}") for more in ("", " one", " two")]
    find_duplicates(voice)
    out = voice.copies.left_out().first()
    tell_apart(out.kept, anna, only=out)
    assert together(voice) == {ids(*(one for one in texts if one != out.passage))}
    find_duplicates(voice)
    assert together(voice) == {ids(*(one for one in texts if one != out.passage))}


def test_the_text_that_a_person_keeps_is_kept_whatever_comes_later(voice, anna, make_passage):
    text = prose(1)
    short = make_passage(text)
    make_passage(f"{text} and more")
    find_duplicates(voice)
    keep_instead(short.copy, anna)
    assert kept(voice) == {short}
    make_passage(f"{text} and even more", status="validated")
    find_duplicates(voice)
    assert kept(voice) == {short} and voice.copies.kept().get().size == 3
    decision = CopyDecision.objects.get()
    assert (decision.kind, decision.decided_by) == ("keep", anna)
    take_back(decision)
    short.refresh_from_db()
    assert kept(voice).isdisjoint({short})


def test_a_text_that_is_told_apart_from_one_may_join_another(voice, anna, make_passage):
    """Two clusters that decisions cut from one are looked at together when one of the decisions is taken back."""
    text = prose(1)
    first, second, third = (make_passage(f"{text}{more}") for more in (" one", " two", " three"))
    find_duplicates(voice)
    row = second.copy
    one = tell_apart(voice.copies.kept().get(), anna)
    assert Copy.objects.count() == 0 and row.voice == voice
    find_duplicates(voice)
    take_back(one)
    assert together(voice) == {ids(first, second, third)}


def test_a_decision_that_is_made_during_a_look_holds(voice, anna, make_passage):
    make_passage(prose(1))
    make_passage(prose(1))
    find_duplicates(voice)

    def decide(read, of):
        if row := voice.copies.kept().first():
            tell_apart(row, anna)

    find_duplicates(voice, decide)
    assert Copy.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_looks_and_decisions_at_once_leave_each_text_in_one_cluster_at_most(voice, anna, make_passage):
    if not connection.features.has_select_for_update:
        pytest.skip("SQLite lets one write at a time; PostgreSQL runs this.")
    texts = [make_passage(prose(seed) + more) for seed in range(20) for more in ("", " more", " too")]
    find_duplicates(voice)
    rows = list(voice.copies.left_out())
    make_passage(prose(0) + " late")
    together, broken = threading.Barrier(4), []

    def act(number):
        together.wait()
        try:
            if number < 2:
                find_duplicates(voice)
            else:
                keep_instead(rows[number], anna)
        except Exception as error:
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    find_duplicates(voice)
    assert voice.copies.kept().count() == 20 and voice.copies.count() == len(texts) + 1
    assert {rows[2].passage, rows[3].passage} <= kept(voice)


def test_the_look_tells_how_far_it_is(voice, make_passage):
    for seed in range(3):
        make_passage(prose(seed))
    heard = []
    find_duplicates(voice, lambda read, of: heard.append((read, of)))
    assert heard == [(3, 3)]


def test_a_look_takes_as_many_queries_for_sixty_texts_as_for_six(voice, make_passage):
    counts = []
    for number in (3, 27):
        for seed in range(number):
            make_passage(prose(f"{number} {seed}"))
            make_passage(prose(f"{number} {seed}") + " too")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            find_duplicates(voice)
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 1  # what has not changed is left alone


def test_the_command_says_what_it_found(voice, make_passage, capsys):
    make_passage(prose(1))
    make_passage(prose(1))
    call_command("find_duplicates", "bakery/house")
    assert "2 texts: 1 near-copies of 1 others are left out, 0 briefs moved" in capsys.readouterr().out
    with pytest.raises(CommandError, match="there is no such voice"):
        call_command("find_duplicates", "nobody")
