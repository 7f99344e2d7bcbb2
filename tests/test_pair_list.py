"""The list of pairs: what it can be narrowed to, how it pages, what it exports, and the views that people save."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reviews.models_lists import SavedView
from reviews.views import lists
from tests.conftest import person
from tests.pages import text, where
from training.models import Copy, Pair, Passage, Source
from voicelab.roles import Role


@pytest.fixture
def page(client, anna, voice):
    client.force_login(anna)
    return lambda **query: text(client.get(where("pairs", voice), query))


@pytest.fixture
def loaves(voice, make_pair, anna):
    source = Source.objects.create(voice=voice, name="posts/rye.md", kind="markdown", sha256="1" * 64, raw=b"x")
    passage = Passage.objects.create(source=source, position=0, original="x", text="x")
    return {
        "rye": make_pair("rye loaf", split="test", words=10, passage=passage, made="edit", decided_by=anna),
        "oat": make_pair("oat loaf", words=20, unexplained=3, status="rejected"),
        "wheat": make_pair("wheat loaf", words=30, unexplained=1, status="proposed", channel="blog"),
    }


@pytest.fixture
def make_pair(make_pair, make_brief):
    """A pair whose brief's channel can be chosen as well."""

    def make(topic, split="train", channel="social", **fields):
        pair = make_pair(topic, split=split, **fields)
        type(pair.brief).objects.filter(pk=pair.brief_id).update(channel=channel)
        return pair

    return make


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ({}, ["rye", "oat", "wheat"]),
        ({"q": "rye"}, ["rye"]),
        ({"q": "taste loaf"}, ["rye", "oat", "wheat"]),
        ({"state": "rejected"}, ["oat"]),
        ({"channel": "blog"}, ["wheat"]),
        ({"split": "test"}, ["rye"]),
        ({"made": "edit"}, ["rye"]),
        ({"source": "POSTS/"}, ["rye"]),
        ({"source": "nowhere"}, []),
        ({"shortest": "20"}, ["oat", "wheat"]),
        ({"longest": "20"}, ["rye", "oat"]),
        ({"shortest": "15", "longest": "25"}, ["oat"]),
        ({"facts": "unexplained"}, ["oat", "wheat"]),
        ({"facts": "explained"}, ["rye"]),
        ({"by": "nobody"}, ["oat", "wheat"]),
        ({"facts": "unexplained", "q": "loaf", "channel": "blog", "longest": "99"}, ["wheat"]),
        ({"facts": "unexplained", "split": "test"}, []),
        ({"channel": "fax"}, ["rye", "oat", "wheat"]),
        ({"shortest": "many"}, ["rye", "oat", "wheat"]),
        ({"since": "soon", "by": "nobody at all", "sort": "x"}, ["rye", "oat", "wheat"]),
    ],
)
def test_filters_combine(page, loaves, query, kept):
    shown = page(**{"state": "all", **query})
    assert [name for name in loaves if f"{name} loaf" in shown.replace("<mark>", "").replace("</mark>", "")] == kept


def test_who_decided_is_a_filter(page, loaves, anna):
    shown = page(state="all", by=anna.pk)
    assert "rye loaf" in shown and "oat loaf" not in shown and "Decided by: Anna" in shown


def test_the_day_of_adding_is_a_filter(page, loaves):
    Pair.objects.filter(pk=loaves["rye"].pk).update(created_at=timezone.now() - timedelta(days=40))
    day = timezone.localdate() - timedelta(days=7)
    assert "rye loaf" not in page(state="all", since=day) and "oat loaf" in page(state="all", since=day)
    assert "rye loaf" in page(state="all", until=day) and "oat loaf" not in page(state="all", until=day)
    today = timezone.localdate()
    assert "oat loaf" in page(state="all", since=today, until=today)
    assert f"Added since: {today.day} {today:%b %Y}" in page(state="all", since=today)


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", ["rye", "oat", "wheat"]),
        ("newest", ["wheat", "oat", "rye"]),
        ("longest", ["wheat", "oat", "rye"]),
        ("shortest", ["rye", "oat", "wheat"]),
        ("unexplained", ["oat", "wheat", "rye"]),
    ],
)
def test_the_order_can_be_chosen(page, loaves, sort, order):
    shown = page(state="all", sort=sort)
    assert sorted(loaves, key=lambda name: shown.index(f">{name} loaf</a>")) == order


def test_each_filter_is_a_chip_that_leads_to_the_list_without_it(page, loaves):
    shown = page(state="all", q="loaf", channel="blog", shortest="5")
    assert 'href="?state=all&amp;channel=blog&amp;shortest=5"' in shown and "“loaf”" in shown
    assert 'href="?state=all&amp;q=loaf&amp;shortest=5"' in shown and "Channel: Blog post" in shown
    assert 'href="?state=all&amp;q=loaf&amp;channel=blog"' in shown and "Words, at least: 5" in shown


