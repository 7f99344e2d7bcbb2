"""One side of the splits for all that belongs together: a document's passages, and a cluster of copies.

Test briefs are what versions are judged by, so nothing like them may be trained on. A brief moves to where it belongs
while nobody has written anything for it; what cannot move is left out of training.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q

from training.corpus.brief import Brief as Content
from training.corpus.snapshot import Bond
from training.corpus.splits import part_of, split_together
from training.models import Brief, Copy, Pair, Passage, Preference, Sample, Voice
from training.models.corpus import PairQuerySet

ORDER = ("test", "train", "validation")
"""Which side goes before which, where there is nothing else to decide by."""
FROM_DATA_SET = "import:"
"""What the provenance of a pair that came with a data set begins with."""
Text = tuple[uuid.UUID | None, uuid.UUID | None]
"""A passage's key, or else a lineage."""
Document = tuple[uuid.UUID, int, int]
"""A source's key, and the numbers of document and part."""


def number_parts(passages: Sequence[Passage]) -> None:
    """Tell each passage of one source, in order, which part of its document it is in."""
    for _, rows in groupby(passages, key=lambda passage: passage.document):
        mine = list(rows)
        for place, passage in enumerate(mine):
            passage.part = part_of(place, len(mine))


def sides_for(voice: Voice, proposed: Iterable[tuple[Passage, Content]]) -> dict[str, str]:
    """Digest -> split for the briefs of a source's passages: all of one document on the side of those known already."""
    digests: dict[tuple[int, int], list[str]] = defaultdict(list)
    for passage, content in proposed:
        digests[passage.document, passage.part].append(content.digest())
    wanted = [digest for own in digests.values() for digest in own]
    known: dict[str, str] = {}
    for start in range(0, len(wanted), 500):
        rows = voice.briefs.filter(digest__in=wanted[start : start + 500])
        known |= dict(rows.values_list("digest", "split"))
    counts = dict(voice.briefs.order_by().values_list("split").annotate(count=Count("pk")))
    for own in digests.values():
        new = list(dict.fromkeys(digest for digest in own if digest not in known))
        if not new:
            continue
        told = Counter(known[digest] for digest in own if digest in known)
        side = foremost(told) if told else split_together(new[0], len(new), counts)
        counts[side] = counts.get(side, 0) + len(new)
        known |= dict.fromkeys(new, side)
    return known


def foremost(counts: Mapping[str, int]) -> str:
    """The side that most are on; of equal ones test before training before validation."""
    return min(counts, key=lambda side: (-counts[side], ORDER.index(side)))


class Member(NamedTuple):
    """A pair of a cluster or document, as far as its side goes: corpora have tens of thousands of them."""

    brief: uuid.UUID
    split: str
    is_frozen: bool
    is_used: bool
    passage: uuid.UUID | None
    lineage: uuid.UUID
    source: uuid.UUID
    document: int
    part: int

    @property
    def place(self) -> Document:
        return self.source, self.document, self.part


PLACE = ("passage__source", "passage__document", "passage__part")
FIELDS = ("brief", "brief__split", "brief__is_frozen", "is_used", "passage", "lineage", *PLACE)


def members(rows: PairQuerySet) -> Iterator[Member]:
    for row in rows.annotate(is_used=used()).values_list(*FIELDS).iterator(chunk_size=2000):
        yield Member(*row)


