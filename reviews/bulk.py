"""One act on many pairs: accept, reject or re-open them all, piece by piece, and undo it as a whole.

What is to change is written down first, with how each pair stood. Then piece after piece is done, each in a transaction
of its own, so that nobody waits for the whole. A pair that somebody changed, decided or holds meanwhile is left as it
is, and counted.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import CharField, DateTimeField, IntegerField, Q, QuerySet, UUIDField, Value
from django.db.models.functions import Cast
from django.utils import timezone

from reviews.holding import held_by_others, key_of
from reviews.models import record
from reviews.models_lists import BulkAct, BulkChange
from training.models import Pair, PairEntry, Voice

PIECE = 500
BUDGET = 1.0
"""Seconds that one request spends on an act before it answers."""
Kind, State, Status = BulkAct.Kind, BulkChange.State, Pair.Status
MAKES: dict[str, str] = {Kind.ACCEPT: Status.VALIDATED, Kind.REJECT: Status.REJECTED, Kind.REOPEN: Status.PROPOSED}
FROM: dict[str, list[str]] = {
    Kind.ACCEPT: [Status.DRAFT, Status.PROPOSED, Status.REJECTED],
    Kind.REJECT: [Status.DRAFT, Status.PROPOSED, Status.VALIDATED],
    Kind.REOPEN: [Status.VALIDATED, Status.REJECTED],
}
"""Kind -> the states that it changes; what is so already is no target."""
SAID: dict[str, str] = {
    Kind.ACCEPT: "accepted",
    Kind.REJECT: "rejected",
    Kind.REOPEN: "re-opened",
    Kind.UNDO: "put back",
}
LOGGED: dict[str, str] = {
    Kind.ACCEPT: "pairs.accepted",
    Kind.REJECT: "pairs.rejected",
    Kind.REOPEN: "pairs.reopened",
    Kind.UNDO: "pairs.put_back",
}


def all_of(kind: str, entries: QuerySet[PairEntry]) -> QuerySet[Pair]:
    """The pairs of these entries that the act would change."""
    return Pair.objects.current().filter(status__in=FROM[kind], entry__in=entries.order_by().values("pk"))


def as_seen(voice: Voice, kind: str, seen: Mapping[uuid.UUID, str]) -> QuerySet[Pair]:
    """Those of the pairs that still stand as somebody saw them, and that the act would change."""
    rows = Pair.objects.current().filter(voice=voice, status__in=FROM[kind])
    by_status: dict[str, list[uuid.UUID]] = {}
    for key, status in seen.items():
        by_status.setdefault(status, []).append(key)
    same = Q(pk__in=[])
    for status, keys in by_status.items():
        same |= Q(status=status, pk__in=keys)
    return rows.filter(same)


@transaction.atomic
def begin(
    voice: Voice, user: User, kind: str, pairs: QuerySet[Pair], *, key: uuid.UUID, reason: str = "", chosen: str = ""
) -> BulkAct:
    """Write down what is to change. The same key twice is the same act; it is begun once."""
    told = {"user": user, "kind": kind, "reason": reason, "chosen": chosen}
    act, is_new = BulkAct.objects.get_or_create(pk=key, voice=voice, defaults=told)
    if is_new:
        was = ("status", "reject_reason", "decided_by", "decided_at")
        write_down(act, pairs.order_by("entry"), "pk", was)
    return act


@transaction.atomic
def undo(act: BulkAct, user: User) -> BulkAct:
    """Begin to put back what the act changed and nobody changed since. An act is undone once."""
    told = {"voice": act.voice, "user": user, "kind": Kind.UNDO, "chosen": f"{SAID[act.kind]}: {act.chosen}"[:400]}
    undoing, is_new = BulkAct.objects.get_or_create(undoes=act, defaults=told)
    if is_new:
        status, reason, by, at = outcome(act)
        was = (
            Value(status, CharField()),
            Value(reason, CharField()),
            Cast(Value(by.pk if by else None), IntegerField()),
            # SQLite casts a moment to a number.
            Value(at, DateTimeField()) if at else Cast(Value(None), DateTimeField()),
        )
        write_down(undoing, act.changes.filter(state=State.DONE), "pair", was)
        if act.ended_at is None:
            end(act)
    return undoing


def write_down(act: BulkAct, rows: QuerySet[Any], pair: str, was: Sequence[Any]) -> None:
    """One row for each pair, made by the database itself: there may be 100,000."""
    fixed = (Value(act.pk, UUIDField()), pair, Value(State.WAITING, CharField()))
    query, given = rows.values_list(*fixed, *was).query.sql_with_params()
    columns = "act_id, pair_id, state, was_status, was_reason, was_decided_by_id, was_decided_at"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {BulkChange._meta.db_table} ({columns}) {query}", given)
        act.total = cursor.rowcount
    act.save(update_fields=["total"])
    if act.total > PIECE:
        log(act, "pairs.begun", pairs=act.total, to=act.get_kind_display().lower())


def go_on(act: BulkAct) -> BulkAct:
    """Do as many pieces as fit into the budget, one at least."""
    until = time.monotonic() + BUDGET
    while True:
        act = do_piece(act)
        if act.ended_at or time.monotonic() >= until:
            return act


@transaction.atomic
def do_piece(act: BulkAct) -> BulkAct:
    # Locked: two who press at once do one piece after the other.
    act = BulkAct.objects.select_for_update(of=("self",)).select_related("voice__client", "user").get(pk=act.pk)
    if act.ended_at:
        return act
    changes = list(act.changes.filter(state=State.WAITING).order_by("id")[:PIECE])
    rows = Pair.objects.select_for_update().filter(pk__in=[change.pair_id for change in changes]).order_by("pk")
    pairs = {pair.pk: pair for pair in rows.only("is_current", "status", "decided_at", "passage", "lineage")}
    held = set(held_by_others(act.voice, act.user)) if act.user else set()
    free = {key for key, pair in pairs.items() if key_of(pair) not in held}
    going = [one for one in changes if one.pair_id in free and stands(pairs[one.pair_id], one)]
    if act.kind == Kind.UNDO:
        put_back(act, going)
    else:
        status, reason, by, at = outcome(act)
        settle([one.pair_id for one in going], status, reason, by.pk if by else None, at)
    going_keys = [one.pk for one in going]
    BulkChange.objects.filter(pk__in=going_keys).update(state=State.DONE)
    left = [one.pk for one in changes if one.pk not in set(going_keys)]
    BulkChange.objects.filter(pk__in=left).update(state=State.LEFT)
    act.done += len(going)
    act.left += len(left)
    act.save(update_fields=["done", "left"])
    if len(changes) < PIECE or act.done + act.left == act.total:
        end(act)
    return act


def stands(pair: Pair, change: BulkChange) -> bool:
    """Whether the pair is as it was when the act was begun."""
    return pair.is_current and (pair.status, pair.decided_at) == (change.was_status, change.was_decided_at)


def outcome(act: BulkAct) -> tuple[str, str, User | None, Any]:
    """How a pair stands after the act: status, reason, who decided, when."""
    if act.kind == Kind.REOPEN:
        return MAKES[act.kind], "", None, None
    return MAKES[act.kind], act.reason, act.user, act.created_at


def put_back(undoing: BulkAct, going: list[BulkChange]) -> None:
    """Each pair as it was before the act that is undone."""
    assert undoing.undoes is not None
    before: dict[tuple[Any, ...], list[uuid.UUID]] = {}
    for was in undoing.undoes.changes.filter(pair__in=[one.pair_id for one in going]):
        how = (was.was_status, was.was_reason, was.was_decided_by_id, was.was_decided_at)
        before.setdefault(how, []).append(was.pair_id)
    for how, keys in before.items():
        settle(keys, *how)


def settle(keys: list[uuid.UUID], status: str, reason: str, by: int | None, at: Any) -> None:
    Pair.objects.filter(pk__in=keys).update(status=status, reject_reason=reason, decided_by=by, decided_at=at)


@transaction.atomic
def stop(act: BulkAct) -> BulkAct:
    """End the act where it is; what it has not reached stays as it was."""
    act = BulkAct.objects.select_for_update(of=("self",)).select_related("voice__client", "user").get(pk=act.pk)
    if not act.ended_at:
        end(act)
    return act


def end(act: BulkAct) -> None:
    act.ended_at = timezone.now()
    act.save(update_fields=["ended_at"])
    log(act, LOGGED[act.kind], pairs=act.done, left=act.left, chosen=act.chosen, reason=act.reason)


def log(act: BulkAct, action: str, **data: Any) -> None:
    record(action, client=act.voice.client, voice=act.voice, user=act.user, bulk=str(act.pk), **data)
