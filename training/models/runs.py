"""Runs, the model versions they make, what these write, and automatic figures about it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from training.models.corpus import Brief, Pair, Snapshot, Split
from training.models.voices import Origin, Voice


class RunQuerySet(models.QuerySet["Run"]):
    def unfinished(self) -> Self:
        return self.filter(state__in=[Run.State.QUEUED, Run.State.RUNNING])

    def for_workers(self) -> Self:
        """All but those of scratch voices: a rehearsal trains its runs itself, and takes them along when it ends."""
        return self.filter(voice__is_scratch=False)

    def abandoned(self) -> Self:
        """Running by their row, but nobody has renewed the lease: the worker or its child was killed."""
        return self.filter(state=Run.State.RUNNING, lease_until__lt=timezone.now())


class Run(models.Model):
    """One training job. This row is the truth; the broker's message only carries its id."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        FINISHED = "finished", "Finished"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="runs")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="runs")
    config = models.JSONField(default=dict)
    base_model = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.HUMAN)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Fencing token of the worker that holds the run; a write with an older one changes no row.
    claim = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    # {stage, step, steps, train_loss, validation_loss, tokens_per_second, seconds_left}
    progress = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    # Sentences on how its pairs were chosen and weighed: focuses, and machine-written copy that was left out.
    data_notes: models.JSONField[list[str], Any] = models.JSONField(default=list)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(null=True, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "lease_until"])]
        constraints = [
            models.UniqueConstraint(
                fields=["voice"],
                condition=Q(state__in=["queued", "running"]),
                name="one_unfinished_run_per_voice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.voice}: run of {self.created_at:%d %b %Y %H:%M}"

    @property
    def is_over(self) -> bool:
        return self.state in (Run.State.FINISHED, Run.State.FAILED, Run.State.CANCELLED)

    def try_claim(self) -> uuid.UUID | None:
        """Take the run if it waits, or if its holder's lease ran out. One caller wins; the others get None."""
        token = uuid.uuid4()
        now = timezone.now()
        won = (
            Run.objects.filter(pk=self.pk)
            .filter(Q(state=Run.State.QUEUED) | Q(state=Run.State.RUNNING, lease_until__lt=now))
            .update(
                state=Run.State.RUNNING,
                claim=token,
                lease_until=now + timedelta(seconds=settings.RUN_LEASE_SECONDS),
                attempts=F("attempts") + 1,
                started_at=Coalesce(F("started_at"), now),
            )
        )
        return token if won == 1 else None

    def renew(self, token: uuid.UUID, **fields: Any) -> bool:
        """Renew the lease and store progress. False: the run was taken by another worker, or is over."""
        lease = timezone.now() + timedelta(seconds=settings.RUN_LEASE_SECONDS)
        return (
            Run.objects.filter(pk=self.pk, claim=token, state=Run.State.RUNNING).update(lease_until=lease, **fields)
            == 1
        )

    def finish(self, token: uuid.UUID, state: str, **fields: Any) -> bool:
        """End the run, once. False: another worker holds it, or it is over already."""
        now = timezone.now()
        return (
            Run.objects.filter(pk=self.pk, claim=token, state=Run.State.RUNNING).update(
                state=state, finished_at=now, lease_until=None, **fields
            )
            == 1
        )

    def request_cancel(self) -> bool:
        """Ask a waiting or running run to stop. A waiting one ends at once."""
        now = timezone.now()
        waiting = Run.objects.filter(pk=self.pk, state=Run.State.QUEUED).update(
            state=Run.State.CANCELLED, cancel_requested=True, finished_at=now
        )
        return bool(waiting or Run.objects.filter(pk=self.pk, state=Run.State.RUNNING).update(cancel_requested=True))


class LossPoint(models.Model):
    """One point of a run's learning curve."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="losses")
    stage = models.CharField(max_length=12)
    step = models.PositiveIntegerField()
    train_loss = models.FloatField(null=True, blank=True)
    validation_loss = models.FloatField(null=True, blank=True)
    tokens_per_second = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["run", "-stage", "step"]
        constraints = [models.UniqueConstraint(fields=["run", "stage", "step"], name="loss_point_once_per_step")]

    def __str__(self) -> str:
        return f"{self.stage} {self.step}"


class PairLoss(models.Model):
    """How well a finished run's adapter knows one pair: nats per token of the copy, given the brief."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="pair_losses")
    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="losses")
    loss = models.FloatField()

    class Meta:
        ordering = ["run", "-loss"]
        indexes = [models.Index(fields=["run", "loss"])]
        constraints = [models.UniqueConstraint(fields=["run", "pair"], name="pair_loss_once_per_run")]

    def __str__(self) -> str:
        return f"{self.loss:.3f}"


class ModelVersion(models.Model):
    """Anything that can write for a voice."""

    class Kind(models.TextChoices):
        BASE = "base", "Base model"
        PROMPTED = "prompted", "Base model with guidelines"
        ADAPTER = "adapter", "Adapter"
        ENDPOINT = "endpoint", "Outside endpoint"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="versions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # 0 for the base, then 1, 2, 3 ... as adapters are made.
    number = models.PositiveIntegerField()
    run = models.OneToOneField(Run, null=True, blank=True, on_delete=models.PROTECT, related_name="version")
    base_model = models.CharField(max_length=300)
    base_digest = models.CharField(max_length=64, blank=True)
    # Folder name under settings.MODELS; empty for the base.
    adapter = models.CharField(max_length=200, blank=True)
    adapter_digest = models.CharField(max_length=64, blank=True)
    is_live = models.BooleanField(default=False)
    trainable_parameters = models.BigIntegerField(default=0)
    total_parameters = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["voice", "number"]
        constraints = [
            models.UniqueConstraint(fields=["voice", "number"], name="version_number_once_per_voice"),
            models.UniqueConstraint(fields=["voice"], condition=Q(is_live=True), name="one_live_version_per_voice"),
            models.CheckConstraint(condition=~Q(kind="adapter") | ~Q(adapter=""), name="adapter_version_has_files"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Its name for people: "Base model", "Version 2"."""
        return f"Version {self.number}" if self.kind == self.Kind.ADAPTER else str(self.get_kind_display())

    @property
    def folder(self) -> Path | None:
        """Where the adapter's files lie; None for the base."""
        return settings.MODELS / self.adapter if self.adapter else None


class Sample(models.Model):
    """One text written by a model version for a brief."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="samples")
    brief = models.ForeignKey(Brief, on_delete=models.PROTECT, related_name="samples")
    text = models.TextField()
    seed = models.BigIntegerField()
    settings = models.JSONField(default=dict)
    tokens = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["version", "brief", "seed"], name="sample_once_per_seed")]

    def __str__(self) -> str:
        return self.text[:60]


class Measurement(models.Model):
    """One automatic figure about a version's samples, with its interval and the tool's own signature."""

    version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="measurements")
    name = models.CharField(max_length=40)
    split = models.CharField(max_length=10, choices=Split.choices, default=Split.TEST)
    value = models.FloatField()
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    n = models.PositiveIntegerField()
    signature = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["version", "name"]
        constraints = [
            models.UniqueConstraint(fields=["version", "name", "split"], name="measurement_once_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.value:.3f}"
