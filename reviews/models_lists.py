"""What people keep of lists: filters under a name, and what was done to many pairs, so that it can be undone."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from training.models import Pair, Voice


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def seen_by(self, user: object) -> Self:
        """A person's own, and those that colleagues share."""
        return self.filter(Q(user=user) | Q(is_shared=True))


class SavedView(models.Model):
    """Filters of the list of pairs under a name, for the person who saved them or for all who work on the voice."""

    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="saved_views")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    # The list's address from the question mark on; "" for the list as it opens.
    query = models.TextField(blank=True)
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["voice", "user", "name"], name="saved_view_once_per_person")]

    def __str__(self) -> str:
        return self.name


class BulkAct(models.Model):
    """One act on many pairs, done in pieces. What it has changed so far is counted, and can be undone as a whole."""

    class Kind(models.TextChoices):
        ACCEPT = "accept", "Accept"
        REJECT = "reject", "Reject"
        REOPEN = "reopen", "Re-open"
        UNDO = "undo", "Undo"

    # The key of the form: a second post of the same one is the same act.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="bulk_acts")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.CharField(max_length=300, blank=True)
    # Which pairs they were, in the words of the list.
    chosen = models.CharField(max_length=400, blank=True)
    undoes = models.OneToOneField("self", null=True, blank=True, on_delete=models.CASCADE, related_name="undone_by")
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    # Those that somebody changed or works on meanwhile.
    left = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["voice", "-created_at"], name="bulk_acts_of_voice")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.total}"


class BulkChange(models.Model):
    """One pair of an act on many: how it stood before, and whether it was changed."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DONE = "done", "Done"
        LEFT = "left", "Left as it is"

    act = models.ForeignKey(BulkAct, on_delete=models.CASCADE, related_name="changes", db_index=False)
    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    was_status = models.CharField(max_length=10)
    was_reason = models.CharField(max_length=300, blank=True)
    was_decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    was_decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        # What is left to do, in order, however much there is.
        indexes = [models.Index(fields=["act", "state", "id"], name="bulk_changes_of_act")]

    def __str__(self) -> str:
        return f"{self.pair_id} {self.state}"
