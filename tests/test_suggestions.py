"""Suggestions: found, shown, accepted, dismissed and taken back; the passage, its pair and the next cleaning follow."""

import uuid

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reviews.models import LogEntry
from training.corpus.grammar_child import Proofreader, answer
from training.importing import import_files
from training.models import Pair, Passage, Proofreading, Suggestion, Word
from training.proofreading import proofread, waiting
from training.proofreadingjobs import run_proofreading, sweep
from training.recleaning import clean_again

SLIP = "We bake the {0} loaf at four in the morning and it is seperate from the others, every day but Sunday."
GOOD = "We keep the {0} loaf separate from the others until noon, and then we sell it warm on the market."


def at(voice, name="suggestions", **more):
    return reverse(name, kwargs={"client": voice.client.slug, "voice": voice.slug, **more})


def bring(voice, *texts):
    files = [(f"{Passage.objects.count()}-{number}.txt", text.encode()) for number, text in enumerate(texts)]
    assert not [result.problem for result in import_files(voice, files) if result.problem]


def look(voice):
    voice.refresh_from_db()
    return sum(proofread(voice))


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch):
    """Without the child's start, which test_grammar.py tries: its dictionaries take a second each time."""

    class Here(Proofreader):
        def ask(self, request):
            return answer(request)

    monkeypatch.setattr("training.proofreading.Proofreader", Here)


@pytest.fixture
def slips(client, anna, voice):
    """Three passages with the same slip, looked at, and Anna signed in."""
    voice.language = "en"
    voice.save()
    bring(voice, *(SLIP.format(name) for name in ("rye", "oat", "corn")), GOOD.format("wheat"))
    assert look(voice) == 4
    client.force_login(anna)
    return voice.suggestions.order_by("pk")


def post(client, voice, query=None, **given):
    address = at(voice) + (f"?{query}" if query else "")
    return client.post(address, given, follow=True)


def current(passage):
    return passage.pairs.get(is_current=True)


def test_a_look_finds_each_place_and_changes_no_copy(slips, voice):
    assert {(one.kind, one.words, one.replacements[0], one.state) for one in slips} == {
        ("spelling", "seperate", "separate", "open")
    }
    assert slips.count() == 3
    for one in slips:
        assert one.passage.text[one.start : one.end] == "seperate"
        assert one.passage.text == one.passage.original and current(one.passage).revision == 1


def test_what_is_looked_at_is_not_looked_at_again(slips, voice):
    assert waiting(voice).count() == 0 and look(voice) == 0
    bring(voice, SLIP.format("barley"))
    assert look(voice) == 1 and slips.count() == 4


def test_a_look_that_is_stopped_goes_on_with_the_rest(voice, monkeypatch):
    bring(voice, *(SLIP.format(number) for number in range(5)))
    monkeypatch.setattr("training.proofreading.BATCH", 2)
    steps = proofread(voice)
    assert next(steps) == 2
    steps.close()
    assert waiting(voice).count() == 3 and voice.suggestions.count() == 2
    assert look(voice) == 3 and voice.suggestions.count() == 5


def test_a_passage_in_another_language_is_passed_over_and_the_page_says_so(slips, voice, client):
    bring(voice, "Wir backen das Brot um vier Uhr morgens, jeden Tag ausser Sonntag, und verkaufen es noch warm.")
    assert look(voice) == 0
    assert "1 passage in another language is passed over" in client.get(at(voice)).text


def test_the_page_shows_a_word_once_with_its_places_in_their_sentences(slips, voice, client):
    text = client.get(at(voice)).text
    assert "3 suggestions of spelling and grammar" in text and text.count("<h2>seperate") == 1
    assert text.count("<mark>seperate</mark>") == 3 and "3 places, one by one" in text
    places = client.get(at(voice), {"kind": "spelling", "word": "seperate"}).text
    assert places.count("<mark>seperate</mark>") == 3 and "We bake the oat loaf" in places


