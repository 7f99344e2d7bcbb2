"""Data sets that somebody brought: files whose rows already are pairs or preferences."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from training.models.jobs import UNFINISHED, Job, JobQuerySet
from training.models.voices import Voice


class DataSet(models.Model):
    """One file of rows: examined, shown, and imported when a person says so.

    `report` is what was found in it (see `training.examining.Examined`), `outcome` what the import did (see `Outcome`).
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
    imported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["voice", "sha256"], name="data_set_bytes_once_per_voice")]

    def __str__(self) -> str:
        return self.name

    def settle(self, outcome: dict[str, Any]) -> None:
        """The rows are in and say all that the file said, so its bytes go."""
        DataSet.objects.filter(pk=self.pk).update(outcome=outcome, imported_at=timezone.now(), raw=b"")


class DataSetJob(Job):
    """A worker's work on one data set: a look at all of its rows, or their import."""

    class Kind(models.TextChoices):
        LOOK = "look", "Look"
        IMPORT = "import", "Import"

    # What it takes to store a batch, with much to spare: who lost the claim stores nothing more in any case.
    LEASE_SECONDS = 30

    data_set = models.ForeignKey(DataSet, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # Of a look: the channel of rows that name none, and which column is what; null to let VoiceLab find out.
    channel = models.CharField(max_length=20, blank=True)
    mapping: models.JSONField[dict[str, str] | None, Any] = models.JSONField(null=True, blank=True)
    # Of an import: whether what the file says is validated is.
    trust = models.BooleanField(default=False)
    # {"rows": how many are behind it, "outcome": what became of them so far (of an import)}.
    progress: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict)

    objects = JobQuerySet["DataSetJob"].as_manager()

    class Meta(Job.Meta):
        constraints = [
            models.UniqueConstraint(fields=["data_set"], condition=UNFINISHED, name="one_unfinished_job_per_data_set")
        ]

    @property
    def outcome(self) -> dict[str, Any]:
        """What an import has brought in so far (see `training.exchange.Outcome`)."""
        nothing = {"pairs": 0, "preferences": 0, "here": 0, "refused": 0, "reasons": []}
        return {**nothing, **self.progress.get("outcome", {})}

    def __str__(self) -> str:
        return f"{self.data_set}: {self.get_kind_display().lower()} of {self.created_at:%d %b %Y %H:%M}"
