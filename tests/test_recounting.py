"""Unexplained facts, counted when a pair is made and again when what explains them changes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from training import recounting
from training.importing import import_files
from training.models import Brief, Pair
from training.recounting import START, count_some, sweep

COPY = "Our rye is £3.50 and waits at 12 Mill Lane for Anna Pear."


def address(voice):
    return reverse("voice", args=[voice.client.slug, voice.slug])


@pytest.fixture
def pair(voice, make_brief):
    made = Pair.answering(make_brief("rye", split="train", facts=["£3.50"]), COPY, voice=voice)
    made.save()
    return made


def test_a_new_pair_counts_what_neither_brief_nor_fact_sheet_explains(voice, pair):
    assert pair.unexplained == 1  # Anna Pear: the fact sheet has the address


def test_an_imported_pair_asks_for_its_facts(voice):
    list(import_files(voice, [("rye.md", f"# Rye\n\n{COPY} Nobody else does it here.".encode())]))
    made = voice.pairs.get()
    assert made.unexplained == 0 and "£3.50" in made.brief.facts
    assert made.passage.document_title == "Rye"


def test_a_changed_fact_sheet_counts_again(client, lena, voice, pair):
    client.force_login(lena)
    form = {"name": voice.name, "guidelines": voice.guidelines, "fact_sheet": "Anna Pear bakes.", "target": 85}
    client.post(address(voice), form)
    voice.refresh_from_db()
    assert voice.recount_after == START
    assert sweep() == 1
    pair.refresh_from_db()
    voice.refresh_from_db()
    assert (pair.unexplained, voice.recount_after) == (2, None)  # now the address is new: 12, Mill Lane


def test_another_target_counts_nothing_again(client, lena, voice):
    client.force_login(lena)
    form = {"name": voice.name, "guidelines": voice.guidelines, "fact_sheet": voice.fact_sheet, "target": 70}
    client.post(address(voice), form)
    voice.refresh_from_db()
    assert (voice.alignment_target, voice.recount_after) == (0.7, None)


def test_counting_goes_on_where_it_stopped_and_begins_anew_with_a_second_change(voice, pair):
    brief = Brief.objects.get()
    Pair.objects.bulk_create(Pair.answering(brief, f"{COPY} {number}", voice=voice) for number in range(9))
    Pair.objects.update(unexplained=7)
    recounting.recount(voice)
    assert count_some(voice.pk, limit=4) == 4
    assert Pair.objects.filter(unexplained=7).count() == 6
    recounting.recount(voice)
    assert [count_some(voice.pk, limit=4) for _ in range(4)] == [4, 4, 2, 0]
    assert not Pair.objects.filter(unexplained=7).exists()


def test_a_piece_takes_as_many_queries_for_many_pairs_as_for_few(voice, pair):
    brief = Brief.objects.get()

    def queries(limit):
        Pair.objects.update(unexplained=7)
        recounting.recount(voice)
        with CaptureQueriesContext(connection) as found:
            assert count_some(voice.pk, limit=limit) == limit
        return len(found)

    Pair.objects.bulk_create(Pair.answering(brief, f"{COPY} {number}", voice=voice) for number in range(30))
    assert queries(5) == queries(30)