def test_one_accepted_place_is_a_new_proposed_revision_and_the_original_stays(slips, voice, client):
    one = slips.first()
    text = post(client, voice, suggestion=one.pk, replacement="separate", act="accept").text
    assert "“seperate”: 1 place corrected." in text
    passage = Passage.objects.get(pk=one.passage_id)
    assert "separate" in passage.text and "seperate" in passage.original
    assert [change["rule"] for change in passage.trace] == ["corrections"]
    pair = current(passage)
    assert (pair.output, pair.revision, pair.status) == (passage.text, 2, "proposed")
    assert passage.pairs.get(revision=1).output == passage.original
    one.refresh_from_db()
    assert (one.state, one.replacement, one.decided_by.first_name) == ("accepted", "separate", "Anna")
    entry = LogEntry.objects.get(action="suggestion.accept")
    assert (entry.data["words"], entry.data["places"]) == ("seperate", 1)
    assert voice.suggestions.open().count() == 2


def test_all_of_a_word_are_accepted_once_one_is_sure_and_taken_back_together(slips, voice, client):
    group = {"kind": "spelling", "word": "seperate", "replacement": "separate"}
    asked = post(client, voice, **group, act="accept").text
    assert "Accept 3 corrections?" in asked and voice.suggestions.open().count() == 3
    done = post(client, voice, **group, act="accept", sure="yes")
    assert "3 places corrected." in done.text and "Take it back" in done.text
    assert not Passage.objects.filter(text__contains="seperate").exists()
    key = done.request["QUERY_STRING"].removeprefix("done=")
    text = post(client, voice, done=key, act="back").text
    assert "3 places open again." in text
    for passage in Passage.objects.filter(original__contains="seperate"):
        assert passage.text == passage.original and passage.trace == [] and not passage.touches.exists()
        assert (current(passage).output, current(passage).revision) == (passage.original, 3)
    assert "Nothing was left to decide" in post(client, voice, done=key, act="back").text


def test_a_second_click_does_nothing_twice(slips, voice, client):
    one = slips.first()
    for _ in range(2):
        response = post(client, voice, suggestion=one.pk, replacement="separate", act="accept")
    assert "Nothing was left to decide there." in response.text
    assert current(Passage.objects.get(pk=one.passage_id)).revision == 2


def test_two_corrections_in_one_passage_do_not_move_each_other(voice, anna, client):
    bring(voice, "An teh beginning we bake an loaf that is seperate from the the others, and sell it on the market.")
    look(voice)
    client.force_login(anna)
    rows = {one.words: one for one in voice.suggestions.all()}
    for words in ("the the", "an loaf", "seperate"):
        post(client, voice, suggestion=rows[words].pk, replacement=rows[words].replacements[0], act="accept")
    passage = Passage.objects.get()
    assert "we bake a loaf that is separate from the others, and" in passage.text
    assert current(passage).output == passage.text and current(passage).revision == 4
    post(client, voice, suggestion=rows["an loaf"].pk, act="back")
    assert "we bake an loaf that is separate from the others" in Passage.objects.get().text


def test_an_accepted_correction_holds_when_the_passage_is_cleaned_again(slips, voice, client):
    bring(voice, f"{SLIP.format('plum')} Write to jane@mail.example. It is seperate.")
    look(voice)
    passage = Passage.objects.get(original__contains="plum")
    first = passage.suggestions.order_by("start").first()
    post(client, voice, suggestion=first.pk, replacement="separate", act="accept")
    voice.rules_off = ["email"]
    voice.house_style = {"quotes": "curly"}
    voice.save()
    while clean_again(voice):
        pass
    passage.refresh_from_db()
    assert "it is separate from the others" in passage.text and "jane@mail.example. It is seperate." in passage.text
    assert current(passage).output == passage.text
    # Its text is another one, so it is looked at again; what was decided does not come back.
    assert waiting(voice).count() == 1 and look(voice) == 1
    assert [one.state for one in passage.suggestions.order_by("start")] == ["accepted", "open"]
    assert passage.text[slice(*passage.suggestions.values_list("start", "end").last())]


def test_corrections_are_a_rule_that_can_be_switched_off_and_on(slips, voice, client):
    one = slips.first()
    post(client, voice, suggestion=one.pk, replacement="separate", act="accept")
    assert "Accepted corrections" in client.get(at(voice, "cleaning")).text
    for off, word in ((["corrections"], "seperate"), ([], "separate")):
        voice.rules_off = off
        voice.save()
        while clean_again(voice):
            pass
        assert word in Passage.objects.get(pk=one.passage_id).text
        assert word in current(Passage.objects.get(pk=one.passage_id)).output
    page = client.get(at(voice, "passage", passage=one.passage_id)).text
    assert "With the rules of now it would read otherwise" not in page and "Accepted corrections" in page


