"""`manage.py train RUN --claim TOKEN`: the child process of the worker that trains one run.

It keeps the run's lease alive, reports progress, and exits by itself when its worker is gone (its standard
input ends), when another worker took the run, or when it was cancelled. Exit status 0: the version and
its evidence are stored. 3: cancelled. 4: the run belongs to another worker now. Other: the last line of
standard error is the reason, for a person.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import threading
import time
import traceback
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import Max

from training.corpus.snapshot import SnapshotError
from training.engine.config import LoraRun
from training.engine.errors import EngineError
from training.engine.progress import Outcome, Progress
from training.jobs import CANCELLED, LOST
from training.models import LossPoint, ModelVersion, PairLoss, Run
from training.store import StoreError, adapter_folder, package_versions, read_manifest, save_adapter, verify

if TYPE_CHECKING:
    from training.engine.base import Base

REPORT_SECONDS = 0.5
POINTS = 100
"""Points of a stage's learning curve while it is drawn; the engine's own curve takes their place at the end."""


class Command(BaseCommand):
    help = "Train one claimed run. The worker starts this; people use `manage.py retrain`."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", type=uuid.UUID, help="the run's id")
        parser.add_argument("--claim", type=uuid.UUID, required=True, help="the token of the worker that holds the run")

    def handle(self, *args: Any, **options: Any) -> None:
        run = Run.objects.select_related("voice", "snapshot").filter(pk=options["run"]).first()
        if run is None:
            raise CommandError(f"There is no run {options['run']}; it was deleted.")
        threading.Thread(target=exit_without_worker, daemon=True).start()
        threading.Thread(target=keep_lease, args=(run, options["claim"]), daemon=True).start()
        try:
            with work_folder(run):
                train_run(run, options["claim"])
        except (EngineError, SnapshotError, StoreError) as error:
            raise CommandError(str(error)) from error
        except Exception as error:
            traceback.print_exc()
            raise CommandError(reason(error)) from error


def reason(error: BaseException) -> str:
    """What an error outside VoiceLab means for a person, from it and from what caused it."""
    text, cause = "", error
    while cause is not None:
        text += f"{cause} "
        cause = cause.__cause__ or cause.__context__  # type: ignore[assignment]
    folded = text.casefold()
    if "no space left" in folded or "disk is full" in folded or "os error 28" in folded or "disk quota" in folded:
        return "The disk is full. Free some space in the data folder, then retrain."
    if isinstance(error, MemoryError) or "out of memory" in folded or "allocate memory" in folded:
        return "The machine ran out of memory. Retrain with a smaller batch_size or max_length."
    if isinstance(error, PermissionError):
        return f"VoiceLab may not write to {error.filename}. Mend the rights of the data folder, then retrain."
    said = next(iter(str(error).strip().splitlines()), "")
    return f"The run stopped on {type(error).__name__}: {said or 'no reason given'}. The worker's log has the details."


def exit_without_worker() -> None:
    """The worker holds the other end of standard input: when it dies in any way, so does the child."""
    try:
        while os.read(0, 1024):
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
        except DatabaseError as error:  # away for a moment perhaps; the lease decides in the end
            sys.stderr.write(f"Could not renew the lease: {error}\n")
        time.sleep(settings.RUN_LEASE_SECONDS / 4)


@contextmanager
def work_folder(run: Run) -> Iterator[None]:
    """Hold the run's work folder alone: a process that lost the run may still be on its way out of it."""
    settings.WORK.mkdir(parents=True, exist_ok=True)
    path = settings.WORK / f"{run.pk}.lock"
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
        path.unlink(missing_ok=True)


