"""Acts on many pairs at once: what is changed, what is left, and how all of it is undone."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reviews import bulk
from reviews.holding import hold
from reviews.models import LogEntry
from reviews.models_lists import BulkAct, BulkChange
from tests.conftest import person
from tests.pages import text, where
from training.models import Pair
from voicelab.roles import Role


@pytest.fixture
def loaves(make_pair):
    return [make_pair(f"loaf {number}", status="proposed") for number in range(4)]


@pytest.fixture
def do(client, anna, voice):
    """Post the list's form; ticked pairs as they were seen."""
    client.force_login(anna)

    def post(act, pairs=(), **data):
        ticked = [f"{pair.pk} {pair.status}" for pair in pairs]
        return client.post(where("bulk_acts", voice), {"act": act, "pair": ticked, **data}, follow=True)

    return post


def states(pairs=None):
    rows = Pair.objects.order_by("created_at", "id")
    return [row.status for row in (rows.filter(pk__in=[pair.pk for pair in pairs]) if pairs else rows)]


def confirmed(do, answer, act, **data):
    """Answer the question that was asked first."""
    page = answer.content.decode()
    found = {name: re.findall(rf'name="{name}" value="([^"]*)"', page) for name in ("key", "filters", "everything")}
    kept = {name: values[0].replace("&amp;", "&") for name, values in found.items() if values}
    kept["pair"] = re.findall(r'name="pair" value="([^"]*)"', page)
    return do(act, **{**kept, **data})


def test_ticked_pairs_are_accepted_at_once(do, anna, voice, loaves):
    answer = do("accept", loaves[:2], filters="state=open&channel=social")
    assert answer.redirect_chain[-1][0] == where("pairs", voice) + "?state=open&channel=social"
    assert "2 pairs accepted." in text(answer)
    assert states() == ["validated", "validated", "proposed", "proposed"]
    first = Pair.objects.get(pk=loaves[0].pk)
    assert first.decided_by == anna and first.decided_at is not None
    entry = LogEntry.objects.get()
    assert (entry.action, entry.user, entry.data["pairs"], entry.data["left"]) == ("pairs.accepted", anna, 2, 0)


def test_a_rejection_asks_for_its_reason(do, loaves):
    answer = do("reject", loaves[:2])
    assert "Reject 2 pairs?" in text(answer) and states() == ["proposed"] * 4
    refused = confirmed(do, answer, "reject", reason=" ")
    assert refused.status_code == 422 and "Say in a word why" in text(refused) and states() == ["proposed"] * 4
    assert "2 pairs rejected." in text(confirmed(do, refused, "reject", reason="not our copy"))
    assert states() == ["rejected", "rejected", "proposed", "proposed"]
    assert Pair.objects.filter(reject_reason="not our copy").count() == 2
    assert LogEntry.objects.get().data["reason"] == "not our copy"


def test_pairs_are_reopened(do, loaves, make_pair):
    done = make_pair("done", status="rejected", reject_reason="dull")
    assert "1 pair re-opened." in text(do("reopen", [done]))
    done.refresh_from_db()
    assert (done.status, done.reject_reason, done.decided_by, done.decided_at) == ("proposed", "", None, None)


def test_all_that_match_are_changed_and_no_others(do, loaves, make_pair, monkeypatch):
    make_pair("bun", status="proposed")
    monkeypatch.setattr("reviews.views.bulk.ASKED_FROM", 2)
    answer = do("accept", everything="on", filters="state=open&q=loaf")
    assert "Accept 4 pairs?" in text(answer) and "All that match: To decide; “loaf”" in text(answer)
    assert states() == ["proposed"] * 5
    assert "4 pairs accepted." in text(confirmed(do, answer, "accept"))
    assert states() == ["validated"] * 4 + ["proposed"]
    assert BulkAct.objects.get().chosen == "To decide; “loaf”"


def test_facts_that_nothing_explains_are_told_before_accepting(do, loaves, monkeypatch):
    monkeypatch.setattr("reviews.views.bulk.ASKED_FROM", 2)
    Pair.objects.filter(pk=loaves[0].pk).update(unexplained=2)
    assert "1 of them states facts that neither" in text(do("accept", everything="on", filters="state=open"))


def test_what_somebody_changed_since_the_page_was_shown_is_left(do, lena, loaves):
    Pair.objects.filter(pk=loaves[0].pk).update(status="rejected", decided_by=lena)
    Pair.objects.filter(pk=loaves[1].pk).update(is_current=False)
    answer = do("accept", loaves[:3])
    assert "1 pair accepted. 2 left as they are: changed meanwhile, or held by a colleague." in text(answer)
    assert states() == ["rejected", "proposed", "validated", "proposed"]


