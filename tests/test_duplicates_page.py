"""The page of near-copies: what it shows, and what people decide on it."""

import csv
import io
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.models import LogEntry
from reviews.views.duplicates import differences
from tests.pages import text, where
from tests.test_deduplication import ids, kept, make_passage, prose, together  # noqa: F401
from training.deduplication import find_duplicates
from training.models import Copy, CopyDecision, Pair

TEXT = prose("page")


@pytest.fixture
def desk(client, anna):
    client.force_login(anna)
    return client


@pytest.fixture
def cluster(voice, make_passage):  # noqa: F811
    """Three texts; the second is the longest."""
    found = [make_passage(f"{TEXT}{more}", title=f"Page{more}") for more in ("", " and much more", " too")]
    find_duplicates(voice)
    return found


def decide(desk, voice, act, row, **kept):
    key = row if isinstance(row, str) else str(row.pk)
    return desk.post(where("duplicates", voice), {"act": act, "key": key}, follow=True, **kept)


def test_a_voice_without_copies_says_so(desk, voice):
    answer = text(desk.get(where("duplicates", voice)))
    assert "No text is there twice" in answer and "They are looked for after every import" in answer
    assert "Nobody has decided anything here" in text(desk.get(where("duplicates", voice), {"state": "decided"}))


def test_a_cluster_shows_which_text_is_kept_and_how_each_other_differs(desk, voice, cluster):
    answer = text(desk.get(where("duplicates", voice)))
    assert "2 near-copies of 1 text are left out" in answer
    assert answer.index("Kept") < answer.index(">Page and much more<") < answer.index("% alike")
    assert "<ins>too</ins>" in answer and "<del>and much more</del>" in answer
    assert "is proposed, for training" in answer


@settings(deadline=None)
@given(st.lists(st.sampled_from("abc "), max_size=30), st.lists(st.sampled_from("abc "), max_size=30))
def test_what_differs_is_told_whole_and_in_order(one, other):
    one, other = "".join(one), "".join(other)
    found = differences(one, other)
    assert "".join(part for kind, part in found if kind != "ins") == one
    assert "".join(part for kind, part in found if kind != "del") == other
    assert not ({"ins", "del"} & {kind for kind, _ in found}) or one != other


def test_a_word_that_changed_in_a_long_text_is_all_that_is_marked():
    words = TEXT.split()
    changed = " ".join([*words[:30], "other", *words[31:]])
    marked = [(kind, part.strip()) for kind, part in differences(TEXT, changed) if kind != "same"]
    assert marked == [("del", words[30]), ("ins", "other")]


def test_the_very_same_text_is_not_shown_twice(desk, voice, make_passage):  # noqa: F811
    make_passage(TEXT)
    make_passage(TEXT)
    find_duplicates(voice)
    answer = text(desk.get(where("duplicates", voice)))
    assert answer.count(TEXT) == 1 and "100 % alike" in answer and "Word for word the same." in answer


def test_keeping_another_one_changes_what_is_at_work(desk, voice, cluster):
    answer = decide(desk, voice, "keep", cluster[0].copy)
    assert "This one is kept from now on" in text(answer)
    assert kept(voice) == {cluster[0]} and [pair.passage for pair in Pair.objects.open()] == [cluster[0]]
    assert LogEntry.objects.get().action == "copies.kept"


def test_one_that_is_no_copy_is_at_work_again(desk, voice, cluster):
    assert "It is no copy from now on" in text(decide(desk, voice, "out", cluster[0].copy))
    assert together(voice) == {ids(*cluster[1:])} and Pair.objects.open().count() == 2


def test_what_was_decided_is_listed_and_can_be_taken_back(desk, voice, cluster):
    decide(desk, voice, "apart", voice.copies.kept().get())
    assert Copy.objects.count() == 0
    answer = text(desk.get(where("duplicates", voice), {"state": "decided"}))
    assert "No copies" in answer and "Anna said so" in answer and "Page too" in answer
    assert "Taken back: no copies." in text(decide(desk, voice, "back", CopyDecision.objects.get()))
    assert together(voice) == {ids(*cluster)}
    assert [entry.action for entry in LogEntry.objects.order_by("pk")] == ["copies.apart", "copies.taken_back"]


@pytest.mark.parametrize("act", ["keep", "apart", "out", "back", "burn", ""])
@pytest.mark.parametrize("key", ["", "no-key", "\0", str(uuid.UUID(int=7))])
def test_what_is_not_there_any_more_changes_nothing(desk, voice, cluster, act, key):
    assert "Nothing was changed" in text(decide(desk, voice, act, key))
    assert together(voice) == {ids(*cluster)} and not CopyDecision.objects.exists()


