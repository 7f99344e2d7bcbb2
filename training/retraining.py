"""Starting a run: what is validated now becomes a snapshot, a row and, on commit, a message."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from training.corpus.snapshot import Bond, PreferenceRow, SnapshotRows, SupervisedRow, digest_of, write_snapshot
from training.engine.config import LoraRun
from training.evidence import freeze_test_briefs
from training.focusing import same, weights, within_cap
from training.models import Origin, Pair, Preference, Run, Snapshot, SnapshotPair, Voice
from training.models.runs import RunQuerySet
from training.sides import kept_together

MINIMUM_PAIRS = 50


class CannotStart(ValueError):
    """A run that cannot be started; the message says why and what to do."""


def start_run(
    voice: Voice,
    *,
    user: User | None,
    config: dict[str, Any],
    origin: str = Origin.HUMAN,
    enqueue: bool = True,
    even_if_same: bool = False,
) -> Run:
    """Snapshot, row and message in one transaction.

    `config` holds what differs from the suggested settings. Raises `CannotStart` below 50 validated
    training pairs, while a run is under way or when a finished run has made the same adapter already (unless
    `even_if_same`), and `ConfigError` naming a setting that cannot be used.
    """
    with transaction.atomic():
        if Run.objects.unfinished().filter(voice=voice).exists():
            raise CannotStart("A run is under way for this voice. Wait for it, or cancel it first.")
        freeze_test_briefs(voice)
        rows, bonds, data_notes = rows_and_bonds(voice)
        count = len(rows.supervised_train)
        if count < MINIMUM_PAIRS:
            raise CannotStart(
                f"There are {count} validated training pairs; a run needs {MINIMUM_PAIRS}. Validate more pairs first."
            )
        run_config = suggested(voice, count, config)
        try:
            written = write_snapshot(settings.SNAPSHOTS, rows, bonds)
        except OSError as error:
            raise CannotStart(
                f"The snapshot cannot be written ({error.strerror}). Free some space in the data folder, or mend "
                "its rights, then retrain."
            ) from error
        snapshot, _ = Snapshot.objects.get_or_create(
            voice=voice, digest=written.digest, defaults={"counts": written.counts}
        )
        keep_members(snapshot, rows)
        if not even_if_same and (before := same_run(voice, snapshot.digest, run_config)):
            raise CannotStart(
                f"Nothing has changed since the run of {before.created_at:%d %b %Y %H:%M}: the same pairs, preferences "
                "and settings give the same adapter. Judge or add something first, or change a setting, the seed for "
                "instance."
            )
        try:
            with transaction.atomic():  # the constraint speaks for two who press Retrain at once
                run = Run.objects.create(
                    voice=voice,
                    snapshot=snapshot,
                    config=run_config.to_dict(),
                    base_model=settings.BASE_MODEL,
                    requested_by=user,
                    origin=origin,
                    data_notes=data_notes,
                )
        except IntegrityError as error:
            raise CannotStart("A run is under way for this voice. Wait for it, or cancel it first.") from error
        if enqueue:
            transaction.on_commit(lambda: send(run))
    return run


def keep_members(snapshot: Snapshot, rows: SnapshotRows) -> None:
    """Store which pairs the snapshot holds, once."""
    if snapshot.members.exists():
        return
    held = (*rows.supervised_train, *rows.supervised_validation)
    SnapshotPair.objects.bulk_create(
        (SnapshotPair(snapshot=snapshot, pair_id=row.pair) for row in held), batch_size=500, ignore_conflicts=True
    )


def same_data(voice: Voice) -> Run | None:
    """The newest finished run on exactly what a run started now would train on, on the same base model."""
    runs = finished_runs(voice).select_related("version")
    return runs.filter(snapshot__digest=digest_of(rows_of(voice))).first() if runs.exists() else None


def same_run(voice: Voice, digest: str, config: LoraRun) -> Run | None:
    """A finished run on the same data with the same settings; the number of threads makes no other adapter."""
    settings_of = replace(config, threads=0).to_dict()
    runs = finished_runs(voice).filter(snapshot__digest=digest)
    return next((run for run in runs if {**run.config, "threads": 0} == settings_of), None)


def finished_runs(voice: Voice) -> RunQuerySet:
    return voice.runs.filter(state=Run.State.FINISHED, base_model=settings.BASE_MODEL)


def send(run: Run) -> None:
    """Hand the run to the queue. When Redis is away the worker's sweep finds the waiting row later."""
    from training.jobs import enqueue_run

    enqueue_run(run)


