"""One pair into two, two into one, and every decision taken back: no text is ever lost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reviews import curation, holding, reshaping, undoing
from reviews.models import Draft, LogEntry
from training.importing import import_files
from training.models import Brief, Pair, Passage

FIRST = "The rye is baked at four and sold warm until it is gone."
SECOND = "Spelt follows at six, for £3.50, and every loaf has Norfolk oats in its crust."
THIRD = "On Sundays all of us sleep until seven, and so should you, for bread keeps well."


def address(name, voice, *more):
    return reverse(name, args=[voice.client.slug, voice.slug, *more])


def as_shown(pair, **changes):
    brief = pair.brief.content
    return {
        **brief.as_dict(),
        "facts": "\n".join(brief.facts),
        "output": pair.output,
        "seen": pair.status,
        **changes,
    }


@pytest.fixture
def document(voice):
    """Three pairs of one document, one a passage."""
    list(import_files(voice, [("morning.txt", f"{FIRST} {SECOND}".encode())]))
    pair = Pair.objects.get()
    for position, text in enumerate([SECOND, THIRD], start=1):
        passage = Passage.objects.create(source=pair.passage.source, position=position, original=text, text=text)
        Pair.answering(pair.brief, text, voice=voice, passage=passage).save()
    list(import_files(voice, [("other.txt", b"Another document has nothing to do with it, and is left alone here.")]))
    return list(Pair.objects.order_by("created_at", "id"))[:3]


@pytest.fixture
def send(client, anna, voice):
    client.force_login(anna)

    def post(pair, act, **changes):
        return client.post(address("pair", voice, pair.pk), as_shown(pair, act=act, **changes))

    return post


@pytest.fixture
def undo(client, voice):
    def post(action):
        entry = LogEntry.objects.filter(action=action).latest("pk")
        return client.post(address("decisions", voice), {"undo": entry.pk}, follow=True)

    return post


def standing():
    rows = Pair.objects.current().order_by("created_at", "id")
    return [(pair.output, pair.status, pair.reject_reason) for pair in rows]


def test_a_split_makes_two_proposed_pairs_with_briefs_of_their_own(document, send, voice, anna):
    pair = document[0]
    response = send(pair, "split", at=str(len(FIRST)))
    whole, first, second = Pair.objects.filter(passage=pair.passage).order_by("created_at", "id")
    assert (first.output, second.output) == (FIRST, SECOND)
    assert (first.status, second.status, first.revision) == ("proposed", "proposed", 1)
    assert len({whole.lineage, first.lineage, second.lineage}) == 3
    assert (whole.output, whole.status, whole.reject_reason) == (f"{FIRST} {SECOND}", "rejected", "Split in two")
    assert all(fact in SECOND for fact in second.brief.facts) and "£3.50" in second.brief.facts
    assert "£3.50" not in first.brief.facts
    assert response.url.startswith(address("pair", voice, first.pk))
    assert LogEntry.objects.get(action="pair.split").user == anna


@pytest.mark.parametrize("side", ["train", "test"])
def test_what_is_made_stays_on_the_side_of_its_document(document, send, side):
    Brief.objects.update(split=side)
    send(document[0], "split", at=str(len(FIRST)), topic="bread of the morning")
    send(document[1], "merge:after", topic="bread of the week")
    made = Pair.objects.filter(status="proposed", brief__topic__icontains="bread")
    assert set(made.values_list("brief__split", flat=True)) == {side}


def test_the_halves_stand_where_the_whole_stood_in_line(document, send, voice):
    send(document[0], "split", at=str(len(FIRST)))
    halves = list(Pair.objects.open().filter(passage=document[0].passage).order_by("created_at", "id"))
    assert list(Pair.objects.open().order_by("created_at", "id"))[:3] == [*halves, document[1]]
    assert curation.next_open(voice, after=halves[0]) == halves[1]
    assert curation.next_open(voice, after=halves[1]) == document[1]


def test_what_was_typed_goes_into_the_halves(document, send):
    send(document[0], "split", at="7", output="  One 🥐.\r\n\r\nTwo.", facts="Norfolk oats", topic="bread")
    halves = list(Pair.objects.open().filter(passage=document[0].passage).order_by("created_at", "id"))
    assert [half.output for half in halves] == ["One 🥐", ".\n\nTwo."]


@pytest.mark.parametrize("at", ["", "0", "100000", "x", "-3", "9" * 40, "5/999"])
def test_a_split_without_a_good_place_says_what_to_do_and_keeps_what_was_typed(document, send, at):
    response = send(document[0], "split", at=at, topic="mine")
    assert response.status_code == 422 and 'value="mine"' in response.text
    assert "errorlist" in response.text and Pair.objects.count() == 4


def test_natural_breaks_are_listed_and_can_be_chosen_without_a_script(client, document, send, voice):
    client.get(address("pair", voice, document[0].pk))
    text = client.get(address("pair", voice, document[0].pk)).text
    value = f"{len(FIRST) + 1}/{len(FIRST) + 1 + len(SECOND)}"
    assert f'<option value="{value}">' in text
    send(document[0], "split", at=value)
    assert Pair.objects.open().filter(output=SECOND, passage=document[0].passage).exists()


def test_breaks_come_between_lines_and_sentences_and_in_bounded_time():
    assert [("A b. C d"[:at], "A b. C d"[at:]) for at in reshaping.breaks("A b. C d")] == [("A b. ", "C d")]
    assert reshaping.breaks("One\n\n  two\nthree") == [7, 11]
    assert reshaping.breaks("no break here.") == reshaping.breaks("") == reshaping.breaks("\n \n") == []
    assert len(reshaping.breaks("\n" * 9999 + "a. B" * 5000 + "\n" * 9999)) <= reshaping.BREAKS


def test_a_merge_makes_one_of_two_neighbours(document, send, voice):
    response = send(document[0], "merge:after", audience="early birds")
    merged = Pair.objects.get(output=f"{FIRST} {SECOND}\n\n{SECOND}")
    assert merged.status == "proposed" and merged.brief.audience == "early birds"
    olds = Pair.objects.filter(pk__in=[pair.pk for pair in document[:2]])
    assert {(old.status, old.reject_reason) for old in olds} == {("rejected", "Merged into one")}
    assert response.url.startswith(address("pair", voice, merged.pk))
    send(merged, "merge:after")
    assert Pair.objects.get(status="proposed", passage=document[0].passage).output.endswith(THIRD)


def test_a_merge_with_the_one_before_keeps_the_order_of_the_document(document, send):
    send(document[2], "merge:before")
    assert Pair.objects.filter(output=f"{SECOND}\n\n{THIRD}", status="proposed").exists()


def test_the_halves_of_a_split_merge_again(document, send):
    send(document[0], "split", at=str(len(FIRST)))
    second = Pair.objects.open().get(output=SECOND, passage=document[0].passage)
    send(second, "merge:before")
    assert Pair.objects.open().filter(output=f"{FIRST}\n\n{SECOND}").exists()


def test_the_last_of_a_document_has_nothing_after_it(document, send):
    response = send(document[2], "merge:after")
    assert response.status_code == 422 and "no pair after this one" in response.text
    assert reshaping.neighbours(document[2]) == (document[1], None)


def test_a_pair_that_a_colleague_works_on_is_not_merged(document, send, lena):
    holding.hold(document[1], lena)
    before = standing()
    response = send(document[0], "merge:after")
    assert response.status_code == 422 and "Lena works on that pair until" in response.text
    assert standing() == before


@pytest.mark.parametrize("act", ["split", "merge:after"])
def test_a_second_click_reshapes_once(document, send, act):
    for _ in range(2):
        assert send(document[0], act, at=str(len(FIRST))).status_code == 302
    assert LogEntry.objects.count() == 1


@pytest.mark.parametrize("act", ["split", "merge:after"])
def test_what_a_colleague_decided_meanwhile_is_not_reshaped(document, send, act, lena):
    curation.reject(document[0], lena, "not ours")
    response = send(document[0], act, at=str(len(FIRST)))
    assert response.status_code == 409 and "not ours" in response.text
    assert Pair.objects.count() == 4


def test_a_failed_merge_leaves_nothing_half_done(document, anna, monkeypatch):
    def broken(*_):
        raise RuntimeError

    before = standing()
    monkeypatch.setattr(reshaping, "successors", broken)
    with pytest.raises(RuntimeError):
        reshaping.merge(document[0], 1, anna, document[0].brief.content, document[0].output)
    assert standing() == before and not LogEntry.objects.exists()


ACTS = {
    "pair.validated": {"act": "accept"},
    "pair.rejected": {"act": "reject:Out of date"},
    "pair.revised": {"act": "accept", "output": "Mended."},
    "pair.split": {"act": "split", "at": str(len(FIRST))},
    "pair.merged": {"act": "merge:after"},
}


@pytest.mark.parametrize("action", ACTS)
def test_every_decision_is_offered_for_undo_on_the_next_page_and_undone(client, document, send, undo, voice, action):
    before = standing()
    answer = send(document[0], **ACTS[action])
    entry = LogEntry.objects.get(action=action)
    assert f'name="undo" value="{entry.pk}"' in client.get(answer.url).text
    response = undo(action)
    assert "Undone." in response.text and "is proposed again" in response.text
    left_out = ("Split taken back", "Merge taken back")
    assert [row for row in standing() if row[2] not in left_out] == before
    undone = LogEntry.objects.get(action="pair.undone")
    assert undone.data["entry"] == entry.pk


def test_an_undone_revision_stays_readable_and_a_new_one_reads_as_before(document, send, undo):
    send(document[0], "accept", output="Mended.")
    undo("pair.revised")
    rows = Pair.objects.filter(lineage=document[0].lineage).order_by("revision")
    assert [(row.revision, row.output, row.is_current) for row in rows] == [
        (1, document[0].output, False),
        (2, "Mended.", False),
        (3, document[0].output, True),
    ]
    assert rows[2].status == "proposed" and rows[2].decided_by is None


def test_undoing_twice_changes_nothing_more(document, send, undo):
    send(document[0], "accept")
    undo("pair.validated")
    before = standing()
    assert "so it stays as it is now" in undo("pair.validated").text
    assert standing() == before


def test_what_somebody_changed_since_is_not_undone(document, send, undo, lena):
    send(document[0], "accept")
    document[0].refresh_from_db()
    curation.reject(document[0], lena, "not ours")
    assert "so it stays as it is now" in undo("pair.validated").text
    document[0].refresh_from_db()
    assert document[0].reject_reason == "not ours"


def test_a_split_whose_half_is_decided_is_not_undone(document, send, undo):
    send(document[0], "split", at=str(len(FIRST)))
    send(Pair.objects.open().get(output=FIRST), "accept")
    before = standing()
    assert "so it stays as it is now" in undo("pair.split").text
    assert standing() == before


def test_nobody_undoes_what_another_decided(client, document, send, lena, voice):
    send(document[0], "accept")
    entry = LogEntry.objects.get()
    client.force_login(lena)
    response = client.post(address("decisions", voice), {"undo": entry.pk}, follow=True)
    assert "not among yours" in response.text
    document[0].refresh_from_db()
    assert document[0].status == "validated"


@pytest.mark.parametrize("key", ["", "x", "\0", "9" * 30, "-1"])
def test_an_undo_of_nothing_harms_nothing(client, document, send, voice, key):
    assert "not among yours" in client.post(address("decisions", voice), {"undo": key}, follow=True).text
    assert client.get(address("pair", voice, document[0].pk), {"done": key}).status_code == 200


def test_a_rejection_of_a_validated_pair_is_undone_to_validated(document, send, undo):
    send(document[0], "accept")
    document[0].refresh_from_db()
    send(document[0], "reject:A fragment")
    undo("pair.rejected")
    document[0].refresh_from_db()
    assert (document[0].status, document[0].reject_reason) == ("validated", "")


def test_the_last_decisions_are_listed_searched_and_downloaded(client, document, send, voice, anna):
    client.force_login(anna)
    assert "You have not decided about a pair" in client.get(address("decisions", voice)).text
    send(document[0], "accept")
    send(document[1], "reject:Out of date")
    text = client.get(address("decisions", voice)).text
    assert text.count('name="undo"') == 2 and "Rejected: Out of date" in text
    text = client.get(address("decisions", voice), {"q": "spelt follows at six"}).text
    assert text.count('name="undo"') == 2
    text = client.get(address("decisions", voice), {"q": "RYE"}).text
    assert text.count('name="undo"') == 1
    assert "matches “zebra”" in client.get(address("decisions", voice), {"q": "zebra"}).text
    rows = client.get(address("decisions", voice), {"format": "csv"}).text.splitlines()
    assert len(rows) == 3 and "Out of date" in rows[1]


def test_the_list_shows_twenty_with_the_same_queries_as_two(client, voice, anna, make_pair, django_assert_num_queries):
    client.force_login(anna)

    def decide(count):
        for number in range(count):
            pair = make_pair(f"loaf {LogEntry.objects.count()}-{number}", status="proposed")
            curation.accept(pair, anna)

    decide(2)
    with django_assert_num_queries(8):
        client.get(address("decisions", voice))
    decide(25)
    with django_assert_num_queries(8):
        text = client.get(address("decisions", voice)).text
    assert text.count('name="undo"') == undoing.LAST


def test_the_pairs_of_decisions_are_looked_up_by_their_keys(voice, anna, make_pair):
    curation.accept(make_pair("rye", status="proposed"), anna)
    with CaptureQueriesContext(connection) as asked:
        undoing.decisions(anna, voice)
    where = asked.captured_queries[-1]["sql"].split("WHERE")[1]
    assert "training_pair" in where and "voice_id" not in where


def test_one_persons_last_decisions_are_an_index_look_up(voice, anna, lena, make_pair):
    curation.accept(make_pair("rye", status="proposed"), anna)
    data = {"pair": str(make_pair("oats").pk)}
    LogEntry.objects.bulk_create(
        LogEntry(client=voice.client, voice=voice, user=lena, action="pair.validated", data=data) for _ in range(2000)
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE reviews_logentry")
    entries = LogEntry.objects.filter(voice=voice, user=anna, action__in=undoing.SAID).order_by("-created_at", "-id")
    assert "log_of_person" in entries[:20].explain()


def test_a_draft_goes_with_a_split(document, send):
    send(document[0], "save", output="Typed")
    assert Draft.objects.exists()
    send(document[0], "split", at="6", output="Typed. More.")
    assert not Draft.objects.exists()
