"""Validation by sampling, as a lead and experts go through it: draw, read, close."""

import random
import re
import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reviews import validation
from reviews.models import Item, LogEntry, Round, Task
from reviews.models_validation import Lot, LotPair, Reading
from tests.conftest import person
from tests.pages import text, where
from training.models import Pair
from voicelab.roles import Role


@pytest.fixture
def bert(bakery):
    """A second annotator."""
    return person("bert", bakery, Role.ANNOTATOR)


@pytest.fixture
def accepted(voice, anna, make_pair):
    """Thirty pairs that Anna accepted."""
    now = timezone.now() - timedelta(hours=1)
    return [make_pair(f"loaf {number}", decided_by=anna, decided_at=now) for number in range(30)]


def drawn(voice, lena, **given):
    return validation.draw(voice, lena, validation.waiting(voice), **given)


def read(lot, user, verdict="good", note="", most=1000):
    """The user reads what the desk hands out, all the same way. Gives how many."""
    for count in range(most):
        task = validation.next_reading(user, lot.voice)
        if task is None:
            return count
        validation.record_reading(task, verdict, note)
    return most


def closed(lot, lena):
    validation.close(lot, lena)
    lot.refresh_from_db()
    return lot


def sampled(lot):
    return list(lot.lot_pairs.filter(item__isnull=False).order_by("item__position"))


# --- drawing


def test_the_plan_is_shown_before_anything_is_drawn(client, lena, voice, accepted):
    client.force_login(lena)
    page = text(client.get(where("draw", voice)))
    assert "30 pairs, 16 to read, 0 defects allowed" in page
    assert "Experts read 16 pairs, drawn at random from 30. Without a defect the lot is accepted." in page
    assert re.search(r"one with 10 % is caught \d+ times in 100", page) and not Lot.objects.exists()
    # A looser plan reads less.
    looser = text(client.get(where("draw", voice), {"acceptable": 5, "rejectable": 30, "overlap": 20}))
    assert "30 pairs, 10 to read, 1 defect allowed" in looser


def test_a_lot_freezes_its_pairs_and_draws_a_sample_that_its_seed_gives_again(client, lena, anna, voice, accepted):
    client.force_login(lena)
    key = uuid.uuid4()
    form = {"lot": key, "acceptable": 2.5, "rejectable": 10, "overlap": 20}
    answer = client.post(where("draw", voice), form)
    lot = Lot.objects.get()
    assert answer.url == where("lot", voice, lot.pk) and lot.pk == key
    assert (lot.number, lot.size, lot.sample_size, lot.limit) == (1, 30, 16, 0)
    pairs = lot.lot_pairs.all()
    assert {one.pair_id for one in pairs} == {pair.pk for pair in accepted}
    assert {one.annotator for one in pairs} == {anna}
    again = random.Random(lot.seed).sample(sorted(pair.pk for pair in accepted), 16)
    assert [one.pair_id for one in sampled(lot)] == again
    # A fifth of it, rounded up, is read twice.
    assert [one.wanted for one in sampled(lot)] == [2] * 4 + [1] * 12
    assert LogEntry.objects.get(action="lot.drawn").data == {"lot": 1, "pairs": 30, "sample": 16}
    # A double click draws no second lot, and nothing is left for another.
    assert client.post(where("draw", voice), form).url == answer.url
    late = client.post(where("draw", voice), {**form, "lot": uuid.uuid4()})
    assert late.status_code == 422 and "stand in a lot already" in text(late) and Lot.objects.count() == 1


