"""Which version writes for a voice: promotion and its way back, each logged with its reason."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from reviews.models import record
from training.models import ModelVersion


@transaction.atomic
def promote(version: ModelVersion, *, user: User | None, reason: str, action: str = "version.promoted") -> None:
    """Make this the live version of its voice."""
    before = ModelVersion.objects.select_for_update().filter(voice=version.voice, is_live=True).first()
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
    )


def roll_back(version: ModelVersion, *, user: User, reason: str) -> None:
    """Make an earlier version (or the base) live again."""
    promote(version, user=user, reason=reason, action="version.rolled_back")
