"""`manage.py build_demo`: make the demo's first adapters, samples and past judgements anew, for real.

Run it on an empty database of its own (VOICELAB_VAR=some/folder) after the starter model or the demo's pairs
changed. What it makes is written under reviews/demo/evidence/ and belongs in the repository.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from reviews.demo.load import CLIENTS, FOLDER, load_voice
from reviews.rehearsal import train_here
from training.metrics.judge import Judge, Reviewer, runs
from training.models import Client, Measurement, ModelVersion, Origin, Pair, Run, Sample, Voice
from training.retraining import start_run

PAST_BRIEFS = 14  # of the frozen test briefs; the others are left for the round that is open
WRITERS = (1, 2)  # places of the two copywriters in reviews.demo.load.PEOPLE
VERSION_FIELDS = (
    "kind",
    "number",
    "base_model",
    "base_digest",
    "adapter_digest",
    "trainable_parameters",
    "total_parameters",
)
SAMPLE_FIELDS = ("text", "seed", "settings", "tokens")
FIGURE_FIELDS = ("name", "split", "value", "low", "high", "n", "signature")
POINT_FIELDS = ("stage", "step", "train_loss", "validation_loss", "tokens_per_second")
RUN_FIELDS = ("config", "base_model", "progress", "notes", "seconds", "attempts")


class Command(BaseCommand):
    help = "Train the demo's first adapters and write their evidence into reviews/demo/evidence."

    def handle(self, *args: Any, **options: Any) -> None:
        if Client.objects.real().exists():
            raise CommandError("Run this on an empty database: set VOICELAB_VAR to a new folder and migrate first.")
        voices = [load_voice(demo) for demo in CLIENTS]
        for demo, voice in zip(CLIENTS, voices, strict=True):
            run = start_run(voice, user=None, config={}, origin=Origin.DEMO, enqueue=False)
            seconds = train_here(run)
            run.refresh_from_db()
            version = ModelVersion.objects.get(run=run)
            self.write(demo.file, voice, run, version)
            self.stdout.write(f"{voice}: {seconds:.0f} s, {version.trainable_parameters:,} trainable parameters.")

    def write(self, name: str, voice: Voice, run: Run, version: ModelVersion) -> None:
        judge = self.judge(voice)
        seen: set[str] = set()
        for pair in voice.pairs.validated().exclude(brief__split="test"):
            seen |= runs(pair.output)
        versions = list(voice.versions.order_by("number"))
        scores, comparisons = judgements(voice, versions, judge, seen)
        evidence = {
            "frozen": list(voice.briefs.filter(is_frozen=True).values_list("digest", flat=True)),
            "snapshot": {"digest": run.snapshot.digest, "counts": run.snapshot.counts},
            "run": fields(run, RUN_FIELDS),
            "losses": [fields(point, POINT_FIELDS) for point in run.losses.all()],
            "versions": [
                {
                    **fields(one, VERSION_FIELDS),
                    "measurements": [fields(row, FIGURE_FIELDS) for row in Measurement.objects.filter(version=one)],
                    "samples": [
                        {**fields(row, SAMPLE_FIELDS), "key": key_of(row), "brief": row.brief.digest}
                        for row in one.samples.select_related("brief", "version")
                    ],
                }
                for one in versions
            ],
            "scores": scores,
            "comparisons": comparisons,
        }
        text = json.dumps(evidence, indent=1, ensure_ascii=False)
        folder = FOLDER / "evidence" / name
        beside = folder.with_name(f"{name}.part")
        shutil.rmtree(beside, ignore_errors=True)
        assert version.folder is not None
        shutil.copytree(version.folder, beside / "adapter")
        (beside / "evidence.json").write_text(text + "\n", encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        beside.rename(folder)

    def judge(self, voice: Voice) -> Judge:
        """Fitted on every validated pair: the demo's past is made up and says so, unlike a rehearsal's figures."""
        own = list(voice.pairs.validated().values_list("output", flat=True))
        others = list(Pair.objects.validated().exclude(voice=voice).values_list("output", flat=True))
        return Judge(own, others)


def key_of(sample: Sample) -> str:
    return f"{sample.version.number}:{sample.brief.digest[:16]}"


def fields(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def judgements(
    voice: Voice, versions: list[ModelVersion], judge: Judge, seen: set[str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Both writers' scores of every version, and their blind votes, on the first of the frozen briefs."""
    scores: list[dict[str, Any]] = []
    comparisons: list[dict[str, Any]] = []
    sides = np.random.default_rng(7)
    briefs = list(voice.briefs.filter(is_frozen=True).order_by("digest")[:PAST_BRIEFS])
    for place in WRITERS:
        reviewer = Reviewer(judge, seed=place)
        for brief in briefs:
            samples = {
                sample.version.number: sample
                for sample in Sample.objects.filter(brief=brief).select_related("version", "brief")
            }
            for version in versions:
                sample = samples[version.number]
                ratings = asdict(reviewer.rate(sample.text, list(brief.facts), seen))
                scores.append({"sample": key_of(sample), "reviewer": place, **ratings})
            pair = [samples[versions[0].number], samples[versions[-1].number]]
            if pair[0].text == pair[1].text:
                continue
            if sides.random() < 0.5:
                pair.reverse()
            verdict = reviewer.prefer(pair[0].text, pair[1].text, list(brief.facts))
            comparisons.append(
                {"left": key_of(pair[0]), "right": key_of(pair[1]), "reviewer": place, "verdict": verdict}
            )
    return scores, comparisons
