"""What people's judgements and the automatic figures say about a voice's versions. Rows in, figures out.

Only judgements on frozen test briefs count, never simulated ones; demo judgements count in a demo alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Avg, Count, Q

from reviews.models import Comparison, Score
from training.metrics.intervals import always_valid, wilson
from training.models import Measurement, ModelVersion, Origin, Voice


@dataclass
class Evidence:
    """One version's figures. Shares and win rate in 0-1; criteria are mean ratings, 1-5."""

    version: ModelVersion
    scored: int = 0
    on_voice: int = 0
    criteria: dict[str, float] = field(default_factory=dict)
    wins: int = 0
    losses: int = 0
    ties: int = 0
    measured: dict[str, Measurement] = field(default_factory=dict)
    is_earlier: bool = False  # than the live version: making it live is a roll-back

    @property
    def alignment(self) -> float | None:
        return self.on_voice / self.scored if self.scored else None

    @property
    def interval(self) -> tuple[float, float]:
        """95 % Wilson interval of the alignment."""
        return wilson(self.on_voice, self.scored)

    @property
    def low(self) -> int:
        """The interval's lower end, in %."""
        return round(100 * self.interval[0])

    @property
    def high(self) -> int:
        return round(100 * self.interval[1])

    @property
    def votes(self) -> int:
        return self.wins + self.losses + self.ties

    @property
    def win_rate(self) -> float | None:
        """Share of blind votes won, a tie counting half."""
        return (self.wins + self.ties / 2) / self.votes if self.votes else None

    @property
    def win_interval(self) -> tuple[float, float]:
        """Of the votes that were no ties; holds however often it is looked at."""
        return always_valid(self.wins, self.losses)

    @property
    def label(self) -> str:
        return self.version.label + (" (live)" if self.version.is_live else "")


def origins(voice: Voice) -> list[str]:
    return [Origin.HUMAN, Origin.DEMO] if voice.client.is_demo else [Origin.HUMAN]


def evidence_of(voice: Voice) -> list[Evidence]:
    """One row a version, oldest first. Four queries, whatever the number of versions or samples."""
    rows = {version.pk: Evidence(version) for version in voice.versions.select_related("run").order_by("number")}
    counted = Q(origin__in=origins(voice), sample__brief__is_frozen=True)
    scores = (
        Score.objects.filter(counted, sample__version__in=list(rows))
        .order_by()
        .values("sample__version")
        .annotate(
            scored=Count("pk"),
            on_voice=Count("pk", filter=Q(brand_voice__gte=4)),
            **{f"mean_{name}": Avg(name) for name in Score.CRITERIA},
        )
    )
    for found in scores:
        row = rows[found["sample__version"]]
        row.scored, row.on_voice = found["scored"], found["on_voice"]
        row.criteria = {name: found[f"mean_{name}"] for name in Score.CRITERIA}
    votes = (
        Comparison.objects.filter(origin__in=origins(voice), left__brief__is_frozen=True, left__version__voice=voice)
        .order_by()
        .values("left__version", "right__version", "verdict")
        .annotate(count=Count("pk"))
    )
    for vote in votes:
        left, right, count = rows[vote["left__version"]], rows[vote["right__version"]], vote["count"]
        if vote["verdict"] == Comparison.Verdict.LEFT:
            left.wins, right.losses = left.wins + count, right.losses + count
        elif vote["verdict"] == Comparison.Verdict.RIGHT:
            right.wins, left.losses = right.wins + count, left.losses + count
        else:
            left.ties, right.ties = left.ties + count, right.ties + count
    for figure in Measurement.objects.filter(version__in=list(rows), split="test"):
        rows[figure.version_id].measured[figure.name] = figure
    return list(rows.values())


def finding(row: Evidence, target: float) -> str:
    """The heading: what is known about this version's alignment, in one sentence."""
    if row.alignment is None:
        return f"{row.label}: nobody has scored it yet"
    low, high = row.interval
    said = f"On voice: {row.alignment:.0%} ({low * 100:.0f}-{high * 100:.0f}) of {row.scored}, target {target:.0%}"
    if low >= target:
        return f"{said}: reached"
    return f"{said}: not reached" if high < target else f"{said}: not settled yet"