def test_a_lot_is_drawn_from_what_was_asked_for(client, lena, bert, voice, accepted, make_pair):
    client.force_login(lena)
    mine = make_pair("a rye", decided_by=bert, decided_at=timezone.now())
    make_pair("an open one", status="proposed")
    make_pair("a well-scored sample", made="score")
    old = make_pair("an old one", decided_by=bert, decided_at=timezone.now() - timedelta(days=400))
    levels = {"acceptable": 2.5, "rejectable": 10, "overlap": 0}
    for asked, found in (
        ({"annotator": bert.pk}, {mine, old}),
        ({"annotator": bert.pk, "since": timezone.localdate() - timedelta(days=3)}, {mine}),
        ({"until": timezone.localdate() - timedelta(days=3)}, {old}),
    ):
        client.post(where("draw", voice), {**levels, **asked, "lot": uuid.uuid4()})
        lot = Lot.objects.latest("number")
        assert {one.pair for one in lot.lot_pairs.all()} == found
        validation.give_up(lot, lena)
    assert lot.drawn_from["Until"]
    assert "No accepted pair" in text(client.get(where("draw", voice), {**levels, "channel": "email"}))
    assert validation.waiting(voice).count() == 32


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"rejectable": 3}, "Make it 2 times what is good enough, or more: 5 here."),
        ({"acceptable": "a few"}, "Enter a number."),
        ({"annotator": 999}, "999 is not one of the available choices."),
        ({"source": "nul\0"}, "Null characters are not allowed."),
        ({"since": "2026-02-02", "until": "2026-01-01"}, "This is before the first day."),
    ],
)
def test_a_plan_that_cannot_be_is_refused_by_its_field(client, lena, voice, accepted, given, why):
    client.force_login(lena)
    form = {"acceptable": 2.5, "rejectable": 10, "overlap": 20, **given}
    asked, sent = client.get(where("draw", voice), form), client.post(where("draw", voice), form)
    assert (asked.status_code, sent.status_code) == (200, 422) and why in text(asked) and why in text(sent)
    assert not Lot.objects.exists()


def test_a_lot_that_nobody_could_read_is_not_drawn(client, lena, voice, make_pair):
    client.force_login(lena)
    make_pair("my own", decided_by=lena, decided_at=timezone.now())
    answer = client.post(where("draw", voice), {"acceptable": 2.5, "rejectable": 10, "overlap": 20})
    assert answer.status_code == 422 and "Invite an annotator" in text(answer) and not Lot.objects.exists()


def test_only_a_lead_draws_and_closes(client, anna, lena, voice, accepted):
    lot = drawn(voice, lena)
    client.force_login(anna)
    assert client.get(where("draw", voice)).status_code == 403
    assert client.post(where("lot", voice, lot.pk), {"act": "close"}).status_code == 403
    assert "Draw a lot" not in text(client.get(where("validation", voice)))


# --- reading


def test_nobody_reads_what_they_accepted_themselves(lena, anna, bert, voice, accepted, make_pair):
    make_pair("bert's own", decided_by=bert, decided_at=timezone.now())
    lot = drawn(voice, lena, overlap=0)
    own = lot.lot_pairs.filter(item__isnull=False, annotator=bert).count()
    assert read(lot, anna) == own
    assert read(lot, bert) == lot.sample_size - own


def test_the_desk_tells_neither_who_accepted_it_nor_what_a_colleague_found(client, lena, bert, voice, accepted):
    lot = drawn(voice, lena)
    read(lot, lena, "off_voice", "Too stiff by half", most=3)
    client.force_login(bert)
    page = client.get(where("validate", voice))
    assert "Anna" not in text(page) and "Too stiff" not in text(page) and "Lena" not in text(page)
    open_lot = text(client.get(where("lot", voice, lot.pk)))
    assert "3 of 16 pairs read" in open_lot and "Too stiff" not in open_lot and "Anna" not in open_lot
    assert client.get(where("lot", voice, lot.pk), {"format": "csv"})["Content-Type"].startswith("text/html")


