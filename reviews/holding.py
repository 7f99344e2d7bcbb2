"""Who works on which passage, and what they have typed there so far.

A hold keeps colleagues off a passage's pairs for ten minutes, and whatever its holder does there renews it. It never
stops anybody from sending what they wrote: a decision is taken whenever nobody decided before.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from reviews.models import Draft, Hold
from training.models import Pair, Voice

HELD_FOR = timedelta(minutes=10)


def key_of(pair: Pair) -> uuid.UUID:
    """What is held: the passage, for its pairs share one text; or the pair itself, where it comes from none."""
    return pair.passage_id or pair.lineage


def hold(pair: Pair, user: User) -> Hold:
    """This person's hold on the pair, new or renewed; or the colleague's who has it now."""
    now = timezone.now()
    key = key_of(pair)
    wanted = Hold(key=key, voice_id=pair.voice_id, user=user, expires_at=now + HELD_FOR)
    while True:
        with transaction.atomic():
            Hold.objects.filter(user=user, expires_at__lte=now).exclude(key=key).delete()
            free = Hold.objects.filter(Q(user=user) | Q(expires_at__lte=now), key=key)
            if not free.update(user=user, expires_at=wanted.expires_at):
                # One row a passage: of two people who come at once, the key lets one in.
                Hold.objects.bulk_create([wanted], ignore_conflicts=True)
            found = Hold.objects.select_related("user").filter(key=key).first()
        if found:
            return found


def let_go(pair: Pair, user: User) -> None:
    Hold.objects.filter(key=key_of(pair), user=user).delete()


def held_by_others(voice: Voice, user: User) -> list[uuid.UUID]:
    """The passages and lineages that colleagues work on now."""
    return list(Hold.objects.live().filter(voice=voice).exclude(user=user).values_list("key", flat=True))


def keep(pair: Pair, user: User, fields: Mapping[str, str]) -> Draft:
    """Store what was typed; it is there again after a reload, a sign-in and on another machine."""
    draft, _ = Draft.objects.update_or_create(pair=pair, user=user, defaults={"fields": dict(fields)})
    return draft


def draft_of(pair: Pair, user: User) -> Draft | None:
    """What this person typed last into the pair, this revision or an earlier one, and has not decided on."""
    return Draft.objects.filter(pair__lineage=pair.lineage, user=user).order_by("-saved_at").first()


def forget(pair: Pair, user: User) -> None:
    Draft.objects.filter(pair__lineage=pair.lineage, user=user).delete()
