"""What a VoiceLab that others can reach owes them: headers, cookies, HTTPS, and errors in plain words."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client as Browser

ROOT = Path(__file__).resolve().parent.parent
CODE = """
import django; django.setup()
from django.test import Client
for path, options in [("/", {}), ("/healthz/", {}), ("/sign-in/", {"secure": True})]:
    answer = Client(headers={"host": "localhost"}).get(path, **options)
    flags = [(name, bool(one["secure"]), bool(one["samesite"])) for name, one in answer.cookies.items()]
    print(answer.status_code, answer.get("Strict-Transport-Security", ""), flags, sep="|")
"""


def run(*arguments: str, var: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {"PATH": os.environ["PATH"], "VOICELAB_VAR": str(var), "DJANGO_SETTINGS_MODULE": "voicelab.settings"}
    command = [sys.executable, "-W", "ignore", *arguments]
    return subprocess.run(command, cwd=ROOT, env={**kept, **environment}, capture_output=True, text=True)


def test_djangos_own_check_for_deployment_finds_nothing(tmp_path):
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", var=tmp_path, VOICELAB_HTTPS="1")
    assert (done.returncode, done.stdout.strip()) == (0, "System check identified no issues (0 silenced).")
    bare = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", var=tmp_path)
    assert bare.returncode == 1 and "W012" in bare.stderr  # without HTTPS the same check does complain


def test_https_is_asked_for_everywhere_but_by_the_health_check(tmp_path):
    assert run("manage.py", "migrate", "-v0", var=tmp_path).returncode == 0
    done = run("-c", CODE, var=tmp_path, VOICELAB_HTTPS="1", DJANGO_SETTINGS_MODULE="tests.settings")
    start, health, door = (line.split("|") for line in done.stdout.splitlines())
    assert start[0] == "301" and health[0] == "200" and door[0] == "200"
    assert door[1] == "max-age=31536000; includeSubDomains; preload" and door[2] == "[('csrftoken', True, True)]"


def test_the_secret_key_is_its_owners_alone(tmp_path):
    assert run("-c", "import django; django.setup()", var=tmp_path).returncode == 0
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_every_answer_carries_the_headers_that_guard_it(client, db):
    answer = client.get("/sign-in/")
    assert answer["X-Frame-Options"] == "DENY" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin" and answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_the_cookie_of_a_session_is_out_of_reach_of_scripts(client, cora):
    done = client.post("/sign-in/", {"username": cora.username, "password": "pear-tree-lamp"})
    assert {name for name, one in done.cookies.items() if one["httponly"]} == {"sessionid", "browser"}
    assert {one["samesite"] for one in done.cookies.values()} == {"Lax"}


def test_a_form_from_elsewhere_is_refused_in_plain_words(cora):
    browser = Browser(enforce_csrf_checks=True)
    page = browser.post("/sign-in/", {"username": cora.username, "password": "pear-tree-lamp"})
    assert page.status_code == 403 and b"That page was too old" in page.content and b"<style" not in page.content


@pytest.mark.parametrize(("path", "host", "status"), [("/nowhere/", "testserver", 404), ("/", "evil.example", 400)])
def test_an_error_page_needs_no_inline_style(client, db, path, host, status):
    page = client.get(path, headers={"host": host})
    assert page.status_code == status and b"VoiceLab" in page.content and b"style=" not in page.content


def test_a_broken_page_says_so_and_tells_nothing_else(client, cora, monkeypatch):
    monkeypatch.setattr("reviews.access.voices_of", lambda user: 1 / 0)
    client.force_login(cora)
    client.raise_request_exception = False
    page = client.get("/")
    assert page.status_code == 500 and b"Something broke on our side" in page.content
    assert b"ZeroDivisionError" not in page.content
