"""Imports: one row for each, with a row for every file in it; the truth about how far it has come."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from training.models.sources import Source
from training.models.voices import Voice


class ImportQuerySet(models.QuerySet["Import"]):
    def unfinished(self) -> Self:
        return self.filter(state__in=[Import.State.QUEUED, Import.State.RUNNING])

    def abandoned(self) -> Self:
        """Running by their row, but nobody has renewed the lease: the process was killed."""
        return self.filter(state=Import.State.RUNNING, lease_until__lt=timezone.now())

    def for_workers(self) -> Self:
        """All but those of the command line, which reads the files where they lie and goes on when it is run again."""
        return self.exclude(origin=Import.Origin.COMMAND)

    def put_back_abandoned(self) -> int:
        """Back in line with what a kill left behind. The process, if it lives after all, finds its claim gone."""
        return self.abandoned().update(state=Import.State.QUEUED, claim=None, lease_until=None)


class Import(models.Model):
    """One import. A voice has one running at a time: cleaning across documents counts all of them."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        FINISHED = "finished", "Finished"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    class Origin(models.TextChoices):
        FILES = "files", "Files"
        PASTED = "pasted", "Pasted text"
        URL = "url", "Web page"
        FEED = "feed", "Feed"
        SITEMAP = "sitemap", "Sitemap"
        API = "api", "API"
        COMMAND = "command", "Command line"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="imports")
    # Of the form or request that asked for it: a second post of the same one is the same import.
    key = models.UUIDField(default=uuid.uuid4)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.FILES)
    licence = models.CharField(max_length=200, blank=True)
    # What the copy was written for, where its documents do not tell; "" to guess by their names.
    channel = models.CharField(max_length=20, blank=True)
    # The address or path that was asked for; "" for files and pasted text.
    address = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    # Fencing token of the process that reads; a write with an older one changes no row.
    claim = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    # Once all files are read: {"left": passages still to be cleaned again}.
    progress: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "lease_until"]), models.Index(fields=["voice", "-created_at"])]
        constraints = [
            models.UniqueConstraint(fields=["voice", "key"], name="import_once_per_key"),
            models.UniqueConstraint(
                fields=["voice"], condition=Q(state="running"), name="one_running_import_per_voice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.voice}: import of {self.created_at:%d %b %Y %H:%M}"

    @property
    def is_over(self) -> bool:
        return self.state in (Import.State.FINISHED, Import.State.FAILED, Import.State.CANCELLED)

    @property
    def folder(self) -> Path:
        """Where the raw uploads lie until they are read, each named by its row's key."""
        return settings.IMPORTS / str(self.pk)

    def try_claim(self) -> uuid.UUID | None:
        """Take the import if it waits and no other one of the voice runs. One caller wins; the others get None."""
        token, now = uuid.uuid4(), timezone.now()
        Import.objects.filter(voice=self.voice_id).put_back_abandoned()
        try:
            with transaction.atomic():
                won = Import.objects.filter(pk=self.pk, state=Import.State.QUEUED).update(
                    state=Import.State.RUNNING,
                    claim=token,
                    lease_until=now + timedelta(seconds=settings.RUN_LEASE_SECONDS),
                    attempts=F("attempts") + 1,
                    started_at=Coalesce(F("started_at"), now),
                )
        except IntegrityError:
            return None
        return token if won == 1 else None

    def renew(self, token: uuid.UUID, **fields: Any) -> bool:
        """Renew the lease and store progress. False: another process took it, or it is over."""
        lease = timezone.now() + timedelta(seconds=settings.RUN_LEASE_SECONDS)
        return self.held(token).update(lease_until=lease, **fields) == 1

    def held(self, token: uuid.UUID) -> ImportQuerySet:
        """The row, as long as this token holds it."""
        return Import.objects.filter(pk=self.pk, claim=token, state=Import.State.RUNNING)

    def finish(self, token: uuid.UUID, state: str, **fields: Any) -> bool:
        """End the import, once. False: another process holds it, or it is over already."""
        ended = {"state": state, "finished_at": timezone.now(), "lease_until": None, **fields}
        return self.held(token).update(**ended) == 1

    def request_cancel(self) -> bool:
        """Ask a waiting or running import to stop. A waiting one ends at once, with the files that it has."""
        with transaction.atomic():
            waiting = Import.objects.filter(pk=self.pk, state=Import.State.QUEUED).update(
                state=Import.State.CANCELLED, cancel_requested=True, finished_at=timezone.now()
            )
            if waiting:
                self.files.filter(state=ImportFile.State.WAITING).update(state=ImportFile.State.CANCELLED)
        running = Import.objects.filter(pk=self.pk, state=Import.State.RUNNING, cancel_requested=False)
        return bool(waiting or running.update(cancel_requested=True))

    def put_back(self, token: uuid.UUID, **fields: Any) -> bool:
        """Back in line, if it is still this token's."""
        return self.held(token).update(state=Import.State.QUEUED, claim=None, lease_until=None, **fields) == 1


class ImportFile(models.Model):
    """One file of an import: a file of an upload or folder, a fetched page, or a file in an archive."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        IMPORTED = "imported", "Imported"
        REFUSED = "refused", "Refused"
        KNOWN = "known", "Here already"
        OPENED = "opened", "Opened"
        CANCELLED = "cancelled", "Cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="files")
    # The archive, feed or sitemap that it was found in.
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="children")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=400)
    # The address to fetch it from; "" where its bytes came along.
    url = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.SET_NULL, related_name="imported_by")
    pairs = models.PositiveIntegerField(default=0)
    reason = models.TextField(blank=True)
    # Rows of it that were left out: how many, and the first of them in words.
    rows_left_out = models.PositiveIntegerField(default=0)
    left_out: models.JSONField[list[str], Any] = models.JSONField(default=list)

    class Meta:
        ordering = ["job", "position"]
        indexes = [models.Index(fields=["job", "state", "position"])]
        constraints = [models.UniqueConstraint(fields=["job", "position"], name="import_file_position_once")]

    def __str__(self) -> str:
        return self.name
