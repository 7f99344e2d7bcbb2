"""The log of a client reads as sentences and is found by what a lead remembers."""

import re

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.urls import reverse

from reviews.models import LogEntry, record
from reviews.views.log import ACTIONS, details
from tests.pages import text
from training import importing
from training.management.commands import import_copy


def test_an_act_is_told_in_words_with_its_reason(client, lena, voice):
    record("version.promoted", client=voice.client, voice=voice, user=lena, version=2, before=0, reason="It sings.")
    record("run.started", client=voice.client, voice=voice, user=lena, run="0b5c2f0e")
    client.force_login(lena)
    page = text(client.get(reverse("log", args=["bakery"])))
    assert "<td>Promoted a version</td> <td>version 2; before: base model; “It sings.”</td>" in page
    assert "<td>Started a run</td> <td></td>" in page


def test_it_is_found_by_act_person_voice_and_reason(client, lena, voice):
    record("version.promoted", client=voice.client, voice=voice, user=lena, version=2, before=1, reason="It sings.")
    record("person.invited", client=voice.client, user=lena, person="max@example.com", roles=["lead"])
    client.force_login(lena)
    for search, found in {"promoted": 1, "invited": 1, "lena": 2, "house": 1, "sings": 1, "nobody": 0}.items():
        answer = client.get(reverse("log", args=["bakery"]), {"q": search})
        assert len(answer.context["page"].object_list) == found, search
    lines = client.get(reverse("log", args=["bakery"]), {"q": "sings", "format": "csv"}).content.decode().splitlines()
    assert len(lines) == 2 and "It sings." in lines[1]


def test_who_acted_is_a_name_an_address_or_the_command_line(client, lena, cora, voice, django_user_model):
    nameless, gone = (django_user_model.objects.create_user(f"{name}@example.com") for name in ("ned", "gus"))
    for user in (lena, nameless, gone, None):
        record("run.started", client=voice.client, voice=voice, user=user, run="1")
    gone.delete()
    client.force_login(lena)
    where = reverse("log", args=["bakery"])
    page = client.get(where)
    found = re.findall(r"<td>([^<]*)</td> <td>House voice</td> <td>Started a run</td> <td></td>", text(page))
    assert found == ["Command line", "A deleted account", "ned@example.com", "Lena"]
    assert len(client.get(where, {"q": "command line"}).context["page"].object_list) == 1
    lines = client.get(where, {"format": "csv"}).text.splitlines()
    assert lines[1].split(",")[1] == "Command line"


def test_copy_from_the_command_line_is_told_as_far_as_it_came(voice, tmp_path, monkeypatch):
    for name in ("rye", "seeds"):
        (tmp_path / f"{name}.txt").write_text(
            f"We bake the {name} at four in the morning, and sell it warm until it is gone."
        )
    kept = importing.bytes_of

    def interrupted(path):
        if path.name == "seeds.txt":
            raise KeyboardInterrupt
        return kept(path)

    monkeypatch.setattr(import_copy, "bytes_of", interrupted)
    with pytest.raises(CommandError, match="Stopped. Files imported until then: 1."):
        call_command("import_copy", "house", tmp_path)
    act = LogEntry.objects.get()
    assert (act.action, act.who, act.voice) == ("copy.imported", "Command line", voice)
    assert details(act) == "files: 1; pairs: 1"
    monkeypatch.setattr(import_copy, "bytes_of", kept)
    call_command("import_copy", "house", tmp_path)
    assert [details(act) for act in LogEntry.objects.all()] == ["files: 1; pairs: 1"] * 2
    (tmp_path / "rye.txt").write_text("Too short.")
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_copy", "house", tmp_path / "rye.txt")
    assert LogEntry.objects.count() == 2


def test_every_act_that_is_recorded_has_words():
    code = "".join(path.read_text(encoding="utf-8") for path in (settings.BASE_DIR / "reviews").rglob("*.py"))
    recorded = set(re.findall(r'record\(\s*"([a-z_.]+)"', code)) | {"version.promoted", "version.rolled_back"}
    assert recorded <= set(ACTIONS)
