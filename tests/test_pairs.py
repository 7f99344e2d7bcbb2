"""The annotator's two screens: the list of pairs, and one pair."""

import pytest
from django.urls import reverse

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
    assert response.url == address("pair", voice, pair=second.pk)
    first.refresh_from_db()
    assert (first.status, first.revision, first.decided_by) == ("validated", 1, anna)
    assert LogEntry.objects.filter(action="pair.validated", user=anna).exists()


def test_a_change_is_a_new_revision_and_the_old_one_stays(client, anna, voice, proposed):
    client.force_login(anna)
    first = proposed[0]
    client.post(address("pair", voice, pair=first.pk), {**as_shown(first), "output": "Rye, warm, at seven."})
    old, new = Pair.objects.filter(lineage=first.lineage).order_by("revision")
    assert (old.output, old.is_current) == (first.output, False)
    assert (new.output, new.is_current, new.status, new.revision) == (
        "Rye, warm, at seven.",
        True,
        "validated",
        2,
    )


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


def test_the_second_of_two_annotators_is_told(client, anna, voice, proposed):
    client.force_login(anna)
    first = proposed[0]
    where = address("pair", voice, pair=first.pk)
    client.post(where, {**as_shown(first), "output": "Mine was first."})
    response = client.post(where, {**as_shown(first), "output": "Mine was second."})
    assert response.status_code == 404
    assert Pair.objects.current().filter(lineage=first.lineage).get().output == "Mine was first."


def test_the_list_searches_and_counts(client, anna, voice, proposed, django_assert_num_queries):
    client.force_login(anna)
    response = client.get(address("pairs", voice), {"q": "Batch 1"})
    assert "Batch 1" in response.text and "Batch 2" not in response.text
    assert "Nothing" in client.get(address("pairs", voice), {"q": "zebra"}).text


def test_queries_do_not_grow_with_pairs(client, anna, voice, proposed, make_pair, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(anna)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(address("pairs", voice))
    for number in range(20):
        make_pair(f"loaf {number}", status="proposed")
    with CaptureQueriesContext(connection) as many:
        client.get(address("pairs", voice))
    assert len(many) == len(few)
