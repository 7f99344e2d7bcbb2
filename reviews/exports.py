"""A voice's data as JSON lines, in the shapes that `datasets` and TRL's trainers load as they are.

pairs: SFTTrainer's prompt and completion. preferences: DPOTrainer's prompt, chosen and rejected.
scores: KTOTrainer's prompt, completion and label (true for an overall rating of 4 or 5).

Each row says its split, so that what answers a test brief can be left out of training. Simulated judgements are
left out, and so is what was said of a text without words: there is nothing to learn from it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from reviews.models import Score
from training.models import Origin, Pair, Preference, Voice

WORDS = r"\S"


@dataclass(frozen=True)
class Kind:
    """What a download holds, and what to say when there is nothing yet: an empty file loads nowhere."""

    found: Callable[[Voice], QuerySet[Any]]
    shape: Callable[[Any], dict[str, Any]]
    empty: str


def lines(voice: Voice, kind: str) -> Iterator[str]:
    """One JSON object a line, its fields of one type throughout."""
    for row in KINDS[kind].found(voice).iterator(chunk_size=500):
        yield json.dumps(KINDS[kind].shape(row), ensure_ascii=False) + "\n"


def count(voice: Voice, kind: str) -> int:
    return KINDS[kind].found(voice).count()


def pairs(voice: Voice) -> QuerySet[Pair]:
    rows = Pair.objects.validated().filter(voice=voice, output__regex=WORDS).exclude(origin=Origin.SIMULATED)
    return rows.select_related("brief")


def pair(row: Pair) -> dict[str, Any]:
    return {
        "prompt": row.brief.prompt(),
        "completion": row.output,
        "split": row.brief.split,
        "made": row.made,
        "origin": row.origin,
        "id": str(row.pk),
    }


def preferences(voice: Voice) -> QuerySet[Preference]:
    rows = Preference.objects.filter(voice=voice, chosen__regex=WORDS, rejected__regex=WORDS)
    return rows.exclude(origin=Origin.SIMULATED).select_related("brief")


def preference(row: Preference) -> dict[str, Any]:
    return {
        "prompt": row.brief.prompt(),
        "chosen": row.chosen,
        "rejected": row.rejected,
        "strength": row.strength,
        "source": row.source,
        "split": row.brief.split,
        "origin": row.origin,
        "id": str(row.pk),
    }


def scores(voice: Voice) -> QuerySet[Score]:
    rows = Score.objects.filter(sample__version__voice=voice, sample__text__regex=WORDS)
    return rows.exclude(origin=Origin.SIMULATED).select_related("sample__brief", "sample__version")


def score(row: Score) -> dict[str, Any]:
    return {
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


KINDS = {
    "pairs": Kind(pairs, pair, "There are no validated pairs yet. Accept some first."),
    "preferences": Kind(preferences, preference, "There are no preferences yet. Compare or edit some samples first."),
    "scores": Kind(scores, score, "There are no scores yet. Score some samples first."),
}
