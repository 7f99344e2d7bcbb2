"""Starting and cancelling a run, each in the transaction that logs it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from reviews.models import record
from training.models import Run, Voice
from training.retraining import start_run


@transaction.atomic
def retrain(voice: Voice, *, user: User | None, config: dict[str, Any]) -> Run:
    """Start a run for this person, or for the command line. Raises `CannotStart` and `ConfigError`."""
    run = start_run(voice, user=user, config=config)
    record("run.started", client=voice.client, voice=voice, user=user, run=str(run.pk))
    return run


@transaction.atomic
def cancel(run: Run, *, user: User) -> bool:
    """Ask the run to stop. False when it was over already."""
    if not run.request_cancel():
        return False
    record("run.cancelled", client=run.voice.client, voice=run.voice, user=user, run=str(run.pk))
    return True
