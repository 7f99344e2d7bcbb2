"""Second briefs: other words for the same copy, on the same side, two at most, each to be accepted."""

import pytest
from django.urls import reverse

from reviews import reshaping
from reviews.models import LogEntry
from reviews.rebriefing import proposals, rebrief
from training.corpus.brief import Brief as Content
from training.corpus.facts import distinct, unexplained
from training.corpus.focusing import borne
from training.corpus.rebrief import MOST, Where, second_briefs
from training.corpus.splits import split_of
from training.importing import import_files
from training.models import Brief, Focus, Pair
from training.retraining import rows_of

PAGE = {"client": "bakery", "voice": "house"}
COPY = (
    "Our sourdough class is back. On Saturday 9 May, Maria Lopez shows home bakers how a rye starter lives for "
    "12 years on a kitchen shelf. A seat costs £45 and includes lunch and a jar of the starter. "
    "Book your seat by Friday 1 May."
)
FIRST = Content(
    "email",
    "our sourdough class",
    ("On Saturday 9 May", "Maria Lopez", "12 years", "£45"),
    "home bakers",
    "Book your seat by Friday 1 May",
)


@pytest.fixture
def pair(voice):
    [done] = import_files(voice, [("class.md", f"# Sourdough class\n\n{COPY}\n".encode())], status="validated")
    assert done.passages == 1
    pair = voice.pairs.select_related("brief", "passage__source", "voice__client").get()
    Brief.objects.filter(pk=pair.brief_id).update(split="train")
    pair.brief.split = "train"
    return pair


@pytest.fixture
def signed_in(client, anna):
    client.force_login(anna)
    return client


def test_second_briefs_use_other_words_and_leave_nothing_unexplained():
    found = list(second_briefs(COPY, FIRST, Where(title="Sourdough class")))
    assert len(found) >= MOST and len({brief.digest() for brief in (FIRST, *found)}) == len(found) + 1
    least = distinct(unexplained(COPY, FIRST))
    for brief in found:
        assert distinct(unexplained(COPY, brief)) <= least
        assert borne(brief.facts, COPY) == brief.facts
        assert (brief.topic, brief.facts) != (FIRST.topic, FIRST.facts) and brief.channel == "email"
    assert len({brief.topic for brief in found[:MOST]}) == MOST and {bool(brief.audience) for brief in found} == {
        True,
        False,
    }


def test_a_call_to_action_or_a_figure_that_the_copy_does_not_bear_is_not_asked_for_again():
    first = Content("email", "our class of 2031", FIRST.facts, "home bakers", "Ring 555 0199 today")
    for brief in second_briefs(COPY, first, Where(title="Our class of 2031")):
        assert "555" not in brief.call_to_action and "2031" not in brief.topic


def test_what_the_fact_sheet_gives_needs_no_asking():
    sheet = Where(title="Sourdough class", fact_sheet="A seat costs £45.")
    assert all("£45" not in " ".join(brief.facts) for brief in list(second_briefs(COPY, FIRST, sheet))[:MOST])


def test_a_brief_that_leaves_more_unexplained_than_the_first_is_none():
    """No phrase of ten words around the figure stands by itself; a person found one all the same."""
    said = (
        "They counted and counted on the long way home from the old mill and came in the end to exactly 77 in the dark"
    )
    first = Content("blog", "a count on the way home", ("exactly 77",))
    assert distinct(unexplained(said, first)) == 0
    assert [one for one in second_briefs(said, first, Where()) if distinct(unexplained(said, one))] == []


def test_they_become_proposed_pairs_on_the_same_passage_and_side_two_at_most(voice, pair, anna):
    made = rebrief(pair, anna)
    assert len(made) == MOST and rebrief(pair, anna) == [] and proposals(made[0]) == []
    for one in made:
        assert (one.status, one.made, one.output, one.passage_id) == (
            "proposed",
            "rebrief",
            pair.output,
            pair.passage_id,
        )
        assert one.brief.split == "train"
    assert voice.pairs.count() == 1 + MOST and LogEntry.objects.filter(action="pair.rebriefed").count() == 1


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_the_side_is_that_of_the_first_whatever_the_digest_says(pair, anna, split):
    Brief.objects.filter(pk=pair.brief_id).update(split=split)
    pair.brief.split = split
    made = rebrief(pair, anna)
    assert {one.brief.split for one in made} == {split}
    assert split == "train" or {split_of(one.brief.digest) for one in made} != {split}


def test_a_brief_that_is_known_on_another_side_is_not_taken(voice, pair, anna):
    first, second = proposals(pair)
    Brief.objects.create(voice=voice, split="test", digest=first.digest(), **first.as_dict())
    assert [one.brief.digest for one in rebrief(pair, anna)] == [second.digest()]


def test_all_of_them_train_and_a_merge_joins_none_of_them(voice, pair, anna):
    made = rebrief(pair, anna)
    Pair.objects.filter(pk__in=[one.pk for one in made]).update(status="validated")
    rows = rows_of(voice).supervised_train
    assert len(rows) == 1 + MOST and len({row.completion for row in rows}) == 1
    assert reshaping.neighbours(pair) == (None, None) and reshaping.neighbours(made[0]) == (None, None)


def test_the_page_shows_them_before_they_are_proposed(signed_in, voice, pair):
    where = reverse("second_briefs", kwargs={**PAGE, "pair": pair.pk})
    page = signed_in.get(where).content.decode()
    assert all(brief.topic in page for brief in proposals(pair)) and voice.pairs.count() == 1
    assert where in signed_in.get(reverse("pair", kwargs={**PAGE, "pair": pair.pk})).content.decode()
    for _ in range(2):
        signed_in.post(where)
    assert voice.pairs.count() == 1 + MOST
    assert "There is no other brief to propose" in signed_in.get(where).content.decode()


def test_copy_without_a_passage_gets_none(signed_in, make_pair):
    pair = make_pair("a rye loaf")
    where = reverse("second_briefs", kwargs={**PAGE, "pair": pair.pk})
    assert "Only imported copy gets second briefs" in signed_in.get(where).content.decode()
    signed_in.post(where)
    assert Pair.objects.count() == 1


def test_a_focus_proposes_them_for_its_training_pairs_a_bounded_number_at_once(signed_in, voice, pair, monkeypatch):
    monkeypatch.setattr("reviews.rebriefing.AT_ONCE", 1)
    focus = Focus.objects.create(voice=voice, name="Classes", search="sourdough")
    where = reverse("focus", kwargs={**PAGE, "focus": focus.pk})
    response = signed_in.post(where, {"act": "rebrief"}, follow=True)
    assert "2 second briefs proposed for 1 pair." in response.content.decode()
    again = signed_in.post(where, {"act": "rebrief"}, follow=True)
    assert "Each pair that may have second briefs has them." in again.content.decode()


def test_cleaning_again_takes_second_briefs_along(voice, pair, anna):
    from training.recleaning import propose_anew

    made = rebrief(pair, anna)
    before = pair.output
    pair.passage.text = before.replace("a jar of the starter", "a jar of it")
    pair.passage.save()
    propose_anew(voice, [pair.passage], {pair.passage_id: before})
    for one in made:
        now = Pair.objects.current().get(lineage=one.lineage)
        assert now.output == pair.passage.text and now.made == "rebrief" and now.revision == 2
