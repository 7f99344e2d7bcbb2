"""Importing in the browser."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.documents import every_kind
from tests.imported import take_in
from tests.pages import text
from training.models import Pair, Passage, Source

KINDS = every_kind()
TEXT = b"We bake the rye at four in the morning, every day but Sunday, and sell it warm until it is gone."


def where(voice):
    return reverse("sources", kwargs={"client": voice.client.slug, "voice": voice.slug})


def send(client, voice, **fields):
    """Post the form, let the worker work, and give the import's page."""
    response = client.post(where(voice), fields)
    take_in()
    return client.get(response.url)


def test_files_and_pasted_text_become_pairs(client, anna, voice):
    client.force_login(anna)
    files = [
        SimpleUploadedFile("rye.md", TEXT),
        SimpleUploadedFile("oats.txt", TEXT.replace(b"rye", b"oat bread")),
    ]
    page = send(client, voice, files=files, pasted=TEXT.decode().replace("rye", "spelt"))
    assert "3 files imported" in text(page) and "3 pairs proposed." in text(page)
    assert Pair.objects.count() == 3


def test_pasted_text_is_named_by_its_first_words(client, anna, voice):
    client.force_login(anna)
    send(client, voice, pasted="A/B: rye?! " + TEXT.decode())
    assert Source.objects.get().name == "AB rye We bake the rye at four.txt"
    assert Pair.objects.get().brief.topic == "AB rye We bake the rye at four"


def test_a_chosen_channel_holds_for_what_does_not_tell_its_own(client, anna, voice):
    client.force_login(anna)
    files = [
        SimpleUploadedFile("docs/rye.md", TEXT),
        SimpleUploadedFile("rows.csv", b"channel,topic,copy\nad,oats,Oat bread at seven. Come early for once.\n"),
    ]
    send(client, voice, files=files, channel="email")
    assert {pair.brief.topic: pair.brief.channel for pair in Pair.objects.select_related("brief")}["oats"] == "ad"
    assert Pair.objects.filter(brief__channel="email").count() == 1
    assert client.post(where(voice), {"pasted": TEXT.decode(), "channel": "fax"}).status_code == 422


def test_a_bad_file_is_named_and_stops_none_of_the_others(client, anna, voice):
    client.force_login(anna)
    files = [SimpleUploadedFile("rye.md", TEXT), SimpleUploadedFile("scan.pdf", b"%PDF-1.7")]
    page = text(send(client, voice, files=files))
    assert "scan.pdf" in page and "It is a PDF that is cut off or damaged" in page
    assert Source.objects.get().name == "rye.md"


def test_nothing_chosen_is_said(client, anna, voice):
    client.force_login(anna)
    response = client.post(where(voice), {})
    assert response.status_code == 422 and "Choose at least one file" in response.text


def test_the_export_is_safe_in_a_spreadsheet(client, anna, voice):
    client.force_login(anna)
    send(client, voice, files=[SimpleUploadedFile("=cmd.txt", TEXT)])
    assert "'=cmd.txt" in client.get(where(voice), {"format": "csv"}).text


def test_a_source_shows_its_passages(client, anna, voice):
    client.force_login(anna)
    send(client, voice, files=[SimpleUploadedFile("rye.txt", TEXT)])
    source = Source.objects.get()
    response = client.get(where(voice) + f"{source.pk}/")
    assert "four in the morning" in response.text


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_file_is_read_in_the_browser(client, anna, voice, kind):
    client.force_login(anna)
    name, raw = KINDS[kind]
    send(client, voice, files=[SimpleUploadedFile(name, raw)])
    pairs = 2 if kind in ("mbox", "zip") else 1
    assert ["four in the morning" in pair.output for pair in Pair.objects.all()] == [True] * pairs
    assert not Pair.objects.filter(output__contains="<").exists()


def test_the_form_offers_every_kind_and_says_how_large(client, anna, voice):
    client.force_login(anna)
    text = client.get(where(voice)).text
    assert all(name[name.rindex(".") :] in text for name, _ in KINDS.values()) and "50 MB each at most" in text


