"""A focus: suggested by judgements, shown by pairs, weighed in training, asked for by Coverage."""

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse

from reviews.focusing import showing
from reviews.models import Edit, LogEntry, Score, Task
from reviews.suggesting import suggestions
from training.corpus.brief import Brief as Content
from training.corpus.focusing import borne, changes, rule_for, shows
from training.models import Brief, Focus, FocusPair, Pair
from training.retraining import rows_and_bonds, rows_of, start_run

PAGE = {"client": "bakery", "voice": "house"}
FORM = {"name": "Too long", "rule": "tight", "weight": "2.5", "wanted": "12"}


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


@pytest.fixture
def signed_in(client, anna):
    client.force_login(anna)
    return client


@pytest.fixture
def asking(make_pair):
    """Two e-mails that end in a call to action, in the brief and in the copy."""

    def make(topic, **fields):
        pair = make_pair(topic, output=f"Fresh {topic} every morning. Order yours by Friday.", **fields)
        Brief.objects.filter(pk=pair.brief_id).update(channel="email", call_to_action="Order yours by Friday")
        return Pair.objects.select_related("brief").get(pk=pair.pk)

    return make


@pytest.fixture
def focus(voice):
    return Focus.objects.create(voice=voice, name="Missing call to action", rule="call", channel="email", wanted=12)


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        ("warm", "We're open early for you.", "The bakery opens early."),
        ("formal", "The bakery opens at six.", "We're open!"),
        (
            "short",
            "Rye is back. Taste it.",
            "Rye is back on the shelf after a long week in which the oven was cold and the baker was away by the sea.",
        ),
        ("tight", "Rye is back.", "rye " * 41),
        ("calm", "Rye is back.", "Rye is back!"),
        ("facts", "Only £3.50, open on Sundays.", "Only £4, open on Sundays."),
    ],
)
def test_each_rule_tells_copy_that_shows_it_from_copy_that_does_not(rule, good, bad):
    brief = Content("social", "rye", ("Price: £3.50", "open on Sundays"))
    assert shows(good, brief, rule=rule) and not shows(bad, brief, rule=rule)


def test_a_call_to_action_must_be_asked_for_and_be_there():
    asked, bare = Content("email", "rye", (), "", "Order by Friday"), Content("email", "rye")
    assert shows("Rye is back. Order by Friday.", asked, rule="call")
    assert not shows("Rye is back. Order by Friday.", bare, rule="call")
    assert not shows("Rye is back.", asked, rule="call")
    assert not shows("Rye is back. Order by Friday.", asked, rule="call", channel="ad")
    assert shows("Rye is back. Order by Friday.", asked, search="rye order") and not shows("Rye", asked, search="bun")


def test_a_fact_is_borne_when_its_values_and_most_of_its_words_are_there():
    said = "From Friday 3 May the rye loaf costs £3.50 at Mill Lane."
    assert borne(("Price: £3.50", "3 May", "rye loaf"), said) == ("Price: £3.50", "3 May", "rye loaf")
    assert borne(("Price: £4", "4 May", "free plum cake"), said) == ()
    assert borne(("3 May", "£3"), "On 13 May it costs £3.50.") == ()


def test_what_editors_change_is_counted():
    assert changes("Rye is back!", "Rye is back. Order yours by Friday.") == {"call", "calmer"}
    assert "shorter" in changes("one two three four five six", "one two three four five")
    stiff, warm = "On Sundays we are open from six until noon.", "On Sundays we're open from six until noon."
    assert changes(stiff, warm) == {"warmer"} and changes(warm, stiff) == {"stiffer"}
    assert changes("Rye is back.", "Rye is back.") == set()
    assert rule_for("Missing call-to-action") == "call" and rule_for("too formal") == "warm" and rule_for("odd") == ""


