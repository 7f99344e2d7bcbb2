"""Data sets that somebody brought: files whose rows already are pairs or preferences."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from training.models.voices import Voice


class DataSet(models.Model):
    """One file of rows: examined, shown, and imported when a person says so.

    `report` is what was found in it (see `training.exchange.Examined`), `outcome` what the import did (see `Outcome`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="data_sets")
    name = models.CharField(max_length=400)
    sha256 = models.CharField(max_length=64)
    # Kept until the rows are in, which carry all that the file said.
    raw = models.BinaryField()
    licence = models.CharField(max_length=200, blank=True)
    # Role -> column ("completion" -> "fields.response"); empty for VoiceLab's own rows.
    mapping: models.JSONField[dict[str, str], Any] = models.JSONField(default=dict)
    # For rows that name no channel.
    channel = models.CharField(max_length=20)
    report: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict)
    outcome: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict)
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    # Since when somebody's import of it is under way, so that a double click starts no second one.
    started_at = models.DateTimeField(null=True, blank=True)
    imported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["voice", "sha256"], name="data_set_bytes_once_per_voice")]

    def __str__(self) -> str:
        return self.name
