"""Data sets in: rows that already are pairs or preferences become briefs, pairs and preferences of a voice.

A file is examined first, which writes nothing, and brought in when a person says so, a few hundred rows in one
transaction. Bringing the same rows again adds none: a row is known by its own id, by its file and number, or by its
brief and text.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import IO, Any, TypeVar

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.dateparse import parse_datetime

from training.corpus.formats.child import read_rows
from training.corpus.formats.detect import mapping_of
from training.corpus.formats.incoming import Incoming, RowError
from training.corpus.splits import split_of
from training.examining import TOLD, Refusal, rows_in, sampled, status_in
from training.importing import briefs_for
from training.models import Brief, Origin, Pair, Preference, Voice

T = TypeVar("T", bound=Pair | Preference)
AT_ONCE = 500
STRICTER = {"train": 0, "validation": 1, "test": 2}


@dataclass
class Outcome:
    """What became of a file's rows. `here` were there already; of the refused ones the first are told."""

    pairs: int = 0
    preferences: int = 0
    here: int = 0
    refused: int = 0
    reasons: list[list[Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


Told = Callable[[Outcome, int], None]
"""What became of the rows so far, and how many those are."""


@dataclass(frozen=True)
class How:
    """How rows come in. `digest` is the file's. With `trust`, what the file says is validated is; else all is proposed.

    A rejection, or a label that says no, holds either way: it can only keep copy out of training.
    """

    digest: str
    name: str
    trust: bool = False
    licence: str = ""
    user: User | None = None


def bring_in_file(
    voice: Voice,
    file: IO[bytes],
    how: How,
    channel: str,
    mapping: Mapping[str, str] | None = None,
    *,
    told: Told | None = None,
    before: tuple[Outcome, int] | None = None,
) -> Outcome:
    """Bring a whole file in. Raises `ReadError` when it is none, or breaks off: rows until there are in."""
    with read_rows(file) as (_, found):
        shape, sample, every = sampled(found)
        chosen = mapping_of(shape, sample) if mapping is None else mapping
        return bring_in(voice, rows_in(every, shape, chosen, channel), how, told, before)


def bring_in(
    voice: Voice,
    rows: Iterable[tuple[int, Incoming | Refusal]],
    how: How,
    told: Told | None = None,
    before: tuple[Outcome, int] | None = None,
) -> Outcome:
    """Bring rows in, `AT_ONCE` in a transaction: what stops it half-way leaves whole transactions, to be gone on with.

    `told` hears at the end of each of them, and may take it back by an exception. `before` is what it heard last when
    an earlier call was stopped: those rows are passed over, and the outcome goes on from there.
    """
    outcome, done = before or (Outcome(), 0)
    left, reached = placed(rows), 0
    while batch := list(islice(left, AT_ONCE)):
        reached += len(batch)
        with transaction.atomic():
            if reached > done:
                Batch(voice, how, outcome).store(batch)
            if told:
                told(outcome, max(reached, done))
    return outcome


def placed(rows: Iterable[tuple[int, Incoming | Refusal]]) -> Iterator[tuple[str, int, Incoming | Refusal]]:
    """Each row with its place: the number in the file, and after the first of several parts of it which one."""
    part, last = 0, -1
    for number, row in rows:
        part, last = (part + 1, last) if number == last else (0, number)
        yield f"{number}.{part}" if part else f"{number}", number, row


def refuse(outcome: Outcome, refusal: Refusal) -> None:
    outcome.refused += 1
    if len(outcome.reasons) < TOLD:
        outcome.reasons.append([refusal.row, refusal.field, refusal.reason])


class Batch:
    """Some rows of a file on their way into a voice."""

    def __init__(self, voice: Voice, how: How, outcome: Outcome) -> None:
        self.voice, self.how, self.outcome = voice, how, outcome

    def store(self, batch: list[tuple[str, int, Incoming | Refusal]]) -> None:
        good: list[tuple[str, int, Incoming]] = []
        for place, number, row in batch:
            if isinstance(row, Refusal):
                refuse(self.outcome, row)
            else:
                good.append((place, number, row))
        rows = self.unless_brought(good)
        briefs = self.briefs(rows)
        pairs: list[tuple[Pair, bool]] = []
        preferences: list[tuple[Preference, bool]] = []
        for place, number, row in rows:
            brief = briefs[row.brief.digest()]
            try:
                self.require_split(row, brief)
                if row.kind == "preference":
                    preferences.append((self.preference(place, row, brief), bool(row.own)))
                else:
                    pairs.append((self.pair(place, row, brief), bool(row.own)))
            except RowError as error:
                refuse(self.outcome, Refusal(number, error.field, error.reason))
        self.outcome.pairs += self.add_pairs(pairs)
        self.outcome.preferences += self.add_preferences(preferences)

    def unless_brought(self, rows: list[tuple[str, int, Incoming]]) -> list[tuple[str, int, Incoming]]:
        """Those that this file has not brought before; counting what a pair's text says is most of the work."""
        places = [self.provenance(place) for place, _, _ in rows]
        brought: set[str | None] = set()
        for model in (Pair, Preference):
            brought |= set(model._default_manager.filter(provenance__in=places).values_list("provenance", flat=True))
        self.outcome.here += sum(place in brought for place in places)
        return [row for row, place in zip(rows, places, strict=True) if place not in brought]

    def briefs(self, rows: list[tuple[str, int, Incoming]]) -> dict[str, Brief]:
        """Digest -> row. A new brief goes to the split that its row names, the strictest of several; others stay."""
        wanted: dict[str, Incoming] = {}
        for _, _, row in rows:
            digest = row.brief.digest()
            known = wanted.get(digest)
            if known is None or STRICTER[row.split or split_of(digest)] > STRICTER[known.split or split_of(digest)]:
                wanted[digest] = row
        Brief.objects.bulk_create(
            (
                Brief(
                    voice=self.voice,
                    digest=digest,
                    split=row.split,
                    is_frozen=self.how.trust and row.split == "test" and bool(row.own.get("frozen")),
                    **row.brief.as_dict(),
                )
                for digest, row in wanted.items()
                if row.split
            ),
            ignore_conflicts=True,
        )
        return briefs_for(self.voice, [row.brief for row in wanted.values()])

    def require_split(self, row: Incoming, brief: Brief) -> None:
        """What is held out in the file must not be trained on here. Raises `RowError`."""
        if row.split and STRICTER[row.split] > STRICTER[brief.split]:
            raise RowError(
                "split",
                f"it is {row.split} in the file, and its brief is {brief.split} here already: it would be trained on. "
                "Leave the row out, or change its brief.",
            )

    def pair(self, place: str, row: Incoming, brief: Brief) -> Pair:
        """Raises `RowError` for a column of our own that holds no word of ours."""
        own, is_pair = row.own, row.kind == "pair"
        status = status_in(row, trust=self.how.trust)
        fields: dict[str, Any] = {}
        extra = dict(row.extra)
        if own:
            fields |= {"origin": known("origin", own["origin"], Origin.values)}
            if is_pair:
                fields |= {
                    "id": key("id", own["id"]),
                    "lineage": key("lineage", own["lineage"]),
                    "revision": at_least_one(own["revision"]),
                    "made": known("made", own["made"], Pair.Made.values),
                    "reject_reason": self.reason(own["reject_reason"]),
                }
                known("status", own["status"], Pair.Status.values)
                extra |= {name: own[name] for name in ("source", "licence") if own[name]}
            else:
                extra |= {name: own[name] for name in ("brand_voice", "accuracy", "creativity", "overall", "version")}
                extra |= {name: own[name] for name in ("comment",) if own[name]}
                fields |= {"made": Pair.Made.SCORE, "id": uuid.uuid5(key("id", own["id"]), "as a pair")}
        if status == Pair.Status.REJECTED and not (own and is_pair):
            fields["reject_reason"] = f"Marked as not wanted in {self.how.name}."[:300]
        if status == Pair.Status.VALIDATED:
            fields |= {"decided_by": self.how.user}
        if status in (Pair.Status.VALIDATED, Pair.Status.REJECTED):
            fields["decided_at"] = moment(own["decided_at"]) if "decided_at" in own else datetime.now(UTC)
        if self.how.licence:
            extra.setdefault("licence", self.how.licence)
        return Pair.answering(
            brief,
            row.texts[0],
            voice=self.voice,
            status=status,
            provenance=self.provenance(place),
            extra=extra,
            **fields,
        )

    def preference(self, place: str, row: Incoming, brief: Brief) -> Preference:
        own = row.own
        fields: dict[str, Any] = {"source": Preference.Source.IMPORT}
        if own:
            fields = {
                "id": key("id", own["id"]),
                "source": known("source", own["source"], Preference.Source.values),
                "origin": known("origin", own["origin"], Origin.values),
            }
        return Preference(
            voice=self.voice,
            brief=brief,
            chosen=row.texts[0],
            rejected=row.texts[1],
            strength=row.strength,
            provenance=self.provenance(place),
            extra={**({"licence": self.how.licence} if self.how.licence else {}), **row.extra},
            **fields,
        )

    def provenance(self, place: str) -> str:
        """The same row of the same file in the same voice, whatever was done to it since."""
        return f"import:{self.voice.pk}:{self.how.digest[:40]}:{place}"

    def reason(self, given: str) -> str:
        if len(given) > 300:
            raise RowError("reject_reason", f"it has {len(given)} characters; use 300 at most.")
        return given

    def add_pairs(self, rows: list[tuple[Pair, bool]]) -> int:
        new = self.settle(Pair, rows)
        foreign = [pair for pair, is_own in new if not is_own]
        texts = Pair.objects.current().filter(
            voice=self.voice,
            brief__in={pair.brief_id for pair in foreign},
            output__in={pair.output for pair in foreign},
        )
        here = set(texts.values_list("brief", "output"))
        lineages = [pair.lineage for pair, is_own in new if is_own]
        taken = dict(Pair.objects.filter(lineage__in=lineages).values_list("lineage", "voice"))
        kept: list[Pair] = []
        for pair, is_own in new:
            if is_own:
                if pair.lineage in taken and taken[pair.lineage] != self.voice.pk:
                    pair.extra.setdefault("lineage", str(pair.lineage))
                    pair.lineage = self.own_key(pair.lineage)
                elif pair.lineage in taken:  # another revision of it is here
                    continue
                taken[pair.lineage] = self.voice.pk
            elif (pair.brief_id, pair.output) in here:
                continue
            here.add((pair.brief_id, pair.output))
            kept.append(pair)
        Pair.objects.bulk_create(kept, ignore_conflicts=True)  # somebody may bring the same file at this moment
        self.outcome.here += len(rows) - len(kept)
        return len(kept)

    def add_preferences(self, rows: list[tuple[Preference, bool]]) -> int:
        new = self.settle(Preference, rows)
        foreign = [row for row, is_own in new if not is_own]
        same = Preference.objects.filter(
            voice=self.voice, brief__in={row.brief_id for row in foreign}, chosen__in={row.chosen for row in foreign}
        )
        here = set(same.values_list("brief", "chosen", "rejected"))
        kept: list[Preference] = []
        for row, is_own in new:
            if not is_own and (row.brief_id, row.chosen, row.rejected) in here:
                continue
            here.add((row.brief_id, row.chosen, row.rejected))
            kept.append(row)
        Preference.objects.bulk_create(kept, ignore_conflicts=True)
        self.outcome.here += len(rows) - len(kept)
        return len(kept)

    def settle(self, model: type[T], rows: list[tuple[T, bool]]) -> list[tuple[T, bool]]:
        """Those that are new here. A row keeps the id that it brought, unless that is another voice's row."""
        second = {row.pk: self.own_key(row.pk) for row, is_own in rows if is_own}
        taken = dict(model._default_manager.filter(pk__in=[*second, *second.values()]).values_list("pk", "voice"))
        new: list[tuple[T, bool]] = []
        for row, is_own in rows:
            if is_own and self.voice.pk in (taken.get(row.pk), taken.get(second[row.pk])):
                continue
            if is_own:
                key = row.pk
                if key in taken:
                    row.extra.setdefault("id", str(key))
                    row.pk = second[key]
                taken[key] = self.voice.pk
            new.append((row, is_own))
        return new

    def own_key(self, key: uuid.UUID) -> uuid.UUID:
        """The key in this voice of a row that another voice holds: the same one each time."""
        return uuid.uuid5(key, f"voice {self.voice.pk}")


def key(name: str, value: str) -> uuid.UUID:
    try:
        return uuid.UUID(value)
    except ValueError:
        raise RowError(name, f"it is {value[:40]!r}, which is no UUID.") from None


def known(name: str, value: str, choices: Iterable[str]) -> str:
    """Raises `RowError` for a word that this column does not have; a simulated judgement is none that may come in."""
    if value == Origin.SIMULATED:
        raise RowError(name, "it was made by a simulated reviewer, whose judgements count nowhere.")
    if value not in choices:
        raise RowError(name, f"it is {value[:40]!r}; use one of {', '.join(choices)}.")
    return value


def at_least_one(revision: int) -> int:
    if not 1 <= revision < 2**31:
        raise RowError("revision", "it should be 1 or more.")
    return revision


def moment(value: str) -> datetime | None:
    try:
        found = parse_datetime(value)
    except ValueError:
        found = None
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)