def test_a_focus_weighs_its_training_pairs_and_a_closed_one_nothing(voice, focus, asking, make_pair):
    for number in range(3):
        asking(f"loaf {number}")
    asking("bun for validation", split="validation")
    plain = [make_pair(f"cake {number}") for number in range(5)]
    rows, _, notes = rows_and_bonds(voice)
    assert sorted(row.weight for row in rows.supervised_train) == [1] * 5 + [2] * 3
    assert {row.weight for row in rows.supervised_validation} == {1}
    assert notes == ["Focus “Missing call to action”: 3 of 8 training pairs by people counted 2 times."]
    FocusPair.objects.create(focus=focus, lineage=plain[0].lineage, is_in=True)
    FocusPair.objects.create(focus=focus, lineage=voice.pairs.first().lineage, is_in=False)
    assert [row.weight for row in rows_of(voice).supervised_train].count(2) == 3
    focus.is_open = False
    focus.save()
    rows, _, notes = rows_and_bonds(voice)
    assert {row.weight for row in rows.supervised_train} == {1} and notes == []


def test_a_focus_lifts_no_machine_written_pair_over_its_share(voice, focus, asking):
    for number in range(4):
        asking(f"loaf {number}")
    asking("a bun", made="candidate")
    assert sorted(row.weight for row in rows_of(voice).supervised_train) == [1, 2, 2, 2, 2]
    shown = showing(voice, [focus])[focus.pk]
    assert (shown.training, shown.of, len(shown.validated)) == (4, 4, 5)


def test_where_focuses_meet_the_heavier_counts_alone(voice, focus, asking, make_pair):
    asking("a loaf")
    Focus.objects.create(voice=voice, name="Too long", rule="tight", weight=4)
    assert [row.weight for row in rows_of(voice).supervised_train] == [4]


def test_a_snapshot_without_a_focus_keeps_its_digest(voice, focus, asking, make_pair, settings, tmp_path, lena):
    settings.SNAPSHOTS = tmp_path
    for number in range(60):
        make_pair(f"cake {number}")
    asking("a loaf")
    with_it = start_run(voice, user=lena, config={}, enqueue=False)
    assert (
        with_it.data_notes
        and '"weight": 2.0' in (tmp_path / with_it.snapshot.digest / "supervised_train.jsonl").read_text()
    )
    with_it.delete()
    Focus.objects.all().delete()
    without = start_run(voice, user=lena, config={}, enqueue=False)
    assert without.snapshot.digest != with_it.snapshot.digest and not without.data_notes
    assert "weight" not in (tmp_path / without.snapshot.digest / "supervised_train.jsonl").read_text()


def test_a_weight_is_bounded_on_the_form_and_in_the_database(signed_in, voice, focus):
    for weight in ("1", "5", "nan"):
        response = signed_in.post(reverse("new_focus", kwargs=PAGE), {**FORM, "weight": weight})
        assert response.status_code == 422
    with pytest.raises(IntegrityError), transaction.atomic():
        Focus.objects.filter(pk=focus.pk).update(weight=9)
    assert voice.focuses.count() == 1


def test_a_focus_is_made_by_hand_changed_closed_and_opened_again_each_told_in_the_log(signed_in, voice):
    made = signed_in.post(reverse("new_focus", kwargs=PAGE), FORM)
    focus = voice.focuses.get()
    where = reverse("focus", kwargs={**PAGE, "focus": focus.pk})
    assert made.url == where and (focus.weight, focus.wanted, focus.came_from) == (2.5, 12, "hand")
    again = signed_in.post(reverse("new_focus", kwargs=PAGE), FORM)
    assert again.status_code == 422 and "Give this one another name" in again.content.decode()
    signed_in.post(where, {**FORM, "name": "Too wordy", "act": "change"})
    for _ in range(2):
        signed_in.post(where, {"act": "close"})
    assert "It weighs nothing" in signed_in.get(where).content.decode()
    for _ in range(2):
        signed_in.post(where, {"act": "reopen"})
    focus.refresh_from_db()
    assert focus.name == "Too wordy" and focus.is_open
    actions = LogEntry.objects.filter(action__startswith="focus.").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["focus.made", "focus.changed", "focus.closed", "focus.reopened"]


