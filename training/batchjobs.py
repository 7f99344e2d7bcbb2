"""How a worker does a job that is a row (`training.models.jobs.Job`): claim it, do batch after batch, end it.

Each batch is stored whole, with a look at the claim, so a kill costs the batch at work; a cancelled or doubled job
stops at the next. Such jobs share the imports' queue: beside a training, and never in its way.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from typing import Any, Protocol

from django.db import InterfaceError, OperationalError

from training.corpus.reading.document import ReadError
from training.intake import Lost, Stopped
from training.jobs import stopping
from training.models.jobs import Job

log = logging.getLogger(__name__)

ATTEMPTS = 8
End = Callable[[uuid.UUID, str, str], object]
"""Ends a job as this claim: its state, and the reason in words or ""."""


class Hold(Protocol):
    def __call__(self, **fields: Any) -> None:
        """Renew the lease and store progress. Raises `Lost`, and `Stopped` when this worker is to stop."""


def carry_out(job: Job, work: Callable[[Hold], None], *, stays: str, end: End | None = None) -> None:
    """Do the job, unless somebody else does already. `stays` says what is kept of one that breaks off."""
    if stopping.is_set() or (claim := job.try_claim()) is None:
        return
    job.refresh_from_db()
    end = end or job.finish
    if job.attempts > ATTEMPTS:
        end(claim, job.State.FAILED, f"It was stopped from outside {ATTEMPTS} times. {stays}")
        return
    name = f"{job._meta.verbose_name} {job.pk}"
    log.info("%s begins, attempt %d.", name.capitalize(), job.attempts)

    def hold(**fields: Any) -> None:
        if stopping.is_set():
            raise Stopped
        if not job.renew(claim, **fields):
            raise Lost

    try:
        work(hold)
        end(claim, job.State.FINISHED, "")
    except Stopped:
        job.put_back(claim)
    except Lost:
        log.info("%s was cancelled, or taken up by another worker.", name.capitalize())
    except ReadError as error:
        end(claim, job.State.FAILED, str(error))
    except (OperationalError, InterfaceError):  # the sweep takes up what the database kept from its end
        raise
    except Exception as error:
        log.exception("%s broke.", name.capitalize())
        reason = f"VoiceLab broke on it ({type(error).__name__}); the worker's log says more. {stays}"
        end(claim, job.State.FAILED, reason)
