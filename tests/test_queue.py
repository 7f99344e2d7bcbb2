"""Who gets what next: leases, order, counts, and what it costs. tests/test_desk.py holds the plain cases."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from reviews import queue, scoring
from reviews.models import Item, Round, Task
from reviews.queue import starting_place

RATINGS = {"brand_voice": 4, "accuracy": 5, "creativity": 3, "overall": 4}


@pytest.fixture
def fill(voice, first_version, make_sample):
    """Open a round with so many items."""

    def make(count, wanted=1, **fields):
        work = Round.objects.create(**{"voice": voice, "purpose": "score", "overlap": wanted, **fields})
        samples = [make_sample(first_version) for _ in range(count)]
        items = [Item(round=work, position=n, sample=one, wanted=wanted) for n, one in enumerate(samples)]
        return Item.objects.bulk_create(items)

    return make


def address(voice):
    return reverse("score", args=[voice.client.slug, voice.slug])


def test_the_oldest_open_round_comes_first(voice, fill, cora):
    closed = fill(1, is_open=False)
    first, second = fill(1), fill(1)
    got = [queue.next_task(cora, voice, "score")]
    scoring.record_score(got[0], RATINGS)
    got.append(queue.next_task(cora, voice, "score"))
    assert [task.item for task in got] == [first[0], second[0]]
    assert closed[0] not in [task.item for task in got]


def test_an_item_that_nobody_judged_comes_before_one_that_wants_a_second_look(voice, fill, cora, carl):
    items = fill(3, wanted=2)
    scoring.record_score(queue.next_task(cora, voice, "score"), RATINGS)
    assert queue.next_task(carl, voice, "score").item == items[1]
    assert queue.next_task(cora, voice, "score").item == items[1]


def test_each_person_goes_round_a_score_round_from_a_place_of_their_own(voice, fill, cora, monkeypatch):
    monkeypatch.setattr(queue, "starting_place", starting_place)
    items = fill(12)
    work = Round.objects.get()
    first, order = starting_place(cora, work), []
    while task := queue.next_task(cora, voice, "score"):
        scoring.record_score(task, RATINGS)
        order.append(items.index(task.item))
    assert order == [*range(first, 12), *range(first)]
    everybody = [User(pk=number) for number in range(500)]
    assert {starting_place(person, work) for person in everybody} == set(range(12))
    work.purpose = "compare"
    assert {starting_place(person, work) for person in everybody} == {0}


def test_showing_a_task_renews_its_lease(client, voice, fill, cora):
    fill(1)
    client.force_login(cora)
    client.get(address(voice))
    soon = timezone.now() + timedelta(minutes=1)
    Task.objects.update(expires_at=soon)
    client.get(address(voice))
    assert Task.objects.get().expires_at > soon + timedelta(minutes=10)


def test_an_expired_lease_that_nobody_took_is_the_same_task_again(voice, fill, cora):
    fill(2)
    task = queue.next_task(cora, voice, "score")
    Task.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    again = queue.next_task(cora, voice, "score")
    assert again == task and again.expires_at > timezone.now()


def test_an_expired_lease_that_a_colleague_took_gives_way_to_the_next_item(voice, fill, cora, carl):
    items = fill(2)
    queue.next_task(cora, voice, "score")
    Task.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    assert queue.next_task(carl, voice, "score").item == items[0]
    assert queue.next_task(cora, voice, "score").item == items[1]


def test_a_lease_younger_than_the_look_up_is_seen_under_the_lock(voice, fill, cora, carl, monkeypatch):
    """What two people meet on PostgreSQL: the look-up's snapshot is older than a colleague's lease."""
    items = fill(2)
    queue.next_task(carl, voice, "score")
    assert not queue.is_free(items[0], cora)
    assert queue.is_free(items[1], cora)
    stale = Item.objects.order_by("position")
    monkeypatch.setattr(queue, "free_items", lambda *args: stale)
    assert queue.next_task(cora, voice, "score").item == items[1]


def test_the_count_is_of_what_waits_for_this_person(voice, fill, cora, carl):
    fill(4, wanted=2)
    scoring.record_score(queue.next_task(cora, voice, "score"), RATINGS)
    scoring.set_aside(queue.next_task(cora, voice, "score"), Task.State.SKIPPED, "")
    queue.next_task(cora, voice, "score")
    queue.next_task(carl, voice, "score")
    assert queue.progress(cora, [voice]) == {(voice.pk, "score"): (1, 2, 0, None)}
    assert queue.progress(carl, [voice]) == {(voice.pk, "score"): (0, 4, 0, None)}


def test_what_colleagues_hold_is_told_apart_from_what_is_free(client, voice, fill, cora, carl):
    """On the start page, the voice's page and the desk alike; it comes back when the lease runs out."""
    fill(3)
    queue.next_task(carl, voice, "score")
    client.force_login(cora)
    home = client.get("/").text
    assert "2 to score" in home and "1 to judge" in home
    page = client.get(reverse("voice", args=[voice.client.slug, voice.slug])).text
    assert "2 to score, 0 to compare. 1 more is with colleagues." in page
    assert "0 done, 2 left for you, 1 with colleagues." in client.get(address(voice)).text
    Task.objects.filter(reviewer=carl).update(expires_at=timezone.now())
    assert "3 to score" in client.get("/").text
    assert "0 done, 3 left for you." in client.get(address(voice)).text


def test_an_item_with_a_colleague_is_free_while_it_wants_more_judgements_than_they_give(voice, fill, cora, carl, ada):
    fill(1, wanted=2)
    queue.next_task(carl, voice, "score")
    assert queue.progress(cora, [voice])[voice.pk, "score"][:3] == (0, 1, 0)
    queue.next_task(ada, voice, "score")
    assert queue.progress(cora, [voice])[voice.pk, "score"][:3] == (0, 0, 1)
    # What a person holds is free for them, and what they had is not theirs to wait for.
    assert queue.progress(carl, [voice])[voice.pk, "score"][:3] == (0, 1, 0)
    scoring.set_aside(Task.objects.get(reviewer=carl), Task.State.SKIPPED, "")
    assert queue.progress(carl, [voice])[voice.pk, "score"][:3] == (0, 0, 0)


def test_an_empty_desk_says_who_holds_the_rest_and_until_when(client, voice, fill, cora, carl):
    fill(1)
    until = queue.next_task(carl, voice, "score").expires_at
    client.force_login(cora)
    text = client.get(address(voice)).text
    assert f"1 item is with colleagues until {until:%H:%M}" in text
    assert 'name="task"' not in text


def test_the_look_up_walks_an_index_and_sorts_nothing(voice, fill, cora):
    if connection.vendor != "sqlite":
        pytest.skip("reads SQLite's query plan")
    fill(3)
    plan = queue.free_items(cora, Round.objects.get(), 1).explain()
    assert "USING INDEX reviews_ite_round_i" in plan
    assert "TEMP B-TREE" not in plan and "SCAN" not in plan