def test_a_post_stores_what_was_found_and_brings_the_next(client, lena, voice, accepted):
    lot = drawn(voice, lena)
    client.force_login(lena)
    task = client.get(where("validate", voice)).context["task"]
    form = {"task": task.pk, "verdict": "wrong_fact", "comment": "It opens at eight"}
    answer = client.post(where("validate", voice), form, headers={"HX-Request": "true"})
    assert answer.context["task"].pk != task.pk and "Lot 1: 1 of 16 read, 15 left for you." in text(answer)
    reading = Reading.objects.get()
    assert (reading.verdict, reading.note, reading.reader) == ("wrong_fact", "It opens at eight", lena)
    assert reading.lot_pair == sampled(lot)[0]
    # The same post twice is one reading.
    again = client.post(where("validate", voice), {**form, "verdict": "good"}, headers={"HX-Request": "true"})
    assert "your first answer stands" in text(again) and Reading.objects.get().verdict == "wrong_fact"
    assert Item.objects.get(pk=reading.lot_pair.item_id).wanted == 1


def test_a_plain_post_works_without_javascript(client, lena, voice, accepted):
    drawn(voice, lena)
    client.force_login(lena)
    task = client.get(where("validate", voice)).context["task"]
    answer = client.post(where("validate", voice), {"task": task.pk, "verdict": "good", "act": "submit"}, follow=True)
    assert "Saved. Thank you." in text(answer) and f'value="{task.pk}"' in answer.content.decode()
    back = client.post(where("validate", voice), {"done": task.pk, "act": "take_back"})
    assert "Taken back." in text(back) and not Reading.objects.exists()
    assert re.search(r'value="good"[^>]*checked', back.content.decode())


def test_the_start_page_says_how_many_wait_for_this_expert(client, lena, anna, cora, voice, accepted):
    drawn(voice, lena)
    for user, is_asked in ((lena, True), (anna, False), (cora, False)):
        client.force_login(user)
        assert ("16 to validate" in text(client.get("/"))) == is_asked


def test_a_verdict_is_asked_for_and_something_else_needs_words(client, lena, voice, accepted):
    drawn(voice, lena)
    client.force_login(lena)
    task = client.get(where("validate", voice)).context["task"]
    for given, why in (
        ({}, "Say whether it is good"),
        ({"verdict": "splendid"}, "splendid is not one"),
        ({"verdict": "other"}, "Say in a few words what is wrong."),
        ({"verdict": "good", "comment": "nul\0"}, "Null characters"),
    ):
        answer = client.post(where("validate", voice), {"task": task.pk, **given})
        assert answer.status_code == 422 and why in text(answer)
    assert not Reading.objects.exists()


def test_what_is_skipped_comes_back_at_the_end(client, lena, voice, accepted):
    lot = drawn(voice, lena, overlap=0)
    client.force_login(lena)
    first = client.get(where("validate", voice)).context["task"]
    client.post(where("validate", voice), {"task": first.pk, "act": "skip"})
    assert validation.next_reading(lena, voice).item_id != first.item_id
    assert read(lot, lena, most=15) == 15
    assert validation.next_reading(lena, voice).pk == first.pk
    assert read(lot, lena) == 1 and Reading.objects.count() == 16


def test_two_experts_share_a_sample_and_both_read_the_overlap(lena, bert, voice, accepted):
    lot = drawn(voice, lena)
    turns = 0
    while tasks := [task for one in (lena, bert) if (task := validation.next_reading(one, voice))]:
        turns += 1
        # Neither holds what the other holds, but for pairs that both are to read.
        items = [task.item for task in tasks]
        assert len({item.pk for item in items}) == len(items) or items[0].lot_pair.wanted == 2
        for task in tasks:
            validation.record_reading(task, "good")
    counts = [one.readings.count() for one in sampled(lot)]
    assert counts == [2] * 4 + [1] * 12 and turns < 16


def test_another_clients_task_is_not_here(client, stranger, rival, lena, voice, accepted):
    drawn(voice, lena)
    task = validation.next_reading(lena, voice)
    client.force_login(stranger)
    assert client.post(where("validate", rival), {"task": task.pk, "verdict": "good"}).status_code == 404
    client.force_login(lena)
    assert client.post(where("validate", voice), {"task": "no key", "verdict": "good"}).status_code == 404
    # Nor does the score desk take it for a sample.
    assert client.post(where("score", voice), {"task": task.pk, "act": "skip"}).status_code == 404


