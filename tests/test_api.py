"""Imports by program: a person's token, that person's roles, and JSON whatever goes wrong."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reviews import tokens
from reviews.models import Attempt, LogEntry, Token
from tests.imported import take_in
from tests.pages import where
from training.models import Import, ImportFile, Source

COPY = "We bake the rye at four in the morning, every day but Sunday, and sell it warm until it is gone."


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.IMPORTS = tmp_path / "imports"


@pytest.fixture
def program():
    """A client that checks CSRF tokens, as every real one's requests are checked, and has no session."""
    return Client(enforce_csrf_checks=True)


def bearer(user, name="nightly"):
    return {"Authorization": f"Bearer {tokens.make(user, name)}"}


def post(program, voice, values, headers):
    return program.post(where("api_imports", voice), json.dumps(values), "application/json", headers=headers)


def test_text_is_imported_and_followed_to_its_end(program, anna, voice):
    headers = bearer(anna)
    made = post(program, voice, {"text": COPY, "name": "rye.txt", "licence": "own copy"}, headers)
    assert made.status_code == 201 and made.json()["state"] == "queued" and made.json()["origin"] == "api"
    take_in()
    found = program.get(made["Location"], headers=headers).json()
    assert found["state"] == "finished" and found["progress"] == {"files": 1, "done": 1, "imported": 1}
    [file] = found["files"]
    assert (file["name"], file["state"], file["pairs"], file["left_out"]) == ("rye.txt", "imported", 1, [])
    assert file["source"] == str(Source.objects.get().pk) and Source.objects.get().licence == "own copy"
    assert LogEntry.objects.get().user == anna
    [listed] = program.get(where("api_imports", voice), headers=headers).json()["imports"]
    assert listed["id"] == found["id"]


def test_files_are_imported_and_the_reason_for_a_bad_one_is_told(program, anna, voice):
    headers = bearer(anna)
    files = [SimpleUploadedFile("rye.txt", COPY.encode()), SimpleUploadedFile("scan.pdf", b"%PDF-1.7")]
    made = program.post(where("api_imports", voice), {"files": files}, headers=headers)
    assert made.status_code == 201
    take_in()
    states = {file["name"]: file for file in program.get(made["Location"], headers=headers).json()["files"]}
    assert states["rye.txt"]["state"] == "imported" and "cut off or damaged" in states["scan.pdf"]["reason"]


def test_the_same_request_sent_again_is_the_same_import(program, anna, voice):
    headers = {**bearer(anna), "Idempotency-Key": "night of 3 May"}
    first, second = (post(program, voice, {"text": COPY}, headers) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200) and first.json()["id"] == second.json()["id"]
    assert Import.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ("{oops", 400, "The body is no JSON."),
        ("[" * 100_000, 400, "The body is no JSON."),
        ('["x"]', 400, "Send a JSON object of texts"),
        ('{"url": 7}', 400, "Send a JSON object of texts"),
        ("{}", 422, "Choose at least one file"),
        ('{"url": "file:///etc/passwd"}', 422, "is no address of a page"),
        ('{"text": "a\\u0000b"}', 422, "Null characters are not allowed."),
    ],
)
def test_what_cannot_be_used_is_told_in_json_and_imports_nothing(program, anna, voice, body, status, told):
    response = program.post(where("api_imports", voice), body, "application/json", headers=bearer(anna))
    assert response.status_code == status and told in response.json()["error"]
    assert not Import.objects.exists()


def test_a_form_that_is_none_is_told_in_json(program, anna, voice):
    response = program.post(where("api_imports", voice), b"x", "multipart/form-data; boundary=", headers=bearer(anna))
    assert response.status_code == 400 and response.json()["error"]


@pytest.mark.parametrize(
    ("who", "status"), [("anna", 201), ("lena", 201), ("cora", 403), ("ada", 403), ("stranger", 404)]
)
def test_a_token_opens_what_its_person_may_and_nothing_else(program, request, voice, who, status):
    response = post(program, voice, {"text": COPY}, bearer(request.getfixturevalue(who)))
    assert response.status_code == status and bool(response.json()["error"]) == (status > 201)


def test_another_clients_import_is_not_here(program, anna, stranger, voice, rival):
    job = Import.objects.create(voice=voice)
    headers = bearer(stranger)
    assert program.get(where("api_import", rival, job.pk), headers=headers).status_code == 404
    assert program.get(where("api_import", voice, job.pk), headers=headers).status_code == 404


