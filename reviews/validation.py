"""Validation by sampling: draw a lot, hand out its sample, record what experts find in it, and close the lot.

Each act is one transaction. What is drawn waits for the voice's row, what is read or closed for the round's, so two
people at once never share a pair between two lots or read into a lot that is closed.
"""

from __future__ import annotations

import math
import random
import secrets
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from reviews import queue
from reviews.findings import plural
from reviews.lots import Result, result_of
from reviews.models import Item, Round, Task, record
from reviews.models_validation import Lot, LotPair, Reading
from reviews.scoring import close_task
from training.metrics.acceptance import plan_for
from training.models import Origin, Pair, Voice

OVERLAP = 0.2
ACCEPTED_AT = Coalesce("decided_at", "created_at")
ACCEPTED = Coalesce(OuterRef("decided_at"), OuterRef("created_at"))
LONGEST_REASON = 300
STANDING = (Lot.State.OPEN, Lot.State.ACCEPTED)


class LotClosed(Exception):
    """The lot was closed meanwhile."""


class Undecided(Exception):
    """The plan allows no verdict yet."""


class NothingToDraw(Exception):
    """No accepted pair stands outside a lot."""


def judged(voice: Voice) -> QuerySet[Pair]:
    """The validated pairs that lots are drawn from, with `accepted_at`.

    Well-scored samples stay out: they go and come with the scores that made them.
    """
    rows = Pair.objects.validated().filter(voice=voice).exclude(made=Pair.Made.SCORE)
    return rows.exclude(origin=Origin.SIMULATED).annotate(accepted_at=ACCEPTED_AT)


def waiting(voice: Voice) -> QuerySet[Pair]:
    """Accepted pairs that stand in no lot since they were accepted last, or in one that was rejected or given up."""
    standing = LotPair.objects.filter(lot__state__in=STANDING, pair=OuterRef("pk"), accepted_at=OuterRef("accepted_at"))
    return judged(voice).exclude(Exists(standing))


class Cover(NamedTuple):
    """Of the validated pairs that lots are drawn from, how many stand in a lot since they were accepted last."""

    judged: int
    accepted: int  # in accepted lots
    open: int  # in lots that are being read

    @property
    def waiting(self) -> int:
        return self.judged - self.accepted - self.open


def cover_of(voice: Voice) -> Cover:
    """Counted along the index of the pairs, by the keys of the lots: neither a pair nor a lot is read."""
    lots: dict[str, list[uuid.UUID]] = {state: [] for state in STANDING}
    for pk, state in voice.lots.filter(state__in=STANDING).values_list("pk", "state"):
        lots[state].append(pk)
    standing = {
        state: Count(
            "pk", filter=Exists(LotPair.objects.filter(lot__in=keys, pair=OuterRef("pk"), accepted_at=ACCEPTED))
        )
        for state, keys in lots.items()
        if keys
    }
    counts = judged(voice).order_by().aggregate(judged=Count("*"), **standing)
    return Cover(counts["judged"], counts.get(Lot.State.ACCEPTED, 0), counts.get(Lot.State.OPEN, 0))