def test_what_a_colleague_holds_is_left(do, anna, bakery, loaves):
    hold(loaves[0], person("amy", bakery, Role.ANNOTATOR))
    hold(loaves[1], anna)
    assert "1 pair accepted. 1 left as it is" in text(do("accept", loaves[:2]))
    assert states() == ["proposed", "validated", "proposed", "proposed"]


def test_what_changes_while_the_act_goes_on_is_left(do, anna, lena, voice, loaves, monkeypatch):
    monkeypatch.setattr(bulk, "PIECE", 2)
    act = bulk.begin(voice, anna, "accept", Pair.objects.all(), key=uuid.uuid4())
    act = bulk.do_piece(act)
    assert (act.done, act.ended_at) == (2, None)
    Pair.objects.filter(pk=loaves[2].pk).update(status="rejected", reject_reason="dull", decided_by=lena)
    act = bulk.go_on(act)
    assert (act.total, act.done, act.left) == (4, 3, 1) and act.ended_at
    assert states() == ["validated", "validated", "rejected", "validated"]


def test_an_act_is_undone_as_a_whole(do, client, anna, lena, voice, loaves, make_pair):
    make_pair("old", status="rejected", reject_reason="dull", decided_by=lena)
    before = list(Pair.objects.order_by("pk").values("pk", "status", "reject_reason", "decided_by", "decided_at"))
    do("accept", list(Pair.objects.all()))
    assert states() == ["validated"] * 5
    act = BulkAct.objects.get()
    answer = client.post(where("bulk_act", voice, act.pk), {"do": "undo"}, follow=True)
    assert "5 pairs put back." in text(answer)
    assert before == list(
        Pair.objects.order_by("pk").values("pk", "status", "reject_reason", "decided_by", "decided_at")
    )
    assert [entry.action for entry in LogEntry.objects.order_by("id")] == ["pairs.accepted", "pairs.put_back"]
    assert "Undo all of it" not in text(client.get(where("bulk_act", voice, act.pk)))


def test_undoing_leaves_what_was_decided_since(do, client, lena, voice, loaves):
    do("accept", loaves)
    Pair.objects.filter(pk=loaves[0].pk).update(status="rejected", decided_by=lena)
    Pair.objects.filter(pk=loaves[1].pk).update(is_current=False)
    answer = client.post(where("bulk_act", voice, BulkAct.objects.get().pk), {"do": "undo"}, follow=True)
    assert "2 pairs put back. 2 left as they are" in text(answer)
    assert states() == ["rejected", "validated", "proposed", "proposed"]


def test_a_reopening_and_a_rejection_are_undone_as_well(do, client, voice, make_pair):
    pair = make_pair("rye", status="rejected", reject_reason="dull")
    do("reopen", [pair])
    client.post(where("bulk_act", voice, BulkAct.objects.get().pk), {"do": "undo"})
    pair.refresh_from_db()
    assert (pair.status, pair.reject_reason) == ("rejected", "dull")
    pair = make_pair("oat", status="proposed")
    confirmed(do, do("reject", [pair]), "reject", reason="dull")
    client.post(where("bulk_act", voice, BulkAct.objects.get(kind="reject").pk), {"do": "undo"})
    pair.refresh_from_db()
    assert (pair.status, pair.reject_reason) == ("proposed", "")


def test_an_act_is_undone_once(do, client, voice, loaves):
    do("accept", loaves)
    act = BulkAct.objects.get()
    for _ in range(2):
        client.post(where("bulk_act", voice, act.pk), {"do": "undo"})
    assert BulkAct.objects.count() == 2 and states() == ["proposed"] * 4
    undoing = BulkAct.objects.get(kind="undo")
    client.post(where("bulk_act", voice, undoing.pk), {"do": "undo"})
    assert BulkAct.objects.count() == 2


def test_a_second_click_changes_nothing_more(do, loaves):
    do("accept", loaves[:2])
    assert "Nothing to do: these pairs are accepted already" in text(do("accept", loaves[:2]))
    question = do("reject", loaves[2:])
    confirmed(do, question, "reject", reason="dull")
    again = confirmed(do, question, "reject", reason="dull")
    assert "2 pairs rejected." in text(again) and BulkAct.objects.count() == 2 and LogEntry.objects.count() == 2


def test_a_long_act_shows_its_progress_and_goes_on(do, client, voice, loaves, monkeypatch):
    monkeypatch.setattr(bulk, "PIECE", 1)
    monkeypatch.setattr(bulk, "BUDGET", 0)
    shown = text(do("accept", loaves))
    assert "1 pair accepted." in shown and "1 of 4 looked at." in shown
    act = BulkAct.objects.get()
    part = client.post(where("bulk_act", voice, act.pk), {"do": "go"}, headers={"HX-Request": "true"})
    assert "<html" not in text(part) and "2 of 4 looked at." in text(part) and 'hx-trigger="load' in text(part)
    for _ in range(2):
        answer = client.post(where("bulk_act", voice, act.pk), {"do": "go"}, follow=True)
    assert "4 pairs accepted." in text(answer) and "Undo all of it" in text(answer)
    assert [entry.action for entry in LogEntry.objects.order_by("id")] == ["pairs.begun", "pairs.accepted"]
    client.post(where("bulk_act", voice, act.pk), {"do": "go"})
    assert LogEntry.objects.count() == 2


