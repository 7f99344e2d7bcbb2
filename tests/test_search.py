"""Search and the lists' entries: whatever writes a pair or passage, and with whatever words, the lists find it."""

import pytest
from django.db import connection, transaction

from training import listing
from training.corpus import searching
from training.models import Brief, Pair, PairEntry, Passage, PassageEntry, Source


def found(typed):
    entries = PairEntry.objects.matching(typed).order_by("id")
    return [entry.pair.brief.topic for entry in entries.select_related("pair__brief")]


@pytest.fixture
def rye(make_pair):
    return make_pair("Rye bread", output="We bake the rye at four in the morning, for £3.50.")


@pytest.fixture
def buns(make_pair):
    pair = make_pair("Crème buns", output="Cinnamon buns, baked at four.")
    Brief.objects.filter(pk=pair.brief_id).update(facts=["Café Zoë", "on Friday"])
    return pair


@pytest.fixture
def passage(voice):
    source = Source.objects.create(voice=voice, name="a.txt", kind="text", sha256="1" * 64, raw=b"x")
    return Passage.objects.create(source=source, position=0, title="Our oven", original="x", text="It is hot by four.")


@pytest.mark.parametrize(
    ("typed", "topics"),
    [
        ("rye", ["Rye bread"]),
        ("RYE", ["Rye bread"]),
        ("bak four", ["Rye bread", "Crème buns"]),
        ("four cinn", ["Crème buns"]),
        ("creme", ["Crème buns"]),
        ("CRÈME", ["Crème buns"]),
        ("cre\u0300me", ["Crème buns"]),
        ("zoe", ["Crème buns"]),
        ("friday buns", ["Crème buns"]),
        ('"four in the morning"', ["Rye bread"]),
        ('"in four the morning"', []),
        ('"four in the mor"', []),
        ("3.50", ["Rye bread"]),
        ("£3", ["Rye bread"]),
        ("ye", []),
        ("a", []),
        ("rye AND", []),
        ("zebra", []),
    ],
)
def test_words_phrases_and_beginnings_are_found(rye, buns, typed, topics):
    assert found(typed) == topics


@pytest.mark.parametrize(
    "typed",
    ["", " ", "!!!", '"', '"" ""', "'", "rye'", "* OR *", "NOT rye", "rye:*", "(rye", "a | b & !c", "rye <-> x"]
    + ["\\", "%", "topic : rye", "NEAR(rye bread)", "-rye", "^rye", "rye\x01", "😀", "½", "日本"]
    + ["x" * 5000, "y " * 5000, '"' * 99],
)
def test_nothing_that_is_typed_is_an_error(rye, typed):
    assert found(typed) in ([], ["Rye bread"])


def test_an_operator_is_a_word_like_any_other(make_pair):
    make_pair("Salt", output="Sweet and near, or not.")
    assert found("AND NEAR OR NOT") == ["Salt"]


def test_what_is_made_in_bulk_is_found(voice, make_brief):
    brief = make_brief("Oats", split="train")
    Pair.objects.bulk_create([Pair.answering(brief, f"Warm oats {number}.", voice=voice) for number in range(3)])
    assert found("warm oats") == ["Oats"] * 3
    again = [Pair.answering(brief, "Cold oats.", voice=voice, provenance="edit:1") for _ in range(2)]
    Pair.objects.bulk_create(again, ignore_conflicts=True)
    assert found("cold") == ["Oats"]


def test_a_new_text_is_found_and_the_old_one_no_more(rye):
    Pair.objects.filter(pk=rye.pk).update(output="We bake spelt.")
    assert (found("spelt"), found("morning")) == (["Rye bread"], [])
    rye.output = "We bake barley."
    Pair.objects.bulk_update([rye], ["output"])
    assert (found("barley"), found("spelt")) == (["Rye bread"], [])
    rye.output = "We bake emmer."
    rye.save()
    assert (found("emmer"), found("barley")) == (["Rye bread"], [])


def test_a_brief_that_changes_changes_what_is_found(rye):
    Brief.objects.update(topic="Sourdough", facts=["from Monday"], channel="blog", split="validation")
    assert (found("sourdough monday morning"), found("bread")) == (["Sourdough"], [])
    assert PairEntry.objects.values_list("channel", "split").get() == ("blog", "validation")


def test_a_pair_that_answers_another_brief_is_found_by_that_one(rye, make_brief):
    other = make_brief("Ciabatta", split="validation")
    Pair.objects.filter(pk=rye.pk).update(brief=other)
    assert (found("ciabatta"), found("bread")) == (["Ciabatta"], [])
    assert PairEntry.objects.get().split == "validation"


def test_an_entry_follows_what_is_decided(rye, anna):
    Pair.objects.update(status="rejected", decided_by=anna, words=3, unexplained=2, made="edit")
    fields = ["state", "decided_by", "words", "unexplained", "made", "channel", "split", "voice"]
    told = ("rejected", anna.pk, 3, 2, "edit", "social", "train", rye.voice_id)
    assert PairEntry.objects.values_list(*fields).get() == told
    Pair.objects.update(status="draft")
    assert PairEntry.objects.get().state == "open"
    anna.delete()
    assert PairEntry.objects.get().decided_by_id is None


