"""What annotators decide about pairs: each act in one transaction, text never edited in place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from reviews.holding import forget, held_by_others, hold
from reviews.models import LogEntry, record
from training.corpus.brief import Brief as Content
from training.importing import briefs_for
from training.models import Brief, Pair, Voice

TRIES = 20
"""Pairs that colleagues may take first, one after the other, while one asks for the next."""


class Stale(Exception):
    """Somebody else decided or changed this pair meanwhile."""


@transaction.atomic
def accept(pair: Pair, user: User) -> LogEntry:
    """The pair may train. Raises `Stale` when somebody changed or decided it meanwhile."""
    forget(pair, user)
    return decide(pair, user, Pair.Status.VALIDATED, "")


@transaction.atomic
def reject(pair: Pair, user: User, reason: str) -> LogEntry:
    """The pair is left out, with the reason kept beside it. Raises `Stale`."""
    return decide(pair, user, Pair.Status.REJECTED, reason)


def decide(pair: Pair, user: User, status: str, reason: str) -> LogEntry:
    was = {"was": pair.status, "was_reason": pair.reject_reason}
    settle(pair, user, status, reason)
    return log_act(f"pair.{status}", pair, user, reason=reason, **was)


def settle(pair: Pair, user: User, status: str, reason: str) -> None:
    """Set how the pair stands, if it still stands as it was read. Raises `Stale`."""
    changed = Pair.objects.filter(pk=pair.pk, is_current=True, status=pair.status).update(
        status=status, reject_reason=reason, decided_by=user, decided_at=timezone.now()
    )
    if not changed:
        raise Stale


@transaction.atomic
def revise(pair: Pair, user: User, content: Content, output: str) -> LogEntry:
    """A new, validated revision of the pair; the old one stays readable. Raises `Stale`.

    A changed brief is another brief. A new one stays in the split of the pair's document and copies.
    """
    forget(pair, user)
    digest = content.digest()
    brief = briefs_for(pair.voice, [content], {digest: pair.brief.split})[digest]
    revised = next_revision(pair, pair, user, brief, output, status=Pair.Status.VALIDATED)
    return log_act("pair.revised", revised, user, revision=revised.revision, replaced=str(pair.pk))


def next_revision(newest: Pair, like: Pair, user: User, brief: Brief, output: str, **fields: Any) -> Pair:
    """Put a revision in the place of the newest one, made as `like` was. Raises `Stale`."""
    if not Pair.objects.filter(pk=newest.pk, is_current=True).update(is_current=False):
        raise Stale
    revised = Pair.answering(
        brief,
        output,
        voice=newest.voice,
        lineage=newest.lineage,
        revision=newest.revision + 1,
        passage=like.passage,
        made=like.made,
        origin=like.origin,
        extra=like.extra,
        decided_by=user,
        decided_at=timezone.now(),
        **fields,
    )
    return put_at(revised, newest.created_at)


def put_at(pair: Pair, place: datetime) -> Pair:
    """Store the pair where the one that it comes from stood in line: nobody is sent back to the line's beginning."""
    pair.save(force_insert=True)
    pair.created_at = place
    Pair.objects.filter(pk=pair.pk).update(created_at=place)
    return pair


def log_act(action: str, pair: Pair, user: User, **data: Any) -> LogEntry:
    return record(action, client=pair.voice.client, voice=pair.voice, user=user, pair=str(pair.pk), **data)


def next_open(voice: Voice, after: Pair | None = None, user: User | None = None) -> Pair | None:
    """The next pair that waits for a decision, after this one in order, else the first of all.

    For a `user`, what colleagues hold now is passed over.
    """
    waiting: QuerySet[Pair] = Pair.objects.open().filter(voice=voice).order_by("created_at", "id")
    # Asked first, for they are few: a join could cost the order of the index.
    if user is not None and (held := held_by_others(voice, user)):
        waiting = waiting.exclude(passage__in=held).exclude(lineage__in=held)
    if after is not None:
        same = waiting.filter(created_at=after.created_at, id__gt=after.id).first()
        found = same or waiting.filter(created_at__gt=after.created_at).first()
        if found:
            return found
        waiting = waiting.exclude(lineage=after.lineage)
    return waiting.first()


def take_next(voice: Voice, user: User, after: Pair | None = None) -> Pair | None:
    """The next open pair, held for this person now. A colleague who was quicker has it, so the one after is tried."""
    found = None
    for _ in range(TRIES):
        found = next_open(voice, after, user)
        if found is None or hold(found, user).user_id == user.pk:
            break
    return found


def previous(voice: Voice, before: Pair) -> Pair | None:
    """The pair before this one in the same order, decided or not, for who goes back wants to see what was there."""
    pairs = Pair.objects.current().filter(voice=voice).order_by("-created_at", "-id")
    same = pairs.filter(created_at=before.created_at, id__lt=before.id).first()
    return same or pairs.filter(created_at__lt=before.created_at).first()
