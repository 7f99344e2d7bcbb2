"""Taking a source out of training, and bringing it back."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from reviews.models import record
from training.models import Pair, Source

WITHDRAWN = "Its source was withdrawn."
OPEN = (Pair.Status.DRAFT, Pair.Status.PROPOSED, Pair.Status.VALIDATED)


def pairs_of(source: Source) -> dict[str, int]:
    """How many of the source's pairs are in which state."""
    return (
        Pair.objects.current()
        .filter(passage__source=source)
        .aggregate(
            validated=Count("pk", filter=Q(status=Pair.Status.VALIDATED)),
            to_decide=Count("pk", filter=Q(status__in=[Pair.Status.DRAFT, Pair.Status.PROPOSED])),
            rejected=Count("pk", filter=Q(status=Pair.Status.REJECTED)),
        )
    )


@transaction.atomic
def withdraw(source: Source, user: User, reason: str) -> int:
    """Reject every pair of the source that may still train; says how many. 0 when it is withdrawn already.

    What they were is kept in the reason, so that `bring_back` restores it. Sources, passages and snapshots stay.
    """
    now = timezone.now()
    if not Source.objects.filter(pk=source.pk, withdrawn_at=None).update(withdrawn_at=now):
        return 0
    rows = Pair.objects.current().filter(passage__source=source, status__in=OPEN)
    taken = 0
    for status in OPEN:
        was = f"{WITHDRAWN} It was {Pair.Status(status).label.lower()}."
        taken += rows.filter(status=status).update(
            status=Pair.Status.REJECTED, reject_reason=was, decided_by=user, decided_at=now
        )
    voice = source.voice
    record(
        "source.withdrawn", client=voice.client, voice=voice, user=user, source=source.name, pairs=taken, reason=reason
    )
    return taken


@transaction.atomic
def bring_back(source: Source, user: User) -> int:
    """Put the pairs back as they were before the source was withdrawn; a person's own rejections stay."""
    if not Source.objects.filter(pk=source.pk).exclude(withdrawn_at=None).update(withdrawn_at=None):
        return 0
    rows = Pair.objects.current().filter(passage__source=source, status=Pair.Status.REJECTED)
    back = 0
    for status in OPEN:
        was = f"{WITHDRAWN} It was {Pair.Status(status).label.lower()}."
        back += rows.filter(reject_reason=was).update(status=status, reject_reason="", decided_at=timezone.now())
    voice = source.voice
    record("source.brought_back", client=voice.client, voice=voice, user=user, source=source.name, pairs=back)
    return back