def test_only_the_newest_revision_is_listed(rye):
    Pair.objects.filter(pk=rye.pk).update(is_current=False)
    assert not PairEntry.objects.exists() and found("rye") == []
    fresh = Pair.answering(rye.brief, "Rye, warm.", voice=rye.voice, lineage=rye.lineage, revision=2)
    fresh.save()
    assert PairEntry.objects.get().pair_id == fresh.pk and found("morning") == []
    Pair.objects.filter(pk=fresh.pk).update(is_current=False)
    Pair.objects.filter(pk=rye.pk).update(is_current=True)
    assert PairEntry.objects.get().pair_id == rye.pk and found("morning") == ["Rye bread"]


def test_a_deleted_pair_is_not_found(rye, buns):
    rye.delete()
    assert found("four") == ["Crème buns"]
    Pair.objects.all().delete()
    assert not PairEntry.objects.exists() and words_kept("training_pairwords") == 0


def words_kept(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def test_a_voice_goes_with_all_its_entries(rye, passage):
    Pair.objects.all().delete()
    Brief.objects.all().delete()
    rye.voice.delete()
    assert not PairEntry.objects.exists() and not PassageEntry.objects.exists()
    assert words_kept("training_passagewords") == 0


def test_a_change_that_is_taken_back_is_taken_back_in_the_lists(rye):
    with pytest.raises(RuntimeError), transaction.atomic():
        Pair.objects.update(output="We bake spelt.", status="rejected")
        raise RuntimeError
    assert (found("spelt"), found("morning"), PairEntry.objects.get().state) == ([], ["Rye bread"], "validated")


def test_a_pair_is_filtered_by_the_source_of_its_passage(make_pair, passage):
    pair = make_pair("Ovens", passage=passage)
    assert PairEntry.objects.get().source_id == passage.source_id
    passage.source.delete()
    assert PairEntry.objects.values_list("pair", "source").get() == (pair.pk, None)


def test_passages_are_found_by_title_and_text(passage):
    def matches(typed):
        return [entry.passage_id for entry in PassageEntry.objects.matching(typed)]

    assert matches("oven four") == matches('"it is hot"') == [passage.pk] and matches("cold") == []
    Passage.objects.update(title="Our stove", text="It is cold.")
    assert matches("stove cold") == [passage.pk] and matches("oven") == []
    Passage.objects.update(is_outdated=True)
    assert PassageEntry.objects.get().is_outdated
    other = Passage(source=passage.source, position=1, text="Oats are warm.", original="x")
    Passage.objects.bulk_create([other])
    assert matches("oats") == [other.pk]
    Passage.objects.bulk_update([Passage(pk=other.pk, text="Barley.")], ["text"])
    assert matches("barley") == [other.pk]
    Passage.objects.all().delete()
    assert matches("barley") == [] and words_kept("training_passagewords") == 0


def test_a_text_beyond_all_measure_is_stored_and_found_by_its_beginning(make_pair):
    make_pair("Long", output="sesame " + " ".join(f"w{number}" for number in range(200_000)))
    assert found("sesame") == ["Long"]


def test_what_was_there_before_is_listed_in_the_order_in_which_it_came(rye, buns):
    before = list(PairEntry.objects.order_by("id").values("pair", "channel", "words", "state"))
    listing.uninstall(connection)
    PairEntry.objects.all().delete()
    listing.install(connection)
    assert list(PairEntry.objects.order_by("id").values("pair", "channel", "words", "state")) == before
    assert found("four") == ["Rye bread", "Crème buns"]


def test_a_table_may_be_made_anew_by_a_later_migration(rye):
    """SQLite refuses to rename a table while another one's trigger names it, and drops a table's own triggers."""
    listing.before_migrations(using="default", plan=[("a migration", False)])
    assert not listing.is_installed(connection)
    Pair.objects.update(status="rejected")
    listing.after_migrations(using="default", plan=[("a migration", False)])
    assert listing.is_installed(connection) and PairEntry.objects.get().state == "rejected"


def test_triggers_are_put_back_when_they_are_lost(rye):
    listing.uninstall(connection)
    Pair.objects.update(status="rejected")
    assert PairEntry.objects.get().state == "validated"
    listing.after_migrations(using="default")
    assert PairEntry.objects.get().state == "rejected"
    Pair.objects.update(status="proposed")
    assert PairEntry.objects.get().state == "open"


@pytest.mark.parametrize(
    ("text", "typed", "marked"),
    [
        ("Rye bread, baked.", "bak RYE", ["Rye", "baked"]),
        ("Crème and cre\u0300me", "creme", ["Crème", "cre\u0300me"]),
        ("four in the morning, in four", '"four in the"', ["four in the"]),
        ("first-class, first of class", "first-class", ["first-class"]),
        ("<b>rye</b>", "b", ["b", "b"]),
        ("rye", "", []),
        ("", "rye", []),
    ],
)
def test_what_was_looked_for_is_marked_as_it_stands_in_the_text(text, typed, marked):
    pieces = searching.pieces(text, searching.terms(typed))
    assert [piece for is_hit, piece in pieces if is_hit] == marked
    assert "".join(piece for _, piece in pieces) == text


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("", "one two three four five six …"),
        ("nine", "… seven eight nine ten eleven twelve"),
        ("two", "one two three four five six …"),
        ("twelve", "… seven eight nine ten eleven twelve"),
        ("eight", "… six seven eight nine ten eleven …"),
    ],
)
def test_an_excerpt_begins_a_little_before_what_was_looked_for(typed, shown):
    text = "one two three four five six seven eight nine ten eleven twelve"
    assert searching.excerpt(text, searching.terms(typed), 6) == shown
