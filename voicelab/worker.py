"""The worker's entry: `dramatiq voicelab.worker --processes 1 --threads 2`, a thread for each of the two queues."""

from __future__ import annotations

import logging
import os
import signal
import threading
from types import FrameType

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voicelab.settings")
django.setup()

import dramatiq  # noqa: E402
import dramatiq.worker  # noqa: E402
from django.db import close_old_connections  # noqa: E402

from reviews.scratch import clear_left_over  # noqa: E402
from training import datasetjobs, importjobs, jobs, proofreadingjobs, recounting, writingjobs  # noqa: E402

SWEEP_SECONDS = 5.0
log = logging.getLogger(__name__)

# A process holds one message of each queue, the one at work included. So it trains one run at a time, however many
# threads it has, imports one import beside it, and keeps nothing that another worker may be free for.
dramatiq.worker.QUEUE_PREFETCH = 1


class Sweep(dramatiq.Middleware):
    """One thread per worker process that sends again what waits, and the word that the worker stops."""

    def after_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        stop_once()
        threading.Thread(target=sweep_for_ever, args=(os.getppid(),), daemon=True, name="sweep").start()

    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        jobs.stopping.set()


def stop_once() -> None:
    """Take only the first SIGTERM: a supervisor sends it to the whole group and Dramatiq's parent passes it on
    again, but to Dramatiq the second one means to stop without putting the run back in line."""
    first = signal.getsignal(signal.SIGTERM)

    def stop(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if callable(first):
            first(number, frame)

    signal.signal(signal.SIGTERM, stop)


def sweep_for_ever(parent: int) -> None:
    """Sweep every few seconds, whatever happens, for as long as the process that started this one lives."""
    while os.getppid() == parent:
        try:
            close_old_connections()
            jobs.sweep()
            importjobs.sweep()
            proofreadingjobs.sweep()
            datasetjobs.sweep()
            recounting.sweep()
            writingjobs.sweep()
            clear_left_over()
        except Exception as error:  # Redis or the database is away: the next sweep may find them
            log.warning("Looking for what waits failed (%s); the next try is in %d s.", error, SWEEP_SECONDS)
        if jobs.stopping.wait(SWEEP_SECONDS):
            return
    # Dramatiq's own parent was killed: nobody would stop or restart this process any more.
    os.kill(os.getpid(), signal.SIGTERM)


broker = dramatiq.get_broker()
broker.add_middleware(Sweep())