def test_a_validated_pair_is_left_alone_by_bulk_and_changed_by_whoever_sees_it(slips, voice, client, anna):
    first = slips.first()
    Pair.objects.filter(passage=first.passage_id).update(status="validated")
    group = {"kind": "spelling", "word": "seperate", "replacement": "separate", "sure": "yes"}
    text = post(client, voice, **group, act="accept").text
    assert "2 places corrected." in text and "1 place left as before. Its pair is validated" in text
    assert "seperate" in current(first.passage).output
    one = {"suggestion": first.pk, "replacement": "separate", "act": "accept"}
    asked = post(client, voice, **one).text
    assert "Its pair is validated" in asked and "<ins>separate</ins>" in asked
    assert "seperate" in current(first.passage).output
    post(client, voice, **one, sure="yes")
    pair = current(first.passage)
    assert (pair.status, pair.revision, pair.decided_by) == ("validated", 2, anna)
    assert "separate" in pair.output and Passage.objects.get(pk=first.passage_id).text == pair.output
    # Cleaning again finds nothing to complain of.
    voice.house_style = {"dashes": "em"}
    voice.save()
    clean_again(voice)
    assert not Passage.objects.filter(is_outdated=True).exists()


def test_a_pair_that_somebody_mended_gets_the_correction_in_its_own_words(slips, voice, client):
    one = slips.first()
    pair = current(one.passage)
    Pair.objects.filter(pk=pair.pk).update(output="Listen: it is seperate from the others, every day.", status="draft")
    post(client, voice, suggestion=one.pk, replacement="separate", act="accept")
    assert current(one.passage).output == "Listen: it is separate from the others, every day."


def test_a_fact_of_the_brief_is_corrected_with_the_copy(slips, voice, client):
    one = slips.first()
    brief = current(one.passage).brief
    brief.facts = ["it is seperate from the others"]
    brief.save()
    post(client, voice, suggestion=one.pk, replacement="separate", act="accept")
    revised = current(one.passage).brief
    assert revised.facts == ["it is separate from the others"] and revised.split == brief.split


def test_a_rejected_pair_stays_as_it_was_rejected(slips, voice, client):
    one = slips.first()
    Pair.objects.filter(passage=one.passage_id).update(status="rejected", reject_reason="Not us.")
    post(client, voice, suggestion=one.pk, replacement="separate", act="accept")
    pair = current(one.passage)
    assert (pair.status, pair.revision) == ("rejected", 1) and "seperate" in pair.output


def test_a_dismissed_place_does_not_come_back(slips, voice, client):
    post(client, voice, kind="spelling", word="seperate", act="dismiss", sure="yes")
    assert voice.suggestions.open().count() == 0 and "Everything is decided" in client.get(at(voice)).text
    Passage.objects.update(proofread_with="")
    assert look(voice) == 4 and voice.suggestions.open().count() == 0
    text = client.get(at(voice), {"state": "dismissed"}).text
    assert "seperate" in text and "Open again" in text
    post(client, voice, kind="spelling", word="seperate", act="back")
    assert voice.suggestions.open().count() == 3


def test_a_word_of_ours_is_known_from_then_on_and_can_be_taken_out(slips, voice, client):
    text = post(client, voice, kind="spelling", word="seperate", act="ours").text
    assert "3 places known as the voice&#x27;s own now." in text
    bring(voice, SLIP.format("barley"))
    look(voice)
    assert voice.suggestions.open().count() == 0 and voice.suggestions.filter(state="known").count() == 4
    page = client.get(at(voice, "words")).text
    assert "1 word of the voice" in page and "Anna said so" in page
    word = Word.objects.get()
    text = client.post(at(voice, "words"), {"act": "remove", "word": word.pk}, follow=True).text
    assert "no word of the voice any more. 4 places open again." in text
    assert look(voice) == 0 and voice.suggestions.open().count() == 4
    assert "seperate" in client.get(at(voice, "words"), {"state": "out"}).text


def test_words_that_are_told_or_used_in_many_documents_are_known_beforehand(voice):
    voice.fact_sheet = "Try our Knusperkruste."
    voice.save()
    text = "We bake the {0} loaf with knusperkruste and snirkel all morning, and sell it warm until it is gone."
    bring(voice, *(text.format(number) for number in range(5)))
    look(voice)
    words = dict(voice.words.values_list("key", "origin"))
    assert words == {"knusperkruste": "told", "snirkel": "copy"}
    assert not voice.suggestions.open().exists()
    assert voice.words.get(key="snirkel").documents == 5


