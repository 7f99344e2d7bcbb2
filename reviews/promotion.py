"""Which version writes for a voice: promotion and its way back, each logged with its reason."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from reviews import gate
from reviews.evidence import Evidence, evidence_of
from reviews.models import Gate, record
from training.models import ModelVersion, Voice


class LiveAlready(ValueError):
    """The version writes for its voice now; there is nothing to change."""


@transaction.atomic
def promote(version: ModelVersion, *, user: User | None, reason: str) -> None:
    """Make this the live version of its voice, and settle its gate by what is known now. Raises `LiveAlready`."""
    decided: dict[str, Any] = {}
    if known := verdict_of(version, evidence_of(version.voice)):
        rule, decided["verdict"], _ = known
        Gate.objects.filter(pk=rule.pk).update(verdict=decided["verdict"], decided_at=timezone.now())
    make_live(version, user, reason, "version.promoted", decided)


@transaction.atomic
def roll_back(version: ModelVersion, *, user: User, reason: str) -> None:
    """Make an earlier version (or the base) live again. Raises `LiveAlready`."""
    make_live(version, user, reason, "version.rolled_back", {})


def make_live(version: ModelVersion, user: User | None, reason: str, action: str, more: dict[str, Any]) -> None:
    # The voice's row is the lock: two who promote at once do it one after the other, whatever is live.
    Voice.objects.select_for_update().only("pk").get(pk=version.voice_id)
    before = ModelVersion.objects.filter(voice=version.voice, is_live=True).first()
    if before is not None and before.pk == version.pk:
        raise LiveAlready(f"{version.label} is live already.")
    ModelVersion.objects.filter(voice=version.voice, is_live=True).update(is_live=False)
    ModelVersion.objects.filter(pk=version.pk).update(is_live=True)
    record(
        action,
        client=version.voice.client,
        voice=version.voice,
        user=user,
        version=version.number,
        before=before.number if before else None,
        reason=reason,
        **more,
    )


def verdict_of(version: ModelVersion, rows: list[Evidence]) -> tuple[Gate, str, str] | None:
    """(gate, verdict, reason) of a version that has a gate."""
    rule = Gate.objects.filter(version=version).first()
    if rule is None:
        return None
    by_version = {row.version.pk: row for row in rows}
    against = by_version.get(rule.against_id) if rule.against_id else None
    return (rule, *gate.verdict(rule, by_version[version.pk], against))
