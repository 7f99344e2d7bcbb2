"""A person brings a data set: it is examined, read again in another way, imported, or sent away."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from reviews.models import record
from training.examining import examine
from training.exchange import How, Outcome, bring_in_file
from training.models import DataSet, Voice

LONGEST = timedelta(minutes=15)
"""After this long an import that never ended is taken for stopped, and may be started again."""


class Busy(Exception):
    """The import of this data set is under way, or done."""


def bring(voice: Voice, user: User, name: str, raw: bytes, *, channel: str, licence: str) -> DataSet:
    """Examine a file and keep it until somebody imports it. Raises `ReadError` for one that is no data set.

    Bytes that were imported before may be imported again: what is here of them stays as it is.
    """
    seen = examine(io.BytesIO(raw), channel)
    kept, _ = DataSet.objects.update_or_create(
        voice=voice,
        sha256=hashlib.sha256(raw).hexdigest(),
        defaults={
            "name": name.replace("\0", "")[:400],
            "raw": raw,
            "licence": licence,
            "channel": channel,
            "mapping": seen.mapping,
            "report": asdict(seen),
            "brought_by": user,
            "imported_at": None,
        },
    )
    return kept


def read_again(data_set: DataSet, *, channel: str, mapping: Mapping[str, str]) -> None:
    """Examine it with other columns. Raises `ReadError`, and `Busy` for one that is imported already."""
    if data_set.imported_at:
        raise Busy
    own = data_set.report["shape"] == "voicelab"
    seen = examine(io.BytesIO(data_set.raw), channel, None if own else mapping)
    DataSet.objects.filter(pk=data_set.pk, imported_at=None).update(
        channel=channel, mapping=seen.mapping, report=asdict(seen)
    )


def import_data_set(data_set: DataSet, user: User, *, trust: bool) -> Outcome:
    """Bring it in. Raises `Busy` when somebody else does so, or has; `ReadError` when the file breaks off."""
    now = timezone.now()
    mine = DataSet.objects.filter(pk=data_set.pk, imported_at=None)
    if not mine.filter(Q(started_at=None) | Q(started_at__lt=now - LONGEST)).update(started_at=now):
        raise Busy
    how = How(data_set.sha256, data_set.name, trust=trust, licence=data_set.licence, user=user)
    try:
        outcome = bring_in_file(
            data_set.voice, io.BytesIO(data_set.raw), how, data_set.channel, data_set.mapping or None
        )
        finish(data_set, outcome, user, trust=trust)
    finally:
        DataSet.objects.filter(pk=data_set.pk).update(started_at=None)
    return outcome


@transaction.atomic
def finish(data_set: DataSet, outcome: Outcome, user: User | None, *, trust: bool) -> None:
    """The rows are in and say all that the file said, so its bytes go."""
    DataSet.objects.filter(pk=data_set.pk).update(outcome=outcome.as_dict(), imported_at=timezone.now(), raw=b"")
    record(
        "data.imported",
        client=data_set.voice.client,
        voice=data_set.voice,
        user=user,
        file=data_set.name,
        pairs=outcome.pairs,
        preferences=outcome.preferences,
        refused=outcome.refused,
        trusted=trust,
    )
