"""The whole loop without a browser: import, pairs, then N times train, sample, judge, retrain.

It plays in a scratch voice through the same code as people use: the same snapshots, runs, rounds, tasks
and hand-over. Only the judge is simulated (`training.metrics.judge`), and its judgements carry the origin
"simulated".
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from sacrebleu.metrics.ter import TER

from reviews.models import Comparison, Round, Score, Task
from reviews.promotion import promote
from reviews.queue import next_task
from reviews.rounds import open_rounds
from reviews.scoring import record_comparison, record_score
from reviews.scratch import fill_from_folder, fill_from_voice, new_reviewer
from training.jobs import stop
from training.metrics.intervals import wilson
from training.metrics.judge import Judge, Reviewer, runs
from training.models import (
    Measurement,
    ModelVersion,
    Origin,
    Pair,
    Run,
    Sample,
    Voice,
)
from training.retraining import start_run

JUDGE_OWN, JUDGE_OTHERS = 500, 1500  # texts that fit the judge at most; more cost minutes and change little
REVIEWERS = 3


class RehearsalError(Exception):
    """A rehearsal that cannot go on; the message says what is missing."""


@dataclass(frozen=True)
class Row:
    """One iteration's figures; iteration 0 is the base model. Alignment and win rate count simulated judgements."""

    iteration: int
    alignment: float
    alignment_low: float
    alignment_high: float
    scored: int
    win_rate: float | None
    votes: int
    rouge_l: float | None
    bleu: float | None
    edit_distance: float
    seconds: float
    pairs: int
    preferences: int
    trainable_parameters: int
    trainable_share: float


def some(texts: list[str], count: int) -> list[str]:
    """At most so many of them, drawn evenly, the same ones each time."""
    return texts if len(texts) <= count else Random(0).sample(texts, count)


def train_here(run: Run) -> float:
    """Train in a child process, as the worker does, and open its rounds. Returns seconds, evidence included."""
    started = time.monotonic()
    token = run.try_claim()
    if token is None:
        raise RehearsalError("A worker took the run; stop it while you rehearse.")
    command = [
        sys.executable,
        str(settings.BASE_DIR / "manage.py"),
        "train",
        str(run.pk),
        "--claim",
        str(token),
    ]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # Ctrl-C is for this process, which then ends the child
    ) as child:
        assert child.stdout is not None
        try:
            said = child.stdout.read().strip()
            child.wait()
        finally:
            stop(child)
    if child.returncode != 0:
        raise RehearsalError(f"Training failed: {said.splitlines()[-1] if said else child.returncode}")
    seconds = time.monotonic() - started
    run.refresh_from_db()
    with transaction.atomic():
        run.finish(token, Run.State.FINISHED, seconds=seconds)
        run.refresh_from_db()
        open_rounds(run)
    return seconds


def judge_rounds(voice: Voice, people: list[tuple[User, Reviewer]], seen: set[str]) -> None:
    """Every open task of the voice, by the simulated reviewers in turn, through the queue as people do."""
    for purpose in (Round.Purpose.SCORE, Round.Purpose.COMPARE):
        idle = 0
        turn = 0
        while idle < len(people):
            user, reviewer = people[turn % len(people)]
            turn += 1
            task = next_task(user, voice, purpose)
            if task is None:
                idle += 1
                continue
            idle = 0
            judge_task(task, reviewer, seen)


def judge_task(task: Task, reviewer: Reviewer, seen: set[str]) -> None:
    item = task.item
    facts = list(item.sample.brief.facts)
    if item.other is None:
        record_score(task, asdict(reviewer.rate(item.sample.text, facts, seen)), origin=Origin.SIMULATED)
        return
    left, right = (item.other, item.sample) if task.is_swapped else (item.sample, item.other)
    record_comparison(task, reviewer.prefer(left.text, right.text, facts), origin=Origin.SIMULATED)


