"""What people's judgements and the automatic figures say about a voice's versions. Rows in, figures out.

Only judgements on frozen test briefs count, never simulated ones; demo judgements count in a demo alone. A text
is the unit, and a brief that of comparisons: what three people judged weighs no more than what one did.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Avg, Count, Q

from reviews.models import Comparison, Gate, Score
from training.metrics.intervals import always_valid, mean_interval, wilson
from training.models import Measurement, ModelVersion, Origin, Voice

GOOD = 4
"""A text is on voice when the mean of its brand-voice ratings is this or more."""


class Mean(NamedTuple):
    """A mean rating, 1-5, with its 95 % interval over texts."""

    value: float
    low: float
    high: float


@dataclass
class Evidence:
    """One version's figures. Shares and rates are in 0-1; criteria are mean ratings, 1-5."""

    version: ModelVersion
    scored: int = 0  # texts
    on_voice: int = 0
    criteria: dict[str, Mean] = field(default_factory=dict)
    against: ModelVersion | None = None  # whom it met in its blind comparisons
    wins: int = 0
    losses: int = 0
    ties: int = 0
    measured: dict[str, Measurement] = field(default_factory=dict)
    ratings: dict[object, float] = field(default_factory=dict)  # brief -> mean brand-voice rating

    @property
    def alignment(self) -> float | None:
        return self.on_voice / self.scored if self.scored else None

    @property
    def interval(self) -> tuple[float, float]:
        """95 % Wilson interval of the alignment."""
        return wilson(self.on_voice, self.scored)

    @property
    def votes(self) -> int:
        """Briefs on which it was compared."""
        return self.wins + self.losses + self.ties

    @property
    def win_rate(self) -> float | None:
        """Share of the compared briefs that it won, a tie counting half."""
        return (self.wins + self.ties / 2) / self.votes if self.votes else None

    @property
    def win_interval(self) -> tuple[float, float]:
        """Of the win rate; holds however often it is looked at."""
        return always_valid(self.wins, self.losses, self.ties)

    @property
    def label(self) -> str:
        return self.version.label + (" (live)" if self.version.is_live else "")


def origins(voice: Voice) -> list[str]:
    return [Origin.HUMAN, Origin.DEMO] if voice.client.is_demo else [Origin.HUMAN]


def evidence_of(voice: Voice) -> list[Evidence]:
    """One row a version, oldest first. Five queries, whatever the number of versions or samples."""
    versions = {version.pk: version for version in voice.versions.select_related("run").order_by("number")}
    rows = {key: Evidence(version) for key, version in versions.items()}
    for gate in Gate.objects.filter(version__in=list(rows)):
        rows[gate.version_id].against = versions.get(gate.against_id) if gate.against_id else None
    count_scores(voice, rows)
    count_votes(voice, rows)
    for figure in Measurement.objects.filter(version__in=list(rows), split="test"):
        rows[figure.version_id].measured[figure.name] = figure
    return list(rows.values())


def count_scores(voice: Voice, rows: dict[uuid.UUID, Evidence]) -> None:
    texts = (
        Score.objects.filter(origin__in=origins(voice), sample__brief__is_frozen=True, sample__version__in=list(rows))
        .order_by()
        .values("sample", "sample__version", "sample__brief")
        .annotate(**{f"mean_{name}": Avg(name) for name in Score.CRITERIA})
    )
    ratings: dict[uuid.UUID, dict[str, list[float]]] = {}
    for text in texts:
        row = rows[text["sample__version"]]
        row.scored += 1
        row.on_voice += text["mean_brand_voice"] >= GOOD
        row.ratings[text["sample__brief"]] = text["mean_brand_voice"]
        kept = ratings.setdefault(text["sample__version"], {name: [] for name in Score.CRITERIA})
        for name, values in kept.items():
            values.append(text[f"mean_{name}"])
    for key, kept in ratings.items():
        rows[key].criteria = {name: rating(values) for name, values in kept.items()}


def rating(values: Iterable[float]) -> Mean:
    """The mean of ratings; its interval keeps to the scale."""
    mean, low, high = mean_interval(list(values))
    return Mean(mean, max(1.0, low), min(5.0, high))


def count_votes(voice: Voice, rows: dict[uuid.UUID, Evidence]) -> None:
    """Votes between a version and the one that its gate names; others say nothing about that rivalry.

    A brief is the unit here: several people's votes on one pair of texts make one win, tie or loss.
    """
    votes = (
        Comparison.objects.filter(
            Q(left__version__in=list(rows)) & Q(right__version__in=list(rows)),
            origin__in=origins(voice),
            left__brief__is_frozen=True,
        )
        .order_by()
        .values("left__version", "right__version", "left__brief", "verdict")
        .annotate(count=Count("pk"))
    )
    leads: dict[tuple[uuid.UUID, object], int] = {}  # (version, brief) -> votes won less votes lost
    for vote in votes:
        lead = {Comparison.Verdict.LEFT: 1, Comparison.Verdict.RIGHT: -1}.get(vote["verdict"], 0) * vote["count"]
        left, right = rows[vote["left__version"]], rows[vote["right__version"]]
        for row, other, sign in ((left, right, 1), (right, left, -1)):
            if row.against is not None and row.against.pk == other.version.pk:
                key = (row.version.pk, vote["left__brief"])
                leads[key] = leads.get(key, 0) + sign * lead
    for (version, _), lead in leads.items():
        row = rows[version]
        if lead > 0:
            row.wins += 1
        elif lead < 0:
            row.losses += 1
        else:
            row.ties += 1
