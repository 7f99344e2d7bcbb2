"""`manage.py train RUN --claim TOKEN`: the child process of the worker that trains one run.

It keeps the run's lease alive, reports progress, and exits by itself when its worker is gone (its standard
input ends), when another worker took the run, or when it was cancelled. Exit status 0: the version and
its evidence are stored. 3: cancelled. 4: the run belongs to another worker now. Other: the last line of
standard error is the reason, for a person.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import threading
import time
import uuid
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections, connection, transaction
from django.db.models import Max

from training.engine.config import LoraRun
from training.engine.errors import EngineError
from training.engine.progress import Outcome, Progress
from training.models import LossPoint, ModelVersion, Run

CANCELLED, LOST = 3, 4
REPORT_SECONDS = 1.0


class Command(BaseCommand):
    help = "Train one claimed run. The worker starts this; people use `manage.py retrain`."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", type=uuid.UUID)
        parser.add_argument("--claim", type=uuid.UUID, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        run = Run.objects.select_related("voice", "snapshot").get(pk=options["run"])
        threading.Thread(target=exit_without_worker, daemon=True).start()
        threading.Thread(target=keep_lease, args=(run, options["claim"]), daemon=True).start()
        try:
            train_run(run, options["claim"])
        except EngineError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise CommandError(f"The disk is full. Free some space under {settings.VAR}, then retrain.") from error
            raise


def exit_without_worker() -> None:
    """The worker holds the other end of standard input: when it dies in any way, so does the child."""
    try:
        while os.read(sys.stdin.fileno(), 1024):
            pass
    finally:
        os._exit(LOST)


def keep_lease(run: Run, claim: uuid.UUID) -> None:
    """Renew the lease several times within its length; leave when the run is somebody else's."""
    while True:
        try:
            close_old_connections()
            if not run.renew(claim):
                os._exit(LOST)
        except Exception as error:  # the database may be away for a moment; the lease decides in the end
            sys.stderr.write(f"Could not renew the lease: {error}\n")
        time.sleep(settings.RUN_LEASE_SECONDS / 4)


class Reporter:
    """Progress into the run's row and its learning curve, at most once a second."""

    def __init__(self, run: Run, claim: uuid.UUID) -> None:
        self.run, self.claim = run, claim
        self.last = 0.0
        self.is_cancelled = False

    def report(self, progress: Progress) -> None:
        now = time.monotonic()
        is_point = progress.validation_loss is not None or progress.step == progress.steps
        if now - self.last < REPORT_SECONDS and not is_point:
            return
        self.last = now
        shown = {
            "stage": progress.stage,
            "step": progress.step,
            "steps": progress.steps,
            "train_loss": progress.train_loss,
            "tokens_per_second": progress.tokens_per_second,
            "seconds_left": progress.seconds_left,
        }
        if progress.validation_loss is not None:
            shown["validation_loss"] = progress.validation_loss
        if not self.run.renew(self.claim, progress={**self.run.progress, **shown}):
            os._exit(LOST)
        self.run.progress = {**self.run.progress, **shown}
        LossPoint.objects.update_or_create(
            run=self.run,
            stage=progress.stage,
            step=progress.step,
            defaults={
                "train_loss": progress.train_loss,
                "validation_loss": progress.validation_loss,
                "tokens_per_second": progress.tokens_per_second,
            },
        )
        self.is_cancelled = Run.objects.filter(pk=self.run.pk, cancel_requested=True).exists()

    def cancelled(self) -> bool:
        return self.is_cancelled


def train_run(run: Run, claim: uuid.UUID) -> None:
    """Train unless the version is there already, then write its evidence."""
    from training.engine.base import load_base
    from training.evidence import gather

    run.renew(claim, progress={"stage": "loading"})
    base = load_base(run.base_model)
    version = ModelVersion.objects.filter(run=run).first()
    if version is None:
        version = make_version(run, claim, base)
    run.renew(claim, progress={**run.progress, "stage": "writing"})
    gather(version, base)
    shutil.rmtree(settings.WORK / str(run.pk), ignore_errors=True)
    connection.close()


def make_version(run: Run, claim: uuid.UUID, base: Any) -> ModelVersion:
    from training.engine.run import train
    from training.store import save_adapter

    reporter = Reporter(run, claim)
    outcome = train(
        LoraRun.from_dict(run.config),
        settings.SNAPSHOTS / run.snapshot.digest,
        settings.WORK / str(run.pk),
        base,
        None,  # afresh from the base: every pair is in the snapshot, so nothing is lost and nothing drifts
        reporter.report,
        reporter.cancelled,
    )
    if outcome.cancelled:
        shutil.rmtree(settings.WORK / str(run.pk), ignore_errors=True)
        sys.exit(CANCELLED)
    stored = save_adapter(settings.MODELS, str(run.pk), outcome.adapter, manifest(run, base.name, outcome))
    run.renew(claim, notes=outcome.notes)
    with transaction.atomic():
        # Two runs of one voice never overlap, so the next number is free.
        number = run.voice.versions.aggregate(last=Max("number"))["last"] or 0
        return ModelVersion.objects.create(
            voice=run.voice,
            run=run,
            kind=ModelVersion.Kind.ADAPTER,
            number=number + 1,
            base_model=base.name,
            base_digest=base.digest,
            adapter=stored.path.name,
            adapter_digest=stored.digest,
            trainable_parameters=outcome.trainable_parameters,
            total_parameters=outcome.total_parameters,
        )


def manifest(run: Run, base_name: str, outcome: Outcome) -> dict[str, Any]:
    from training.store import package_versions

    return {
        "configuration": run.config,
        "snapshot": run.snapshot.digest,
        "base": base_name,
        "base_digest_before": outcome.base_digest_before,
        "base_digest_after": outcome.base_digest_after,
        "base_unchanged": outcome.base_digest_before == outcome.base_digest_after,
        "packages": package_versions(),
        "device": outcome.device,
        "threads": outcome.threads,
        "seed": run.config.get("seed"),
        "seconds": outcome.seconds,
        "tokens": outcome.tokens,
        "steps": outcome.steps,
        "validation_loss": outcome.validation_loss,
        "preference_loss": outcome.preference_loss,
        "stopped_early": outcome.stopped_early,
        "losses": outcome.curves,
        "trainable_parameters": outcome.trainable_parameters,
        "total_parameters": outcome.total_parameters,
        "notes": outcome.notes,
    }