# --- the verdict


def test_an_accepted_lot_stands_and_its_defective_pairs_go_back(client, lena, bert, voice, accepted):
    lot = drawn(voice, lena, acceptable=0.05, rejectable=0.30, overlap=0)
    assert read(lot, lena, "wrong_fact", "It is £4", most=1) == 1
    with pytest.raises(validation.Undecided):
        validation.close(lot, lena)
    read(lot, bert)
    client.force_login(lena)
    answer = client.post(where("lot", voice, lot.pk), {"act": "close"}, follow=True)
    lot.refresh_from_db()
    bad = sampled(lot)[0].pair
    assert (lot.state, lot.read, lot.defects, lot.returned, lot.overtaken) == ("accepted", 10, 1, 1, 0)
    assert (bad.status, bad.reject_reason) == ("proposed", "Lot 1: Wrong fact: It is £4.")
    assert Pair.objects.filter(status="validated").count() == 29
    page = text(answer)
    assert "Accepted: 1 defect in 10: 10.0 % (3.3–36.7)" in page and "It is £4" in page
    assert "1 defect in 10" in page and "Anna" in page
    assert validation.cover_of(voice) == (29, 29, 0)
    entry = LogEntry.objects.get(action="lot.accepted")
    assert entry.data == {"lot": 1, "read": 10, "defects": 1, "returned": 1, "overtaken": 0}


def test_a_rejected_lot_goes_back_but_for_what_was_read_and_found_good(client, lena, anna, voice, accepted):
    lot = drawn(voice, lena, overlap=0)
    read(lot, lena, "good", most=5)
    read(lot, lena, "boilerplate", most=1)
    client.force_login(lena)
    page = text(client.get(where("lot", voice, lot.pk)))
    assert "the lot is rejected whatever follows" in page and "send its pairs back" in page
    lot = closed(lot, lena)
    assert (lot.state, lot.read, lot.defects, lot.returned) == ("rejected", 6, 1, 25)
    kept = {one.pair_id for one in sampled(lot)[:5]}
    assert set(Pair.objects.filter(status="validated").values_list("pk", flat=True)) == kept
    others = Pair.objects.filter(status="proposed")
    assert set(others.values_list("reject_reason", flat=True)) == {
        "Lot 1: boilerplate left in.",
        "Lot 1 was rejected, 1 defect in 6 read: look at it again.",
    }
    page = text(client.get(where("lot", voice, lot.pk)))
    assert "Rejected: 1 defect in 6: 16.7 % (3.3–60.0)" in page
    assert "Only 6 of 16 were read, up to where it was closed" in page
    assert validation.cover_of(voice) == (5, 0, 0)
    # Accepted anew, they wait for the next lot; so do those that stayed.
    client.force_login(anna)
    others.update(status="validated", decided_by=anna, decided_at=timezone.now())
    assert validation.waiting(voice).count() == 30


def test_what_was_changed_meanwhile_is_left_and_counted(lena, anna, voice, accepted):
    lot = drawn(voice, lena, overlap=0)
    read(lot, lena, "broken", most=1)
    unread = lot.lot_pairs.filter(item__isnull=True)
    mended, rejected, anew = (one.pair for one in unread[:3])
    Pair.objects.filter(pk=mended.pk).update(is_current=False)
    Pair.objects.filter(pk=rejected.pk).update(status="rejected", reject_reason="not ours")
    Pair.objects.filter(pk=anew.pk).update(decided_at=timezone.now())
    lot = closed(lot, lena)
    assert (lot.returned, lot.overtaken) == (27, 3)
    assert [Pair.objects.get(pk=pair.pk).status for pair in (mended, rejected, anew)] == [
        "validated",
        "rejected",
        "validated",
    ]


