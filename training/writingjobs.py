"""The Dramatiq actor that has candidates written, by a child process: a worker loads no model itself.

It shares the trainings' queue, so that a machine holds one model at a time.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import deque
from functools import partial

import dramatiq
from django.conf import settings

from training.batchjobs import Hold, carry_out
from training.corpus.reading.document import ReadError
from training.intake import Lost
from training.jobs import LOST, POLL_SECONDS, QUEUE, listen, stop
from training.messages import enqueue, send_again
from training.models import Writing

HOLD_SECONDS = 5.0
STAYS = "What is written so far stays; ask again for the rest."


class CannotWrite(ReadError):
    """The child's reason, for a person."""


@dramatiq.actor(queue_name=QUEUE)
def run_writing(writing_id: str) -> None:
    """Have the candidates written, unless somebody else does already."""
    job = Writing.objects.filter(pk=writing_id).select_related("voice__client", "version").first()
    if job is not None:
        carry_out(job, partial(in_child, job), stays=STAYS)


def in_child(job: Writing, hold: Hold) -> None:
    """Wait for the child, and end it when the job is cancelled, lost, or this worker stops."""
    manage = str(settings.BASE_DIR / "manage.py")
    with subprocess.Popen(
        [sys.executable, manage, "write_candidates", str(job.pk), "--claim", str(job.claim)],
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
        threading.Thread(target=listen, args=(child.stderr, said), daemon=True).start()
        held = time.monotonic()
        try:
            while (status := child.poll()) is None:
                time.sleep(POLL_SECONDS)
                if time.monotonic() - held > HOLD_SECONDS:
                    hold()
                    held = time.monotonic()
        finally:
            stop(child)
    if status == LOST:
        raise Lost
    if status < 0:
        raise CannotWrite(f"The writing was stopped from outside, perhaps for want of memory. {STAYS}")
    if status:
        reason = said[-1].removeprefix("CommandError: ") if said else "It ended without a word."
        raise CannotWrite(f"{reason} {STAYS}"[:2000])


def enqueue_writing(job: Writing) -> None:
    enqueue(run_writing, job)


def sweep() -> int:
    return send_again(run_writing, Writing.objects.waiting())