def test_a_filter_that_makes_no_sense_is_told_of(page, loaves):
    shown = page(shortest="many")
    assert "Enter a whole number." in shown and '<details class="filters" open>' in shown


def test_what_was_searched_for_is_marked_and_nothing_else_is_let_through(page, make_pair):
    make_pair("<b>rye</b>", output="Come, <script>taste()</script> the rye.", status="proposed")
    shown = page(q="RYE tas")
    assert "&lt;b&gt;<mark>rye</mark>&lt;/b&gt;" in shown and "<mark>taste</mark>" in shown
    assert "<script>taste" not in shown


def test_nothing_that_is_typed_breaks_the_page(page, loaves):
    for typed in ("\0", '"', "rye\0", "x" * 2000, "' OR 1=1 --", b"\xed\xa0\xbd", "rye*(", "%"):
        assert "pairs validated" in page(state="all", q=typed)


def test_pages_have_numbers_first_and_last(page, make_pair, monkeypatch):
    monkeypatch.setattr(lists, "PER_PAGE", 2)
    for number in range(7):
        make_pair(f"loaf {number}", status="proposed")
    assert "loaf 0" in page() and "loaf 2" not in page() and "Page 1 of 4" in page()
    assert "loaf 4" in page(page=3) and ">First</a>" in page(page=3) and "page=4" in page(page=2)
    third = page(page=3)
    assert third.index(">loaf 4<") < third.index(">loaf 5<") and ">loaf 6<" not in third
    for last in ("4", "99", "9" * 30):
        assert "loaf 6" in page(page=last) and ">Next</a>" not in page(page=last)
    for first in ("0", "-1", "x", ""):
        assert "loaf 0" in page(page=first)


def test_a_search_that_finds_more_than_is_counted_says_so_and_goes_on(page, make_pair, monkeypatch):
    monkeypatch.setattr(lists, "PER_PAGE", 2)
    monkeypatch.setattr(lists, "MOST", 3)
    for number in range(7):
        make_pair(f"loaf {number}", status="proposed")
    assert "<strong>3+ pairs</strong>" in page(q="loaf") and "<strong>7 pairs</strong>" in page()
    shown = page(q="loaf", page=3)
    assert "<mark>loaf</mark> 4" in shown and ">Next</a>" in shown and "<span>Page 3</span>" in shown
    assert "<mark>loaf</mark> 6" in page(q="loaf", page=4) and ">Next</a>" not in page(q="loaf", page=4)
    assert "Nothing here matches" in page(q="loaf", page=50)


