"""Jobs that a worker does batch by batch: the row is the truth, and only who holds its claim may write to it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

M = TypeVar("M", bound=models.Model)
UNFINISHED = Q(state__in=["queued", "running"])


class JobQuerySet(models.QuerySet[M]):
    def unfinished(self) -> Self:
        return self.filter(UNFINISHED)

    def waiting(self) -> Self:
        """Those that no worker holds: queued, or left behind by a kill."""
        return self.filter(Q(state="queued") | Q(state="running", lease_until__lt=timezone.now()))


class Job(models.Model):
    """What every such job has. Each kind sets `LEASE_SECONDS`, longer than one of its batches takes."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        FINISHED = "finished", "Finished"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    LEASE_SECONDS: float

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Fencing token of the worker that does it; a write with an older one changes no row.
    claim = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["-created_at"]

    @property
    def is_over(self) -> bool:
        return self.state not in (self.State.QUEUED, self.State.RUNNING)

    def try_claim(self) -> uuid.UUID | None:
        """Take it if it waits, or if its holder's lease ran out. One caller wins; the others get None."""
        token = uuid.uuid4()
        fields = {"state": self.State.RUNNING, "claim": token, "attempts": F("attempts") + 1}
        mine = self.rows().waiting()
        return token if mine.update(lease_until=self.lease(), **fields) == 1 else None

    def renew(self, token: uuid.UUID, **fields: Any) -> bool:
        """Renew the lease and store progress. False: it was cancelled, or another worker took it."""
        return self.held(token).update(lease_until=self.lease(), **fields) == 1

    def finish(self, token: uuid.UUID, state: str, error: str = "") -> bool:
        """End it, once. False: it is over already, or another worker's."""
        return self.held(token).update(state=state, error=error, lease_until=None) == 1

    def put_back(self, token: uuid.UUID) -> bool:
        """In line again: this worker stops, another one goes on."""
        fields = {"state": self.State.QUEUED, "claim": None, "attempts": F("attempts") - 1}
        return self.held(token).update(lease_until=None, **fields) == 1

    def cancel(self) -> bool:
        """End it at once; its worker finds the claim gone before it stores anything more. False: it was over."""
        return self.rows().unfinished().update(state=self.State.CANCELLED, lease_until=None) == 1

    def held(self, token: uuid.UUID) -> JobQuerySet[Self]:
        """The row, as long as this token holds it."""
        return self.rows().filter(claim=token, state=self.State.RUNNING)

    def rows(self) -> JobQuerySet[Self]:
        return JobQuerySet(type(self)).filter(pk=self.pk)

    def lease(self) -> datetime:
        return timezone.now() + timedelta(seconds=self.LEASE_SECONDS)
