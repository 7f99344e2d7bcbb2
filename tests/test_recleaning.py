"""Cleaning at import, across documents, and again when a voice's rules change."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test.utils import CaptureQueriesContext

from training.corpus.cleaning.recurring import key
from training.importing import import_files
from training.models import Pair, Passage, RecurringLine
from training.recleaning import LEFT_OUT, clean_again, decide_line, look_across, waiting

FOOTER = "The Corner Bakery is a family business on Mill Lane that has baked bread by hand since 1923."
BODY = "We bake the {0} loaf at four in the morning, every day but Sunday, and sell it warm until it is gone."
NAMES = ["rye", "oat", "spelt", "wheat", "barley", "corn"]


def bring(voice, *texts, **kept):
    files = [(f"{Passage.objects.count()}-{number}.txt", text.encode()) for number, text in enumerate(texts)]
    results = list(import_files(voice, files, **kept))
    assert not any(result.problem for result in results)
    look_across(voice)
    voice.refresh_from_db()


def with_footer(names=NAMES):
    return [f"{BODY.format(name)}\n\n{FOOTER}" for name in names]


def current(passage):
    return passage.pairs.get(is_current=True)


def everything_again(voice):
    while clean_again(voice):
        pass


def test_the_original_and_the_trace_stay_with_the_passage(voice):
    bring(voice, f"{BODY.format('rye')} Write to jane@mail.example.")
    passage = Passage.objects.get()
    assert passage.original.endswith("jane@mail.example.") and passage.text.endswith("[e-mail].")
    assert [change["rule"] for change in passage.trace] == ["email"]
    assert [touch.rule for touch in passage.touches.all()] == ["email"]
    assert current(passage).output == passage.text
    assert "jane" not in str(current(passage).brief.content)


def test_a_footer_goes_once_the_import_shows_that_it_recurs(voice):
    bring(voice, *with_footer(NAMES[:2]))
    assert all(FOOTER in pair.output for pair in Pair.objects.current())
    bring(voice, *with_footer(NAMES[2:]))
    assert not any(FOOTER in pair.output for pair in Pair.objects.current())
    assert all(FOOTER in passage.original for passage in Passage.objects.all())
    line = RecurringLine.objects.get(goes=True)
    assert (line.text, line.documents) == (FOOTER, 6)
    # A later import knows it from the start.
    list(import_files(voice, [("late.txt", with_footer(["late"])[0].encode())]))
    assert not any(FOOTER in pair.output for pair in Pair.objects.current())


def test_what_a_person_says_of_a_line_holds_and_can_be_taken_back(voice, anna):
    bring(voice, *with_footer())
    line = RecurringLine.objects.get(goes=True)
    decide_line(line, anna, goes=False)
    assert waiting(voice) == 6
    everything_again(voice)
    assert all(pair.output.endswith(FOOTER) and pair.revision >= 2 for pair in Pair.objects.current())
    bring(voice, *with_footer(["late"]))
    line.refresh_from_db()
    assert (line.goes, line.is_decided, line.documents) == (False, True, 7)
    decide_line(line, anna, goes=True)
    everything_again(voice)
    assert not any(FOOTER in pair.output for pair in Pair.objects.current())


def test_a_rule_that_is_off_is_undone_and_the_pair_gets_a_new_revision(voice):
    bring(voice, f"{BODY.format('rye')} Write to jane@mail.example.")
    voice.rules_off = ["email"]
    voice.save()
    assert waiting(voice) == 1
    assert clean_again(voice) == 1 and waiting(voice) == 0 and clean_again(voice) == 0
    passage = Passage.objects.get()
    assert passage.text == passage.original and passage.trace == [] and not passage.touches.exists()
    pair = current(passage)
    assert (pair.output, pair.revision, pair.status) == (passage.text, 2, "proposed")
    assert passage.pairs.get(revision=1).output.endswith("[e-mail].")


def test_a_validated_pair_is_flagged_and_never_changed(voice):
    bring(voice, f"{BODY.format('rye')} Write to jane@mail.example.", f"{BODY.format('oat')} Ring 020 7946 0958.")
    pair = Pair.objects.get(output__contains="rye")
    Pair.objects.filter(pk=pair.pk).update(status="validated")
    before = Passage.objects.get(pk=pair.passage_id)
    voice.rules_off = ["email", "phone"]
    voice.save()
    everything_again(voice)
    after = Passage.objects.get(pk=pair.passage_id)
    assert (after.text, after.trace, after.is_outdated) == (before.text, before.trace, True)
    pair.refresh_from_db()
    assert pair.is_current and pair.output == before.text
    assert Passage.objects.filter(is_outdated=True).count() == 1
    voice.rules_off = []
    voice.save()
    everything_again(voice)
    assert not Passage.objects.filter(is_outdated=True).exists()


def test_a_pair_that_a_person_rejected_stays_rejected(voice):
    bring(voice, f"{BODY.format('rye')} Write to jane@mail.example.")
    Pair.objects.update(status="rejected", reject_reason="Not us.")
    voice.rules_off = ["email"]
    voice.save()
    everything_again(voice)
    pair = Pair.objects.get()
    assert (pair.status, pair.output.endswith("[e-mail].")) == ("rejected", True)


def test_a_passage_that_cleaning_leaves_nothing_of_has_no_pair_until_it_is_back(voice, anna):
    bring(voice, *(f"{BODY.format(name)} " * 5 + f"\n\n{FOOTER}" for name in NAMES))
    gone = [passage for passage in Passage.objects.all() if passage.original == FOOTER]
    assert len(gone) == 6 and not any(passage.text for passage in gone)
    assert {(current(one).status, current(one).reject_reason) for one in gone} == {("rejected", LEFT_OUT)}
    # In a later import it never gets a pair, until somebody says that the line is copy.
    list(import_files(voice, [("late.txt", (f"{BODY.format('late')} " * 5 + f"\n\n{FOOTER}").encode())]))
    late = Passage.objects.get(source__name="late.txt", original=FOOTER)
    assert not late.pairs.exists()
    decide_line(RecurringLine.objects.get(goes=True), anna, goes=False)
    everything_again(voice)
    assert {(current(one).status, current(one).output) for one in [*gone, late]} == {("proposed", FOOTER)}


def test_a_fact_that_cleaning_took_out_of_the_copy_leaves_the_brief(voice):
    voice.rules_off = ["furniture"]
    voice.save()
    bring(voice, f"{BODY.format('rye')} It is £3.50.\n\nPosted on 14 March, filed under Bread and Butter Stories")
    assert "14 March" in current(Passage.objects.get()).brief.facts
    line = Passage.objects.get().text.split("\n")[-1]
    RecurringLine.objects.create(voice=voice, key=key(line), text=line, documents=3, goes=True, reason="x")
    Passage.objects.update(cleaned_with="")
    everything_again(voice)
    facts = current(Passage.objects.get()).brief.facts
    assert "14 March" not in facts and any("3.50" in fact for fact in facts)


def test_the_voices_language_is_found_and_others_are_flagged(voice):
    german = "Wir backen das Brot um vier Uhr morgens, jeden Tag ausser Sonntag, und verkaufen es noch warm."
    bring(voice, *(BODY.format(f"{name} {more}") for name in NAMES for more in ("dark", "pale")), german)
    assert voice.language == "en"
    [touch] = voice.touches.filter(rule="language")
    assert touch.passage.text == german
    assert waiting(voice) == 0


def test_rows_of_one_file_count_as_documents(voice):
    rows = "".join(f'"{BODY.format(name)}\n\n{FOOTER}"\n' for name in NAMES)
    list(import_files(voice, [("posts.csv", f"copy\n{rows}".encode())]))
    look_across(voice)
    assert RecurringLine.objects.get(goes=True).documents == 6
    assert set(Passage.objects.values_list("document", flat=True)) == set(range(6))


def test_cleaning_again_takes_as_many_queries_for_fifty_passages_as_for_five(voice):
    def queries(names):
        voice.rules_off = []
        voice.save()
        bring(voice, *(f"{BODY.format(name)} Write to jane@mail.example." for name in names))
        everything_again(voice)
        voice.rules_off = ["email"]
        voice.save()
        assert voice.client  # read once, whatever comes
        with CaptureQueriesContext(connection) as found:
            assert clean_again(voice, limit=1000) == Passage.objects.count()
        return len(found)

    assert queries([f"bun {number}" for number in range(5)]) == queries([f"roll {number}" for number in range(45)])


@pytest.mark.django_db(transaction=True)
def test_passages_from_before_the_rules_keep_their_text_as_their_original():
    old = MigrationExecutor(connection).loader.project_state([("training", "0001_initial")]).apps
    call_command("migrate", "training", "0001", verbosity=0)
    client = old.get_model("training", "Client").objects.create(slug="a", name="A")
    voice = old.get_model("training", "Voice").objects.create(client=client, slug="v", name="V")
    source = old.get_model("training", "Source").objects.create(
        voice=voice, name="a.txt", kind="text", sha256="0" * 64, raw=b"x"
    )
    old.get_model("training", "Passage").objects.create(source=source, position=0, text="Warm rye.")
    call_command("migrate", verbosity=0)
    passage = Passage.objects.get()
    assert (passage.original, passage.text, passage.cleaned_with) == ("Warm rye.", "Warm rye.", "")
