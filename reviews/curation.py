"""What annotators decide about pairs: each act in one transaction, text never edited in place."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from reviews.models import record
from training.corpus.brief import Brief as Content
from training.importing import briefs_for
from training.models import Pair, Voice


class Stale(Exception):
    """Somebody else decided or changed this pair meanwhile."""


@transaction.atomic
def accept(pair: Pair, user: User) -> None:
    """The pair may train. Raises `Stale` when somebody changed or decided it meanwhile."""
    decide(pair, user, Pair.Status.VALIDATED, "")


@transaction.atomic
def reject(pair: Pair, user: User, reason: str) -> None:
    """The pair is left out, with the reason kept beside it. Raises `Stale`."""
    decide(pair, user, Pair.Status.REJECTED, reason)


def decide(pair: Pair, user: User, status: str, reason: str) -> None:
    changed = Pair.objects.filter(pk=pair.pk, is_current=True, status=pair.status).update(
        status=status, reject_reason=reason, decided_by=user, decided_at=timezone.now()
    )
    if not changed:
        raise Stale
    record(
        f"pair.{status}",
        client=pair.voice.client,
        voice=pair.voice,
        user=user,
        pair=str(pair.pk),
        reason=reason,
    )


@transaction.atomic
def revise(pair: Pair, user: User, content: Content, output: str) -> Pair:
    """A new, validated revision of the pair; the old one stays readable. Raises `Stale`.

    A changed brief is another brief: it may fall into another split, together with all that answers it.
    """
    if not Pair.objects.filter(pk=pair.pk, is_current=True).update(is_current=False):
        raise Stale
    brief = briefs_for(pair.voice, [content])[content.digest()]
    revised = Pair.answering(
        brief,
        output,
        voice=pair.voice,
        lineage=pair.lineage,
        revision=pair.revision + 1,
        passage=pair.passage,
        status=Pair.Status.VALIDATED,
        made=pair.made,
        origin=pair.origin,
        decided_by=user,
        decided_at=timezone.now(),
    )
    revised.save(force_insert=True)
    record(
        "pair.revised",
        client=pair.voice.client,
        voice=pair.voice,
        user=user,
        pair=str(revised.pk),
        revision=revised.revision,
    )
    return revised


def next_open(voice: Voice, after: Pair | None = None) -> Pair | None:
    """The next pair that waits for a decision, after this one in order, else the first of all."""
    waiting: QuerySet[Pair] = Pair.objects.open().filter(voice=voice).order_by("created_at", "id")
    if after is not None:
        later = waiting.filter(created_at__gte=after.created_at).exclude(pk=after.pk)
        same = later.filter(created_at=after.created_at, id__gt=after.id).first()
        found = same or later.filter(created_at__gt=after.created_at).first()
        if found:
            return found
        waiting = waiting.exclude(pk=after.pk)
    return waiting.first()


def log_import(voice: Voice, *, files: int, pairs: int) -> None:
    """Tell of copy that came by the command line."""
    record("copy.imported", client=voice.client, voice=voice, user=None, files=files, pairs=pairs)
