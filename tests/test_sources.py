"""Importing in the browser."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from training.models import Pair, Source

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
