"""What the readings of a lot's sample say. Rows in, figures and sentences out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from django.contrib.auth.models import User

from reviews.findings import DASH, SPACE, percent, plural
from reviews.models_validation import Lot, LotPair, Reading, Verdict
from training.metrics.acceptance import Plan, defect_interval
from training.metrics.agreement import alpha, alpha_interval, percent_agreement

TRUSTED = 0.667  # Krippendorff: below it, not even tentative conclusions


@dataclass(frozen=True)
class Fault:
    """One reading that found a defect, in words."""

    kind: str
    note: str

    @property
    def words(self) -> str:
        return f"{self.kind}: {self.note.rstrip('.')}" if self.note else self.kind.lower()


@dataclass
class Read:
    """One pair of the sample with its readings, the first of which counts for the verdict."""

    pk: int
    lot_pair: LotPair
    readings: list[Reading] = field(default_factory=list)

    @property
    def first(self) -> Reading:
        return self.readings[0]

    @property
    def faults(self) -> list[Fault]:
        return [Fault(one.get_verdict_display(), one.note) for one in self.readings if not one.is_good]

    @property
    def is_disputed(self) -> bool:
        return len({one.is_good for one in self.readings}) > 1


@dataclass
class Result:
    """What is known of a lot. `rows` are the pairs that were read, in the order of the sample."""

    lot: Lot
    rows: list[Read]

    @property
    def read(self) -> int:
        return len(self.rows)

    @cached_property
    def defects(self) -> int:
        return sum(not row.first.is_good for row in self.rows)

    @property
    def bad(self) -> list[int]:
        """Keys of the lot's pairs in which anybody found a defect."""
        return [row.pk for row in self.rows if row.faults]

    @property
    def verdict(self) -> str | None:
        """What the plan says: rejected as soon as the limit is passed, accepted when the whole sample is read."""
        if self.defects > self.lot.limit:
            return Lot.State.REJECTED
        return Lot.State.ACCEPTED if self.read >= self.lot.sample_size else None

    @property
    def interval(self) -> tuple[float, float]:
        return defect_interval(self.lot.size, self.read, self.defects)

    @property
    def kinds(self) -> list[tuple[str, int]]:
        """(kind of defect, how often it is a pair's first finding), the commonest first."""
        found = Counter(row.first.verdict for row in self.rows if not row.first.is_good)
        return [(Verdict(kind).label, count) for kind, count in found.most_common()]

    @property
    def annotators(self) -> list[tuple[str, int, int]]:
        """(who accepted them, pairs read, defects), the most defects first."""
        read: Counter[str] = Counter(name_of(row.lot_pair.annotator) for row in self.rows)
        bad = Counter(name_of(row.lot_pair.annotator) for row in self.rows if not row.first.is_good)
        return sorted(((name, count, bad[name]) for name, count in read.items()), key=lambda one: (-one[2], one[0]))

    @property
    def twice(self) -> list[list[float]]:
        """Of each pair that two experts read, whether each found a defect: units for agreement."""
        return [[float(not one.is_good) for one in row.readings] for row in self.rows if len(row.readings) > 1]


def result_of(lot: Lot) -> Result:
    """One query, by way of the round's items: they are as few as the sample, while the lot may be huge."""
    rows: dict[int, Read] = {}
    readings = Reading.objects.filter(lot_pair__item__round=lot.round_id)
    readings = readings.order_by("lot_pair__item__position", "created_at", "id")
    for one in readings.select_related("reader", "lot_pair__annotator", "lot_pair__item", "lot_pair__pair__brief"):
        rows.setdefault(one.lot_pair_id, Read(one.lot_pair_id, one.lot_pair)).readings.append(one)
    return Result(lot, list(rows.values()))


def name_of(user: User | None) -> str:
    return (user.first_name or user.get_username()) if user else "Came in accepted"


def tenth(share: float) -> str:
    return f"{100 * share:.1f}"


def rate(defects: int, read: int, interval: tuple[float, float]) -> str:
    """ "3 defects in 80: 3.8 % (0.8–10.6)"."""
    if not read:
        return "Nothing is read yet"
    known = f"{tenth(defects / read)}{SPACE}%{SPACE}({tenth(interval[0])}{DASH}{tenth(interval[1])})"
    return f"{plural(defects, 'defect')} in {read}: {known}"


def level(share: float) -> str:
    """A quality level as people write it: "2.5 %", "10 %"."""
    return f"{100 * share:g}{SPACE}%"


def times(chance: float) -> str:
    """How often in a hundred, without claiming never or always."""
    if chance >= 1:
        return "always"
    count = min(99, max(1, round(100 * chance)))
    return f"{count} time{'' if count == 1 else 's'} in 100"


def plan_words(plan: Plan) -> str:
    """What is read, and what passes."""
    drawn = f"{plural(plan.sample, 'pair')}, drawn at random from {plan.lot:,}"
    whole = "the one pair" if plan.lot == 1 else f"all {plan.lot:,} pairs"
    said = f"Experts read {whole if plan.sample == plan.lot else drawn}. "
    passing = f"With {plural(plan.limit, 'defect')} or {'none' if plan.limit == 1 else 'fewer'}"
    return f"{said}{passing if plan.limit else 'Without a defect'} the lot is accepted."


def plan_catches(plan: Plan) -> str:
    """What the plan will and will not catch."""
    if plan.sample == plan.lot:
        return "A lot this small is read whole, so nothing is left to chance."
    between = (plan.acceptable + plan.rejectable) / 2
    return (
        f"A lot with {level(plan.acceptable)} defects passes {times(plan.passes(plan.acceptable))}; one with "
        f"{level(plan.rejectable)} is caught {times(plan.catches())}. Between the two it is a matter "
        f"of luck: with {level(between)} it passes {times(plan.passes(between))}."
    )


def agreement_words(twice: list[list[float]]) -> list[str]:
    """How far experts agree on the pairs that two of them read, in sentences."""
    if not twice:
        return ["No pair was read by two experts, so nothing is known of how far they agree."]
    same, share = sum(len(set(unit)) == 1 for unit in twice), percent_agreement(twice) or 0.0
    said = [f"Two experts read {plural(len(twice), 'pair')} and agree on {same} ({percent(share)})."]
    value = alpha(twice)
    if value is None:
        return [*said, "They found no defect, or nothing else, so agreement beyond chance cannot be told."]
    ends = alpha_interval(twice)
    if ends is None:
        return [
            *said,
            f"Krippendorff’s alpha is {value:.2f}, but with so few defects it has no interval and says little.",
        ]
    said.append(f"Krippendorff’s alpha is {value:.2f} ({ends[0]:.2f}{DASH}{ends[1]:.2f}).")
    if ends[0] < TRUSTED:
        said.append(
            f"With its lower end under {TRUSTED}, they may not mean the same by a defect. "
            "Read the pairs on which they differ together."
        )
    return said