@dataclass
class Clusters:
    """Where the texts of a voice's clusters are: cluster -> sides of its briefs, and the clusters of each brief."""

    of: dict[Text, uuid.UUID] = field(default_factory=dict)
    sides: dict[uuid.UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    briefs: dict[uuid.UUID, set[uuid.UUID]] = field(default_factory=lambda: defaultdict(set))

    def of_text(self, passage: uuid.UUID | None, lineage: uuid.UUID) -> uuid.UUID | None:
        return self.of.get((passage, None) if passage else (None, lineage))

    def is_tested(self, cluster: uuid.UUID | None) -> bool:
        return cluster is not None and "test" in self.sides.get(cluster, ())


def clusters_of(voice: Voice) -> Clusters:
    found = Clusters()
    for key, kept, passage, lineage in voice.copies.order_by().values_list("pk", "kept", "passage", "lineage"):
        found.of[passage, lineage] = kept or key
    if found.of:
        rows = copied(voice).order_by().values_list("passage", "lineage", "brief", "brief__split")
        for passage, lineage, brief, split in rows.iterator(chunk_size=2000):
            if cluster := found.of_text(passage, lineage):
                found.sides[cluster].add(split)
                found.briefs[brief].add(cluster)
    return found


def copied(voice: Voice) -> PairQuerySet:
    """The pairs of all texts that have copies. One that was rejected asks for no side, unless its brief is frozen."""
    counting = ~Q(status=Pair.Status.REJECTED) | Q(brief__is_frozen=True)
    return Pair.objects.current().having_copies().filter(counting, voice=voice).order_by("created_at", "pk")


def used() -> Q:
    """Briefs that somebody or some version has worked on, or whose side a data set told: they stay where they are."""
    brief = OuterRef("brief")
    told = Pair.objects.filter(brief=brief, provenance__startswith=FROM_DATA_SET)
    written = Q(Exists(Sample.objects.filter(brief=brief))) | Q(Exists(Preference.objects.filter(brief=brief)))
    return written | Q(Exists(told))


def settle_sides(voice: Voice) -> int:
    """Move briefs so that each cluster is on one side; says how many. What has been worked on stays where it is.

    The side is test if one of the cluster's briefs is frozen, or stays there, else that of the oldest pair, those
    worked on first.
    Where half of a document or more are copies, it is the same document again, and all of it goes with them.
    """
    clusters = clusters_of(voice)
    if not clusters.of:
        return 0
    home = {cluster: cluster for cluster in clusters.of.values()}

    def root(cluster: uuid.UUID) -> uuid.UUID:
        while home[cluster] != cluster:
            cluster = home[cluster] = home[home[cluster]]
        return cluster

    for joined in clusters.briefs.values():
        first, *others = sorted(joined)
        for other in others:
            home[root(other)] = root(first)
    groups: dict[uuid.UUID, list[Member]] = defaultdict(list)
    for one in members(copied(voice)):
        if cluster := clusters.of_text(one.passage, one.lineage):
            groups[root(cluster)].append(one)
    wanted: dict[uuid.UUID, str] = {}
    for own in groups.values():
        fixed = [one for one in own if one.is_used]
        is_tested = any(one.is_frozen for one in own) or any(one.split == "test" for one in fixed)
        side = "test" if is_tested else (fixed or own)[0].split
        wanted |= {one.brief: side for one in own if not one.is_used and not one.is_frozen and one.split != side}
    moved = move(wanted)
    return moved + move(followers(voice, clusters, {one.brief for own in groups.values() for one in own}))


def followers(voice: Voice, clusters: Clusters, settled: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Brief -> side for what else is in the documents that are copies of others by half or more."""
    sources = Copy.objects.filter(voice=voice, passage__isnull=False).values("passage__source")
    rows = Pair.objects.current().filter(voice=voice, passage__source__in=sources).exclude(status=Pair.Status.REJECTED)
    documents: dict[Document, list[Member]] = defaultdict(list)
    for one in members(rows.order_by()):
        documents[one.place].append(one)
    wishes: dict[uuid.UUID, set[str]] = defaultdict(set)
    for own in documents.values():
        told = Counter(one.split for one in own if clusters.of_text(one.passage, one.lineage))
        side = foremost(told) if told and 2 * told[foremost(told)] >= len(own) else ""
        for one in own:
            wishes[one.brief].add("" if one.is_used or one.is_frozen or one.brief in settled else side)
    return {brief: sides.pop() for brief, sides in wishes.items() if len(sides) == 1 and "" not in sides}


def move(wanted: Mapping[uuid.UUID, str]) -> int:
    moved = 0
    for side in ORDER:
        keys = [brief for brief, wish in wanted.items() if wish == side]
        for start in range(0, len(keys), 500):
            free = Brief.objects.filter(pk__in=keys[start : start + 500], is_frozen=False).exclude(split=side)
            moved += free.update(split=side)
    return moved


def document_of(pair: Pair) -> Document:
    assert pair.passage is not None
    return pair.passage.source_id, pair.passage.document, pair.passage.part


@dataclass
class Together:
    """What must not train, and what the rest belongs to."""

    left_out: set[uuid.UUID] = field(default_factory=set)
    """Pairs that are not on the side of their cluster or document."""
    tested: set[uuid.UUID] = field(default_factory=set)
    """Briefs outside the test split whose copy is on the test side as well."""
    bonds: dict[str, list[Bond]] = field(default_factory=dict)


def kept_together(voice: Voice, pairs: Sequence[Pair]) -> Together:
    """Look at the validated training and validation pairs, copies left out, with passage and source at hand.

    A cluster with a brief in the test split is on that side. A document is on the side of most of its pairs.
    """
    clusters = clusters_of(voice)
    found = Together()
    for brief, own in clusters.briefs.items():
        if any(clusters.is_tested(cluster) for cluster in own):
            found.tested.add(brief)
    sides: dict[Document, Counter[str]] = defaultdict(Counter)
    for pair in pairs:
        if pair.passage and pair.brief_id not in found.tested:
            sides[document_of(pair)][pair.brief.split] += 1
    if sides:
        tests = Pair.objects.validated().without_copies().filter(voice=voice, brief__split="test")
        places = tests.filter(passage__isnull=False).order_by()
        for place in places.values_list("passage__source", "passage__document", "passage__part"):
            sides[place]["test"] += 1
    for pair in pairs:
        document = document_of(pair) if pair.passage else None
        if pair.brief_id in found.tested or (document and foremost(sides[document]) != pair.brief.split):
            found.left_out.add(pair.pk)
            continue
        bonds = found.bonds[str(pair.pk)] = []
        if document and pair.passage:
            bonds.append((f"document {document}", f"are from one document of {pair.passage.source.name}"))
        if cluster := clusters.of_text(pair.passage_id, pair.lineage):
            bonds.append((f"cluster {cluster}", "are copies of one text"))
    return found
