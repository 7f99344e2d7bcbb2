"""The Dramatiq actor that proofreads: claim the row, look at one batch after another, end.

It shares the imports' queue: beside a training, and never in its way. Each batch is stored whole, with a look at the
claim, so a kill costs the batch at work; a cancelled or doubled one stops at the next.
"""

from __future__ import annotations

import logging

import dramatiq
import redis
from django.db import InterfaceError, OperationalError
from dramatiq.brokers.redis import RedisBroker
from dramatiq.errors import BrokerError

from training.importjobs import QUEUE
from training.jobs import stopping
from training.models import Proofreading
from training.proofreading import proofread

log = logging.getLogger(__name__)

ATTEMPTS = 8
State = Proofreading.State


@dramatiq.actor(queue_name=QUEUE)
def run_proofreading(proofreading_id: str) -> None:
    """Proofread a voice's copy, unless somebody else does already."""
    job = Proofreading.objects.filter(pk=proofreading_id).select_related("voice__client").first()
    if job is None or stopping.is_set() or (claim := job.try_claim()) is None:
        return
    job.refresh_from_db(fields=["attempts"])
    if job.attempts > ATTEMPTS:
        job.finish(claim, State.FAILED, f"It was stopped from outside {ATTEMPTS} times. What is looked at stays so.")
        return
    log.info("Proofreading %s of %s begins, attempt %d.", job.pk, job.voice, job.attempts)
    try:
        for _ in proofread(job.voice):
            if stopping.is_set():
                job.put_back(claim)
                return
            if not job.renew(claim):
                log.info("Proofreading %s was cancelled, or taken up by another worker.", job.pk)
                return
        job.finish(claim, State.FINISHED)
    except (OperationalError, InterfaceError):  # the sweep takes up what the database kept from its end
        raise
    except Exception as error:
        log.exception("Proofreading %s broke.", job.pk)
        reason = f"VoiceLab broke on it ({type(error).__name__}); the worker's log says more. Try again: it goes on."
        job.finish(claim, State.FAILED, reason)


def enqueue_proofreading(job: Proofreading) -> None:
    """Send the message. When Redis is away, a worker's sweep sends it later, so nothing is lost."""
    try:
        run_proofreading.send(str(job.pk))
    except (redis.RedisError, BrokerError, OSError) as error:
        log.warning("Redis is away (%s); proofreading %s waits until it is back.", error, job.pk)


def sweep() -> int:
    """Send again what waits without a worker. While messages wait in the queue nothing is sent."""
    jobs = list(Proofreading.objects.waiting())
    broker = run_proofreading.broker
    if not jobs or (isinstance(broker, RedisBroker) and broker.client.llen(f"{broker.namespace}:{QUEUE}")):
        return 0
    for job in jobs:
        enqueue_proofreading(job)
    return len(jobs)