def test_the_export_holds_what_is_shown(client, anna, voice, loaves):
    client.force_login(anna)
    Pair.objects.filter(pk=loaves["oat"].pk).update(output="=cmd()")
    answer = client.get(where("pairs", voice), {"state": "all", "shortest": "15", "sort": "longest", "format": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    assert [row["topic"] for row in rows] == ["wheat loaf", "oat loaf"]
    assert rows[1]["copy"] == "'=cmd()" and rows[1]["unexplained facts"] == "3" and rows[0]["state"] == "Proposed"
    answer = client.get(where("pairs", voice), {"state": "all", "source": "rye", "format": "csv"})
    assert "posts/rye.md" in answer.getvalue().decode()


def test_a_colleague_of_another_client_is_no_choice(page, loaves, stranger):
    assert "Steve" not in page() and ">Anna</option>" in page()


@pytest.mark.parametrize("query", [{}, {"q": "loaf"}, {"state": "all", "channel": "social", "sort": "longest"}])
def test_queries_do_not_grow_with_pairs(client, anna, voice, loaves, make_pair, query):
    client.force_login(anna)

    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(where("pairs", voice), query)
        return len(found)

    few = queries()
    for number in range(20):
        make_pair(f"loaf {number}", status="proposed")
    assert queries() == few


@pytest.fixture
def views(client, anna, voice):
    client.force_login(anna)
    return lambda **data: client.post(where("saved_views", voice), data, follow=True)


def test_a_view_is_saved_and_leads_back_to_its_filters(views, page, voice, loaves):
    answer = views(name="Long blogs", filters="state=open&channel=blog&page=3&zebra=1")
    assert answer.redirect_chain[-1][0] == where("pairs", voice) + "?state=open&channel=blog"
    assert "“Long blogs” is saved." in text(answer)
    assert '<a href="?state=open&amp;channel=blog" aria-current="true">Long blogs</a>' in text(answer)
    views(name="Long blogs", filters="state=open&channel=email")
    assert SavedView.objects.get().query == "state=open&channel=email"


def test_a_view_is_ones_own_until_it_is_shared(views, client, bakery, voice, page):
    views(name="Mine", filters="state=open")
    views(name="Ours", filters="state=rejected", is_shared="on")
    client.force_login(person("amy", bakery, Role.ANNOTATOR))
    shown = text(client.get(where("saved_views", voice)))
    assert "Ours" in shown and "Shared by Anna" in shown and "Mine" not in shown and "Rename" not in shown
    ours = SavedView.objects.get(name="Ours")
    for do in ("save", "delete"):
        assert client.post(where("saved_views", voice), {"view": ours.pk, "do": do, "name": "x"}).status_code == 404
    assert SavedView.objects.count() == 2 and "Ours" in text(client.get(where("pairs", voice)))


def test_a_view_is_renamed_shared_and_deleted(views):
    views(name="Mine", filters="state=open&q=rye")
    view = SavedView.objects.get()
    shown = text(views(view=view.pk, name="Rye", is_shared="on", do="save"))
    assert "“Rye” is saved." in shown and "To decide; “rye”" in shown
    view.refresh_from_db()
    assert (view.name, view.is_shared, view.query) == ("Rye", True, "state=open&q=rye")
    assert "“Rye” is deleted." in text(views(view=view.pk, do="delete"))
    assert not SavedView.objects.exists()


def test_a_view_needs_a_name_of_its_own(views):
    assert "Give the view a name." in text(views(name=" ", filters="state=open"))
    views(name="One", filters="")
    views(name="Two", filters="")
    two = SavedView.objects.get(name="Two")
    assert "another view called “One”" in text(views(view=two.pk, name="One", do="save"))
    assert views(view="x", do="delete").status_code == 404
    assert views(name="a\0b", filters="q=\0").status_code == 200
    assert set(SavedView.objects.values_list("name", flat=True)) == {"One", "Two", "ab"}


def test_views_are_searched_exported_and_their_number_is_bounded(views, client, voice, monkeypatch):
    assert "No view yet" in text(client.get(where("saved_views", voice)))
    views(name="Rye", filters="q=rye")
    assert "No view matches “oat”" in text(client.get(where("saved_views", voice), {"q": "oat"}))
    assert "Rye" in text(client.get(where("saved_views", voice), {"q": "RYE"}))
    assert "Rye,anna@example.com,False,q=rye" in client.get(where("saved_views", voice), {"format": "csv"}).text
    monkeypatch.setattr("reviews.views.saved_views.MANY", 1)
    assert "You have 1 views." in text(views(name="Oat", filters=""))


def test_queries_do_not_grow_with_views(views, client, voice):
    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(where("saved_views", voice))
        return len(found)

    views(name="0", filters="q=rye")
    few = queries()
    for number in range(1, 9):
        views(name=str(number), filters="q=rye", is_shared="on")
    assert queries() == few


def test_what_is_to_decide_is_what_the_desk_hands_out_and_near_copies_are_shown_on_request(page, voice, make_pair):
    source = Source.objects.create(voice=voice, name="posts/rye.md", kind="markdown", sha256="1" * 64, raw=b"x")
    passages = [Passage.objects.create(source=source, position=at, original="x", text="x") for at in range(2)]
    kept = make_pair("rye loaf", status="proposed", passage=passages[0])
    make_pair("rye copy", status="proposed", passage=passages[1])
    of_pair = make_pair("oat copy", status="proposed")
    decided = make_pair("old copy", status="validated")
    first = Copy.objects.create(voice=voice, passage=passages[0], size=4)
    Copy.objects.create(voice=voice, passage=passages[1], kept=first, similarity=0.9)
    for pair in (of_pair, decided):
        Copy.objects.create(voice=voice, lineage=pair.lineage, kept=first, similarity=0.9)
    assert set(Pair.objects.open()) == {kept}
    shown = page(state="open")
    assert "To decide (1)" in shown and "rye loaf" in shown and "rye copy" not in shown and "oat copy" not in shown
    assert "2 near-copies of what is kept wait beside them." in shown and "To decide (1)" in page()
    only = page(state="open", copies="only")
    assert "rye copy" in only and "oat copy" in only and "Near-copies of what is kept: Nothing else" in only
    assert "taste rye loaf" not in only and "old copy" not in only
    everything = page(state="open", copies="with")
    assert all(topic in everything for topic in ("rye loaf", "rye copy", "oat copy"))
    assert "old copy" in page(state="validated") and "old copy" not in page(state="validated", copies="without")
