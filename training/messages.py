"""Messages to workers. One only carries the key of a row, which is the truth: it may come twice, late or not at all."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

import dramatiq
import redis
from django.db import models
from dramatiq.brokers.redis import RedisBroker
from dramatiq.errors import BrokerError

log = logging.getLogger(__name__)


def enqueue(actor: dramatiq.Actor[Any, Any], job: models.Model) -> None:
    """Send the message. When Redis is away, a worker's sweep sends it later, so nothing is lost."""
    try:
        actor.send(str(job.pk))
    except (redis.RedisError, BrokerError, OSError) as error:
        log.warning("Redis is away (%s); %s %s waits until it is back.", error, job._meta.verbose_name, job.pk)


def send_again(actor: dramatiq.Actor[Any, Any], jobs: Iterable[models.Model]) -> int:
    """Send what waits without a worker: left behind by a kill, or its message was lost. Returns the number sent.

    While messages wait in the queue nothing is sent, so it never grows with time.
    """
    waiting, broker = list(jobs), actor.broker
    if not waiting or (
        isinstance(broker, RedisBroker) and broker.client.llen(f"{broker.namespace}:{actor.queue_name}")
    ):
        return 0
    for job in waiting:
        enqueue(actor, job)
    return len(waiting)
