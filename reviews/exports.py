"""A voice's data as files that `datasets`, TRL's trainers and VoiceLab itself load as they are.

Pairs, preferences or scores (`Kind`), in one of the kind's shapes, as JSON lines, CSV or Parquet; see
`training.corpus.formats`. Each row says its split, so that what answers a test brief can be left out of training, and
carries what it takes to come back. Simulated judgements are left out, and so is what was said of a text without words:
there is nothing to learn from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from django.db.models import QuerySet

from reviews.models import Score
from training.corpus.formats.columns import MARK, as_json, mark
from training.corpus.formats.files import written
from training.corpus.formats.shapes import SHAPES, Shape
from training.models import Brief, Origin, Pair, Preference, Voice
from training.models.corpus import Split

WORDS = r"\S"
AT_ONCE = 500


class ChoiceError(ValueError):
    """A choice that this kind of data does not have; the message lists those that it has."""


@dataclass(frozen=True)
class Choice:
    """What to write: which of the rows, in which shape, as which file. Raises `ChoiceError`."""

    kind: str = "pairs"
    shape: str = "prompt"
    container: str = "jsonl"
    statuses: Sequence[str] = (Pair.Status.VALIDATED,)
    splits: Sequence[str] = field(default_factory=lambda: list(Split.values))

    def __post_init__(self) -> None:
        require("kind of data", self.kind, KINDS)
        require(f"shape for {self.kind}", self.shape, self.shapes)
        require(f"file for {self.shape} of {self.kind}", self.container, self.form.containers)
        for status in self.statuses:
            require("status", status, Pair.Status.values)
        for split in self.splits:
            require("split", split, Split.values)

    @property
    def shapes(self) -> dict[str, Shape]:
        return SHAPES[KINDS[self.kind].row]

    @property
    def form(self) -> Shape:
        return self.shapes[self.shape]

    def rows(self, voice: Voice) -> QuerySet[Any]:
        return KINDS[self.kind].found(voice, self)


@dataclass(frozen=True)
class Kind:
    """What a download holds, and what to say when there is nothing yet: an empty file loads nowhere."""

    row: str
    found: Callable[[Voice, Choice], QuerySet[Any]]
    as_row: Callable[[Any], dict[str, Any]]
    empty: str


def require(what: str, given: str, among: Any) -> None:
    if given not in among:
        raise ChoiceError(f"{given or 'nothing'} is no {what}. Choose one of: {', '.join(among)}.")


def pieces(voice: Voice, choice: Choice) -> Iterator[bytes]:
    """The file, a few rows at a time."""
    kind = KINDS[choice.kind]
    rows = (choice.form.row(kind.row, kind.as_row(row)) for row in choice.rows(voice).iterator(chunk_size=AT_ONCE))
    return written(rows, choice.form.columns(kind.row), choice.container)


def count(voice: Voice, choice: Choice) -> int:
    return choice.rows(voice).count()


def pairs(voice: Voice, choice: Choice) -> QuerySet[Pair]:
    # A label is true or false: what nobody has decided is neither.
    statuses = choice.statuses if choice.shape != "unpaired" else ("validated", "rejected")
    rows = Pair.objects.current().filter(voice=voice, status__in=statuses, brief__split__in=choice.splits)
    rows = rows.filter(output__regex=WORDS).exclude(origin=Origin.SIMULATED)
    bulky = ("original", "text", "changes", "trace", "source__raw")
    return rows.select_related("brief", "passage__source").defer(*(f"passage__{name}" for name in bulky))


def pair(row: Pair) -> dict[str, Any]:
    extra = dict(row.extra)
    if row.passage:
        source, licence = row.passage.source.name, row.passage.source.licence
    else:  # it came in with a data set that named them
        source, licence = taken(extra, "source"), taken(extra, "licence")
    return {
        **brief(row.brief),
        "completion": row.output,
        "status": row.status,
        "reject_reason": row.reject_reason,
        "decided_at": row.decided_at.astimezone(UTC).isoformat() if row.decided_at else "",
        "made": row.made,
        "origin": row.origin,
        "words": row.words,
        "source": source,
        "licence": licence,
        "lineage": str(row.lineage),
        "revision": row.revision,
        "id": str(row.pk),
        "extra": as_json(extra),
        MARK: mark("pair"),
    }


def taken(extra: dict[str, Any], name: str) -> str:
    return str(extra.pop(name)) if isinstance(extra.get(name), str) else ""


def preferences(voice: Voice, choice: Choice) -> QuerySet[Preference]:
    rows = Preference.objects.filter(voice=voice, chosen__regex=WORDS, rejected__regex=WORDS)
    return rows.filter(brief__split__in=choice.splits).exclude(origin=Origin.SIMULATED).select_related("brief")


def preference(row: Preference) -> dict[str, Any]:
    return {
        **brief(row.brief),
        "chosen": row.chosen,
        "rejected": row.rejected,
        "strength": row.strength,
        "source": row.source,
        "origin": row.origin,
        "id": str(row.pk),
        "extra": as_json(row.extra),
        MARK: mark("preference"),
    }


def scores(voice: Voice, choice: Choice) -> QuerySet[Score]:
    rows = Score.objects.filter(sample__version__voice=voice, sample__text__regex=WORDS)
    rows = rows.filter(sample__brief__split__in=choice.splits).exclude(origin=Origin.SIMULATED)
    return rows.select_related("sample__brief", "sample__version")


def score(row: Score) -> dict[str, Any]:
    """KTO's label is true for an overall rating of 4 or 5."""
    return {
        **brief(row.sample.brief),
        "completion": row.sample.text,
        "label": row.overall >= 4,
        **{criterion: getattr(row, criterion) for criterion in Score.CRITERIA},
        "comment": row.comment,
        "version": row.sample.version.number,
        "origin": row.origin,
        "id": str(row.pk),
        "extra": "{}",
        MARK: mark("score"),
    }


def brief(row: Brief) -> dict[str, Any]:
    return {
        "prompt": row.prompt(),
        **row.content.as_dict(),
        "facts": as_json(row.facts),
        "split": row.split,
        "frozen": row.is_frozen,
    }


KINDS = {
    "pairs": Kind("pair", pairs, pair, "There are no validated pairs yet. Accept some first."),
    "preferences": Kind(
        "preference", preferences, preference, "There are no preferences yet. Compare or edit some samples first."
    ),
    "scores": Kind("score", scores, score, "There are no scores yet. Score some samples first."),
}