def test_a_long_act_is_stopped_and_what_is_done_is_undone(do, client, voice, loaves, monkeypatch):
    monkeypatch.setattr(bulk, "PIECE", 1)
    monkeypatch.setattr(bulk, "BUDGET", 0)
    do("accept", loaves)
    act = BulkAct.objects.get()
    answer = client.post(where("bulk_act", voice, act.pk), {"do": "stop"}, follow=True)
    assert "1 pair accepted. 3 not reached, for it was stopped." in text(answer)
    client.post(where("bulk_act", voice, act.pk), {"do": "go"})
    assert states() == ["validated", "proposed", "proposed", "proposed"]
    client.post(where("bulk_act", voice, act.pk), {"do": "undo"})
    assert states() == ["proposed"] * 4


def test_a_pair_of_another_client_is_never_touched(do, client, rival, stranger, loaves, make_brief):
    brief = make_brief("their loaf", voice=rival)
    theirs = Pair.objects.create(voice=rival, brief=brief, output="Theirs.", status="proposed")
    do("accept", [theirs, loaves[0]])
    theirs.refresh_from_db()
    assert theirs.status == "proposed" and states(loaves)[0] == "validated"
    act = BulkAct.objects.get()
    client.force_login(stranger)
    answer = client.post(where("bulk_acts", rival), {"act": "accept", "key": act.pk, "pair": f"{theirs.pk} proposed"})
    assert answer.status_code == 404
    assert client.post(where("bulk_act", rival, act.pk), {"do": "undo"}).status_code == 404


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"act": "burn"}, "Choose what to do"),
        ({"act": "undo"}, "Choose what to do"),
        ({"act": "accept", "key": "x"}, "Choose what to do"),
        ({"act": "accept"}, "Tick the pairs first"),
        (
            {"act": "accept", "pair": ["x", "", "\0", f"{uuid.UUID(int=0)}", f"{uuid.UUID(int=0)} burnt"]},
            "Nothing to do",
        ),
        ({"act": "accept", "everything": "on", "filters": "q=zebra"}, "Nothing to do"),
        ({"act": "accept", "everything": "on", "filters": "q=%00zebra"}, "Nothing to do"),
        ({"act": "accept", "everything": "on", "filters": "shortest=y"}, "One of the filters makes no sense"),
        ({"act": "accept", "everything": "on", "filters": "\0"}, "Choose what to do"),
    ],
)
def test_what_makes_no_sense_changes_nothing(do, loaves, data, told):
    assert told in text(do(**{**data, "act": data["act"]})) and states() == ["proposed"] * 4
    assert not BulkAct.objects.exists() and not LogEntry.objects.exists()


def test_acts_are_listed_searched_and_exported(do, client, voice, loaves):
    page = where("bulk_acts", voice)
    assert "Nothing was done to many pairs at once yet" in text(client.get(page))
    do("accept", loaves)
    assert "4 pairs accepted." in text(client.get(page)) and "4 pairs accepted." in text(client.get(page, {"q": "ANN"}))
    assert "No act matches “zebra”" in text(client.get(page, {"q": "zebra"}))
    assert "anna" in client.get(page, {"format": "csv"}).text.casefold()
    client.post(where("bulk_act", voice, BulkAct.objects.get().pk), {"do": "undo"})
    assert "Undone" in text(client.get(page))


def test_the_log_tells_of_an_act_in_words(do, client, lena, bakery, loaves):
    do("accept", loaves)
    client.force_login(lena)
    shown = text(client.get(f"/clients/{bakery.slug}/log/"))
    assert "Accepted many pairs" in shown and "pairs: 4" in shown and str(BulkAct.objects.get().pk) not in shown


def test_queries_grow_with_pieces_alone(voice, anna, loaves, make_pair):
    def queries(count):
        pairs = Pair.objects.filter(pk__in=Pair.objects.validated().values("pk")[:count])
        act = bulk.begin(voice, anna, "reopen", pairs, key=uuid.uuid4())
        with CaptureQueriesContext(connection) as found:
            bulk.go_on(act)
        return len(found)

    for number in range(20):
        make_pair(f"bun {number}")
    assert queries(2) == queries(12)


def test_a_pair_that_was_deleted_meanwhile_is_no_obstacle(voice, anna, loaves):
    act = bulk.begin(voice, anna, "accept", Pair.objects.all(), key=uuid.uuid4())
    loaves[0].delete()
    act = bulk.go_on(act)
    assert act.done == 3 and act.ended_at and BulkChange.objects.count() == 3
