"""Promote and roll back: a reason, one live version, and a line in the log."""

import pytest
from django.urls import reverse

from reviews.models import Gate, LogEntry
from reviews.promotion import promote, roll_back
from training.models import ModelVersion


@pytest.fixture
def second_version(voice):
    return ModelVersion.objects.create(voice=voice, kind="adapter", number=2, base_model="b", adapter="v2")


def where(name, version):
    voice = version.voice
    return reverse(name, args=[voice.client.slug, voice.slug, version.pk])


def live(voice):
    return list(voice.versions.filter(is_live=True).values_list("number", flat=True))


def test_promoting_asks_first_and_says_what_is_known(client, lena, first_version, second_version):
    client.force_login(lena)
    page = client.get(where("promote", second_version)).content.decode()
    assert "Promote version 2?" in page
    assert "Version 2: nobody has scored it yet" in page
    assert live(first_version.voice) == [1]


@pytest.mark.parametrize("name", ["promote", "roll_back"])
@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_nothing_changes(client, lena, first_version, second_version, name, reason):
    client.force_login(lena)
    answer = client.post(where(name, second_version), {"reason": reason})
    assert answer.status_code == 422
    assert "Say why, in a sentence." in answer.content.decode()
    assert live(first_version.voice) == [1]
    assert not LogEntry.objects.exists()


def test_promoting_changes_the_live_version_and_is_logged(client, lena, first_version, second_version):
    Gate.objects.create(version=second_version, against=first_version, alignment_target=0.85)
    client.force_login(lena)
    answer = client.post(where("promote", second_version), {"reason": "It reads like us."}, follow=True)
    assert "Version 2 is live for House voice now." in answer.content.decode()
    assert live(first_version.voice) == [2]
    entry = LogEntry.objects.get()
    assert (entry.action, entry.user, entry.voice) == ("version.promoted", lena, first_version.voice)
    assert entry.data == {"version": 2, "before": 1, "reason": "It reads like us.", "verdict": "not_yet"}
    gate = Gate.objects.get()
    assert gate.verdict == "not_yet" and gate.decided_at


def test_rolling_back_makes_the_earlier_version_live_again(client, lena, first_version, second_version):
    promote(second_version, user=lena, reason="Newer.")
    client.force_login(lena)
    client.post(where("roll_back", first_version), {"reason": "It forgot the prices."})
    assert live(first_version.voice) == [1]
    assert LogEntry.objects.first().action == "version.rolled_back"
    assert LogEntry.objects.first().data == {"version": 1, "before": 2, "reason": "It forgot the prices."}


def test_the_base_can_be_made_live_again(lena, base_version, first_version):
    roll_back(base_version, user=lena, reason="Back to the start.")
    assert live(first_version.voice) == [0]


def test_the_first_promotion_has_nothing_before_it(lena, base_version):
    promote(base_version, user=lena, reason="To begin with.")
    assert live(base_version.voice) == [0]
    assert LogEntry.objects.get().data["before"] is None


def test_a_version_that_is_live_already_is_not_promoted_twice(client, lena, first_version):
    client.force_login(lena)
    answer = client.post(where("promote", first_version), {"reason": "Again."})
    assert answer.status_code == 422
    assert "Version 1 is live already." in answer.content.decode()
    assert not LogEntry.objects.exists()


def test_a_failure_leaves_the_live_version_as_it_was(lena, first_version, second_version, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("no log, no change")

    monkeypatch.setattr("reviews.promotion.record", fail)
    with pytest.raises(RuntimeError):
        promote(second_version, user=lena, reason="Newer.")
    assert live(first_version.voice) == [1]


def test_the_other_voices_of_a_client_keep_their_live_version(lena, voice, first_version, second_version):
    other = type(voice).objects.create(client=voice.client, slug="cafe", name="Café voice")
    theirs = ModelVersion.objects.create(
        voice=other, kind="adapter", number=1, base_model="b", adapter="c1", is_live=True
    )
    promote(second_version, user=lena, reason="Newer.")
    theirs.refresh_from_db()
    assert theirs.is_live


def test_a_version_of_another_voice_is_not_found(client, lena, voice, rival):
    theirs = ModelVersion.objects.create(voice=rival, kind="adapter", number=1, base_model="b", adapter="r1")
    client.force_login(lena)
    address = reverse("promote", args=[voice.client.slug, voice.slug, theirs.pk])
    assert client.post(address, {"reason": "Mine now."}).status_code == 404
