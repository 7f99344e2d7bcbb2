"""From a source to the adapters that learnt from it, and back: which pairs of a snapshot came from where and whom."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Count, QuerySet

from training.models import ModelVersion, Pair, Snapshot, Source


class Change(NamedTuple):
    """A pair that two snapshots hold in different revisions."""

    before: Pair
    after: Pair


@dataclass
class Comparison:
    """What `after` holds beside `before`, by pair; a pair that has another revision is changed, not new."""

    added: list[Pair] = field(default_factory=list)
    removed: list[Pair] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: int = 0


class Origin(NamedTuple):
    """Where some pairs of a snapshot came from."""

    source: Source | None
    pairs: int


@dataclass
class Trace:
    """Where a snapshot's pairs came from: sources, the people who validated them, how they were made."""

    sources: list[Origin]
    people: list[tuple[str, int]]
    made: list[tuple[str, int]]
    pairs: int


def compare(before: Snapshot, after: Snapshot) -> Comparison:
    """Pair by pair, by lineage. Only the pairs that differ are fetched, however large the snapshots are."""
    old, new = lineages(before), lineages(after)
    changed = [key for key in new.keys() & old.keys() if new[key] != old[key]]
    added = [new[key] for key in new.keys() - old.keys()]
    removed = [old[key] for key in old.keys() - new.keys()]
    wanted = fetched([*added, *removed, *(old[key] for key in changed), *(new[key] for key in changed)])
    return Comparison(
        added=in_order(wanted[pk] for pk in added),
        removed=in_order(wanted[pk] for pk in removed),
        changed=sorted(
            (Change(wanted[old[key]], wanted[new[key]]) for key in changed), key=lambda one: str(one.after.pk)
        ),
        same=len(new.keys() & old.keys()) - len(changed),
    )


def counts(before: Snapshot, after: Snapshot) -> tuple[int, int, int]:
    """(added, removed, changed) without fetching a pair."""
    old, new = lineages(before), lineages(after)
    both = new.keys() & old.keys()
    return len(new) - len(both), len(old) - len(both), sum(new[key] != old[key] for key in both)


def lineages(snapshot: Snapshot) -> dict[uuid.UUID, uuid.UUID]:
    """Lineage -> the pair of it that the snapshot holds."""
    return dict(snapshot.members.order_by().values_list("pair__lineage", "pair"))


def fetched(keys: list[uuid.UUID]) -> dict[uuid.UUID, Pair]:
    found: dict[uuid.UUID, Pair] = {}
    for start in range(0, len(keys), 500):
        found |= Pair.objects.select_related("brief").in_bulk(keys[start : start + 500])
    return found


def in_order(pairs: Iterable[Pair]) -> list[Pair]:
    return sorted(pairs, key=lambda pair: (pair.created_at, str(pair.pk)))


def trace(snapshot: Snapshot) -> Trace:
    """Three grouped counts over the snapshot's pairs."""
    members = snapshot.members.order_by()
    by_source = dict(members.values_list("pair__passage__source").annotate(count=Count("pk")))
    sources = Source.objects.defer("raw").in_bulk([pk for pk in by_source if pk])
    origins = [Origin(sources.get(pk) if pk else None, pairs) for pk, pairs in by_source.items()]
    people = members.values_list("pair__decided_by__first_name", "pair__decided_by__username")
    made = members.values_list("pair__made").annotate(count=Count("pk"))
    return Trace(
        sources=sorted(origins, key=lambda one: -one.pairs),
        people=sorted(
            (
                (first or name or "Nobody here: imported as validated", n)
                for first, name, n in people.annotate(n=Count("pk"))
            ),
            key=lambda one: -one[1],
        ),
        made=sorted(((Pair.Made(kind).label, n) for kind, n in made), key=lambda one: -one[1]),
        pairs=sum(by_source.values()),
    )


def snapshots_with(source: Source) -> QuerySet[Snapshot]:
    """The snapshots that hold a pair of this source, each with how many (`held`), newest first."""
    rows = Snapshot.objects.filter(members__pair__passage__source=source)
    return rows.annotate(held=Count("members")).order_by("-created_at")


def versions_with(source: Source) -> QuerySet[ModelVersion]:
    """The versions whose adapter learnt from this source, newest first."""
    learnt = Snapshot.objects.filter(members__pair__passage__source=source)
    return ModelVersion.objects.filter(run__snapshot__in=learnt).select_related("run").order_by("-number")
