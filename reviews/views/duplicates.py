"""A voice's near-copies: the clusters, how their texts differ, and what people say about them."""

from __future__ import annotations

import os.path
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from reviews import access
from reviews.models import record
from reviews.views.edit import word_diff
from reviews.views.lists import csv_response, searched
from reviews.views.page import render_page
from training.deduplication import keep_instead, take_back, take_turns, tell_apart
from training.models import Copy, CopyDecision, DecidedText, Pair, Voice
from voicelab.roles import Can

AT_FIRST = 3
"""Copies of each cluster that the list shows; the cluster's own page has all."""
COMPARED = 400
"""Words of a text that are shown and compared."""
CHUNK = 500
STATES = {"": "Near-copies", "decided": "Decided by people"}
CSV = ["cluster", "kept", "similarity", "source", "title", "text"]


@dataclass
class Shown:
    """A text of a cluster or a decision as a page shows it."""

    row: Copy | DecidedText
    text: str
    pair: Pair | None
    diff: list[tuple[str, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        passage = self.row.passage
        topic = self.pair.brief.topic if self.pair else ""
        return (passage.title if passage else "") or topic or "Untitled"

    @property
    def alike(self) -> int:
        """Whole percent, rounded down, so that 100 is the same text."""
        return int(100 * self.row.similarity) if isinstance(self.row, Copy) else 0

    @property
    def differs(self) -> bool:
        return any(kind != "same" for kind, _ in self.diff)

    @property
    def source(self) -> str:
        return self.row.passage.source.name if self.row.passage else ""


@dataclass
class Cluster:
    kept: Shown
    copies: list[Shown]

    @property
    def more(self) -> int:
        return self.kept.row.size - 1 - len(self.copies) if isinstance(self.kept.row, Copy) else 0


@require_http_methods(["GET", "HEAD", "POST"])
def duplicates(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    if request.method == "POST":
        decide(request, found)
        return redirect(f"{request.path}?{request.GET.urlencode()}" if request.GET else request.path)
    search = searched(request)
    state = "decided" if request.GET.get("state") == "decided" else ""
    if request.GET.get("format") == "csv":
        rows = found.copies.all()
        if search:
            kept = rows.holding(search).values("pk")
            rows = rows.filter(Q(pk__in=kept) | Q(kept__in=kept))
        return csv_response(f"{found.slug}-duplicates", CSV, table(rows))
    kept_rows = found.copies.kept()
    decisions = found.copy_decisions.select_related("decided_by")
    if search:
        kept_rows = found.copies.holding(search)
        pairs = Pair.objects.current().filter(lineage=OuterRef("lineage"), output__icontains=search)
        texts = DecidedText.objects.filter(Q(passage__text__icontains=search) | Exists(pairs))
        decisions = decisions.filter(Exists(texts.filter(decision=OuterRef("pk"))))
    number = request.GET.get("page")
    of_decisions, of_clusters = Paginator(decisions, 20).get_page(number), Paginator(kept_rows, 20).get_page(number)
    context = {
        "voice": found,
        "page": of_decisions if state else of_clusters,
        "clusters": [] if state else clusters_of(list(of_clusters)),
        "decisions": texts_of(list(of_decisions)) if state else [],
        "search": search,
        "state": state,
        "states": STATES.items(),
        "kept": found.copies.kept().count(),
        "left_out": found.copies.left_out().count(),
        "decided": found.copy_decisions.count(),
        "here": "duplicates",
        "room": "corpus",
    }
    return render_page(request, "reviews/duplicates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def cluster(request: access.Request, client: str, voice: str, copy: uuid.UUID) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    kept = access.copy_for(found, copy)
    if request.method == "POST":
        decide(request, found)
        return redirect("duplicates", client, voice)
    page = Paginator(with_passages(kept.copies.order_by("-similarity", "pk")), 50).get_page(request.GET.get("page"))
    first, *others = shown([kept, *page.object_list])
    compare(first, others)
    context = {
        "voice": found,
        "cluster": Cluster(first, others),
        "page": page,
        "here": "duplicates",
        "room": "corpus",
    }
    return render_page(request, "reviews/cluster.html", context)


def decide(request: access.Request, voice: Voice) -> None:
    """Do what a person said, if what they saw still stands."""
    act, key = request.POST.get("act", ""), as_key(request.POST.get("key", "")) or uuid.UUID(int=0)
    with transaction.atomic():
        # Two people who decide on one cluster take turns; the second finds what the first left.
        take_turns(voice)
        if act == "back" and (decision := voice.copy_decisions.filter(pk=key).first()):
            take_back(decision)
            tell(request, voice, "copies.taken_back", f"Taken back: {decision.get_kind_display().lower()}.")
            return
        row = voice.copies.filter(pk=key).select_related("kept", "voice").first()
        if row and act == "keep" and row.kept:
            keep_instead(row, request.user)
            tell(request, voice, "copies.kept", "This one is kept from now on, the others are left out.")
        elif row and act == "apart" and not row.kept:
            tell_apart(row, request.user)
            tell(request, voice, "copies.apart", "They are no copies from now on; each is at work again.")
        elif row and act == "out" and row.kept:
            tell_apart(row.kept, request.user, only=row)
            tell(request, voice, "copies.apart", "It is no copy from now on, and at work again.")
        else:
            messages.info(request, "Nothing was changed: these texts were decided on, or looked at again, meanwhile.")


def tell(request: access.Request, voice: Voice, action: str, words: str) -> None:
    record(action, client=voice.client, voice=voice, user=request.user)
    messages.success(request, words)


def as_key(typed: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(typed)
    except ValueError:
        return None


def with_passages(rows: QuerySet[Copy]) -> QuerySet[Copy]:
    unread = ("source__raw", "original", "trace", "changes")
    return rows.select_related("passage__source").defer(*(f"passage__{name}" for name in unread))


def clusters_of(kept: list[Copy]) -> list[Cluster]:
    """The clusters of these kept texts, each with its first few copies, the likest first."""
    place = Window(RowNumber(), partition_by="kept", order_by=[F("similarity").desc(), F("pk")])
    keys = [row.pk for row in kept]
    firsts = Copy.objects.filter(kept__in=keys).annotate(place=place).filter(place__lte=AT_FIRST).values_list("pk")
    wanted = [*keys, *(pk for (pk,) in firsts.order_by("-similarity", "pk"))]
    rows = {row.pk: row for row in with_passages(Copy.objects.filter(pk__in=wanted))}
    found: dict[uuid.UUID, Cluster] = {}
    for one in shown(rows[pk] for pk in wanted if pk in rows):
        assert isinstance(one.row, Copy)
        if one.row.kept_id is None:
            found[one.row.pk] = Cluster(one, [])
        elif one.row.kept_id in found:
            found[one.row.kept_id].copies.append(one)
    for cluster in found.values():
        compare(cluster.kept, cluster.copies)
    return list(found.values())


def shown(rows: Iterable[Copy | DecidedText]) -> list[Shown]:
    """Each text with its current pair."""
    those = list(rows)
    passages = [row.passage_id for row in those if row.passage_id]
    lineages = [row.lineage for row in those if row.lineage]
    pairs: dict[uuid.UUID | None, Pair] = {}
    current = Pair.objects.current().filter(Q(passage__in=passages) | Q(lineage__in=lineages))
    for pair in current.select_related("brief").order_by("-created_at", "-pk"):
        pairs[pair.lineage] = pair
        if pair.passage_id:
            pairs[pair.passage_id] = pair
    found = []
    for row in those:
        answering = pairs.get(row.passage_id or row.lineage)
        text = row.passage.text if row.passage else answering.output if answering else ""
        found.append(Shown(row, text, answering))
    return found


def compare(kept: Shown, copies: list[Shown]) -> None:
    for one in copies:
        one.diff = differences(beginning(kept.text), beginning(one.text))


def differences(one: str, other: str) -> list[tuple[str, str]]:
    """What `word_diff` gives, quickly for texts that begin and end alike, as copies do."""
    same = len(os.path.commonprefix([one, other]))
    start = one.rfind(" ", 0, same) + 1
    alike = len(os.path.commonprefix([one[start:][::-1], other[start:][::-1]]))
    end = one.find(" ", len(one) - alike)
    left = len(one) - end if alike and end >= 0 else 0
    found = word_diff(one[start : len(one) - left], other[start : len(other) - left])
    whole = [("same", one[:start]), *found, ("same", one[len(one) - left :] if left else "")]
    return [(kind, text) for kind, text in whole if text]


def beginning(text: str) -> str:
    words = text.split(" ")
    return text if len(words) <= COMPARED else " ".join(words[:COMPARED]) + " …"


def texts_of(decisions: list[CopyDecision]) -> list[tuple[CopyDecision, list[Shown], int]]:
    """Each decision with the first of its texts, and how many more there are."""
    rows: dict[uuid.UUID, list[DecidedText]] = defaultdict(list)
    texts = DecidedText.objects.filter(decision__in=decisions).select_related("passage__source")
    unread = ("source__raw", "original", "trace", "changes")
    counts: dict[uuid.UUID, int] = defaultdict(int)
    for row in texts.defer(*(f"passage__{name}" for name in unread)).order_by("decision", "-side", "pk"):
        counts[row.decision_id] += 1
        if counts[row.decision_id] <= AT_FIRST:
            rows[row.decision_id].append(row)
    told = {id(one.row): one for one in shown(row for own in rows.values() for row in own)}
    return [
        (decision, [told[id(row)] for row in rows[decision.pk]], max(0, counts[decision.pk] - AT_FIRST))
        for decision in decisions
    ]


def table(rows: QuerySet[Copy]) -> Iterator[list[object]]:
    """The clusters as rows of a CSV, a few at a time."""
    numbers: dict[uuid.UUID, int] = {}
    together = with_passages(rows).order_by(Coalesce("kept", "pk"), "-size", "-similarity", "pk")
    coming = together.iterator(chunk_size=CHUNK)
    while some := list(islice(coming, CHUNK)):
        for one in shown(some):
            assert isinstance(one.row, Copy)
            number = numbers.setdefault(one.row.kept_id or one.row.pk, len(numbers) + 1)
            is_kept = "yes" if one.row.kept_id is None else "no"
            yield [number, is_kept, round(one.row.similarity, 3), one.source, one.name, one.text]