def test_a_closed_lot_takes_no_reading_and_closes_once(client, lena, bert, voice, accepted):
    lot = drawn(voice, lena, overlap=0)
    late = validation.next_reading(bert, voice)
    read(lot, lena, "personal", most=1)
    closed(lot, lena)
    with pytest.raises(validation.LotClosed):
        validation.close(lot, lena)
    client.force_login(bert)
    answer = client.post(where("validate", voice), {"task": late.pk, "verdict": "good"}, follow=True)
    assert "That lot was closed meanwhile" in text(answer) and Reading.objects.count() == 1
    with pytest.raises(validation.LotClosed):
        validation.take_back(Task.objects.get(reading__isnull=False))
    client.force_login(lena)
    again = client.post(where("lot", voice, lot.pk), {"act": "give_up"}, follow=True)
    assert "was closed already" in text(again)
    lot.refresh_from_db()
    assert lot.state == "rejected"


def test_a_lot_given_up_changes_no_pair_and_frees_them(client, lena, voice, accepted):
    lot = drawn(voice, lena)
    assert validation.waiting(voice).count() == 0 == validation.cover_of(voice).waiting
    client.force_login(lena)
    client.post(where("lot", voice, lot.pk), {"act": "give_up"})
    assert Lot.objects.get().state == "given_up" and not Round.objects.get().is_open
    assert validation.waiting(voice).count() == 30 and Pair.objects.filter(status="validated").count() == 30


def test_the_first_reading_counts_and_a_second_tells_how_far_experts_agree(client, lena, bert, voice, accepted):
    lot = drawn(voice, lena, acceptable=0.05, rejectable=0.30, overlap=1)
    read(lot, lena)
    assert read(lot, bert, "off_voice", most=1) == 1
    lot = closed(lot, lena)
    assert (lot.state, lot.defects, lot.returned) == ("accepted", 0, 1)
    client.force_login(lena)
    page = text(client.get(where("lot", voice, lot.pk)))
    assert "Two experts read 1 pair and agree on 0 (0 %)." in page
    assert "Two experts differ; the first reading counts, and that one found it good." in page


def test_the_csv_names_people_to_a_lead_alone(client, lena, bert, voice, accepted):
    lot = drawn(voice, lena, overlap=0, drawn_from={"Accepted by": "Anna"})
    read(lot, lena, "other", "=SUM(A1)", most=1)
    closed(lot, lena)
    client.force_login(lena)
    mine = client.get(where("lot", voice, lot.pk), {"format": "csv"}).content.decode()
    assert "Something else,'=SUM(A1)" in mine and "Anna" in mine and "Lena" in mine
    client.force_login(bert)
    theirs = client.get(where("lot", voice, lot.pk), {"format": "csv"}).content.decode()
    assert "Something else" in theirs and "Anna" not in theirs and "Lena" not in theirs
    assert "Anna" not in text(client.get(where("lot", voice, lot.pk)))


# --- two at once