def test_a_person_takes_pairs_out_and_chooses_others_and_that_holds_for_revisions(
    signed_in, voice, focus, asking, anna
):
    from reviews import curation

    shown = asking("a loaf")
    other = asking("a cake")
    Brief.objects.filter(pk=other.brief_id).update(call_to_action="")
    where = reverse("focus", kwargs={**PAGE, "focus": focus.pk})
    assert f"out:{shown.pk}" in signed_in.get(where).content.decode()
    assert f"in:{other.pk}" in signed_in.get(where, {"kind": "others"}).content.decode()
    signed_in.post(where, {"act": f"out:{shown.pk}"})
    signed_in.post(where, {"act": f"in:{other.pk}"})
    assert showing(voice, [focus])[focus.pk].validated == [other.pk]
    other = Pair.objects.select_related("brief").get(pk=other.pk)
    revised = curation.revise(other, anna, other.brief.content, "Cake is back.").data["pair"]
    assert [str(key) for key in showing(voice, [focus])[focus.pk].validated] == [revised]
    assert f"in:{shown.pk}" in signed_in.get(where, {"kind": "out"}).content.decode()
    assert "a cake" in signed_in.get(where, {"q": "cake"}).content.decode()
    assert "No pair here matches" in signed_in.get(where, {"q": "zebra"}).content.decode()
    told = b"".join(signed_in.get(where, {"format": "csv"}).streaming_content).decode()
    assert "a cake,Cake is back.,email,train,Validated" in told


