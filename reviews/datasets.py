"""A person brings a data set: it is looked at, read again in another way, imported, or sent away."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from reviews.models import record
from training.datasetjobs import enqueue_data_set_job
from training.examining import examine
from training.models import DataSet, DataSetJob, Voice

AT_ONCE = 2**20
"""Bytes of a file that is looked at while somebody waits, a second or two; a worker looks at a larger one."""
Kind, State = DataSetJob.Kind, DataSetJob.State
ENDED = {State.FINISHED: "data.imported", State.FAILED: "data.broke_off", State.CANCELLED: "data.cancelled"}


class Busy(Exception):
    """A job of this data set is under way, or it is imported."""


def bring(voice: Voice, user: User, name: str, raw: bytes, *, channel: str, licence: str) -> DataSet:
    """Look at a file, or have a worker do so, and keep it until somebody imports it.

    Raises `ReadError` for a small one that is no data set; of a large one, its job says so. Bytes that were imported
    before may be imported again: what is here of them stays as it is. What a job is at work on is left alone.
    """
    seen = examine(io.BytesIO(raw), channel) if len(raw) <= AT_ONCE else None
    digest = hashlib.sha256(raw).hexdigest()
    with transaction.atomic():
        same = DataSet.objects.select_for_update().defer("raw").filter(voice=voice, sha256=digest).first()
        if same and same.jobs.unfinished().exists():
            return same
        kept, _ = DataSet.objects.update_or_create(
            voice=voice,
            sha256=digest,
            defaults={
                "name": name.replace("\0", "")[:400],
                "raw": raw,
                "licence": licence,
                "channel": channel,
                "mapping": seen.mapping if seen else {},
                "report": asdict(seen) if seen else {},
                "brought_by": user,
                "imported_at": None,
            },
        )
        if seen is None:
            ask(kept, user, Kind.LOOK, channel=channel)
    return kept


@transaction.atomic
def read_again(data_set: DataSet, user: User, *, channel: str, mapping: Mapping[str, str]) -> None:
    """Look at it with other columns. Raises `ReadError`, and `Busy`."""
    lock(data_set)
    guess = data_set.report.get("shape", "voicelab") == "voicelab"  # our own rows, or never looked at
    chosen = None if guess else dict(mapping)
    if len(data_set.raw) > AT_ONCE:
        ask(data_set, user, Kind.LOOK, channel=channel, mapping=chosen)
        return
    seen = examine(io.BytesIO(data_set.raw), channel, chosen)
    found = {"channel": channel, "mapping": seen.mapping, "report": asdict(seen)}
    DataSet.objects.filter(pk=data_set.pk).update(**found)


@transaction.atomic
def import_data_set(data_set: DataSet, user: User, *, trust: bool) -> DataSetJob:
    """Have a worker bring it in. Raises `Busy`."""
    lock(data_set)
    return ask(data_set, user, Kind.IMPORT, trust=trust)


@transaction.atomic
def remove(data_set: DataSet) -> None:
    """Forget it; what came in of it stays. Raises `Busy`."""
    lock(data_set)
    data_set.delete()


@transaction.atomic
def cancel(job: DataSetJob, user: User) -> bool:
    """Stop the job; what came in stays in. False when it was over already."""
    if not job.cancel():
        return False
    if job.kind == Kind.IMPORT:
        job.refresh_from_db()
        log_job(job, user)
    return True


def lock(data_set: DataSet) -> None:
    """Nobody else begins with it until the transaction is over. Raises `Busy`."""
    mine = DataSet.objects.select_for_update().filter(pk=data_set.pk, imported_at=None)
    if not mine.values_list("pk").first() or data_set.jobs.unfinished().exists():
        raise Busy


def ask(data_set: DataSet, user: User, kind: str, **fields: Any) -> DataSetJob:
    """A job's row, and on commit its message. Raises `Busy` when another one is under way."""
    try:
        with transaction.atomic():
            job = DataSetJob.objects.create(data_set=data_set, requested_by=user, kind=kind, **fields)
    except IntegrityError as error:
        raise Busy from error
    transaction.on_commit(lambda: enqueue_data_set_job(job))
    return job


def log_job(job: DataSetJob, user: User | None = None) -> None:
    """Tell how an import ended, and what came in by it."""
    action = ENDED[State(job.state)]
    log_import(job.data_set, job.outcome, user or job.requested_by, trust=job.trust, action=action)


def log_import(
    data_set: DataSet, outcome: Mapping[str, Any], user: User | None, *, trust: bool, action: str = "data.imported"
) -> None:
    told = {name: outcome[name] for name in ("pairs", "preferences", "refused")}
    voice = data_set.voice
    record(action, client=voice.client, voice=voice, user=user, file=data_set.name, **told, trusted=trust)
