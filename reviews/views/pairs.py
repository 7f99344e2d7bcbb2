"""A voice's pairs: the list with its filters, and the list as a CSV file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from reviews import access, curation
from reviews.filters import ALL, STATES, PairFilters
from reviews.models_lists import SavedView
from reviews.views.lists import LongPaginator, csv_stream, in_pieces, marked
from reviews.views.page import render_page
from training.corpus.searching import terms
from training.models import Pair, PairEntry, Voice
from voicelab.roles import Can

HEADER = ["topic", "copy", "channel", "split", "from", "state", "words", "unexplained facts", "source", "added"]
VIEWS = 12
"""Saved views that the list links to; their own page has all."""
OPEN, VALIDATED, REJECTED = PairEntry.State


@require_safe
def pairs(request: access.Request, client: str, voice: str) -> HttpResponse | StreamingHttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    filters = PairFilters(request.GET, found)
    counts = counts_of(found)
    state = filters.state_of(bool(counts[OPEN]))
    entries = filters.entries(state)
    if request.GET.get("format") == "csv":
        return csv_stream(f"{found.slug}-pairs", HEADER, csv_rows(entries))
    count = None if filters.is_narrow else counts[state]
    pages = LongPaginator(entries, pairs_of, is_search=bool(filters.search), count=count)
    page = pages.get_page(request.GET.get("page", 1))
    looked_for = terms(filters.search)
    context = {
        "voice": found,
        "page": page,
        "rows": [(row, marked(row.brief.topic, looked_for, 12), marked(row.output, looked_for, 16)) for row in page],
        "query": filters.query(state=state),
        "views": views_of(found, request.user, filters.query(state=state)),
        "filters": filters,
        "chips": filters.chips(),
        "state": state,
        "states": [(key, name, counts[key]) for key, name in STATES.items()],
        "validated": counts[VALIDATED],
        "copies": counts["copies"],
        "next": curation.next_open(found, user=request.user),
        "here": "pairs",
        "room": "corpus",
    }
    return render_page(request, "reviews/pairs.html", context)


def views_of(voice: Voice, user: User, query: str) -> list[tuple[SavedView, bool]]:
    """The saved views that the person sees, and whether each is the list of now."""
    rows = SavedView.objects.filter(voice=voice).seen_by(user).select_related("user")
    return [(row, row.query == query) for row in rows[:VIEWS]]


def counts_of(voice: Voice) -> dict[str, int]:
    """How many pairs are in each state, and in all. Near-copies of what is kept wait for no decision: see `copies`."""
    states = {state.value: Count("pk", filter=Q(state=state)) for state in PairEntry.State}
    counts = PairEntry.objects.filter(voice=voice).aggregate(**states, **{ALL: Count("pk")})
    copies = PairEntry.objects.filter(voice=voice, state=OPEN).left_out(voice).count()
    return {**counts, OPEN: counts[OPEN] - copies, "copies": copies}


def pairs_of(entries: QuerySet[PairEntry]) -> dict[int, Pair]:
    """The pairs of these entries, by the entries' keys, with no more of their passages than the sources' names."""
    rows = Pair.objects.filter(entry__in=entries).select_related("brief", "entry", "passage__source")
    large = ("source__raw", "original", "text", "trace", "changes")
    return {row.entry.pk: row for row in rows.defer(*(f"passage__{name}" for name in large))}


def csv_rows(entries: QuerySet[PairEntry]) -> Iterator[list[Any]]:
    for row in in_pieces(entries, pairs_of):
        brief, source = row.brief, row.passage.source.name if row.passage else ""
        told = [row.get_made_display(), row.get_status_display(), row.words, row.unexplained, source]
        yield [brief.topic, row.output, brief.channel, brief.get_split_display(), *told, row.created_at]
