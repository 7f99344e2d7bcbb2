"""Who gets what next.

An item is free for a person when it is still wanted, they have not had it, and fewer colleagues hold a live
lease on it than judgements are wanted. Every look-up walks an index, so it costs the same at any size.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from reviews.models import Item, Round, Task
from training.models import Voice

LEASE = timedelta(minutes=15)


def next_task(user: User, voice: Voice, purpose: str) -> Task | None:
    """The person's own open task, else a new lease on the first free item; None when there is none."""
    for _ in range(3):
        try:
            with transaction.atomic():
                return own_task(user, voice, purpose) or take(user, voice, purpose)
        except IntegrityError:
            continue  # the same person in two windows: one of them won
    return None


def own_task(user: User, voice: Voice, purpose: str) -> Task | None:
    """The task that this person holds, its lease renewed."""
    mine = Task.objects.filter(
        reviewer=user,
        state=Task.State.LEASED,
        item__round__voice=voice,
        item__round__purpose=purpose,
        item__round__is_open=True,
    )
    task = mine.select_related("item__round", "item__sample__brief", "item__other").order_by("created_at").first()
    if task is None:
        return None
    if task.expires_at <= timezone.now() and not is_free(task.item, user):
        # A colleague took it meanwhile; it stays open for a late answer, but is not shown again.
        Task.objects.filter(pk=task.pk).update(state=Task.State.SKIPPED, note="ran out")
        return own_task(user, voice, purpose)
    task.expires_at = timezone.now() + LEASE
    task.save(update_fields=["expires_at"])
    return task


def take(user: User, voice: Voice, purpose: str) -> Task | None:
    items = free_items(user, voice, purpose).order_by("round__created_at", "position", "id")
    if connection.features.has_select_for_update_skip_locked:
        items = items.select_for_update(skip_locked=True, of=("self",))
    item = items.first()
    if item is None:
        return None
    task = Task.objects.create(
        item=item, reviewer=user, is_swapped=random.random() < 0.5, expires_at=timezone.now() + LEASE
    )
    rows = Task.objects.select_related("item__round", "item__sample__brief", "item__other")
    return rows.get(pk=task.pk)


def free_items(user: User, voice: Voice, purpose: str) -> QuerySet[Item]:
    """Wanted items that this person has not had and that colleagues have not taken up already."""
    rounds = list(Round.objects.filter(voice=voice, purpose=purpose, is_open=True).values_list("pk", flat=True))
    had = Task.objects.filter(item=OuterRef("pk"), reviewer=user)
    held = (
        Task.objects.filter(item=OuterRef("pk"), state=Task.State.LEASED, expires_at__gt=timezone.now())
        .exclude(reviewer=user)
        .order_by()
        .values("item")
        .annotate(count=Count("pk"))
        .values("count")
    )
    from django.db.models import IntegerField, Subquery
    from django.db.models.functions import Coalesce

    return (
        Item.objects.filter(round__in=rounds, wanted__gt=0)
        .exclude(Exists(had))
        .annotate(held=Coalesce(Subquery(held, output_field=IntegerField()), 0))
        .filter(held__lt=F("wanted"))
    )


def is_free(item: Item, user: User) -> bool:
    others = item.tasks.live().exclude(reviewer=user).count()
    return Item.objects.filter(pk=item.pk, wanted__gt=others).exists()


def waiting(voice: Voice, user: User) -> dict[str, int]:
    """Purpose -> items that wait for this person."""
    had = Task.objects.filter(item=OuterRef("pk"), reviewer=user).exclude(state=Task.State.LEASED)
    rows = (
        Item.objects.filter(round__voice=voice, round__is_open=True, wanted__gt=0)
        .exclude(Exists(had))
        .values_list("round__purpose")
        .annotate(count=Count("pk"))
        .order_by()
    )
    return {Round.Purpose.SCORE: 0, Round.Purpose.COMPARE: 0, **dict(rows)}


def with_colleagues(user: User, voice: Voice, purpose: str) -> tuple[int, datetime | None]:
    """How many wanted items colleagues hold, and when the first lease ends."""
    live = Task.objects.live().filter(
        item__round__voice=voice, item__round__purpose=purpose, item__round__is_open=True, item__wanted__gt=0
    )
    found = live.exclude(Q(reviewer=user)).aggregate(count=Count("pk"), until=Min("expires_at"))
    return found["count"], found["until"]