def suggested(voice: Voice, pairs: int, changes: dict[str, Any]) -> LoraRun:
    """The suggested settings for this much data, with `changes` over them."""
    known = voice.versions.exclude(total_parameters=0).values_list("total_parameters", flat=True).first()
    default = LoraRun.suggested(pairs, known or (2_000_000 if settings.BASE_MODEL == "voicelab-starter" else 1 << 30))
    threads = {"threads": settings.TRAINING_THREADS} if settings.TRAINING_THREADS else {}
    return LoraRun.from_dict({**default.to_dict(), **threads, **changes})


def rows_of(voice: Voice) -> SnapshotRows:
    """What a run started now would train on: validated pairs and preferences, none of a test brief, no near-copies."""
    return rows_and_bonds(voice)[0]


def rows_and_bonds(voice: Voice) -> tuple[SnapshotRows, dict[str, list[Bond]], list[str]]:
    """The rows, by each pair's id what it must share a side with, and sentences on how pairs were chosen and weighed.

    Two briefs may differ and still read the same as a prompt, by a full stop for instance. Then test goes
    before training, and training before validation, so that no prompt is on two sides.
    """
    tested = {same(brief.prompt()) for brief in voice.briefs.filter(split="test")}
    supervised: dict[str, list[SupervisedRow]] = {"train": [], "validation": []}
    pairs = Pair.objects.validated().without_copies().filter(voice=voice, brief__split__in=supervised)
    told = ("text", "original", "changes", "trace", "source__raw")
    # Somebody may have re-opened a pair of a withdrawn source and validated it again; the source stays out.
    pairs = pairs.filter(passage__source__withdrawn_at=None)
    rows = pairs.filter(output__regex=r"\S").select_related("brief", "passage__source")
    found = list(rows.defer(*(f"passage__{name}" for name in told)))
    together = kept_together(voice, found)
    usable = [one for one in found if one.pk not in together.left_out and same(one.brief.prompt()) not in tested]
    usable, capped = within_cap(voice, usable)
    heavy, focused = weights(voice, usable)
    for pair in usable:
        row = SupervisedRow(str(pair.pk), pair.brief.prompt(), pair.output, heavy.get(pair.pk, 1.0))
        supervised[pair.brief.split].append(row)
    preferences: dict[str, list[PreferenceRow]] = {"train": [], "validation": []}
    choices = Preference.objects.for_training().filter(voice=voice).exclude(brief__in=together.tested)
    for choice in choices.select_related("brief"):
        # A model may have written nothing at all, which a person rightly rejects; there is nothing to learn from it.
        if choice.chosen.strip() and choice.rejected.strip() and same(choice.brief.prompt()) not in tested:
            preferred = PreferenceRow(choice.brief.prompt(), choice.chosen, choice.rejected, choice.strength)
            preferences[choice.brief.split].append(preferred)
    trained = {same(row.prompt) for row in supervised["train"]} | {same(row.prompt) for row in preferences["train"]}
    return (
        SnapshotRows(
            supervised_train=supervised["train"],
            supervised_validation=[row for row in supervised["validation"] if same(row.prompt) not in trained],
            preferences_train=preferences["train"],
            preferences_validation=[row for row in preferences["validation"] if same(row.prompt) not in trained],
        ),
        together.bonds,
        [*focused, *capped],
    )
