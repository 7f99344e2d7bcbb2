"""Looking for near-copies among a voice's texts, and what people decide about them.

Called when an import is over and after cleaning again. It looks at all texts anew and changes only the rows of clusters
that have changed. What a person decided holds. Nothing is deleted or rejected: of each cluster one text is kept, the
others wait beside it.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from training.corpus.cleaning.rules import RULES
from training.corpus.duplicates import find_copies, similarity
from training.models import Copy, CopyDecision, DecidedText, Pair, Passage, Voice
from training.sides import Text, settle_sides

BATCH = 500
FLAGS = [rule.name for rule in RULES.values() if rule.flags]
Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Looked:
    """What a look found: texts looked at, clusters of two or more, copies left out, briefs moved to another split."""

    texts: int
    clusters: int
    left_out: int
    moved: int


@dataclass
class Found:
    """A text of a cluster, with what decides whether it is kept."""

    text: Text
    words: int = 0
    standing: int = 0
    """2 with a validated pair, 1 with one that waits, 0 without or with rejected ones alone."""
    is_ours: bool = False
    """A person wrote it: it has a pair that stands or waits and that the live version did not write."""
    blemishes: int = 0
    """Unexplained facts of its pair and flags of cleaning."""
    day: date = date.min
    content: str = ""

    def rank(self, chosen: int) -> tuple[int, bool, int, int, int, date, str]:
        return chosen, self.is_ours, self.standing, self.words, -self.blemishes, self.day, self.content


def find_duplicates(voice: Voice, told: Told | None = None) -> Looked:
    """Look for near-copies among all texts of the voice. `told` hears how many texts are read, and of how many."""
    texts = [*passages_of(voice), *lineages_of(voice)]
    hear = (lambda read: told(read, len(texts))) if told else None
    while True:
        decided = decisions(voice)
        clusters = find_copies(
            (text for batch in batches(texts, 2000) for text in written(batch)),
            lambda rows: written([texts[row] for row in rows]),
            apart=sides_of(texts, decided),
            told=hear,
        )
        found = [[texts[row] for row in cluster] for cluster in clusters]
        with transaction.atomic():
            take_turns(voice)
            if decisions(voice) == decided:  # or else somebody decided while we looked, and that holds
                store(voice, found, decided, voice.copies.all())
                moved = settle_sides(voice)
                return Looked(len(texts), len(found), sum(map(len, found)) - len(found), moved)


def take_turns(voice: Voice) -> None:
    """Wait for whoever else stores clusters of this voice, to the end of the transaction; imports go on meanwhile."""
    Voice.objects.select_for_update(no_key=True).get(pk=voice.pk)


def passages_of(voice: Voice) -> Iterator[Text]:
    rows = Passage.objects.of(voice).exclude(text="").order_by("pk").values_list("pk", flat=True)
    return ((pk, None) for pk in rows.iterator(chunk_size=5000))


def lineages_of(voice: Voice) -> Iterator[Text]:
    """Pairs that came without a passage; a rejected one is no copy that matters."""
    rows = Pair.objects.current().filter(voice=voice, passage__isnull=True).exclude(status=Pair.Status.REJECTED)
    return ((None, lineage) for lineage in rows.order_by("lineage").values_list("lineage", flat=True).iterator())


def batches(texts: Sequence[Text], size: int = BATCH) -> Iterator[Sequence[Text]]:
    return (texts[start : start + size] for start in range(0, len(texts), size))


def written(texts: Sequence[Text]) -> list[str]:
    """What these texts say, in their order; "" for one that has gone meanwhile."""
    said: dict[Text, str] = {}
    for batch in batches(texts):
        passages = Passage.objects.filter(pk__in=[passage for passage, _ in batch if passage])
        said |= {(pk, None): text for pk, text in passages.order_by().values_list("pk", "text")}
        pairs = Pair.objects.current().filter(lineage__in=[lineage for _, lineage in batch if lineage])
        said |= {(None, lineage): text for lineage, text in pairs.order_by().values_list("lineage", "output")}
    return [said.get(text, "") for text in texts]


@dataclass(frozen=True)
class Decisions:
    """What people decided: text -> decision -> side of those told apart, and text -> turn of those chosen to keep."""

    apart: dict[Text, dict[int, int]]
    keep: dict[Text, int]


def decisions(voice: Voice) -> Decisions:
    found = Decisions(defaultdict(dict), {})
    rows = DecidedText.objects.filter(decision__voice=voice).order_by("decision__decided_at", "decision")
    numbers: dict[uuid.UUID, int] = {}
    for key, kind, passage, lineage, side in rows.values_list(
        "decision", "decision__kind", "passage", "lineage", "side"
    ):
        number = numbers.setdefault(key, len(numbers) + 1)
        if kind == CopyDecision.Kind.APART:
            found.apart[passage, lineage][number] = side
        else:
            found.keep[passage, lineage] = number
    return found


def sides_of(texts: Sequence[Text], decided: Decisions) -> dict[int, dict[int, int]]:
    if not decided.apart:
        return {}
    return {row: decided.apart[text] for row, text in enumerate(texts) if text in decided.apart}


def store(voice: Voice, clusters: list[list[Text]], decided: Decisions, among: QuerySet[Copy]) -> None:
    """Put these clusters in the place of `among`; those that have not changed stay as they are."""
    known: dict[uuid.UUID, set[Text]] = defaultdict(set)
    kept_before: dict[uuid.UUID, Text] = {}
    for key, kept, passage, lineage in among.order_by().values_list("pk", "kept", "passage", "lineage"):
        known[kept or key].add((passage, lineage))
        if kept is None:
            kept_before[key] = (passage, lineage)
    at = {text: key for key, own in known.items() for text in own}
    fresh: list[Copy] = []
    left_out: list[Copy] = []
    for some in chunks(clusters):
        about = described([text for cluster in some for text in cluster])
        for cluster in some:
            # Not those that went, or changed to nothing, since they were read.
            own = [about[text] for text in cluster if about[text].content]
            if len(own) < 2:
                continue
            best = max(own, key=lambda one: one.rank(decided.keep.get(one.text, 0)))
            was = at.get(best.text)
            if was and known.get(was) == {one.text for one in own} and kept_before.get(was) == best.text:
                del known[was]
                continue
            row = Copy(voice=voice, size=len(own), passage_id=best.text[0], lineage=best.text[1])
            fresh.append(row)
            left_out += (
                Copy(
                    voice=voice,
                    kept=row,
                    similarity=similarity(best.content, one.content),
                    passage_id=one.text[0],
                    lineage=one.text[1],
                )
                for one in own
                if one is not best
            )
    stale = list(known)
    for start in range(0, len(stale), BATCH):
        some_stale = stale[start : start + BATCH]
        Copy.objects.filter(Q(pk__in=some_stale) | Q(kept__in=some_stale)).delete()
    Copy.objects.bulk_create(fresh, batch_size=BATCH)
    Copy.objects.bulk_create(left_out, batch_size=BATCH)


def chunks(clusters: list[list[Text]]) -> Iterator[list[list[Text]]]:
    waiting = iter(clusters)
    while some := list(islice(waiting, BATCH)):
        yield some


def described(texts: list[Text]) -> dict[Text, Found]:
    found = {text: Found(text, content=said) for text, said in zip(texts, written(texts), strict=True)}
    for one in found.values():
        one.words = len(one.content.split())
    for batch in batches(texts):
        passages = [passage for passage, _ in batch if passage]
        rows = Passage.objects.filter(pk__in=passages).order_by()
        flags = Count("touches", filter=Q(touches__rule__in=FLAGS))
        for pk, published, imported, flagged in rows.annotate(flags=flags).values_list(
            "pk", "published", "source__imported_at", "flags"
        ):
            one = found[pk, None]
            one.day, one.blemishes = published or imported.date(), flagged
        pairs = (
            Pair.objects.current()
            .order_by()
            .filter(Q(passage__in=passages) | Q(lineage__in=[lineage for _, lineage in batch if lineage], passage=None))
        )
        for passage, lineage, status, unexplained, made, day in pairs.values_list(
            "passage", "lineage", "status", "unexplained", "made", "created_at"
        ):
            one = found[(passage, None) if passage else (None, lineage)]
            standing = {Pair.Status.VALIDATED: 2, Pair.Status.REJECTED: 0}.get(Pair.Status(status), 1)
            one.standing, one.blemishes = max(one.standing, standing), one.blemishes + unexplained
            one.is_ours |= standing > 0 and made != Pair.Made.CANDIDATE
            one.day = one.day if passage else day.date()
    return found


@transaction.atomic
def tell_apart(kept: Copy, user: User, only: Copy | None = None) -> CopyDecision:
    """A person says that the texts of a cluster are no copies of one another, or that one of them is no copy."""
    decision = CopyDecision.objects.create(voice=kept.voice, kind=CopyDecision.Kind.APART, decided_by=user)
    rows = Copy.objects.filter(Q(pk=kept.pk) | Q(kept=kept)).order_by("pk")
    DecidedText.objects.bulk_create(
        DecidedText(
            decision=decision,
            passage_id=row.passage_id,
            lineage=row.lineage,
            side=number if only is None else int(row.pk == only.pk),
        )
        for number, row in enumerate(rows)
    )
    look_again(kept.voice, texts_of_clusters({kept.pk}))
    return decision


@transaction.atomic
def keep_instead(copy: Copy, user: User) -> CopyDecision:
    """A person says which text of its cluster to keep."""
    decision = CopyDecision.objects.create(voice=copy.voice, kind=CopyDecision.Kind.KEEP, decided_by=user)
    DecidedText.objects.create(decision=decision, passage_id=copy.passage_id, lineage=copy.lineage)
    look_again(copy.voice, texts_of_clusters({copy.kept_id or copy.pk}))
    return decision


@transaction.atomic
def take_back(decision: CopyDecision) -> None:
    """What was decided counts no more."""
    texts: set[Text] = set(decision.texts.values_list("passage", "lineage"))
    voice = decision.voice
    decision.delete()
    look_again(voice, texts)
    settle_sides(voice)  # clusters have only grown here; a part of one is on the side of the whole


def texts_of_clusters(keys: set[uuid.UUID]) -> set[Text]:
    rows = Copy.objects.filter(Q(pk__in=keys) | Q(kept__in=keys))
    return set(rows.order_by().values_list("passage", "lineage"))


def look_again(voice: Voice, texts: set[Text]) -> None:
    """Look at these texts anew, and at all that decisions or clusters connect them with."""
    take_turns(voice)
    decided = decisions(voice)
    told: dict[int, set[Text]] = defaultdict(set)
    for text, sides in decided.apart.items():
        for number in sides:
            told[number].add(text)
    cluster_of: dict[Text, uuid.UUID] = {}
    texts_in: dict[uuid.UUID, set[Text]] = defaultdict(set)
    rows = voice.copies.annotate(key=F("kept")).order_by()
    for pk, kept, passage, lineage in rows.values_list("pk", "kept", "passage", "lineage"):
        cluster_of[passage, lineage] = kept or pk
        texts_in[kept or pk].add((passage, lineage))
    reached: set[Text] = set()
    coming = set(texts)
    while coming:
        text = coming.pop()
        reached.add(text)
        near = set().union(*(told[number] for number in decided.apart.get(text, ())))
        if key := cluster_of.get(text):
            near |= texts_in[key]
        coming |= near - reached
    ordered = sorted(reached, key=str)
    said = written(ordered)
    clusters = find_copies(said, lambda rows: [said[row] for row in rows], apart=sides_of(ordered, decided))
    keys = {cluster_of[text] for text in reached if text in cluster_of}
    among = voice.copies.filter(Q(pk__in=keys) | Q(kept__in=keys))
    store(voice, [[ordered[row] for row in cluster] for cluster in clusters], decided, among)
