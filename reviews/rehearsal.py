"""The whole loop without a browser: import, pairs, then N times train, sample, judge, retrain.

It plays in a scratch voice through the same code as people use: the same snapshots, runs, rounds, tasks
and hand-over. Only the judge is simulated (`training.metrics.judge`), its judgements carry the origin
"simulated", and the scratch voice is deleted at the end unless it is kept.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from sacrebleu.metrics.ter import TER

from reviews.models import Comparison, Edit, Gate, Item, LogEntry, Round, Score, Task
from reviews.promotion import promote
from reviews.queue import next_task
from reviews.rounds import open_rounds
from reviews.scoring import record_comparison, record_score
from training.corpus.passages import pieces
from training.corpus.read import ReadError, read
from training.importing import briefs_for, files_under, import_files
from training.metrics.intervals import wilson
from training.metrics.judge import Judge, Reviewer, runs
from training.models import (
    Brief,
    Client,
    Measurement,
    ModelVersion,
    Origin,
    Pair,
    Passage,
    Preference,
    Run,
    Sample,
    Snapshot,
    Source,
    Voice,
)
from training.retraining import start_run

JUDGE_SHARE = 30  # of a hundred files (or pairs): copy that fits the judge and that training never sees
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


def for_judge(key: str) -> bool:
    """Whether this file or brief belongs to the judge alone."""
    return int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % 100 < JUDGE_SHARE


def texts_under(path: Path) -> list[str]:
    """The passages of a folder's readable files."""
    found = []
    for name, raw in files_under(path):
        try:
            found += [piece.text for document in read(name, raw) for piece in pieces(document)]
        except ReadError:
            continue
    return found


@transaction.atomic
def scratch_voice(name: str) -> Voice:
    client = Client.objects.create(slug=f"rehearsal-{uuid.uuid4().hex[:8]}", name="Rehearsal")
    return Voice.objects.create(client=client, slug=f"rehearsal-{uuid.uuid4().hex[:8]}", name=name, is_scratch=True)


def fill_from_folder(voice: Voice, path: Path, limit: int) -> list[str]:
    """Import a folder's files but for the judge's share. Returns the judge's passages."""
    kept: list[str] = []
    for name, raw in files_under(path):
        if for_judge(name):
            try:
                kept += [piece.text for document in read(name, raw) for piece in pieces(document)]
            except ReadError:
                continue
        else:
            list(import_files(voice, [(name, raw)], status=Pair.Status.VALIDATED))
    thin(voice, limit)
    return kept


def fill_from_voice(voice: Voice, original: Voice, limit: int) -> list[str]:
    """Copy another voice's validated pairs but for the judge's share. Returns the judge's copy."""
    kept: list[str] = []
    taken: list[Pair] = []
    for pair in original.pairs.validated().select_related("brief"):
        if for_judge(pair.brief.digest):
            kept.append(pair.output)
        else:
            taken.append(pair)
    briefs = briefs_for(voice, [pair.brief.content for pair in taken])
    Pair.objects.bulk_create(
        Pair(
            voice=voice,
            brief=briefs[pair.brief.digest],
            output=pair.output,
            status="validated",
            made=pair.made,
        )
        for pair in taken
    )
    thin(voice, limit)
    return kept


def thin(voice: Voice, limit: int) -> None:
    """Keep at most `limit` pairs, chosen by their briefs' digests."""
    chosen = voice.pairs.order_by("brief__digest", "id").values_list("pk", flat=True)[:limit]
    voice.pairs.exclude(pk__in=list(chosen)).delete()


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
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert child.stdout is not None
    said = child.stdout.read().strip()
    if child.wait() != 0:
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
    name: str,
    *,
    folder: Path | None,
    original: Voice | None,
    others: list[str],
    iterations: int,
    pairs: int,
    config: dict[str, Any],
    keep: bool,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Play the loop; returns what the command prints and writes. Deletes the scratch voice unless `keep`."""
    voice = scratch_voice(name)
    users: list[User] = []
    try:
        if folder is not None:
            own = fill_from_folder(voice, folder, pairs)
        else:
            assert original is not None
            own = fill_from_voice(voice, original, pairs)
        judge = Judge(own, others)
        calibration = judge.calibration
        say(
            f"Judge: fitted on {calibration.own_texts} held-out texts of the voice and {calibration.other_texts} others; "
            f"a 4 or 5 for {calibration.own:.0%} of its own, {calibration.others:.0%} of theirs and "
            f"{calibration.broken:.0%} of its own broken on purpose (cross-validated)."
        )
        tag = uuid.uuid4().hex[:8]
        for number in range(REVIEWERS):
            users.append(
                User.objects.create_user(
                    username=f"rehearsal-{tag}-{number}",
                    first_name=f"Simulated {number + 1}",
                    is_active=False,
                )
            )
        people = [(user, Reviewer(judge, seed=number)) for number, user in enumerate(users)]
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
            "voice": name,
            "base_model": settings.BASE_MODEL,
            "judge": asdict(calibration),
            "reviewers": "simulated",
            "iterations": [asdict(row) for row in rows],
        }
    finally:
        if not keep:
            remove(voice, users)


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


def remove(voice: Voice, users: list[User]) -> None:
    """Delete the scratch voice with all that hangs on it, and its files."""
    versions = list(ModelVersion.objects.filter(voice=voice))
    digests = list(Snapshot.objects.filter(voice=voice).values_list("digest", flat=True))
    runs_made = [str(pk) for pk in Run.objects.filter(voice=voice).values_list("pk", flat=True)]
    with transaction.atomic():
        samples = Q(sample__version__voice=voice)
        Score.objects.filter(samples).delete()
        Edit.objects.filter(samples).delete()
        Comparison.objects.filter(left__version__voice=voice).delete()
        Task.objects.filter(item__round__voice=voice).delete()
        Item.objects.filter(round__voice=voice).delete()
        Round.objects.filter(voice=voice).delete()
        Gate.objects.filter(version__voice=voice).delete()
        LogEntry.objects.filter(voice=voice).delete()
        Preference.objects.filter(voice=voice).delete()
        Pair.objects.filter(voice=voice).delete()
        Sample.objects.filter(version__voice=voice).delete()
        Measurement.objects.filter(version__voice=voice).delete()
        ModelVersion.objects.filter(voice=voice).delete()
        Run.objects.filter(voice=voice).delete()
        Snapshot.objects.filter(voice=voice).delete()
        Brief.objects.filter(voice=voice).delete()
        Passage.objects.filter(source__voice=voice).delete()
        Source.objects.filter(voice=voice).delete()
        voice.client.delete()
        User.objects.filter(pk__in=[user.pk for user in users]).delete()
    for version in versions:
        if version.folder:
            shutil.rmtree(version.folder, ignore_errors=True)
    for digest in digests:
        if not Snapshot.objects.filter(digest=digest).exists():
            shutil.rmtree(settings.SNAPSHOTS / digest, ignore_errors=True)
    for run in runs_made:
        shutil.rmtree(settings.WORK / run, ignore_errors=True)