def test_an_unknown_word_without_a_likely_correction_is_shown_on_request(voice, client, anna):
    bring(voice, "We bake the knorzel at four in the morning, every day but Sunday, and sell it until it is gone.")
    look(voice)
    client.force_login(anna)
    assert "No open suggestions" in client.get(at(voice)).text
    text = client.get(at(voice), {"kind": "unknown"}).text
    assert "<mark>knorzel</mark>" in text and "A word of ours" in text


def test_words_are_added_searched_and_exported(client, anna, voice):
    client.force_login(anna)
    page = at(voice, "words")
    assert "No words yet" in client.get(page).text
    client.post(page, {"act": "add", "text": " Adafruit\0 "})
    assert list(voice.words.values_list("key", "text")) == [("adafruit", "Adafruit")]
    assert "Give one word" in client.post(page, {"act": "add", "text": "two words"}, follow=True).text
    assert "Give one word" in client.post(page, {"act": "add", "text": "x" * 81}, follow=True).text
    assert "Adafruit" in client.get(page, {"q": "ADA"}).text
    assert "No such word matches “plum”" in client.get(page, {"q": "plum"}).text
    assert "Adafruit,,Anna said so" in client.get(page, {"format": "csv"}).text
    assert LogEntry.objects.filter(action="word.added").count() == 1


def test_suggestions_are_searched_filtered_and_exported(slips, voice, client):
    assert "seperate" in client.get(at(voice), {"q": "SEPER"}).text
    assert "No such suggestion matches “plum”" in client.get(at(voice), {"q": "plum\0"}).text
    assert "No such suggestion" in client.get(at(voice), {"kind": "article"}).text
    table = client.get(at(voice), {"format": "csv"}).text
    assert table.count("Spelling,seperate,separate,") == 3 and "We bake the oat loaf" in table


def test_a_whole_kind_is_dismissed_once_one_is_sure(slips, voice, client):
    assert "Dismiss all 3" in client.get(at(voice), {"kind": "spelling"}).text
    assert "Dismiss 3 suggestions?" in post(client, voice, kind="spelling", act="dismiss").text
    assert "“Spelling”: 3 places dismissed." in post(client, voice, kind="spelling", act="dismiss", sure="yes").text


def test_the_passage_page_shows_its_open_suggestions(slips, voice, client):
    one = slips.first()
    page = client.get(at(voice, "passage", passage=one.passage_id)).text
    assert "1 open suggestion<" in page and "<mark>seperate</mark>" in page
    assert f"?passage={one.passage_id}" in page
    assert client.get(at(voice), {"passage": one.passage_id}).text.count("<mark>seperate</mark>") == 1


def test_markup_in_copy_is_shown_and_never_run(voice, client, anna):
    bring(voice, "We bake <b the the <script>alert(1)</script> & more, every day but Sunday, and sell it warm.")
    Passage.objects.update(text="We bake the the <script>alert(1)</script> loaf.")
    Passage.objects.update(trace=[])
    look(voice)
    client.force_login(anna)
    text = client.get(at(voice)).text
    assert "<mark>the the</mark>" in text and "<script>alert" not in text


def test_another_clients_suggestions_words_and_acts_are_not_here(slips, voice, client, rival, stranger):
    act = uuid.uuid4()
    slips.update(state="dismissed", act=act)
    word = Word.objects.create(voice=voice, key="x", text="x")
    client.force_login(stranger)
    for given in ({"suggestion": slips.first().pk, "act": "back"}, {"suggestion": "x", "act": "accept"}):
        assert client.post(at(rival), given).status_code == 404
    post(client, rival, done=str(act), act="back")
    assert client.post(at(rival, "words"), {"act": "remove", "word": word.pk}).status_code == 404
    assert voice.suggestions.filter(state="dismissed").count() == 3 and Word.objects.get().is_ours


@pytest.mark.parametrize(
    "given",
    [
        {"act": "explode"},
        {"act": "accept", "kind": "nonsense"},
        {"act": "accept"},
        {"act": "back", "done": "no-uuid"},
        {"act": "accept", "suggestion": "9" * 40},
        {"act": "dialect", "dialect": "martian"},
    ],
)
def test_a_form_that_makes_no_sense_is_refused(slips, voice, client, given):
    assert client.post(at(voice), given).status_code == 404
    assert voice.suggestions.open().count() == 3


