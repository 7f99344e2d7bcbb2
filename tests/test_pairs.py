"""The annotator's two screens: the list of pairs, and one pair."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reviews import curation
from reviews.models import LogEntry
from training.importing import import_files
from training.models import Pair

FIELDS = {"channel": "blog", "topic": "rye", "facts": "£3.50", "audience": "", "call_to_action": ""}


def address(name, voice, **more):
    return reverse(name, kwargs={"client": voice.client.slug, "voice": voice.slug, **more})


@pytest.fixture
def proposed(voice):
    texts = [
        f"Batch {number}: we bake the rye at four in the morning and sell it warm until it is gone."
        for number in (1, 2)
    ]
    list(import_files(voice, [(f"rye-{number}.txt", text.encode()) for number, text in enumerate(texts)]))
    return list(Pair.objects.order_by("created_at", "id"))


def as_shown(pair):
    brief = pair.brief.content
    return {**brief.as_dict(), "facts": "\n".join(brief.facts), "output": pair.output}


def test_accepting_goes_on_to_the_next_pair(client, anna, voice, proposed):
    client.force_login(anna)
    first, second = proposed
    response = client.post(address("pair", voice, pair=first.pk), as_shown(first))
    assert response.url.startswith(address("pair", voice, pair=second.pk))
    first.refresh_from_db()
    assert (first.status, first.revision, first.decided_by) == ("validated", 1, anna)
    assert LogEntry.objects.filter(action="pair.validated", user=anna).exists()


def test_a_change_is_a_new_revision_and_the_old_one_stays(client, anna, voice, proposed):
    client.force_login(anna)
    first = proposed[0]
    Pair.objects.update(extra={"id": "row 7"})
    client.post(address("pair", voice, pair=first.pk), {**as_shown(first), "output": "Rye, warm, at seven."})
    old, new = Pair.objects.filter(lineage=first.lineage).order_by("revision")
    assert (old.output, old.is_current) == (first.output, False)
    assert (new.output, new.is_current, new.status, new.revision) == (
        "Rye, warm, at seven.",
        True,
        "validated",
        2,
    )
    assert (new.extra, new.passage, new.created_at) == ({"id": "row 7"}, first.passage, first.created_at)


def test_rejecting_needs_a_reason(client, anna, voice, proposed):
    client.force_login(anna)
    first = proposed[0]
    where = address("pair", voice, pair=first.pk)
    response = client.post(where, {"act": "reject", "reason": ""})
    assert response.status_code == 422 and "why it is rejected" in response.text
    client.post(where, {"act": "reject", "reason": "not our copy"})
    first.refresh_from_db()
    assert (first.status, first.reject_reason) == ("rejected", "not our copy")


def test_an_invalid_pair_keeps_what_was_typed(client, anna, voice, proposed):
    client.force_login(anna)
    first = proposed[0]
    response = client.post(
        address("pair", voice, pair=first.pk), {**as_shown(first), "topic": "", "output": "Half a thought"}
    )
    assert response.status_code == 422 and "Half a thought" in response.text
    first.refresh_from_db()
    assert first.status == "proposed"


def test_a_second_annotator_sees_what_changed_and_keeps_what_they_wrote(client, anna, lena, voice, proposed):
    first = proposed[0]
    where = address("pair", voice, pair=first.pk)
    client.force_login(lena)
    client.post(where, {**as_shown(first), "output": "Mine was first."})
    client.force_login(anna)
    late = {**as_shown(first), "output": "Mine was second."}
    response = client.post(where, late)
    assert response.status_code == 409 and "Lena changed this pair meanwhile" in response.text
    assert "Mine was first." in response.text and "Mine was second." in response.text
    current = Pair.objects.current().get(lineage=first.lineage)
    assert current.output == "Mine was first."
    # The form leads to the newest revision, where sending it again lets it stand.
    assert f'action="{address("pair", voice, pair=current.pk)}"' in response.text
    client.post(address("pair", voice, pair=current.pk), {**late, "seen": "validated"})
    assert Pair.objects.current().get(lineage=first.lineage).output == "Mine was second."


def test_a_pair_that_a_colleague_rejected_meanwhile_is_not_accepted_unseen(client, anna, lena, voice, proposed):
    first = proposed[0]
    where = address("pair", voice, pair=first.pk)
    client.force_login(lena)
    client.post(where, {"act": "reject", "reason": "not our copy", "seen": "proposed"})
    client.force_login(anna)
    response = client.post(where, {**as_shown(first), "seen": "proposed"})
    assert response.status_code == 409 and "not our copy" in response.text
    first.refresh_from_db()
    assert first.status == "rejected"


def test_a_decision_between_the_look_and_the_act_is_not_overwritten(client, anna, voice, proposed, monkeypatch):
    first = proposed[0]

    def beaten(pair, user):
        Pair.objects.filter(pk=pair.pk).update(status="rejected", reject_reason="not our copy")
        curation.decide(pair, user, "validated", "")

    monkeypatch.setattr(curation, "accept", beaten)
    client.force_login(anna)
    response = client.post(address("pair", voice, pair=first.pk), {**as_shown(first), "seen": "proposed"})
    assert response.status_code == 409 and "not our copy" in response.text
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("change", [{}, {"output": "Rye, warm, at seven."}, {"act": "reject", "reason": "dull"}])
def test_a_double_click_decides_once(client, anna, voice, proposed, change):
    client.force_login(anna)
    where = address("pair", voice, pair=proposed[0].pk)
    for _ in range(2):
        response = client.post(where, {**as_shown(proposed[0]), "seen": "proposed", **change})
        assert response.url.startswith(address("pair", voice, pair=proposed[1].pk))
    assert LogEntry.objects.count() == 1


def test_an_old_revision_leads_to_the_newest(client, anna, voice, proposed):
    client.force_login(anna)
    where = address("pair", voice, pair=proposed[0].pk)
    client.post(where, {**as_shown(proposed[0]), "output": "Rye, warm, at seven."})
    current = Pair.objects.current().get(lineage=proposed[0].lineage)
    assert client.get(where).url == address("pair", voice, pair=current.pk)


def test_a_pair_can_be_skipped(client, anna, voice, proposed):
    client.force_login(anna)
    response = client.post(address("pair", voice, pair=proposed[0].pk), {"act": "skip"})
    assert response.url == address("pair", voice, pair=proposed[1].pk)
    assert not Pair.objects.exclude(status="proposed").exists()


def test_going_back_leads_to_what_was_decided_before(client, anna, voice, proposed):
    client.force_login(anna)
    first, second = proposed
    client.post(address("pair", voice, pair=first.pk), {**as_shown(first), "output": "Rye, warm, at seven."})
    response = client.get(address("pair", voice, pair=second.pk), {"go": "previous"})
    newest = Pair.objects.current().get(lineage=first.lineage)
    assert response.url == address("pair", voice, pair=newest.pk)
    assert client.get(response.url, {"go": "previous"}).url == response.url


def test_a_usual_reason_is_one_tap_and_own_words_may_go_with_it(client, anna, voice, proposed):
    client.force_login(anna)
    first, second = proposed
    client.post(address("pair", voice, pair=first.pk), {"act": "reject:Out of date"})
    client.post(address("pair", voice, pair=second.pk), {"act": "reject:Out of date", "reason": "2014 prices"})
    reasons = Pair.objects.order_by("created_at").values_list("reject_reason", flat=True)
    assert list(reasons) == ["Out of date", "Out of date: 2014 prices"]
    response = client.post(address("pair", voice, pair=first.pk), {"act": "reject:No such reason"})
    assert response.status_code == 422


def test_the_list_searches_filters_and_says_when_nothing_is_left(client, anna, voice, proposed, make_pair):
    client.force_login(anna)
    where = address("pairs", voice)
    response = client.get(where, {"q": "Batch 1"})
    assert "Batch 1" in response.text and "Batch 2" not in response.text
    assert "Nothing here matches “zebra”" in client.get(where, {"q": "zebra"}).text
    make_pair("a tweet about rye", status="proposed")
    assert "a tweet about rye" in client.get(where, {"channel": "social"}).text
    assert "Batch" not in client.get(where, {"channel": "social"}).text
    assert "Nothing here yet" in client.get(where, {"state": "rejected"}).text
    Pair.objects.update(status="validated")
    assert "Nothing waits for a decision" in client.get(where, {"state": "open"}).text


def test_a_filter_survives_a_change_of_state(client, anna, voice, proposed):
    client.force_login(anna)
    text = client.get(address("pairs", voice), {"q": "rye", "channel": "blog"}).text
    assert "q=rye&amp;channel=blog&amp;state=validated" in text


@pytest.mark.parametrize("page", ["pairs", "pair"])
def test_queries_do_not_grow_with_pairs(client, anna, voice, proposed, make_pair, page):
    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(address(page, voice, **({"pair": proposed[0].pk} if page == "pair" else {})))
        return len(found)

    client.force_login(anna)
    queries()  # the first look takes the pair
    few = queries()
    for number in range(20):
        make_pair(f"loaf {number}", status="proposed")
    assert queries() == few


def test_a_rejection_without_a_reason_keeps_the_pair_and_what_was_typed_into_it(client, anna, voice, proposed):
    client.force_login(anna)
    where = address("pair", voice, pair=proposed[0].pk)
    text = client.post(where, {"act": "reject", "reason": " "}).text
    assert proposed[0].output in text and "errorlist" in text
    client.post(where, {**as_shown(proposed[0]), "output": "Half a thou", "act": "save"})
    assert "Half a thou" in client.post(where, {"act": "reject", "reason": " "}).text