class Reporter:
    """Progress into the run's row and its learning curve, about twice a second."""

    def __init__(self, run: Run, claim: uuid.UUID) -> None:
        self.run, self.claim = run, claim
        self.last = 0.0
        self.is_cancelled = False
        self.validation: dict[str, float] = {}
        self.points: list[LossPoint] = []

    def report(self, progress: Progress) -> None:
        self._remember(progress)
        if time.monotonic() - self.last < REPORT_SECONDS and progress.step != progress.steps:
            return
        self.last = time.monotonic()
        if not connection.in_atomic_block:
            close_old_connections()  # a database that was restarted meanwhile costs the run nothing
        with transaction.atomic():
            shown = {
                "stage": progress.stage,
                "step": progress.step,
                "steps": progress.steps,
                "train_loss": progress.train_loss,
                "validation_loss": progress.validation_loss,
                "tokens_per_second": progress.tokens_per_second,
                "seconds_left": progress.seconds_left,
            }
            renew(self.run, self.claim, progress=shown)
            save_points(self.points)
        self.points = []
        self.is_cancelled = Run.objects.filter(pk=self.run.pk, cancel_requested=True).exists()

    def cancelled(self) -> bool:
        """Asked before each step; the row is read as often as progress is written."""
        return self.is_cancelled

    def _remember(self, progress: Progress) -> None:
        known, new = self.validation.get(progress.stage), progress.validation_loss
        is_measured = new is not None and new != known
        if new is not None:
            self.validation[progress.stage] = new
        if is_measured or progress.step % max(1, progress.steps // POINTS) == 0:
            self.points.append(
                LossPoint(
                    run=self.run,
                    stage=progress.stage,
                    step=progress.step,
                    train_loss=progress.train_loss,
                    # The first figure after a start was measured before this step.
                    validation_loss=new if is_measured and known is not None else None,
                    tokens_per_second=progress.tokens_per_second,
                )
            )


def save_points(points: list[LossPoint]) -> None:
    """A step that was trained again after a kill takes the place of its first point."""
    LossPoint.objects.bulk_create(
        points,
        update_conflicts=True,
        unique_fields=["run", "stage", "step"],
        update_fields=["train_loss", "validation_loss", "tokens_per_second"],
    )


def renew(run: Run, claim: uuid.UUID, **fields: Any) -> None:
    """Store something about the run, or leave at once when it is somebody else's."""
    if not run.renew(claim, **fields):
        os._exit(LOST)


def leave_when_cancelled(run: Run) -> None:
    if Run.objects.filter(pk=run.pk, cancel_requested=True).exists():
        shutil.rmtree(settings.WORK / str(run.pk), ignore_errors=True)
        sys.exit(CANCELLED)


def train_run(run: Run, claim: uuid.UUID) -> None:
    """Train unless the version is there already, then write its evidence."""
    from training.engine.base import load_base
    from training.evidence import base_version, gather

    version = ModelVersion.objects.filter(run=run).first()
    if version is None:
        leave_when_cancelled(run)
        renew(run, claim, progress={**run.progress, "stage": "loading"})
    base = load_base(run.base_model)
    base_version(run.voice, base)  # first, so that the base is number 0
    if version is None:
        version = make_version(run, claim, base)

    def told(label: str, written: int) -> None:
        renew(run, claim, progress={"stage": "writing", "writer": label, "written": written})

    told(version.label, 0)
    gather(version, base, told)
    shutil.rmtree(settings.WORK / str(run.pk), ignore_errors=True)


def make_version(run: Run, claim: uuid.UUID, base: Base) -> ModelVersion:
    """Train, store the adapter and its row; after a kill between the last two, the row alone."""
    if adapter_folder(settings.MODELS, str(run.pk)).exists():
        return add_version(run, claim, base)
    from training.engine.run import train

    reporter = Reporter(run, claim)
    work = settings.WORK / str(run.pk)
    outcome = train(
        LoraRun.from_dict(run.config),
        settings.SNAPSHOTS / run.snapshot.digest,
        work,
        base,
        None,  # afresh from the base: every pair is in the snapshot, so nothing is lost and nothing drifts
        reporter.report,
        reporter.cancelled,
    )
    if outcome.cancelled:
        shutil.rmtree(work, ignore_errors=True)
        sys.exit(CANCELLED)
    renew(run, claim, notes=outcome.notes)
    with transaction.atomic():
        run.losses.all().delete()
        save_points([LossPoint(run=run, **point) for point in curve(outcome)])
        save_pair_losses(run, outcome)
    save_adapter(settings.MODELS, str(run.pk), outcome.adapter, manifest(run, base.name, outcome))
    return add_version(run, claim, base)


def save_pair_losses(run: Run, outcome: Outcome) -> None:
    """A pair may have been deleted while the run went on; the others have their loss."""
    there = {str(pk) for pk in run.snapshot.members.values_list("pair_id", flat=True)}
    run.pair_losses.all().delete()
    PairLoss.objects.bulk_create(
        (PairLoss(run=run, pair_id=pair, loss=loss) for pair, loss in outcome.pair_losses.items() if pair in there),
        batch_size=500,
    )


def add_version(run: Run, claim: uuid.UUID, base: Base) -> ModelVersion:
    """The row of the stored adapter. Raises `StoreError` when its files are not those that were stored."""
    stored = verify(adapter_folder(settings.MODELS, str(run.pk)))
    facts = read_manifest(stored.path)
    with transaction.atomic():
        renew(run, claim)
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
            trainable_parameters=facts["trainable_parameters"],
            total_parameters=facts["total_parameters"],
        )


def curve(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """The engine's curve as points, with the speed since the point before."""
    tokens, seconds = 0, 0.0
    for line in outcome.curves:
        passed = line["seconds"] - seconds
        yield {
            "stage": line["stage"],
            "step": line["step"],
            "train_loss": line["train_loss"],
            "validation_loss": line["validation_loss"],
            "tokens_per_second": (line["tokens"] - tokens) / passed if passed > 0 else None,
        }
        tokens, seconds = line["tokens"], line["seconds"]


def manifest(run: Run, base_name: str, outcome: Outcome) -> dict[str, Any]:
    return {
        "run": str(run.pk),
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
