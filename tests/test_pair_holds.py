"""Two annotators never on one passage, and nothing lost that somebody typed."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from reviews import curation, holding
from reviews.models import Draft, Hold
from training.importing import briefs_for, import_files
from training.models import Pair


def address(pair, **more):
    return reverse("pair", args=[pair.voice.client.slug, pair.voice.slug, pair.pk])


def as_shown(pair, **changes):
    brief = pair.brief.content
    return {**brief.as_dict(), "facts": "\n".join(brief.facts), "output": pair.output, **changes}


@pytest.fixture
def proposed(voice):
    texts = [f"Loaf {n}: baked at four, sold warm until it is gone, for £3.{n}0 and a smile." for n in (1, 2, 3)]
    list(import_files(voice, [(f"loaf-{n}.txt", text.encode()) for n, text in enumerate(texts)]))
    return list(Pair.objects.order_by("created_at", "id"))


def run_out():
    Hold.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def test_opening_a_pair_keeps_colleagues_off_it(client, anna, lena, proposed):
    first, second, _ = proposed
    client.force_login(anna)
    client.get(address(first))
    client.force_login(lena)
    text = client.get(address(first)).text
    until = timezone.localtime(Hold.objects.get().expires_at)
    assert f"Anna works on this pair, until {until:%H:%M}" in text and 'name="output"' not in text
    assert client.post(address(first), {"act": "skip"}).url == address(second)


def test_the_next_pair_passes_over_what_a_colleague_holds(client, anna, lena, voice, proposed):
    holding.hold(proposed[1], lena)
    client.force_login(anna)
    response = client.post(address(proposed[0]), as_shown(proposed[0]))
    assert response.url.startswith(address(proposed[2]))
    assert curation.next_open(voice, proposed[0]) == proposed[1]


def test_the_list_leads_to_the_first_pair_that_no_colleague_works_on(client, anna, lena, voice, proposed):
    holding.hold(proposed[0], lena)
    client.force_login(anna)
    where = reverse("pairs", args=[voice.client.slug, voice.slug])
    assert f'href="{address(proposed[1])}">Decide the next pair' in client.get(where).text
    client.force_login(lena)
    assert f'href="{address(proposed[0])}">Decide the next pair' in client.get(where).text


def test_when_colleagues_hold_all_that_is_left_the_list_says_so(client, anna, lena, voice, proposed):
    for pair in proposed[1:]:
        holding.hold(pair, lena)
    client.force_login(anna)
    response = client.post(address(proposed[0]), as_shown(proposed[0]), follow=True)
    assert "The pairs that still wait are with colleagues now." in response.text


def test_a_hold_that_ran_out_goes_to_who_comes_next(client, anna, lena, proposed):
    holding.hold(proposed[0], anna)
    run_out()
    client.force_login(lena)
    assert 'name="output"' in client.get(address(proposed[0])).text
    assert Hold.objects.get().user == lena


def test_what_a_late_annotator_sends_is_taken_if_nobody_decided(client, anna, lena, proposed):
    first = proposed[0]
    holding.hold(first, anna)
    run_out()
    holding.hold(first, lena)
    client.force_login(anna)
    client.post(address(first), {**as_shown(first, output="Mine, late."), "seen": "proposed"})
    assert Pair.objects.current().get(lineage=first.lineage).output == "Mine, late."
    client.force_login(lena)
    response = client.post(address(first), {**as_shown(first, output="Mine, later."), "seen": "proposed"})
    assert response.status_code == 409 and "Mine, later." in response.text
    assert Draft.objects.get(user=lena).fields["output"] == "Mine, later."


def test_work_renews_the_hold_and_leaving_ends_it(client, anna, proposed):
    client.force_login(anna)
    client.get(address(proposed[0]))
    soon = timezone.now() + timedelta(minutes=1)
    Hold.objects.update(expires_at=soon)
    client.post(address(proposed[0]), {**as_shown(proposed[0]), "act": "save"})
    assert Hold.objects.get().expires_at > soon + timedelta(minutes=5)
    client.post(address(proposed[0]), {"act": "skip"})
    assert [hold.key for hold in Hold.objects.all()] == [proposed[1].passage_id]


def test_the_pairs_of_one_passage_are_held_together(anna, lena, proposed):
    first, second, _ = proposed
    Pair.objects.filter(pk=second.pk).update(passage=first.passage)
    holding.hold(first, anna)
    second.refresh_from_db()
    assert holding.hold(second, lena).user == anna


def test_a_draft_is_there_again_on_another_machine(client, anna, lena, proposed):
    first = proposed[0]
    client.force_login(anna)
    answer = client.post(address(first), {**as_shown(first, output="Half a thou"), "act": "save"}).json()
    assert answer["said"] == f"Saved {timezone.localtime(Draft.objects.get().saved_at):%H:%M}"
    client.logout()
    client.force_login(anna)
    text = client.get(address(first)).text
    assert "Half a thou" in text and "What you typed is back" in text
    assert f'data-keep="{answer["version"]}"' in text
    run_out()
    client.force_login(lena)
    assert "Half a thou" not in client.get(address(first)).text


def test_a_draft_that_says_what_the_pair_says_is_none(client, anna, proposed):
    client.force_login(anna)
    client.post(address(proposed[0]), {**as_shown(proposed[0], output="Half"), "act": "save"})
    answer = client.post(address(proposed[0]), {**as_shown(proposed[0]), "act": "save"}).json()
    assert answer["said"] == "" and not Draft.objects.exists()


def test_a_draft_goes_when_it_is_sent_or_discarded_and_stays_after_a_rejection(client, anna, proposed):
    client.force_login(anna)
    for pair, act in zip(proposed, ["accept", "discard", "reject:A fragment"], strict=True):
        client.post(address(pair), {**as_shown(pair, output="Typed"), "act": "save"})
        client.post(address(pair), {**as_shown(pair, output="Typed"), "act": act})
    assert [draft.pair for draft in Draft.objects.all()] == [proposed[2]]


def test_a_draft_says_when_a_colleague_was_quicker(client, anna, lena, proposed):
    first = proposed[0]
    client.force_login(anna)
    client.post(address(first), {**as_shown(first, output="Typed"), "act": "save"})
    client.force_login(lena)
    client.post(address(first), as_shown(first, output="Lena was quicker."))
    client.force_login(anna)
    answer = client.post(address(first), {**as_shown(first, output="Typed on"), "act": "save", "seen": "proposed"})
    assert "A colleague decided on this pair meanwhile" in answer.json()["said"]
    text = client.get(address(first), follow=True).text
    assert "earlier revision" in text and "Typed on" in text and "Lena was quicker." in text


def test_facts_that_the_brief_does_not_bear_are_flagged_and_added(client, anna, voice, make_brief, proposed):
    pair = proposed[0]
    content = pair.brief.content
    bare = type(content)(channel="blog", topic="a loaf")
    Pair.objects.filter(pk=pair.pk).update(brief=briefs_for(voice, [bare])[bare.digest()])
    pair.refresh_from_db()
    client.force_login(anna)
    text = client.get(address(pair)).text
    assert 'value="add:£3.10"' in text and "<mark>£3.10</mark>" in text
    client.post(address(pair), {**as_shown(pair), "act": "add:£3.10"})
    text = client.get(address(pair)).text
    assert 'value="add:£3.10"' not in text and "£3.10</textarea>" in text
    pair.refresh_from_db()
    assert pair.brief.content == bare, "nothing is decided by it"
    typed = client.post(address(pair), {**as_shown(pair, output="Now for £4.20."), "act": "save"}).json()
    assert "£4.20" in typed["flags"] and "£3.10" not in typed["flags"]


@pytest.mark.parametrize("act", ["accept", "save", "add:\0x", "reject:\0", "split", "merge:after", "\0", "discard"])
def test_zero_characters_in_any_field_harm_nothing(client, anna, proposed, act):
    client.force_login(anna)
    fields = {name: f"{value}\0" for name, value in as_shown(proposed[0]).items()}
    response = client.post(address(proposed[0]), {**fields, "act": act, "at": "1\0", "seen": "proposed\0"})
    assert response.status_code in (200, 302, 409, 422)


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_come_at_once_one_gets_the_pair(anna, lena, proposed):
    if not connection.features.has_select_for_update_skip_locked:
        pytest.skip("SQLite lets one write at a time; PostgreSQL runs this.")
    for _ in range(15):
        Hold.objects.all().delete()
        together, got = threading.Barrier(2), {}

        def come(user, together=together, got=got):
            together.wait()
            try:
                got[user] = curation.take_next(proposed[0].voice, user)
            finally:
                connection.close()

        threads = [threading.Thread(target=come, args=[user]) for user in (anna, lena)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {got[anna], got[lena]} == set(proposed[:2])


@pytest.fixture
def many(voice, proposed):
    """Validated and open pairs in number, so that a planner has a choice."""
    brief = proposed[0].brief
    for number in range(10):
        status = "validated" if number < 5 else "proposed"
        rows = (Pair.answering(brief, f"Loaf {number}-{n}", voice=voice, status=status) for n in range(400))
        Pair.objects.bulk_create(rows)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE training_pair")


def test_the_next_and_the_previous_pair_are_index_look_ups(anna, lena, voice, proposed, many, monkeypatch):
    holding.hold(proposed[1], lena)
    plans = []
    first = type(Pair.objects.all()).first

    def explained(rows):
        plans.append(rows[:1].explain())
        return first(rows)

    monkeypatch.setattr(type(Pair.objects.all()), "first", explained)
    curation.next_open(voice, proposed[0], anna)
    curation.next_open(voice, None, anna)
    curation.previous(voice, proposed[2])
    assert len(plans) >= 4
    for plan in plans:
        assert "pair_open_in_order" in plan or "pair_in_order" in plan, plan
        assert "TEMP B-TREE FOR ORDER BY" not in plan and "Sort" not in plan.replace("Incremental Sort", ""), plan
