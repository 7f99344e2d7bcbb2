"""A voice's data as JSON lines, in the shapes that `datasets` and TRL's trainers load as they are.

pairs: SFTTrainer's prompt and completion. preferences: DPOTrainer's prompt, chosen and rejected.
scores: KTOTrainer's prompt, completion and label (true for an overall rating of 4 or 5).

Each row says its split, so that what answers a test brief can be left out of training. Simulated judgements are
left out, and so is what was said of a text without words: there is nothing to learn from it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from reviews.models import Score
from training.models import Origin, Pair, Preference, Voice

KINDS = ("pairs", "preferences", "scores")
WORDS = r"\S"


def lines(voice: Voice, kind: str) -> Iterator[str]:
    """One JSON object a line, its fields of one type throughout."""
    for row in ROWS[kind](voice):
        yield json.dumps(row, ensure_ascii=False) + "\n"


def pairs(voice: Voice) -> Iterator[dict[str, Any]]:
    rows = Pair.objects.validated().filter(voice=voice, output__regex=WORDS).exclude(origin=Origin.SIMULATED)
    for pair in rows.select_related("brief").iterator(chunk_size=500):
        yield {
            "prompt": pair.brief.prompt(),
            "completion": pair.output,
            "split": pair.brief.split,
            "made": pair.made,
            "origin": pair.origin,
            "id": str(pair.pk),
        }


def preferences(voice: Voice) -> Iterator[dict[str, Any]]:
    rows = Preference.objects.filter(voice=voice, chosen__regex=WORDS, rejected__regex=WORDS)
    rows = rows.exclude(origin=Origin.SIMULATED)
    for row in rows.select_related("brief").iterator(chunk_size=500):
        yield {
            "prompt": row.brief.prompt(),
            "chosen": row.chosen,
            "rejected": row.rejected,
            "strength": row.strength,
            "source": row.source,
            "split": row.brief.split,
            "origin": row.origin,
            "id": str(row.pk),
        }


def scores(voice: Voice) -> Iterator[dict[str, Any]]:
    rows = Score.objects.filter(sample__version__voice=voice, sample__text__regex=WORDS).exclude(
        origin=Origin.SIMULATED
    )
    for row in rows.select_related("sample__brief", "sample__version").iterator(chunk_size=500):
        yield {
            "prompt": row.sample.brief.prompt(),
            "completion": row.sample.text,
            "label": row.overall >= 4,
            **{criterion: getattr(row, criterion) for criterion in Score.CRITERIA},
            "comment": row.comment,
            "version": row.sample.version.number,
            "split": row.sample.brief.split,
            "origin": row.origin,
            "id": str(row.pk),
        }


ROWS = {"pairs": pairs, "preferences": preferences, "scores": scores}
