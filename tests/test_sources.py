"""Importing in the browser."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from training.models import Pair, Passage, Source

TEXT = b"We bake the rye at four in the morning, every day but Sunday, and sell it warm until it is gone."


def where(voice):
    return reverse("sources", kwargs={"client": voice.client.slug, "voice": voice.slug})


def test_files_and_pasted_text_become_pairs(client, anna, voice):
    client.force_login(anna)
    files = [
        SimpleUploadedFile("rye.md", TEXT),
        SimpleUploadedFile("oats.txt", TEXT.replace(b"rye", b"oat bread")),
    ]
    response = client.post(where(voice), {"files": files, "pasted": TEXT.decode().replace("rye", "spelt")}, follow=True)
    assert "3 pairs proposed from 3 files." in response.text
    assert Pair.objects.count() == 3


def test_pasted_text_is_named_by_its_first_words(client, anna, voice):
    client.force_login(anna)
    client.post(where(voice), {"pasted": "A/B: rye?! " + TEXT.decode()})
    assert Source.objects.get().name == "AB rye We bake the rye at four.txt"
    assert Pair.objects.get().brief.topic == "AB rye We bake the rye at four"


def test_a_bad_file_is_named_and_stops_none_of_the_others(client, anna, voice):
    client.force_login(anna)
    files = [SimpleUploadedFile("rye.md", TEXT), SimpleUploadedFile("scan.pdf", b"%PDF")]
    response = client.post(where(voice), {"files": files})
    assert "scan.pdf" in response.text and "VoiceLab reads" in response.text
    assert Source.objects.get().name == "rye.md"


def test_nothing_chosen_is_said(client, anna, voice):
    client.force_login(anna)
    response = client.post(where(voice), {})
    assert response.status_code == 422 and "Choose at least one file" in response.text


def test_the_export_is_safe_in_a_spreadsheet(client, anna, voice):
    client.force_login(anna)
    client.post(where(voice), {"files": [SimpleUploadedFile("=cmd.txt", TEXT)]})
    assert "'=cmd.txt" in client.get(where(voice), {"format": "csv"}).text


def test_a_source_shows_its_passages(client, anna, voice):
    client.force_login(anna)
    client.post(where(voice), {"files": [SimpleUploadedFile("rye.txt", TEXT)]})
    source = Source.objects.get()
    response = client.get(where(voice) + f"{source.pk}/")
    assert "four in the morning" in response.text


@pytest.mark.parametrize(
    ("name", "raw", "pairs"),
    [
        ("rye.md", b"---\ntitle: Rye\n---\n# Rye\n\n" + TEXT, 1),
        ("rye.html", b"<html><title>Rye</title><nav>Home</nav><p>" + TEXT + b"</p></html>", 1),
        ("rye.txt", TEXT, 1),
        ("rye.csv", b'title,copy\nrye,"' + TEXT + b'"\noats,"' + TEXT.replace(b"rye", b"oats") + b'"\n', 2),
        ("rye.jsonl", b'{"channel": "blog", "topic": "rye", "text": "' + TEXT + b'"}\n', 1),
    ],
)
def test_each_kind_of_file_is_read_in_the_browser(client, anna, voice, name, raw, pairs):
    client.force_login(anna)
    client.post(where(voice), {"files": [SimpleUploadedFile(name, raw)]})
    assert [pair.output.count("four in the morning") for pair in Pair.objects.all()] == [1] * pairs
    assert not Pair.objects.filter(output__contains="<").exists()


@pytest.mark.parametrize(
    ("name", "raw", "told"),
    [
        ("empty.md", b"", "the file is empty"),
        ("rows.jsonl", b'{"text": "' + TEXT + b'"}\n{oops}\n', "line 2 is not JSON"),
        ("rows.csv", b"topic,words\nrye,warm\n", "row 2 has no column for the copy"),
        ("short.txt", b"Too short.", "12 words or more"),
    ],
)
def test_a_problem_names_its_file_and_row(client, anna, voice, name, raw, told):
    client.force_login(anna)
    files = [SimpleUploadedFile(name, raw), SimpleUploadedFile("rye.md", TEXT)]
    text = client.post(where(voice), {"files": files}).text
    assert f"<strong>{name}</strong>" in text and told in text
    assert Source.objects.get().name == "rye.md"


def test_what_was_imported_leads_to_the_decisions(client, anna, voice):
    client.force_login(anna)
    assert "Decide" not in client.get(where(voice)).text
    response = client.post(where(voice), {"files": [SimpleUploadedFile("rye.txt", TEXT)]}, follow=True)
    assert "Decide 1 proposed pair" in response.text


def test_the_list_searches_and_says_when_it_is_empty(client, anna, voice):
    client.force_login(anna)
    assert "No copy yet" in client.get(where(voice)).text
    client.post(where(voice), {"files": [SimpleUploadedFile("rye.txt", TEXT)]})
    assert "rye.txt" in client.get(where(voice), {"q": "RYE"}).text
    assert "Nothing here is called “oats”" in client.get(where(voice), {"q": "oats"}).text


@pytest.mark.parametrize("page", ["sources", "source"])
def test_queries_do_not_grow_with_sources_and_passages(client, anna, voice, page):
    client.force_login(anna)
    client.post(where(voice), {"files": [SimpleUploadedFile("rye.txt", TEXT)]})
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
