"""The cleaning pages: rules on and off, what they did, recurring lines, and one passage before and after."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reviews.models import LogEntry
from training.corpus.cleaning.rules import RULES
from training.importing import import_files
from training.models import Pair, Passage, RecurringLine
from training.recleaning import look_across

FOOTER = "The Corner Bakery is a family business on Mill Lane that has baked bread by hand since 1923."
BODY = "We bake the {0} loaf at four in the morning, every day but Sunday, and sell it warm until it is gone."
MAIL = BODY.format("rye") + " Write to jane@mail.example."
ALL = list(RULES)


def at(voice, name="cleaning", **more):
    return reverse(name, kwargs={"client": voice.client.slug, "voice": voice.slug, **more})


@pytest.fixture
def bring(client, anna, voice):
    client.force_login(anna)

    def bring(*texts):
        before = Passage.objects.count()
        list(import_files(voice, [(f"{before}-{n}.txt", text.encode()) for n, text in enumerate(texts)]))
        look_across(voice)

    return bring


def save(client, voice, on=ALL, **kept):
    return client.post(at(voice), {"act": "save", "on": on, **kept}, follow=True)


def again(client, voice, **kept):
    return client.post(at(voice), {"act": "again"}, follow=True, **kept)


def without(*rules):
    return [name for name in ALL if name not in rules]


def test_a_rule_shows_its_label_an_example_and_how_many_passages_it_touched(client, voice, bring):
    bring(MAIL, BODY.format("oat"))
    text = client.get(at(voice)).text
    assert "Cleaning changed 1 of 2 passages" in text
    assert "E-mail addresses" in text and "<del>jane@mail.example</del><ins>[e-mail]</ins>" in text
    assert "1 passage<" in text and "Nothing found by these" in text


def test_before_the_first_import_the_page_says_so(client, anna, voice):
    client.force_login(anna)
    assert "Nothing to clean yet" in client.get(at(voice)).text
    assert "No passages yet" in client.get(at(voice, "passages")).text
    assert "No line recurs" in client.get(at(voice, "lines")).text


def test_switching_a_rule_off_changes_nothing_until_one_cleans_again(client, voice, bring):
    bring(MAIL)
    response = save(client, voice, without("email"))
    assert "1 passage can be cleaned again now" in response.text and "Clean again" in response.text
    assert Passage.objects.get().text.endswith("[e-mail].")
    response = again(client, voice)
    assert "1 passage cleaned again." in response.text and "Clean again" not in response.text
    assert Passage.objects.get().text == MAIL
    assert Pair.objects.get(is_current=True).output == MAIL
    told = {entry.action: entry.data for entry in LogEntry.objects.all()}
    assert told["cleaning.changed"]["off"] == ["E-mail addresses"] and told["cleaning.again"] == {"passages": 1}


def test_saving_what_stands_already_is_no_news(client, voice, bring):
    bring(MAIL)
    assert "Saved." in save(client, voice).text
    assert not LogEntry.objects.filter(action="cleaning.changed").exists()


def test_the_house_style_is_kept_and_applied(client, voice, bring):
    bring("“It’s warm,” she said, and that is how we like our bread to be sold — every day.")
    save(client, voice, quotes="straight", dashes="em")
    again(client, voice)
    expected = '"It\'s warm," she said, and that is how we like our bread to be sold—every day.'
    assert Passage.objects.get().text == expected
    voice.refresh_from_db()
    assert voice.house_style == {"quotes": "straight", "dashes": "em"}


@pytest.mark.parametrize("given", [{"on": ["no-such-rule"]}, {"quotes": "runes"}, {"language": "xx"}])
def test_a_choice_that_there_is_not_is_refused(client, voice, bring, given):
    bring(MAIL)
    assert save(client, voice, **given).status_code == 422
    voice.refresh_from_db()
    assert (voice.rules_off, voice.house_style) == ([], {})


def test_cleaning_again_goes_on_by_itself_in_bounded_pieces(client, voice, bring, monkeypatch):
    bring(*(BODY.format(number) + " a@b.example" for number in range(5)))
    save(client, voice, without("email"))
    monkeypatch.setattr("training.recleaning.clean_again.__defaults__", (2,))
    htmx = {"HTTP_HX_REQUEST": "true"}
    text = client.post(at(voice), {"act": "again", "of": "5"}, **htmx).text
    assert 'max="5" value="2"' in text and 'hx-trigger="load' in text and "<html" not in text
    client.post(at(voice), {"act": "again", "of": "5"}, **htmx)
    assert (
        "All passages are as these rules make them" in client.post(at(voice), {"act": "again", "of": "5"}, **htmx).text
    )
    assert LogEntry.objects.filter(action="cleaning.again").count() == 1
    # Nothing is left: a reload or a second click does no harm.
    assert "0 passages cleaned again." in again(client, voice).text


def test_a_validated_pair_is_shown_as_outdated_with_what_it_would_be(client, voice, bring):
    bring(MAIL)
    Pair.objects.update(status="validated")
    save(client, voice, without("email"))
    again(client, voice)
    assert "1 passage with a validated pair" in client.get(at(voice)).text
    assert "rye" in client.get(at(voice, "passages"), {"rule": "outdated"}).text
    text = client.get(at(voice, "passage", passage=Passage.objects.get().pk)).text
    assert "Its pair is validated, so nothing was changed" in text and "<ins>jane@mail.example.</ins>" in text


def test_a_passage_shows_before_and_after_and_each_rule_by_name(client, voice, bring):
    bring(MAIL.replace("rye", "rye\u200b"))
    text = client.get(at(voice, "passage", passage=Passage.objects.get().pk)).text
    assert "Odd white space and E-mail addresses changed this passage" in text
    assert "<del>jane@mail.example.</del>" in text and "<ins>[e-mail].</ins>" in text
    assert "<del>[zero-width space]</del>" in text and "Its pair</a> is proposed" in text


def test_markup_in_a_passage_is_shown_and_never_run(client, voice, bring):
    bring(BODY.format("rye") + " <script>alert(1)</script><img src=x onerror=alert(1)>")
    for page in (at(voice), at(voice, "passages"), at(voice, "passage", passage=Passage.objects.get().pk)):
        text = client.get(page).text
        assert "<script>alert" not in text and "<img" not in text


def test_passages_are_filtered_by_rule_searched_and_exported(client, voice, bring):
    bring(MAIL, BODY.format("oat"))
    page = at(voice, "passages")
    assert "2 passages" in client.get(page).text
    text = client.get(page, {"rule": "email"}).text
    assert "1 passage: e-mail addresses" in text and "oat" not in text
    assert "the <mark>oat</mark> loaf" in client.get(page, {"q": "OAT"}).text
    assert "2 passages" in client.get(page, {"q": "loaf"}).text
    assert "1 passage: e-mail" in client.get(page, {"q": "loaf", "rule": "email"}).text
    assert (
        "Nothing here matches “plum” and was touched by “E-mail addresses”"
        in client.get(page, {"q": "plum", "rule": "email"}).text
    )
    table = client.get(page, {"rule": "email", "format": "csv"}).getvalue().decode()
    assert "E-mail addresses" in table and "jane@mail.example" in table and "[e-mail]" in table and "oat" not in table


def test_a_line_that_is_taken_out_can_be_kept_and_the_other_way_round(client, voice, bring):
    bring(*(f"{BODY.format(name)}\n\n{FOOTER}" for name in ("rye", "oat", "spelt")))
    page = at(voice, "lines")
    text = client.get(page).text
    assert "1 of 1 recurring line is taken out" in text and FOOTER in text and "In 3 documents" in text
    line = RecurringLine.objects.get()
    text = client.post(page, {"line": line.pk, "act": "keep"}, follow=True).text
    assert "It is kept from now on. 3 passages can be cleaned again now." in text and "Anna said so" in text
    again(client, voice)
    assert all(FOOTER in passage.text for passage in Passage.objects.all())
    assert "Kept" in client.get(page, {"state": "kept"}).text
    assert "No such line" in client.get(page, {"state": "out"}).text
    assert FOOTER in client.get(page, {"format": "csv"}).text
    assert "No such line matches “plum”" in client.get(page, {"q": "plum"}).text
    client.post(page, {"line": line.pk, "act": "out"})
    again(client, voice)
    assert not any(FOOTER in passage.text for passage in Passage.objects.all())
    assert LogEntry.objects.filter(action="line.decided").count() == 2


def test_a_line_of_another_voice_is_not_here(client, voice, rival, bring):
    bring(MAIL)
    line = RecurringLine.objects.create(voice=rival, key="x", text="Mine", documents=3, goes=True, reason="x")
    for number in (line.pk, 10**30, "x"):
        assert client.post(at(voice, "lines"), {"line": number, "act": "keep"}).status_code == 404
    line.refresh_from_db()
    assert line.goes


def test_a_copywriter_may_not_clean(client, cora, voice):
    client.force_login(cora)
    assert client.post(at(voice), {"act": "again"}).status_code == 403
    assert client.post(at(voice, "lines"), {"line": 1}).status_code == 403


@pytest.mark.parametrize("page", ["cleaning", "lines", "passages"])
def test_queries_do_not_grow_with_passages_and_lines(client, voice, bring, page):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(at(voice, page)).status_code == 200
        return len(found)

    bring(*(f"{BODY.format(name)} a@b.example\n\n{FOOTER}" for name in ("rye", "oat", "spelt")))
    few = queries()
    bring(*(f"{BODY.format(number)} <b>x</b> a@b.example\n\n{FOOTER}\n\nBake well, friend." for number in range(12)))
    assert queries() == few
