"""A voice's suggestions of spelling and grammar: by kind and word, each place in its sentence."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseStopPolling

from reviews import access
from reviews.views.lists import csv_response, searched
from reviews.views.page import render_page
from reviews.views.suggestion_acts import decide
from training.cleaning import base_of
from training.corpus.cleaning.corrections import RULE
from training.corpus.grammar import DIALECTS, IN_WORDS, KINDS, QUIET, Kind
from training.models import Suggestion, Voice
from training.models.suggestions import SuggestionQuerySet
from training.proofreading import left_and_others
from voicelab.roles import Can

GROUPS, SHOWN, PLACES = 20, 3, 50
"""Words on a page, places shown of each, and places on the page of one word."""
AROUND = 90
SENTENCE_END = re.compile(r"[.!?…]\s|\n")
ORDER = Case(*(When(kind=name, then=Value(number)) for number, name in enumerate(KINDS)), output_field=IntegerField())


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to."""

    search: str
    kind: str
    state: str
    word: str
    passage: uuid.UUID | None

    @classmethod
    def of(cls, query: QueryDict, search: str) -> Asked:
        def one_of(name: str, choices: Any, default: str = "") -> str:
            return query.get(name, default) if query.get(name, default) in choices else default

        try:
            passage = uuid.UUID(query.get("passage", ""))
        except ValueError:
            passage = None
        state = one_of("state", Suggestion.State.values, Suggestion.State.OPEN)
        return cls(search, one_of("kind", KINDS), state, query.get("word", "").replace("\0", ""), passage)

    def rows(self, voice: Voice) -> SuggestionQuerySet:
        rows = voice.suggestions.filter(state=self.state)
        if self.kind:
            rows = rows.filter(kind=self.kind)
        elif not self.passage and self.state == Suggestion.State.OPEN:
            rows = rows.loud()
        if self.word:
            rows = rows.filter(key=self.word)
        if self.passage:
            rows = rows.filter(passage=self.passage)
        if self.search:
            rows = rows.filter(Q(key__contains=self.search.casefold()) | Q(replacement__icontains=self.search))
        return rows


@dataclass
class Group:
    """One word, or several, of one kind: how often, and the first places."""

    kind: str
    key: str
    places: int
    shown: list[Place] = field(default_factory=list)

    @property
    def label(self) -> Kind:
        return KINDS[self.kind]

    @property
    def may_be_ours(self) -> bool:
        return self.kind in IN_WORDS


@dataclass(frozen=True)
class Place:
    """One suggestion in its sentence: what stands before, the words, what stands after."""

    row: Suggestion
    before: str
    words: str
    after: str


