"""A setting with a bad value is one sentence that names it, whatever command is asked for."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent
REDIS = "REDIS_URL names no Redis; write redis://"
DATABASE = "DATABASE_URL names no database; write postgres://"


@pytest.fixture
def read(monkeypatch, tmp_path):
    """The settings as they are with these variables and no others."""
    for name in [name for name in os.environ if name.startswith("VOICELAB_") or name.endswith("_URL")]:
        monkeypatch.delenv(name)

    def run(**environment):
        for name, value in {"VOICELAB_VAR": str(tmp_path), **environment}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "voicelab" / "settings.py"))

    return run


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("VOICELAB_TIME_ZONE", "Mars/Base", "'Mars/Base', which is no time zone of this machine; write one like UTC"),
        ("VOICELAB_TIME_ZONE", "Europe", "'Europe', which is no time zone of this machine"),
        ("VOICELAB_TIME_ZONE", "../passwd", "'../passwd', which is no time zone of this machine"),
        ("VOICELAB_PORT", "eighty", "is 'eighty'; write a whole number from 1 to 65,535."),
        ("VOICELAB_PORT", "99999", "is '99999'; write a whole number from 1 to 65,535."),
        ("VOICELAB_WEB_THREADS", "0", "is '0'; write a whole number from 1 to 1,000."),
        ("VOICELAB_TEST_BRIEFS", "3", "is '3'; write a whole number from 4 to 1,000."),
        ("VOICELAB_RUN_LEASE_SECONDS", "9" * 5000, "write a whole number from 3 to 3,600."),
        ("VOICELAB_WORKERS", "٣", "is '٣'; write a whole number from 1 to 100."),
        ("VOICELAB_TRAINING_THREADS", "-1", "is '-1'; write a whole number from 0 to 1,000."),
        ("VOICELAB_EMAIL_PORT", "smtp", "is 'smtp'; write a whole number from 1 to 65,535."),
        ("VOICELAB_EMAIL_TLS", "ssl", "is 'ssl'; write yes or no."),
        ("VOICELAB_EMAIL_FROM", "VoiceLab", "is 'VoiceLab'; write it as VoiceLab <voicelab@example.com>."),
        ("VOICELAB_EMAIL_FROM", "VoiceLab\nBcc: a@b.c <x@y.z>", "write it as VoiceLab <voicelab@example.com>."),
        ("VOICELAB_HTTPS", "perhaps", "is 'perhaps'; write yes or no."),
        ("VOICELAB_HOSTS", "a.example, https://b.example", "has 'https://b.example'; write host names alone"),
        ("VOICELAB_HOSTS", "a.example:8000", "has 'a.example:8000'; write host names alone"),
        ("VOICELAB_ORIGINS", "a.example", "has 'a.example'; write scheme and host, as https://"),
        ("VOICELAB_ORIGINS", "https://a.example/", "has 'https://a.example/'; write scheme and host"),
        ("DATABASE_URL", "nonsense://x", DATABASE),
        ("DATABASE_URL", "mysql://me:secret@host/x", DATABASE),
        ("DATABASE_URL", "postgres://host:port/x", DATABASE),
        ("REDIS_URL", "localhost", REDIS),
        ("REDIS_URL", "redis://me:secret@host:port", REDIS),
        ("REDIS_URL", "redis://", REDIS),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_sentence(read, name, value, sentence):
    with pytest.raises(ImproperlyConfigured) as problem:
        read(**{name: value})
    said = str(problem.value)
    assert said.startswith(f"{name} ") and sentence in said and len(said.splitlines()) == 1
    assert "secret" not in said


def test_what_is_right_or_empty_is_taken(read):
    right = {
        "VOICELAB_TIME_ZONE": "Europe/London",
        "VOICELAB_HOSTS": "voicelab.example.com, .example.org,[::1],*",
        "VOICELAB_ORIGINS": "https://voicelab.example.com:8443,https://*.example.org",
        "VOICELAB_EMAIL_FROM": "Der Bäcker <hallo@example.com>",
        "VOICELAB_PORT": " 65535 ",
        "REDIS_URL": "rediss://me:secret@host:6379/0",
        "DATABASE_URL": "postgres://me:secret@host/voicelab",
    }
    found = read(**right)
    assert (found["TIME_ZONE"], found["PORT"]) == ("Europe/London", 65535) and found["REDIS_URL"] == right["REDIS_URL"]
    assert found["ALLOWED_HOSTS"][1:] == [".example.org", "[::1]", "*"]
    assert found["DATABASES"]["default"]["HOST"] == "host"
    bare = read(**dict.fromkeys(right, ""))
    assert (bare["TIME_ZONE"], bare["PORT"], bare["HOST"]) == ("UTC", 8000, "127.0.0.1")


def test_a_key_is_made_once_and_an_empty_one_is_said(read, tmp_path):
    assert read()["SECRET_KEY"] == read()["SECRET_KEY"]
    (tmp_path / "secret_key").write_text("")
    with pytest.raises(ImproperlyConfigured, match="secret_key is empty. Delete it"):
        read()


def manage(*arguments, **environment):
    kept = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=kept, capture_output=True, text=True)


@pytest.mark.parametrize("command", [["up"], ["export", "house", "pairs.jsonl"], ["migrate"]])
def test_every_command_says_it_instead_of_a_traceback(tmp_path, command):
    done = manage(*command, VOICELAB_VAR=str(tmp_path), VOICELAB_TIME_ZONE="Mars/Base")
    (line,) = done.stderr.strip().splitlines()
    assert done.returncode == 1 and line.startswith("VOICELAB_TIME_ZONE is 'Mars/Base', which is no time zone")


def test_ctrl_c_is_a_word_and_the_status_that_shells_know(tmp_path):
    done = manage("shell", "-v0", "-c", "raise KeyboardInterrupt", VOICELAB_VAR=str(tmp_path))
    assert (done.returncode, done.stderr) == (130, "Stopped.\n")


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "The database is not prepared for this version of VoiceLab. Run make up, or manage.py migrate."),
        ("sqlite:////nowhere/x.sqlite3", "The database cannot be used: unable to open database file. Check DATABASE"),
        ("postgres://me@127.0.0.1:1/x", "The database cannot be used: "),
    ],
)
def test_a_database_that_cannot_be_used_is_one_sentence(tmp_path, address, sentence):
    done = manage("retrain", "house", VOICELAB_VAR=str(tmp_path), DATABASE_URL=address)
    (line,) = done.stderr.strip().splitlines()
    assert done.returncode == 1 and line.startswith(sentence)
    assert "Traceback" in manage("retrain", "house", "--traceback", VOICELAB_VAR=str(tmp_path)).stderr