def test_a_button_starts_one_job_that_the_worker_carries_out(
    voice, client, anna, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr("training.proofreadingjobs.run_proofreading.send", sent.append)
    bring(voice, SLIP.format("rye"))
    client.force_login(anna)
    assert "1 passage not looked at yet" in client.get(at(voice)).text
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            text = post(client, voice, act="look").text
    assert "Looking: 0 of 1 passage" in text and "hx-trigger" in text
    job = Proofreading.objects.get()
    assert sent == [str(job.pk)]
    for _ in range(2):
        run_proofreading(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("finished", 1) and voice.suggestions.open().count() == 1
    assert client.get(at(voice), HTTP_HX_REQUEST="true")["HX-Refresh"] == "true"
    assert "1 suggestion of spelling and grammar" in client.get(at(voice)).text
    assert LogEntry.objects.filter(action="proofreading.started").count() == 1


def test_a_job_that_is_stopped_ends_at_its_next_batch(voice, client, anna, monkeypatch):
    monkeypatch.setattr("training.proofreading.BATCH", 1)
    bring(voice, *(SLIP.format(number) for number in range(3)))
    client.force_login(anna)
    job = Proofreading.objects.create(voice=voice, passages=3)

    def stopping(voice):
        for looked in proofread(voice):
            if voice.suggestions.count() == 2:
                post(client, voice, act="stop")
            yield looked

    monkeypatch.setattr("training.proofreadingjobs.proofread", stopping)
    run_proofreading(str(job.pk))
    job.refresh_from_db()
    assert job.state == "cancelled" and waiting(voice).count() == 1


def test_a_job_that_breaks_says_so_and_can_be_asked_for_again(voice, client, anna, monkeypatch):
    def broken(voice):
        raise ValueError("no")
        yield

    bring(voice, SLIP.format("rye"))
    job = Proofreading.objects.create(voice=voice, passages=1)
    monkeypatch.setattr("training.proofreadingjobs.proofread", broken)
    run_proofreading(str(job.pk))
    client.force_login(anna)
    text = client.get(at(voice)).text
    assert "VoiceLab broke on it (ValueError)" in text and "Look for suggestions" in text


def test_a_job_that_a_kill_left_behind_is_sent_again(voice, monkeypatch):
    sent = []
    monkeypatch.setattr("training.proofreadingjobs.run_proofreading.send", sent.append)
    job = Proofreading.objects.create(voice=voice, passages=1)
    assert sweep() == 1
    claim = job.try_claim()
    assert claim and not job.try_claim() and sweep() == 0
    Proofreading.objects.update(lease_until="2020-01-01T00:00Z")
    assert sweep() == 1 and sent == [str(job.pk)] * 2
    assert job.try_claim() and not job.renew(claim)


def test_the_command_tells_what_it_found(voice, capsys):
    bring(voice, SLIP.format("rye"))
    call_command("proofread", "house")
    out = capsys.readouterr().out
    assert "1 passages looked at" in out and "Spelling: 1" in out


def test_the_chosen_english_is_kept_and_the_copy_looked_at_anew(slips, voice, client):
    bring(voice, "The colour of our rye loaf is a deep brown, and the flavour is of malt, butter and a little smoke.")
    text = post(client, voice, act="dialect", dialect="american").text
    assert "Look again" in text and "5 passages not looked at yet" in text
    look(voice)
    assert set(voice.suggestions.filter(kind="dialect").values_list("words", flat=True)) == {"colour", "flavour"}


@pytest.mark.parametrize("query", [{}, {"kind": "spelling", "word": "seperate"}, {"format": "csv"}])
def test_queries_do_not_grow_with_suggestions(slips, voice, client, query):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(at(voice), query).status_code == 200
        return len(found)

    few = max(queries(), queries())
    bring(voice, *(f"{SLIP.format(number)} It was the the best an loaf." for number in range(12)))
    look(voice)
    assert queries() <= few


def test_accepting_takes_as_many_queries_for_thirty_places_as_for_three(slips, voice, client):
    def queries():
        with CaptureQueriesContext(connection) as found:
            post(client, voice, kind="spelling", act="accept", sure="yes")
        return len(found)

    few = queries()
    bring(voice, *(SLIP.format(f"bun {number}") for number in range(30)))
    look(voice)
    assert queries() <= few + 1
    assert not Suggestion.objects.open().exists()
