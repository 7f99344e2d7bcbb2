"""The Dramatiq actor that imports: claim the row, take in one file after another, look across all of them, end.

Each file is stored in one transaction with its row's new state and a look at the claim, so a kill at any moment
loses the file that was being read and no other, and nothing is stored twice. Imports have a queue of their own:
a worker takes one import and one training at a time, beside each other.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import dramatiq
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connections, transaction
from django.db.models import F
from django.utils.module_loading import import_string

from training.deduplication import find_duplicates
from training.intake import Intake, Lost, Stopped
from training.jobs import stopping
from training.messages import enqueue, send_again
from training.models import Import, ImportFile
from training.recleaning import look_across
from training.uploads import drop_left_over

log = logging.getLogger(__name__)

QUEUE = "imports"
ATTEMPTS = 8
LEFT_OVER_SECONDS = 3600.0
Bytes = Callable[[ImportFile], bytes]


@dramatiq.actor(queue_name=QUEUE)
def run_import(import_id: str) -> None:
    """Take one import in, unless somebody else does already."""
    job = Import.objects.for_workers().filter(pk=import_id).select_related("voice__client").first()
    if job is None or stopping.is_set():
        return
    claim = job.try_claim()
    if claim is None:
        return
    job.refresh_from_db(fields=["attempts", "started_at"])
    log.info("Import %s of %s begins, attempt %d.", job.pk, job.voice, job.attempts)
    try:
        carry_out(job, claim, stopping=stopping)
    except Lost:
        log.info("Import %s was taken up by another worker, or is over.", job.pk)
    except Stopped:
        job.put_back(claim, attempts=F("attempts") - 1)
        return
    if waiting := Import.objects.for_workers().filter(voice=job.voice, state=Import.State.QUEUED).last():
        enqueue_import(waiting)


def carry_out(
    job: Import,
    claim: uuid.UUID,
    *,
    stopping: threading.Event | None = None,
    bytes_of: Bytes | None = None,
    told: Callable[[ImportFile], None] | None = None,
) -> None:
    """All of a claimed import, to its end. Raises `Lost` and `Stopped`; whatever else goes wrong ends it as failed.

    `told` hears of each file once it is settled.
    """
    if job.attempts > ATTEMPTS:
        give_up(job, claim)
        return
    try:
        with Heartbeat(job, claim):
            intake = Intake(job, claim, stopping=stopping, bytes_of=bytes_of, told=told)
            intake.take_all()
            if job.files.filter(state=ImportFile.State.IMPORTED).exists():
                look_across(job.voice, intake.tell_left)
                find_duplicates(job.voice, intake.tell_looked)
            finish(job, claim)
    except (Lost, Stopped, OperationalError, InterfaceError):  # the sweep takes up what the database kept from its end
        raise
    except Exception as error:
        log.exception("Import %s broke.", job.pk)
        reason = f"VoiceLab broke on it ({type(error).__name__}); the worker's log says more. What is in stays in."
        end(job, claim, Import.State.FAILED, error=reason)


def finish(job: Import, claim: uuid.UUID) -> None:
    was_cut = job.files.filter(state=ImportFile.State.CANCELLED).exists()
    end(job, claim, Import.State.CANCELLED if was_cut else Import.State.FINISHED)


def end(job: Import, claim: uuid.UUID, state: str, **fields: Any) -> None:
    """One transaction: the end stands in the log, or it is none. Raises `Lost`."""
    with transaction.atomic():
        if not job.finish(claim, state, progress={}, **fields):
            raise Lost
        job.files.filter(state=ImportFile.State.WAITING).update(state=ImportFile.State.CANCELLED)
        import_string(settings.ON_COPY_IMPORTED)(job)
    shutil.rmtree(job.folder, ignore_errors=True)


def give_up(job: Import, claim: uuid.UUID) -> None:
    """End an import whose process was killed too often."""
    at = job.files.filter(state=ImportFile.State.WAITING).first()
    place = f", the last time at {at.name}" if at else ""
    reason = f"It was stopped from outside {ATTEMPTS} times{place}. What is in stays in; import the rest anew."
    end(job, claim, Import.State.FAILED, error=reason)


class Heartbeat:
    """Renews the lease while a file takes long, from a thread of its own."""

    def __init__(self, job: Import, claim: uuid.UUID) -> None:
        self.job, self.claim = job, claim
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.beat, daemon=True, name=f"import {job.pk}")

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *error: object) -> None:
        self.over.set()
        self.thread.join()

    def beat(self) -> None:
        try:
            while not self.over.wait(settings.RUN_LEASE_SECONDS / 4):
                try:
                    self.job.renew(self.claim)
                except DatabaseError as error:
                    log.warning("The lease of import %s was not renewed (%s).", self.job.pk, error)
        finally:
            connections.close_all()


def enqueue_import(job: Import) -> None:
    enqueue(run_import, job)


def sweep() -> int:
    """Send again what waits without a worker, of each voice the oldest. Returns the number sent."""
    Import.objects.put_back_abandoned()
    drop_left_over(time.time() - LEFT_OVER_SECONDS)
    theirs = Import.objects.for_workers().filter(state=Import.State.QUEUED)
    busy = Import.objects.filter(state=Import.State.RUNNING)
    waiting = {job.voice_id: job for job in theirs.exclude(voice__in=busy.values("voice")).order_by("-created_at")}
    return send_again(run_import, waiting.values())