@transaction.atomic
def draw(
    voice: Voice,
    user: User,
    pairs: QuerySet[Pair],
    *,
    key: uuid.UUID | None = None,
    drawn_from: Mapping[str, str] | None = None,
    overlap: float = OVERLAP,
    **levels: float,
) -> Lot:
    """A lot of these pairs (rows of `waiting`), its sample drawn by a seed that is kept; `levels` as for `plan_for`.

    A share `overlap` of the sample is to be read twice. The same key gives the lot that it drew before. Raises
    `NothingToDraw`.
    """
    Voice.objects.select_for_update().only("pk").get(pk=voice.pk)
    if key and (before := voice.lots.filter(pk=key).first()):
        return before
    rows = [
        (pk, annotator, decided_at or created_at)
        for pk, annotator, decided_at, created_at in pairs.order_by("pk").values_list(
            "pk", "decided_by", "decided_at", "created_at"
        )
    ]
    if not rows:
        raise NothingToDraw
    plan, seed = plan_for(len(rows), **levels), secrets.randbelow(2**31)
    sampled = random.Random(seed).sample([pk for pk, _, _ in rows], plan.sample)
    twice = math.ceil(overlap * plan.sample)
    work = Round.objects.create(voice=voice, purpose=Round.Purpose.VALIDATE)
    items = {
        pk: Item(round=work, position=position, pair_id=pk, wanted=2 if position < twice else 1)
        for position, pk in enumerate(sampled)
    }
    Item.objects.bulk_create(items.values(), batch_size=1000)
    last = voice.lots.order_by("-number").values_list("number", flat=True).first() or 0
    lot = Lot.objects.create(
        id=key if key and not Lot.objects.filter(pk=key).exists() else uuid.uuid4(),
        voice=voice,
        number=last + 1,
        round=work,
        drawn_from=dict(drawn_from or {}),
        size=plan.lot,
        sample_size=plan.sample,
        limit=plan.limit,
        acceptable=plan.acceptable,
        rejectable=plan.rejectable,
        producers_risk=plan.producers_risk,
        consumers_risk=plan.consumers_risk,
        seed=seed,
        drawn_by=user,
    )
    LotPair.objects.bulk_create(
        (
            LotPair(
                lot=lot,
                pair_id=pk,
                annotator_id=annotator,
                accepted_at=accepted_at,
                item=items.get(pk),
                wanted=items[pk].wanted if pk in items else 0,
            )
            for pk, annotator, accepted_at in rows
        ),
        batch_size=1000,
    )
    record("lot.drawn", client=voice.client, voice=voice, user=user, lot=lot.number, pairs=lot.size, sample=plan.sample)
    return lot


def next_reading(user: User, voice: Voice) -> Task | None:
    """The next pair for this expert: one that is new to them, else one that they skipped, since all must be read."""
    return queue.next_task(user, voice, Round.Purpose.VALIDATE) or take_up_again(user, voice)


@transaction.atomic
def take_up_again(user: User, voice: Voice) -> Task | None:
    skipped = Task.objects.filter(
        reviewer=user,
        state=Task.State.SKIPPED,
        item__round__voice=voice,
        item__round__purpose=Round.Purpose.VALIDATE,
        item__round__is_open=True,
        item__wanted__gt=0,
    )
    for task in skipped.order_by(F("done_at").asc(nulls_first=True))[:20]:
        item = Item.objects.select_for_update().get(pk=task.item_id)
        if queue.is_free(item, user):
            task.state, task.expires_at, task.done_at = Task.State.LEASED, timezone.now() + queue.LEASE, None
            task.save(update_fields=["state", "expires_at", "done_at"])
            return task
    return None


@transaction.atomic
def record_reading(task: Task, verdict: str, note: str = "") -> Reading | None:
    """Store what an expert found. One sent twice gives None and changes nothing. Raises `LotClosed`."""
    hold_open(task.item.round_id)
    if not close_task(task):
        return None
    reading = Reading.objects.create(
        lot_pair=task.item.lot_pair, reader=task.reviewer, task=task, verdict=verdict, note=note
    )
    Item.objects.filter(pk=task.item_id, wanted__gt=0).update(wanted=F("wanted") - 1)
    return reading


@transaction.atomic
def take_back(task: Task) -> dict[str, Any]:
    """Undo a reading or a skip: the expert holds the pair again. Gives what was said. Raises `LotClosed`."""
    hold_open(task.item.round_id)
    changed = (
        Task.objects.filter(pk=task.pk)
        .exclude(state=Task.State.LEASED)
        .update(state=Task.State.LEASED, done_at=None, note="", expires_at=timezone.now() + queue.LEASE)
    )
    if not changed:
        return {}  # the same wish sent twice
    given: dict[str, Any] = {"note": task.note}
    if reading := Reading.objects.filter(task=task).first():
        given = {"verdict": reading.verdict, "note": reading.note}
        reading.delete()
    done = Task.objects.filter(item=task.item_id, state=Task.State.DONE).count()
    Item.objects.filter(pk=task.item_id).update(wanted=max(0, task.item.lot_pair.wanted - done))
    voice = task.item.round.voice
    record("task.taken_back", client=voice.client, voice=voice, user=task.reviewer, task=str(task.pk))
    return given


