"""The Dramatiq actor that trains: claim the row, start the child process, record the end.

A message only carries the run's id. It may come twice, late or not at all: the claim makes the second a no-op,
and the worker's sweep sends what is missing.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
import uuid
from collections import deque
from typing import IO

import dramatiq
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string

from training.messages import enqueue, send_again
from training.models import Run

log = logging.getLogger(__name__)

QUEUE = "runs"
CANCELLED, LOST = 3, 4
"""Exit statuses of the child: the run was cancelled; another worker holds it."""
ATTEMPTS = 8
POLL_SECONDS = 0.25
STARTUP_SECONDS = 60.0
STOP_SECONDS = 3.0

stopping = threading.Event()
"""Set when this worker process was told to stop."""


@dramatiq.actor(queue_name=QUEUE)
def train_run(run_id: str) -> None:
    """Train one run in a child process, unless somebody else does already."""
    run = Run.objects.filter(pk=run_id).first()
    if run is None or stopping.is_set():
        return
    claim = run.try_claim()
    if claim is None:
        return
    run.refresh_from_db()
    if run.attempts > ATTEMPTS:
        give_up(run, claim)
        return
    log.info("Run %s of %s begins, attempt %d.", run.pk, run.voice, run.attempts)
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "train", str(run.pk), "--claim", str(claim)]
    # The child exits when its standard input ends, so it never outlives this worker. In a session of its own
    # no signal meant for the worker reaches it: the worker decides.
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
        env={"PYTHONWARNINGS": "ignore::FutureWarning", **os.environ},
    ) as child:
        assert child.stderr is not None
        said: deque[str] = deque(maxlen=40)
        listener = threading.Thread(target=listen, args=(child.stderr, said), daemon=True)
        listener.start()
        try:
            status = watch(run, claim, child)
        finally:
            stop(child)
        listener.join(STOP_SECONDS)
    if status is None:
        put_back(run, claim, attempts=F("attempts") - 1)
    else:
        settle(run, claim, status, said[-1] if said else "")


def listen(stream: IO[str], said: deque[str]) -> None:
    """Keep the child's last lines, and pass all of them on to the log."""
    for line in stream:
        if line.strip():
            said.append(line.strip())
            log.info("%s", line.rstrip())


def watch(run: Run, claim: uuid.UUID, child: subprocess.Popen[str]) -> int | None:
    """Wait for the child's exit status; None when the worker is to stop first.

    The child renews its lease by itself once it runs; while it starts, which a busy machine can
    draw out beyond the lease, the worker does.
    """
    began = renewed = time.monotonic()
    while (status := child.poll()) is None:
        if stopping.wait(POLL_SECONDS):
            return None
        now = time.monotonic()
        if now - began < STARTUP_SECONDS and now - renewed > settings.RUN_LEASE_SECONDS / 4:
            run.renew(claim)
            renewed = now
    return status


def stop(child: subprocess.Popen[str]) -> None:
    """End the child if it still runs: first by the end of its input, then by force."""
    assert child.stdin is not None
    child.stdin.close()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def settle(run: Run, claim: uuid.UUID, status: int, last_line: str) -> None:
    """Record how the child ended. One transaction: a finished run has its rounds, or it is not finished."""
    seconds = (timezone.now() - run.started_at).total_seconds() if run.started_at else None
    if status == 0:
        with transaction.atomic():
            if run.finish(claim, Run.State.FINISHED, seconds=seconds):
                run.refresh_from_db()
                import_string(settings.ON_RUN_FINISHED)(run)
        log.info("Run %s is finished.", run.pk)
    elif status == CANCELLED:
        run.finish(claim, Run.State.CANCELLED, seconds=seconds)
    elif status == LOST:
        log.info("Run %s was taken up by another worker, or is over.", run.pk)
    elif status > 0:
        reason = last_line.removeprefix("CommandError: ") or "The training process ended without a word. Retrain."
        run.finish(claim, Run.State.FAILED, seconds=seconds, error=reason[:2000])
    elif run.attempts < ATTEMPTS:
        log.warning("Run %s: signal %d ended its process; it goes on from its last checkpoint.", run.pk, -status)
        put_back(run, claim)
    else:
        give_up(run, claim)


def give_up(run: Run, claim: uuid.UUID) -> None:
    """End a run whose process was killed too often."""
    reason = (
        f"The training was stopped from outside {ATTEMPTS} times, perhaps because the machine has too little "
        "memory. Use a smaller batch_size or max_length, or a smaller base model, and retrain."
    )
    run.finish(claim, Run.State.FAILED, error=reason)


def put_back(run: Run, claim: uuid.UUID, **fields: object) -> None:
    """Back in line at once, if the run is still this worker's; a cancelled one ends here."""
    mine = Run.objects.filter(pk=run.pk, claim=claim, state=Run.State.RUNNING)
    if mine.filter(cancel_requested=True).update(
        state=Run.State.CANCELLED, finished_at=timezone.now(), lease_until=None
    ):
        return
    if mine.update(state=Run.State.QUEUED, claim=None, lease_until=None, **fields) and not stopping.is_set():
        enqueue_run(run)


def enqueue_run(run: Run) -> None:
    enqueue(train_run, run)


def sweep() -> int:
    """Send again what waits without a worker: runs left behind by a kill, or whose message was lost."""
    theirs = Run.objects.for_workers()
    runs = [*theirs.abandoned(), *theirs.filter(state=Run.State.QUEUED).order_by("created_at")]
    return send_again(train_run, runs)