def at_once(*acts):
    """Each in a thread of its own, all started together. Gives what each returned or raised."""
    together, came = threading.Barrier(len(acts)), {}

    def run(number, act):
        together.wait()
        try:
            came[number] = act()
        except Exception as error:
            came[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [came[number] for number in range(len(acts))]


@pytest.mark.django_db(transaction=True)
def test_two_leads_at_once_share_no_pair_between_two_lots(lena, voice, accepted):
    if not connection.features.has_select_for_update_skip_locked:
        pytest.skip("SQLite lets one write at a time; PostgreSQL runs this.")
    for _ in range(5):
        came = at_once(*(lambda: drawn(voice, lena) for _ in range(3)))
        assert sorted(type(one).__name__ for one in came) == ["Lot", "NothingToDraw", "NothingToDraw"]
        validation.give_up(next(one for one in came if isinstance(one, Lot)), lena)


@pytest.mark.django_db(transaction=True)
def test_a_reading_at_the_moment_of_closing_is_counted_or_refused(lena, anna, bert, voice, accepted):
    if not connection.features.has_select_for_update_skip_locked:
        pytest.skip("SQLite lets one write at a time; PostgreSQL runs this.")
    for _ in range(8):
        Pair.objects.update(status="validated", decided_by=anna, decided_at=timezone.now())
        lot = drawn(voice, lena, overlap=0)
        read(lot, lena, "broken", most=1)
        task = validation.next_reading(bert, voice)
        reading, result = at_once(
            lambda task=task: validation.record_reading(task, "good"), lambda lot=lot: validation.close(lot, lena)
        )
        lot.refresh_from_db()
        assert lot.state == "rejected" and lot.read == Reading.objects.filter(lot_pair__lot=lot).count() == result.read
        assert isinstance(reading, validation.LotClosed) == (lot.read == 1)


@pytest.mark.django_db(transaction=True)
def test_two_experts_at_once_get_two_pairs(lena, bert, voice, accepted):
    if not connection.features.has_select_for_update_skip_locked:
        pytest.skip("SQLite lets one write at a time; PostgreSQL runs this.")
    drawn(voice, lena, overlap=0)
    for _ in range(5):
        first, second = at_once(*(lambda one=one: validation.next_reading(one, voice) for one in (lena, bert)))
        assert first.item_id != second.item_id
        for task in (first, second):
            validation.record_reading(task, "good")


# --- the list


def test_the_list_explains_itself_finds_lots_and_downloads(client, lena, voice, accepted):
    client.force_login(lena)
    page = text(client.get(where("validation", voice)))
    assert "0 of 30 validated pairs stand in an accepted lot" in page and "No lot was drawn yet." in page
    lot = drawn(voice, lena)
    read(lot, lena, most=2)
    page = text(client.get(where("validation", voice)))
    assert "2 of 16 read" in page and "Read 14 pairs" in page
    for search, is_found in (("lot 1", True), ("lena", True), ("being", True), ("rejected", False), ("nul\0", False)):
        assert ("Being read" in text(client.get(where("validation", voice), {"q": search}))) == is_found
    rows = client.get(where("validation", voice), {"format": "csv"}).content.decode().splitlines()
    assert rows[0].startswith("lot,drawn,by") and rows[1].startswith("1,") and rows[1].count(",") == 9


def test_queries_do_not_grow_with_lots_or_readings(client, lena, anna, bert, voice, accepted, make_pair):
    client.force_login(lena)

    def queries(name, *more):
        with CaptureQueriesContext(connection) as asked:
            client.get(where(name, voice, *more))
        return len(asked)

    first = drawn(voice, lena, overlap=1)
    read(first, bert, "broken", most=1)
    desk = queries("validate")
    read(first, bert, "broken")
    read(first, lena, most=10)
    assert queries("validate") == desk <= 20
    closed(first, lena)
    for number in range(20):
        make_pair(f"a roll {number}", decided_by=anna, decided_at=timezone.now())
    second = drawn(voice, lena, overlap=1)
    read(second, bert, "broken", most=1)
    closed(second, lena)
    assert queries("lot", first.pk) == queries("lot", second.pk) <= 9
    lists = queries("validation")
    for number in range(6):
        make_pair(f"a bun {number}", decided_by=bert, decided_at=timezone.now())
        validation.give_up(drawn(voice, lena), lena)
    assert queries("validation") == lists <= 12


def test_a_lot_of_another_voice_or_nobody_is_not_here(client, lena, stranger, rival, voice, accepted):
    lot = drawn(voice, lena)
    client.force_login(stranger)
    assert client.get(where("lot", rival, lot.pk)).status_code == 404
    assert client.post(where("lot", rival, lot.pk), {"act": "give_up"}).status_code == 404
    client.force_login(lena)
    assert client.get(where("lot", voice, uuid.uuid4())).status_code == 404
    assert LotPair.objects.filter(lot=lot).count() == 30
