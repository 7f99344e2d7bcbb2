"""Unexplained facts counted anew when a voice's fact sheet or guidelines change: in small pieces, by the worker.

Where the counting stands is in the voice's own row, so a kill costs one piece and a second change begins anew.
"""

from __future__ import annotations

import time
import uuid

from django.db import transaction

from training.corpus.facts import distinct
from training.models import Pair, Voice
from training.models.corpus import MAXIMUM_COUNT

START = uuid.UUID(int=0)
BATCH = 200
SECONDS = 3.0
"""How long one sweep of the worker goes on for; the next takes up what is left."""


def recount(voice: Voice) -> None:
    """Mark the voice's pairs to be counted anew. Call it in the transaction that changes what explains facts."""
    voice.recount_after = START
    voice.save(update_fields=["recount_after"])


@transaction.atomic
def count_some(pk: int, limit: int = BATCH) -> int:
    """Count the unexplained facts of the next `limit` current pairs of a marked voice. Returns how many there were."""
    voice = Voice.objects.select_for_update().filter(pk=pk, recount_after__isnull=False).first()
    if voice is None:
        return 0
    rows = voice.pairs.current().filter(pk__gt=voice.recount_after).order_by("pk").select_related("brief")
    pairs = list(rows[:limit])
    changed: list[Pair] = []
    for pair in pairs:
        count = min(distinct(voice.unexplained(pair.output, pair.brief.content)), MAXIMUM_COUNT)
        if count != pair.unexplained:
            pair.unexplained = count
            changed.append(pair)
    Pair.objects.bulk_update(changed, ["unexplained"], batch_size=100)
    voice.recount_after = pairs[-1].pk if len(pairs) == limit else None
    voice.save(update_fields=["recount_after"])
    return len(pairs)


def sweep(seconds: float = SECONDS) -> int:
    """Go on with the counting of every marked voice for a few seconds. Returns how many pairs were counted."""
    until, counted = time.monotonic() + seconds, 0
    for pk in Voice.objects.filter(recount_after__isnull=False).order_by("pk").values_list("pk", flat=True):
        while time.monotonic() < until and (some := count_some(pk)):
            counted += some
    return counted