@pytest.mark.parametrize("key", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_a_button_for_a_pair_that_is_not_here_changes_nothing(signed_in, focus, key):
    where = reverse("focus", kwargs={**PAGE, "focus": focus.pk})
    assert signed_in.post(where, {"act": f"in:{key}"}).status_code == 404
    assert not focus.chosen.exists()


def test_a_pair_of_another_client_cannot_be_chosen(signed_in, focus, make_pair, rival):
    theirs = make_pair("their bun")
    Pair.objects.filter(pk=theirs.pk).update(voice=rival)
    where = reverse("focus", kwargs={**PAGE, "focus": focus.pk})
    assert signed_in.post(where, {"act": f"in:{theirs.pk}"}).status_code == 404


def test_a_focus_on_more_than_half_says_that_it_focuses_on_nothing(signed_in, focus, asking, make_pair):
    asking("a loaf")
    make_pair("a cake")
    where = reverse("focus", kwargs={**PAGE, "focus": focus.pk})
    assert "it focuses on nothing" not in signed_in.get(where).content.decode()
    asking("a bun")
    assert "it focuses on nothing" in signed_in.get(where).content.decode()
    assert "Too wide" in signed_in.get(reverse("focuses", kwargs=PAGE)).content.decode()


def test_coverage_asks_for_what_is_missing_and_the_count_falls_as_pairs_are_validated(signed_in, focus, asking):
    where = reverse("coverage", kwargs=PAGE)
    asking("a loaf")
    pair = asking("a bun", status="proposed")
    page = signed_in.get(where).content.decode()
    assert "11 more e-mails that end in a call to action." in page and "1 more waits for a decision" in page
    Pair.objects.filter(pk=pair.pk).update(status="validated")
    assert "10 more e-mails that end in a call to action." in signed_in.get(where).content.decode()
    focus.is_open = False
    focus.save()
    assert "call to action" not in signed_in.get(where).content.decode().partition("By channel")[0]


def test_the_list_has_search_an_empty_state_and_a_download(signed_in, voice, lena):
    where = reverse("focuses", kwargs=PAGE)
    assert "No focus yet" in signed_in.get(where).content.decode()
    Focus.objects.create(voice=voice, name="=Too long", created_by=lena)
    assert "No focus matches" in signed_in.get(where, {"q": "zebra\0"}).content.decode()
    assert "Too long" in signed_in.get(where, {"q": "LONG"}).content.decode()
    assert "'=Too long,By hand" in signed_in.get(where, {"format": "csv"}).content.decode()


def test_the_share_of_machine_written_copy_is_set_here(signed_in, voice):
    where = reverse("focuses", kwargs=PAGE)
    assert signed_in.post(where, {"share": "60"}).status_code == 422
    signed_in.post(where, {"share": "5"})
    voice.refresh_from_db()
    assert voice.machine_share == 5 and LogEntry.objects.filter(action="corpus.machine_share").count() == 1


def scored(sample, reviewer, **fields):
    values = {"brand_voice": 4, "accuracy": 4, "creativity": 4, "overall": 4, **fields}
    return Score.objects.create(sample=sample, reviewer=reviewer, **values)


def test_judgements_suggest_focuses_with_their_figures(voice, first_version, make_sample, make_pair, cora, anna):
    for number in range(5):
        sample = make_sample(first_version, seed=number)
        scored(
            sample,
            cora,
            accuracy=2,
            comment=f"No call to action again, {number}" if number < 3 else "",
            highlights=[{"start": 0, "end": 4, "tag": "Too formal"}] if number < 3 else [],
        )
        Edit.objects.create(sample=sample, reviewer=cora, text=f"{sample.text} Order yours by Friday.", distance=3)
    for number in range(3):
        make_pair(f"bun {number}", status="rejected", reject_reason="talks down to readers", decided_by=anna)
    found = {(one.came_from, one.name): one for one in suggestions(voice)}
    assert found["tag", "Too formal"].rule == "warm" and found["tag", "Too formal"].examples == ["Copy"]
    assert found["edit", "Missing call to action"].why == "5 of 5 edits added a call to action."
    assert found["score", "Accuracy of social media posts"].channel == "social"
    assert any(one.rule == "call" for (kind, _), one in found.items() if kind == "comment")
    assert found["reason", "Talks down to readers"].why == "3 pairs were rejected for it."
    Focus.objects.create(voice=voice, name="too formal")
    assert ("tag", "Too formal") not in {(one.came_from, one.name) for one in suggestions(voice)}


def test_a_suggestion_becomes_a_focus_in_two_clicks(signed_in, voice, first_version, make_sample, cora):
    for number in range(3):
        sample = make_sample(first_version, seed=number)
        Edit.objects.create(sample=sample, reviewer=cora, text=f"{sample.text} Order yours by Friday.", distance=3)
    page = signed_in.get(reverse("focuses", kwargs=PAGE)).content.decode()
    link = page.partition('href="/clients/bakery/voices/house/focus/new/?')[2].partition('"')[0].replace("&amp;", "&")
    form = signed_in.get(f"{reverse('new_focus', kwargs=PAGE)}?{link}").context["form"]
    given = {name: form[name].value() or "" for name in form.fields}
    signed_in.post(reverse("new_focus", kwargs=PAGE), given)
    focus = voice.focuses.get()
    assert (focus.rule, focus.came_from, focus.evidence) == ("call", "edit", "3 of 3 edits added a call to action.")


def test_simulated_judgements_suggest_nothing(voice, first_version, make_sample, cora):
    for number in range(6):
        scored(make_sample(first_version, seed=number), cora, accuracy=1, origin="simulated")
    assert suggestions(voice) == [] and not Task.objects.exists()


def test_the_pages_take_as_many_queries_for_many_pairs_as_for_few(
    signed_in, voice, focus, asking, django_assert_max_num_queries
):
    asking("a loaf")
    pages = [reverse("focuses", kwargs=PAGE), reverse("focus", kwargs={**PAGE, "focus": focus.pk})]
    for page in pages:
        cache.clear()
        with django_assert_max_num_queries(40) as few:
            signed_in.get(page)
        for number in range(30):
            asking(f"loaf {page[-3:]} {number}")
        cache.clear()
        with django_assert_max_num_queries(len(few)):
            signed_in.get(page)