def test_bad_rows_are_named_and_the_others_imported(client, anna, voice):
    client.force_login(anna)
    rows = b"topic,channel,output\nrye,,Warm rye.\noats,ad,Warm oats.\n" + b"x,fax,y\n" * 300
    page = text(send(client, voice, files=[SimpleUploadedFile("rows.csv", rows)]))
    assert "1 pair proposed; 301 rows left out." in page and "<summary>301 rows left out</summary>" in page
    assert "row 2: channel is missing" in page and "and more like these." in page
    assert Pair.objects.get().brief.topic == "oats"


@pytest.mark.parametrize(
    ("name", "raw", "told"),
    [
        ("empty.md", b"", "The file is empty"),
        ("rows.jsonl", b"{oops}\n", "Line 1: it is not JSON"),
        ("rows.csv", b"topic,words\nrye,warm\n", "It has no column for the copy"),
        ("short.txt", b"Too short.", "12 words or more"),
    ],
)
def test_a_problem_names_its_file_and_row(client, anna, voice, name, raw, told):
    client.force_login(anna)
    files = [SimpleUploadedFile(name, raw), SimpleUploadedFile("rye.md", TEXT)]
    page = text(send(client, voice, files=files))
    assert f'<td class="text">{name}</td>' in page and told in page
    assert Source.objects.get().name == "rye.md"


def test_what_was_imported_leads_to_the_decisions(client, anna, voice):
    client.force_login(anna)
    assert "Decide" not in client.get(where(voice)).text
    page = send(client, voice, files=[SimpleUploadedFile("rye.txt", TEXT)])
    assert "Decide 1 proposed pair" in page.text and "Decide 1 proposed pair" in client.get(where(voice)).text


def test_the_list_searches_and_says_when_it_is_empty(client, anna, voice):
    client.force_login(anna)
    assert "No copy yet" in client.get(where(voice)).text
    send(client, voice, files=[SimpleUploadedFile("rye.txt", TEXT)])
    assert "rye.txt" in client.get(where(voice), {"q": "RYE"}).text
    assert "Nothing here is called “oats”" in client.get(where(voice), {"q": "oats"}).text


@pytest.mark.parametrize("page", ["sources", "source"])
def test_queries_do_not_grow_with_sources_and_passages(client, anna, voice, page):
    client.force_login(anna)
    send(client, voice, files=[SimpleUploadedFile("rye.txt", TEXT)])
    source = Source.objects.get()

    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(where(voice) + (f"{source.pk}/" if page == "source" else ""))
        return len(found)

    few = queries()
    for number in range(10):
        Source.objects.create(voice=voice, name=f"{number}.txt", kind="text", sha256=f"{number}" * 64, raw=b"x")
        Passage.objects.create(source=source, position=number + 1, text="Rye.")
    assert queries() == few


def test_paths_that_come_beside_the_files_name_them_and_tell_their_channel(client, anna, voice):
    client.force_login(anna)
    names = ["rye.txt", "oats.txt", "spelt.txt"]
    files = [SimpleUploadedFile(name, TEXT.replace(b"rye", name[:-4].encode())) for name in names]
    paths = "archive/social/rye.txt\r\n/email/../email/oats.txt\r\nspelt.txt"
    client.post(where(voice), {"folder": files, "paths": paths})
    take_in()
    assert set(voice.sources.values_list("name", flat=True)) == {
        "archive/social/rye.txt",
        "email/email/oats.txt",
        "spelt.txt",
    }
    channels = dict(voice.pairs.values_list("passage__source__name", "brief__channel"))
    assert channels["archive/social/rye.txt"] == "social" and channels["email/email/oats.txt"] == "email"


@pytest.mark.parametrize(
    "paths",
    [
        "",
        "blog/rye.txt\nblog/oats.txt",  # as many as there are files, or none counts
        "blog/oats.txt",
        f"{'b' * 400}/rye.txt",
        "../\0rye.txt",
    ],
)
def test_paths_that_do_not_fit_the_files_leave_them_their_names(client, anna, voice, paths):
    client.force_login(anna)
    file = SimpleUploadedFile("rye.txt", TEXT)
    client.post(where(voice), {"files": [file], "paths": paths})
    take_in()
    assert voice.sources.get().name == "rye.txt"