def test_a_session_is_no_token(client, anna, voice):
    client.force_login(anna)
    response = client.post(where("api_imports", voice), {"pasted": COPY})
    assert response.status_code == 401 and response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer vl_wrong", "Bearer \udcff"])
def test_without_a_known_token_nobody_comes_in(program, voice, header):
    response = program.get(where("api_imports", voice), headers={"Authorization": header})
    assert response.status_code == 401 and "Send a token" in response.json()["error"]


def test_wrong_tokens_are_slowed_down_and_the_right_one_is_not(program, anna, voice):
    right = bearer(anna)
    for number in range(60):
        wrong = program.get(where("api_imports", voice), headers={"Authorization": f"Bearer {number}"})
    assert wrong.status_code == 429 and int(wrong["Retry-After"]) > 0 and "Try again in" in wrong.json()["error"]
    assert program.get(where("api_imports", voice), headers=right).status_code == 200
    assert Attempt.objects.filter(kind="token").count() == 50


def test_a_revoked_token_or_a_person_who_left_is_turned_away(program, anna, voice):
    headers = bearer(anna)
    anna.memberships.update(is_active=False)
    assert program.get(where("api_imports", voice), headers=headers).status_code == 404
    anna.is_active = False
    anna.save()
    assert program.get(where("api_imports", voice), headers=headers).status_code == 401
    Token.objects.all().delete()
    assert program.get(where("api_imports", voice), headers=headers).status_code == 401


def test_what_is_asked_wrongly_is_told_in_json(program, anna, voice):
    response = program.delete(where("api_imports", voice), headers=bearer(anna))
    assert response.status_code == 405 and response["Allow"] == "GET, HEAD, POST" and response.json()["error"]


def test_queries_do_not_grow_with_files(program, anna, voice):
    job, headers = Import.objects.create(voice=voice), bearer(anna)

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert program.get(where("api_import", voice, job.pk), headers=headers).status_code == 200
        return len(found)

    ImportFile.objects.create(job=job, position=0, name="0")
    queries()
    few = queries()
    ImportFile.objects.bulk_create(ImportFile(job=job, position=n, name=f"{n}") for n in range(1, 20))
    assert queries() == few


def test_a_token_is_shown_once_used_and_revoked(client, anna, voice, program):
    client.force_login(anna)
    page = client.post(reverse("tokens"), {"name": "nightly"})
    key = page.context["key"]
    assert key in page.text and "no-store" in page["Cache-Control"] and key not in client.get(reverse("tokens")).text
    assert key not in str(Token.objects.values())
    assert program.get(where("api_imports", voice), headers={"Authorization": f"Bearer {key}"}).status_code == 200
    assert "never" not in client.get(reverse("tokens")).text
    again = client.post(reverse("tokens"), {"name": "nightly"})
    assert again.status_code == 422 and "You have a token of this name" in again.text and Token.objects.count() == 1
    client.post(reverse("tokens"), {"revoke": Token.objects.get().pk})
    assert program.get(where("api_imports", voice), headers={"Authorization": f"Bearer {key}"}).status_code == 401


@pytest.mark.parametrize("wanted", ["", "x", "²", "9" * 400])
def test_nobody_revokes_what_is_not_theirs(client, anna, lena, wanted):
    tokens.make(lena, "hers")
    client.force_login(anna)
    client.post(reverse("tokens"), {"revoke": wanted or Token.objects.get().pk})
    assert Token.objects.count() == 1


def test_one_s_own_tokens_are_searched_and_downloaded_without_a_key_in_them(client, anna, lena):
    client.force_login(anna)
    keys = [tokens.make(anna, name) for name in ("nightly", "=weekly")]
    tokens.make(lena, "nightly, hers")
    page = client.get(reverse("tokens"), {"q": "NIGHT\0"}).text
    assert "nightly" in page and "weekly" not in page and "hers" not in page
    assert "No token is for “tea”" in client.get(reverse("tokens"), {"q": "tea"}).text
    table = client.get(reverse("tokens"), {"format": "csv"}).text
    assert table.startswith("for,made,last used") and "nightly,20" in table and "'=weekly" in table
    assert "hers" not in table and not any(key in table for key in keys)


def test_a_person_has_so_many_tokens_and_no_more(client, anna):
    client.force_login(anna)
    for number in range(tokens.MOST):
        tokens.make(anna, f"{number}")
    assert "Revoke one that nobody uses" in client.post(reverse("tokens"), {"name": "one more"}).text
    assert Token.objects.count() == tokens.MOST