@transaction.atomic
def close(lot: Lot, user: User) -> Result:
    """Take the verdict, and send back to be decided what it gives no reason to trust.

    Of a rejected lot these are all pairs but those that were read and found good; of an accepted one those that were
    found bad. What was mended or decided anew meanwhile is left as it is, and counted.

    Raises `Undecided` before the plan allows a verdict, and `LotClosed`.
    """
    hold_open(lot.round_id)
    found = result_of(lot)
    if found.verdict is None:
        raise Undecided
    is_rejected = found.verdict == Lot.State.REJECTED
    kept = [one.pk for one in found.rows if not one.faults]
    going = lot.lot_pairs.exclude(pk__in=kept) if is_rejected else lot.lot_pairs.filter(pk__in=found.bad)
    due, returned = going.count(), 0
    for one in found.rows:
        if one.faults:
            returned += send_back(lot.lot_pairs.filter(pk=one.pk), user, f"{lot}: {one.faults[0].words}.")
    if is_rejected:
        why = f"{lot} was rejected, {plural(found.defects, 'defect')} in {found.read} read: look at it again."
        returned += send_back(going.exclude(pk__in=found.bad), user, why)
    finish(
        lot, user, found.verdict, read=found.read, defects=found.defects, returned=returned, overtaken=due - returned
    )
    return found


@transaction.atomic
def give_up(lot: Lot, user: User) -> None:
    """Close the lot without a verdict; its pairs stay as they are and may be drawn again. Raises `LotClosed`."""
    hold_open(lot.round_id)
    found = result_of(lot)
    finish(lot, user, Lot.State.GIVEN_UP, read=found.read, defects=found.defects, returned=0, overtaken=0)


def hold_open(work: uuid.UUID) -> None:
    """Lock the round until the transaction ends. Raises `LotClosed`."""
    if Round.objects.select_for_update().filter(pk=work, is_open=True).first() is None:
        raise LotClosed


def send_back(lot_pairs: QuerySet[LotPair], user: User, why: str) -> int:
    """To be decided again, unless somebody mended, rejected or accepted the pair since it was drawn."""
    as_drawn = lot_pairs.order_by().filter(pair=OuterRef("pk"), accepted_at=OuterRef("accepted_at"))
    pairs = Pair.objects.validated().annotate(accepted_at=ACCEPTED_AT).filter(Exists(as_drawn))
    return pairs.update(
        status=Pair.Status.PROPOSED, reject_reason=why[:LONGEST_REASON], decided_by=user, decided_at=timezone.now()
    )


def finish(lot: Lot, user: User, state: str, **figures: int) -> None:
    now = timezone.now()
    for name, value in figures.items():
        setattr(lot, name, value)
    lot.state, lot.closed_by, lot.closed_at = state, user, now
    lot.save(update_fields=["state", "closed_by", "closed_at", *figures])
    Round.objects.filter(pk=lot.round_id).update(is_open=False, closed_at=now)
    record(f"lot.{state}", client=lot.voice.client, voice=lot.voice, user=user, lot=lot.number, **figures)


def unread(user: User, voices: Iterable[Voice]) -> dict[int, int]:
    """Voice's key -> pairs of open samples that still want an expert, and that this person may and has not read."""
    # From the sample's side: a lot may have a thousand times as many pairs.
    samples = Item.objects.filter(round__lot__voice__in=voices, round__lot__state=Lot.State.OPEN, wanted__gt=0)
    rows = LotPair.objects.filter(item__in=samples)
    rows = rows.exclude(annotator=user).exclude(Exists(Reading.objects.filter(lot_pair=OuterRef("pk"), reader=user)))
    return dict(rows.order_by().values_list("lot__voice").annotate(count=Count("pk")))
