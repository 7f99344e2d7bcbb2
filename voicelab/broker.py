"""The one place where Dramatiq meets Redis."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import dramatiq
import redis
from django.conf import settings
from django.db import close_old_connections
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import Middleware
from redis.backoff import NoBackoff
from redis.retry import Retry

# A worker without a heartbeat for this long is taken for dead and its messages go to others. Maintenance runs
# with every command, or a dead worker would be noticed only by luck.
HEARTBEAT_MILLISECONDS = 15_000
MAINTENANCE_CHANCE = 1_000_000
CONNECT_SECONDS = 3
LONGEST_SOCKET = 100  # bytes; the kernel's own limit is 107


class Connections(Middleware):
    """A database connection that broke or grew old during one message is not there for the next."""

    def before_process_message(self, broker: dramatiq.Broker, message: dramatiq.MessageProxy) -> None:
        close_old_connections()

    def after_process_message(
        self,
        broker: dramatiq.Broker,
        message: dramatiq.MessageProxy,
        *,
        result: object = None,
        exception: BaseException | None = None,
    ) -> None:
        close_old_connections()


def embedded_socket() -> Path | None:
    """The socket of the Redis that `make up` starts; None when REDIS_URL names another one."""
    if os.environ.get("REDIS_URL"):
        return None
    path: Path = settings.VAR / "redis" / "redis.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET:
        return path
    name = hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
    return Path("/tmp") / f"voicelab-{os.getuid()}-{name}" / "redis.sock"


def redis_url() -> str:
    socket = embedded_socket()
    return f"unix://{socket}" if socket else settings.REDIS_URL


def install() -> None:
    """Set the process-wide broker. No time limit and no blind retries: the run's row says what to do next."""
    broker: dramatiq.Broker
    if settings.BROKER == "stub":
        broker = StubBroker(middleware=[Connections()])
        broker.emit_after("process_boot")
    else:
        # No retries in the client: a person who presses Retrain while Redis is away must not wait for it.
        client = redis.Redis.from_url(redis_url(), socket_connect_timeout=CONNECT_SECONDS, retry=Retry(NoBackoff(), 0))
        broker = RedisBroker(  # type: ignore[no-untyped-call]
            client=client,
            middleware=[Connections()],
            heartbeat_timeout=HEARTBEAT_MILLISECONDS,
            maintenance_chance=MAINTENANCE_CHANCE,
            namespace="voicelab",
        )
    dramatiq.set_broker(broker)
