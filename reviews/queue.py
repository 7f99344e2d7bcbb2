"""Who gets what next.

An item is free for a person when it is still wanted, they have not had it, and fewer colleagues hold a live
lease on it than judgements are wanted. Items with most judgements still to come are handed out first, each
level in the order of the round from the person's own starting place: an index look-up, which costs the same at
any size.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import product
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Exists, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from reviews.models import Item, Round, Task
from training.models import Voice

LEASE = timedelta(minutes=15)
SHOWN = ("item__round", "item__sample__brief", "item__other")


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
    for task in mine.select_related(*SHOWN).order_by("created_at"):
        if task.expires_at > timezone.now() or is_free(task.item, user):
            task.expires_at = timezone.now() + LEASE
            task.save(update_fields=["expires_at"])
            return task
        # A colleague took it meanwhile; it stays open for a late answer, but is not shown again.
        Task.objects.filter(pk=task.pk).update(state=Task.State.SKIPPED, note="ran out")
    return None


def take(user: User, voice: Voice, purpose: str) -> Task | None:
    """Lease the first free item of the oldest open round."""
    rounds = Round.objects.filter(voice=voice, purpose=purpose, is_open=True).order_by("created_at")
    for work in rounds:
        most = Item.objects.filter(round=work).aggregate(most=Max("wanted"))["most"] or 0
        start = starting_place(user, work)
        for wanted, part in product(range(most, 0, -1), (Q(position__gte=start), Q(position__lt=start))):
            items = free_items(user, work, wanted).filter(part)
            if connection.features.has_select_for_update_skip_locked:
                items = items.select_for_update(skip_locked=True, of=("self",))
            for item in items[:3]:
                # Asked again under the lock: a colleague's lease may be younger than the query's snapshot.
                if not is_free(item, user):
                    continue
                lease = Task.objects.create(
                    item=item, reviewer=user, is_swapped=random.random() < 0.5, expires_at=timezone.now() + LEASE
                )
                return Task.objects.select_related(*SHOWN).get(pk=lease.pk)
    return None


def starting_place(user: User, work: Round) -> int:
    """Where this person begins a score round, to come round to the items before it: no two see it in one order.

    A comparison's sides are drawn for each person already, and its round has what trains first.
    """
    if work.purpose != Round.Purpose.SCORE:
        return 0
    last: int = Item.objects.filter(round=work).aggregate(last=Max("position"))["last"] or 0
    return random.Random(f"{user.pk} {work.pk}").randrange(last + 1)


def free_items(user: User, work: Round, wanted: int) -> QuerySet[Item]:
    """The round's items that want so many judgements, that this person has not had, and that are not all held."""
    had = Task.objects.filter(item=OuterRef("pk"), reviewer=user)
    held = (
        Task.objects.live()
        .filter(item=OuterRef("pk"))
        .exclude(reviewer=user)
        .order_by()
        .values("item")
        .annotate(count=Count("pk"))
        .values("count")
    )
    items = Item.objects.filter(round=work, wanted=wanted)
    if work.purpose == Round.Purpose.VALIDATE:
        items = items.exclude(lot_pair__annotator=user)  # nobody validates what they accepted themselves
    return (
        items.exclude(Exists(had))
        .annotate(held=Coalesce(Subquery(held, output_field=IntegerField()), 0))
        .filter(held__lt=wanted)
        .order_by("position")
    )


def is_free(item: Item, user: User) -> bool:
    others = item.tasks.live().exclude(reviewer=user).count()
    return Item.objects.filter(pk=item.pk, wanted__gt=others).exists()


class Progress(NamedTuple):
    """What a person did in the open rounds of one purpose, and what waits for them there."""

    done: int = 0
    left: int = 0  # free for this person now, the item they hold included
    held: int = 0  # still to be judged, but all with colleagues now
    until: datetime | None = None  # when the first of these leases ends


def progress(user: User, voices: Iterable[Voice]) -> defaultdict[tuple[int, str], Progress]:
    """(voice's key, purpose) -> this person's progress. Three queries, whatever the number of voices."""
    wanted = Item.objects.filter(round__voice__in=voices, round__is_open=True, wanted__gt=0)
    answered = [Task.State.DONE, Task.State.SKIPPED, Task.State.FLAGGED]
    had = Task.objects.filter(
        reviewer=user, state__in=answered, item__round__voice__in=voices, item__round__is_open=True
    )
    found = defaultdict[tuple[int, str], Progress](Progress)
    # Counts, each over an index: to ask of every wanted item whether the person had it costs far more.
    counts = wanted.order_by().values_list("round__voice", "round__purpose").annotate(count=Count("pk"))
    for voice, purpose, count in counts:
        found[voice, purpose] = Progress(0, count)
    tasks = had.order_by().values_list("item__round__voice", "item__round__purpose")
    for voice, purpose, done, gone in tasks.annotate(
        done=Count("pk", filter=Q(state=Task.State.DONE)), gone=Count("pk", filter=Q(item__wanted__gt=0))
    ):
        found[voice, purpose] = Progress(done, found[voice, purpose].left - gone)
    mine = Task.objects.filter(item=OuterRef("item"), reviewer=user)
    mine = mine.filter(Q(state__in=answered) | Q(expires_at__gt=timezone.now()))
    leases = Task.objects.live().filter(item__round__voice__in=voices, item__round__is_open=True)
    leases = leases.exclude(reviewer=user).exclude(Exists(mine)).order_by()
    items = leases.values_list("item__round__voice", "item__round__purpose", "item", "item__wanted")
    for voice, purpose, _, missing, count, until in items.annotate(count=Count("pk"), until=Min("expires_at")):
        if 0 < missing <= count:
            was = found[voice, purpose]
            first = min(until, was.until or until)
            found[voice, purpose] = was._replace(left=was.left - 1, held=was.held + 1, until=first)
    return found