def figures(version: ModelVersion, iteration: int, run: Run | None, seconds: float) -> Row:
    """What the simulated judgements and the automatic figures say about one version."""
    scores = Score.objects.filter(sample__version=version, sample__brief__is_frozen=True, origin=Origin.SIMULATED)
    total, good = scores.count(), scores.filter(brand_voice__gte=4).count()
    low, high = wilson(good, total)
    votes = Comparison.objects.filter(
        Q(left__version=version) | Q(right__version=version),
        left__brief__is_frozen=True,
        origin=Origin.SIMULATED,
    )
    # A version's own round is the one that its run opened.
    votes = votes.filter(task__item__round__run=run)
    wins = votes.filter(Q(left__version=version, verdict="left") | Q(right__version=version, verdict="right")).count()
    losses = votes.filter(Q(left__version=version, verdict="right") | Q(right__version=version, verdict="left")).count()
    ties = votes.count() - wins - losses
    measured = dict(Measurement.objects.filter(version=version).values_list("name", "value"))
    counts = run.snapshot.counts if run else {}
    return Row(
        iteration=iteration,
        alignment=good / total if total else 0.0,
        alignment_low=low,
        alignment_high=high,
        scored=total,
        win_rate=(wins + ties / 2) / votes.count() if run and votes.count() else None,
        votes=votes.count() if run else 0,
        rouge_l=measured.get("rougeL"),
        bleu=measured.get("bleu"),
        edit_distance=edit_distance(version),
        seconds=seconds,
        pairs=sum(count for name, count in counts.items() if "supervised" in name),
        preferences=sum(count for name, count in counts.items() if "preferences" in name),
        trainable_parameters=version.trainable_parameters,
        trainable_share=version.trainable_parameters / version.total_parameters if version.total_parameters else 0.0,
    )


def edit_distance(version: ModelVersion) -> float:
    """Edits (insert, delete, substitute, shift) per reference word over the test briefs: TER by sacrebleu."""
    samples = list(Sample.objects.filter(version=version, brief__is_frozen=True).select_related("brief"))
    outputs = dict(
        Pair.objects.validated()
        .filter(brief__in=[sample.brief_id for sample in samples])
        .order_by("-created_at")
        .values_list("brief", "output")
    )
    both = [(sample.text, outputs[sample.brief_id]) for sample in samples if sample.brief_id in outputs]
    if not both:
        return 0.0
    return float(TER().corpus_score([text for text, _ in both], [[reference for _, reference in both]]).score) / 100


def rehearse(
    voice: Voice,
    *,
    folder: Path | None,
    original: Voice | None,
    others: list[str],
    iterations: int,
    pairs: int,
    config: dict[str, Any],
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Play the loop in a scratch voice; returns what the command prints and writes."""
    if folder is not None:
        own = fill_from_folder(voice, folder, pairs)
    else:
        assert original is not None
        own = fill_from_voice(voice, original, pairs)
    judge = Judge(some(own, JUDGE_OWN), some(others, JUDGE_OTHERS))
    calibration = judge.calibration
    say(
        f"Judge: fitted on {calibration.own_texts} held-out texts of the voice and {calibration.other_texts} "
        f"others; a 4 or 5 for {calibration.own:.0%} of its own, {calibration.others:.0%} of theirs and "
        f"{calibration.broken:.0%} of its own broken on purpose (cross-validated)."
    )
    say(HEADER)
    people = [(new_reviewer(voice, number), Reviewer(judge, seed=number)) for number in range(REVIEWERS)]
    seen: set[str] = set()
    for pair in voice.pairs.validated().exclude(brief__split="test"):
        seen |= runs(pair.output)
    rows: list[Row] = []
    for iteration in range(1, iterations + 1):
        # The rehearsal is the worker here; no message goes to the queue.
        run = start_run(voice, user=None, config=config, origin=Origin.SIMULATED, enqueue=False, even_if_same=True)
        seconds = train_here(run)
        judge_rounds(voice, people, seen)
        version = ModelVersion.objects.get(run=run)
        if iteration == 1:
            base = voice.versions.get(kind=ModelVersion.Kind.BASE)
            rows.append(figures(base, 0, None, 0.0))
            say(line(rows[-1]))
        rows.append(figures(version, iteration, run, seconds))
        say(line(rows[-1]))
        if voice.live is None or rows[-1].alignment >= max(row.alignment for row in rows[:-1]):
            promote(version, user=None, reason="Rehearsal: the best alignment so far.")
    return {
        "voice": voice.name,
        "base_model": settings.BASE_MODEL,
        "judge": asdict(calibration),
        "reviewers": "simulated",
        "iterations": [asdict(row) for row in rows],
    }


HEADER = (
    "| iteration | alignment (95 %) | scored | win rate | votes | ROUGE-L | BLEU | edits per word | seconds | pairs | "
    "preferences | trainable | share |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|"
)


def line(row: Row) -> str:
    """One row of the Markdown table that the command prints."""
    win = "" if row.win_rate is None else f"{row.win_rate:.0%}"
    rouge = "" if row.rouge_l is None else f"{row.rouge_l:.3f}"
    bleu = "" if row.bleu is None else f"{row.bleu:.1f}"
    return (
        f"| {row.iteration or 'base'} | {row.alignment:.0%} ({row.alignment_low:.0%}-{row.alignment_high:.0%}) "
        f"| {row.scored} | {win} | {row.votes} | {rouge} | {bleu} | {row.edit_distance:.2f} | {row.seconds:.0f} "
        f"| {row.pairs} | {row.preferences} | {row.trainable_parameters:,} | {row.trainable_share:.2%} |"
    )