@require_http_methods(["GET", "HEAD", "POST"])
def suggestions(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    if request.method == "POST":
        return decide(request, found)
    if request.htmx:
        state = looking(found)
        if not state["running"]:  # what was found is the rest of the page; polling ends
            return HttpResponseStopPolling(headers={"HX-Refresh": "true"})
        return render_page(request, "reviews/suggestions.html", state, part="looking")
    asked = Asked.of(request.GET, searched(request))
    rows = asked.rows(found)
    if request.GET.get("format") == "csv":
        header = ["kind", "words", "suggested", "accepted", "state", "sentence", "source", "title"]
        return csv_response(f"{found.slug}-suggestions", header, csv_rows(rows))
    is_list = bool(asked.word or asked.passage)
    listed: QuerySet[Suggestion, Any] = places_of(rows) if is_list else groups_of(rows)
    page = Paginator(listed, PLACES if is_list else GROUPS).get_page(request.GET.get("page"))
    groups = [] if is_list else with_places(rows, [Group(one["kind"], one["key"], one["places"]) for one in page])
    told = found.suggestions.open().order_by().values("kind").annotate(places=Count("pk"))
    counts = {row["kind"]: row["places"] for row in told}
    context = {
        **looking(found),
        "asked": asked,
        "page": page,
        "groups": groups,
        "places": [in_sentence(row) for row in page] if is_list else [],
        "word": asked.word,
        "kinds": [(name, kind, counts.get(name, 0)) for name, kind in KINDS.items()],
        "open": sum(count for name, count in counts.items() if name not in QUIET),
        "decided": found.suggestions.exclude(state=Suggestion.State.OPEN).exists(),
        "named": KINDS.get(asked.kind),
        "count_of_kind": counts.get(asked.kind, 0),
        "states": Suggestion.State.choices,
        "dialects": DIALECTS.items(),
        "is_off": RULE in found.rules_off,
        "done": act_of(found, request.GET.get("done", "")),
        "here": "suggestions",
        "room": "corpus",
    }
    return render_page(request, "reviews/suggestions.html", context)


def looking(voice: Voice) -> dict[str, Any]:
    """How far the look at the voice's copy has come."""
    last = voice.proofreadings.first()
    left, others = left_and_others(voice)
    running = last if last and last.state in ("queued", "running") else None
    of = max(running.passages, left) if running else left
    told = {"left": left, "others": others, "of": of, "looked": of - left}
    return {"voice": voice, "running": running, "last": last, **told}


def act_of(voice: Voice, key: str) -> dict[str, Any] | None:
    """What was just decided, to offer to take it back."""
    try:
        rows = voice.suggestions.filter(act=uuid.UUID(key))
    except ValueError:
        return None
    count = rows.count()
    return {"key": key, "places": count, "state": rows[0].get_state_display().lower()} if count else None


def groups_of(rows: SuggestionQuerySet) -> QuerySet[Suggestion, dict[str, Any]]:
    told = rows.order_by().values("kind", "key").annotate(places=Count("pk"))
    return told.order_by(ORDER, "-places", "key")


def places_of(rows: SuggestionQuerySet) -> QuerySet[Suggestion]:
    return with_passages(rows).order_by(ORDER, "key", "id")


def with_passages(rows: SuggestionQuerySet) -> SuggestionQuerySet:
    needed = [f"passage__{name}" for name in ("text", "trace", "title", "source__name")]
    fields = [one.name for one in Suggestion._meta.fields if one.name not in ("passage", "voice", "decided_by")]
    person = [f"decided_by__{name}" for name in ("first_name", "username")]
    rows = rows.select_related("passage__source", "decided_by")
    return rows.only(*fields, "voice_id", "passage_id", *needed, *person)


def with_places(rows: SuggestionQuerySet, groups: list[Group]) -> list[Group]:
    """The first few places of each group, in one query."""
    known = {(group.kind, group.key): group for group in groups}
    if not groups:
        return []
    wanted = Q()
    for kind in {group.kind for group in groups}:
        wanted |= Q(kind=kind, key__in=[group.key for group in groups if group.kind == kind])
    rank = Window(RowNumber(), partition_by=[F("kind"), F("key")], order_by="id")
    firsts = rows.filter(wanted).annotate(rank=rank).filter(rank__lte=SHOWN).order_by("id").values("pk")
    for row in with_passages(Suggestion.objects.filter(pk__in=[one["pk"] for one in firsts])):
        known[row.kind, row.key].shown.append(in_sentence(row))
    return groups


def in_sentence(row: Suggestion) -> Place:
    """The sentence around the words, shortened where it is long."""
    text = base_of(row.passage)
    starts = [match.end() for match in SENTENCE_END.finditer(text, 0, row.start)]
    start = max([0, row.start - AROUND, *(at for at in starts if at <= row.start)])
    stop = SENTENCE_END.search(text, row.end)
    end = min(len(text), row.end + AROUND, stop.start() + 1 if stop else len(text))
    before, after = text[start : row.start].lstrip(), text[row.end : end].rstrip()
    if start == row.start - AROUND:
        before = f"…{before.partition(' ')[2]}"
    if end == row.end + AROUND:
        after = f"{after.rpartition(' ')[0]}…"
    return Place(row, before, text[row.start : row.end], after)


def csv_rows(rows: SuggestionQuerySet) -> Iterator[list[object]]:
    for row in places_of(rows).iterator(chunk_size=500):
        place = in_sentence(row)
        sentence = f"{place.before}{place.words}{place.after}"
        names = [row.passage.source.name, row.passage.title]
        suggested = " / ".join(row.replacements)
        state = row.get_state_display()
        yield [KINDS[row.kind].label, row.words, suggested, row.replacement, state, sentence, *names]