def test_a_double_click_decides_once(desk, voice, cluster):
    row = voice.copies.kept().get()
    decide(desk, voice, "apart", row)
    assert "Nothing was changed" in text(decide(desk, voice, "apart", row))
    assert CopyDecision.objects.count() == LogEntry.objects.count() == 1


def test_another_clients_copies_are_out_of_reach(desk, voice, rival, make_passage):  # noqa: F811
    for _ in range(2):
        make_passage(TEXT, voice=rival)
    find_duplicates(rival)
    row = rival.copies.kept().get()
    for act in ("apart", "keep", "out"):
        assert "Nothing was changed" in text(decide(desk, voice, act, row))
        assert "Nothing was changed" in text(decide(desk, voice, act, rival.copies.left_out().get()))
    assert desk.get(where("cluster", voice, row.pk)).status_code == 404
    assert Copy.objects.count() == 2


def test_the_search_finds_clusters_by_any_of_their_texts(desk, voice, cluster, make_pair):
    make_pair("plum", output=prose("plum") + " plum")
    make_pair("plums", output=prose("plum") + " plums!")
    find_duplicates(voice)
    page = where("duplicates", voice)
    assert "plums!" in text(desk.get(page, {"q": "PLUMS!"})) and "Page too" not in text(desk.get(page, {"q": "plums!"}))
    assert "Page too" in text(desk.get(page, {"q": " too"}))
    assert "Nothing here matches “nowhere”" in text(desk.get(page, {"q": "nowhere\0"}))
    decide(desk, voice, "apart", voice.copies.kept().get(size=3))
    assert "Page too" in text(desk.get(page, {"q": "much more", "state": "decided"}))
    assert "Nothing here matches" in text(desk.get(page, {"q": "plums!", "state": "decided"}))


def test_the_csv_has_every_text_cluster_by_cluster(desk, voice, cluster, make_passage):  # noqa: F811
    for more in ("", " =1+1"):
        make_passage(prose("other") + more, title=f"Other{more}")
    find_duplicates(voice)
    page = where("duplicates", voice)
    rows = list(csv.DictReader(io.StringIO(desk.get(page, {"format": "csv"}).text)))
    assert [row["cluster"] for row in rows] in (["1", "1", "1", "2", "2"], ["1", "1", "2", "2", "2"])
    assert sum(row["kept"] == "yes" for row in rows) == 2
    assert {row["title"]: float(row["similarity"]) for row in rows}["Page and much more"] == 1.0
    searched = desk.get(page, {"format": "csv", "q": "much more"}).text
    assert len(list(csv.DictReader(io.StringIO(searched)))) == 3


def test_a_large_cluster_has_a_page_of_its_own(desk, voice, make_passage):  # noqa: F811
    for number in range(60):
        make_passage(f"{TEXT} {number}", title=f"Page {number}")
    find_duplicates(voice)
    row = voice.copies.kept().get()
    assert "56 more copies of it" in text(desk.get(where("duplicates", voice)))
    page = where("cluster", voice, row.pk)
    answer = text(desk.get(page))
    assert "59 near-copies of one text" in answer and "Page 1 of 2" in answer
    one = row.copies.first()
    answer = desk.post(page, {"act": "keep", "key": str(one.pk)}, follow=True)
    assert answer.redirect_chain[-1][0] == where("duplicates", voice) and kept(voice) == {one.passage}


def test_queries_do_not_grow_with_clusters(desk, voice, make_passage):  # noqa: F811
    counts = {}
    for number in (2, 12):
        for seed in range(number):
            for more in ("", " more", " too"):
                make_passage(prose(f"{number} {seed}") + more)
        find_duplicates(voice)
        for state in ("", "decided"):
            with CaptureQueriesContext(connection) as queries:
                desk.get(where("duplicates", voice), {"state": state})
            counts.setdefault(state, []).append(len(queries))
        for row in voice.copies.kept().order_by("pk")[: number - 1]:
            decide(desk, voice, "apart", row)
    assert counts[""][0] == counts[""][1]
    assert counts["decided"][1] <= counts["decided"][0] + 3  # none was decided at first


def test_markup_in_a_text_is_shown_and_never_run(desk, voice, make_passage):  # noqa: F811
    for more in ("", " <script>alert(1)</script>"):
        make_passage(TEXT + more)
    find_duplicates(voice)
    assert b"<script>alert" not in desk.get(where("duplicates", voice)).content
