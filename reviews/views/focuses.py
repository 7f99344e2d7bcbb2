"""A voice's focuses: the list with what judgements suggest, a new one, and one with its pairs."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from reviews import access, candidates, focusing, rebriefing
from reviews.findings import plural
from reviews.focusing import Showing, asked_for, showing
from reviews.forms_focus import FocusForm, ShareForm, WriteForm
from reviews.suggesting import suggestions
from reviews.views.lists import csv_response, csv_stream, searched
from reviews.views.page import render_page
from training.corpus.focusing import RULES
from training.models import Focus, Pair, PairEntry
from voicelab.roles import Can

ROOM = {"here": "focuses", "room": "corpus"}
PER_PAGE = 50
KINDS = {"shown": "Show it", "out": "Taken out", "others": "Other pairs"}


@require_http_methods(["GET", "HEAD", "POST"])
def focuses(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    form = ShareForm(request.POST or None, initial={"share": found.machine_share})
    if request.method == "POST" and form.is_valid():
        focusing.set_share(found, request.user, form.cleaned_data["share"])
        messages.success(request, "Saved.")
        return redirect("focuses", client, voice)
    search = searched(request)
    rows = found.focuses.select_related("created_by")
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(looks_for__icontains=search) | Q(evidence__icontains=search))
    listed = list(rows)
    shown = showing(found, listed)
    if request.GET.get("format") == "csv":
        return csv_response(f"{found.slug}-focuses", HEADER, (csv_row(row, shown[row.pk]) for row in listed))
    context = {
        **ROOM,
        "voice": found,
        "rows": [(row, shown[row.pk]) for row in listed],
        "search": search,
        "suggestions": suggestions(found),
        "open": found.focuses.open().count(),
        "form": form,
        "written": found.pairs.validated().filter(made=Pair.Made.CANDIDATE).count(),
    }
    return render_page(request, "reviews/focuses.html", context, status=422 if form.errors else 200)


HEADER = ["focus", "from", "why", "weight", "validated", "to decide", "wanted", "state", "made", "by"]


def csv_row(row: Focus, shown: Showing) -> list[object]:
    by = row.created_by.username if row.created_by else ""
    state = "open" if row.is_open else "closed"
    counts = [len(shown.validated), len(shown.waiting), row.wanted]
    return [row.name, row.get_came_from_display(), row.evidence, row.weight, *counts, state, row.created_at, by]


@require_http_methods(["GET", "HEAD", "POST"])
def new_focus(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    given = {name: request.GET[name].replace("\0", "") for name in FocusForm.base_fields if name in request.GET}
    form = FocusForm(request.POST) if request.method == "POST" else FocusForm(initial=given)
    if request.method == "POST" and form.is_valid():
        try:
            focus = focusing.create(found, request.user, **form.cleaned_data)
            return redirect("focus", client, voice, focus.pk)
        except focusing.Taken as error:
            form.add_error("name", str(error))
    context = {**ROOM, "voice": found, "form": form, "evidence": form["evidence"].value() or ""}
    return render_page(request, "reviews/new_focus.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def focus(request: access.Request, client: str, voice: str, focus: uuid.UUID) -> HttpResponse | StreamingHttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    row = access.focus_for(found, focus)
    form = FocusForm(initial={name: getattr(row, name) for name in FocusForm.base_fields})
    if request.method == "POST":
        act, _, key = request.POST.get("act", "").partition(":")
        if act != "change":
            perform(request, row, act, key)
            return redirect(f"{request.path}?{request.GET.urlencode()}" if request.GET else request.path)
        form = FocusForm(request.POST)
        if form.is_valid():
            try:
                focusing.change(row, request.user, **form.changed_fields())
                messages.success(request, "Saved.")
                return redirect("focus", client, voice, row.pk)
            except focusing.Taken as error:
                form.add_error("name", str(error))
        row.refresh_from_db()
    if request.htmx:
        return render_page(
            request, "reviews/focus.html", {"voice": found, "focus": row, **writing(row)}, part="writing"
        )
    shown = showing(found, [row])[row.pk]
    kind = request.GET.get("kind", "shown")
    kind = kind if kind in KINDS else "shown"
    search = searched(request)
    keys = keys_of(row, shown, kind, search)
    if request.GET.get("format") == "csv":
        header = ["topic", "copy", "channel", "split", "state", "from"]
        return csv_stream(f"{found.slug}-focus", header, csv_rows(keys))
    page = Paginator(keys, PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        **ROOM,
        "voice": found,
        "focus": row,
        "form": form,
        "shown": shown,
        "rule": RULES.get(row.rule),
        "asked_for": asked_for(row, shown) if row.is_open else "",
        **writing(row),
        "at_once": rebriefing.AT_ONCE,
        "kind": kind,
        "kinds": KINDS.items(),
        "page": page,
        "pairs": in_order(list(page)),
        "search": search,
    }
    return render_page(request, "reviews/focus.html", context, status=422 if form.errors else 200)


def writing(row: Focus) -> dict[str, Any]:
    """How the last candidates of the focus come along, and what it takes to ask for some."""
    job = row.writings.select_related("version").first()
    live = row.voice.live
    return {"job": job, "total": len(job.briefs) if job else 0, "live": live, "write": WriteForm()}


def perform(request: access.Request, row: Focus, act: str, key: str) -> None:
    """One button of the page; what is asked for twice is done once."""
    if act == "close":
        if focusing.close(row, request.user):
            messages.success(request, "Closed: it weighs nothing any more.")
    elif act == "reopen":
        try:
            focusing.reopen(row, request.user)
        except focusing.Taken as error:
            messages.error(request, str(error))
    elif act == "write":
        form = WriteForm(request.POST)
        try:
            if not form.is_valid():
                raise candidates.CannotWrite("; ".join(map(str, form.errors["count"])))
            candidates.start(row, request.user, form.cleaned_data["count"])
        except candidates.CannotWrite as error:
            messages.error(request, str(error))
    elif act == "stop":
        job = row.voice.writings.unfinished().filter(pk=access.key_or_404(key)).first()
        if job and candidates.cancel(job, request.user):
            messages.success(request, "Stopped. What is written so far stays.")
    elif act == "rebrief":
        looked, proposed = rebriefing.rebrief_focus(row, showing(row.voice, [row])[row.pk].validated, request.user)
        said = f"{plural(proposed, 'second brief')} proposed for {plural(looked, 'pair')}."
        messages.success(request, said if looked else "Each pair that may have second briefs has them.")
    elif act in ("in", "out"):
        pair = access.pair_for(row.voice, access.key_or_404(key))
        focusing.choose(row, pair, request.user, is_in=act == "in")
        said = "Chosen" if act == "in" else "Taken out"
        messages.success(request, f"{said}: “{pair.brief.topic[:60]}”.")


def keys_of(row: Focus, shown: Showing, kind: str, search: str) -> Sequence[uuid.UUID]:
    """The pairs that the page lists: those that show it, those that people took out, or others to choose from."""
    mine = [*shown.validated, *shown.waiting]
    if kind == "out":
        out = row.chosen.filter(is_in=False).values("lineage")
        mine = list(row.voice.pairs.current().filter(lineage__in=out).values_list("pk", flat=True))
    if kind != "others" and not search:
        return mine
    entries = PairEntry.objects.filter(voice=row.voice).exclude(state=PairEntry.State.REJECTED).order_by("pk")
    entries = entries.matching(search) if search else entries
    held = set(mine)
    return [key for key in entries.values_list("pair_id", flat=True) if (key in held) == (kind != "others")]


def in_order(keys: Sequence[uuid.UUID]) -> list[Pair]:
    rows = Pair.objects.select_related("brief").in_bulk(keys)
    return [rows[key] for key in keys if key in rows]


def csv_rows(keys: Sequence[uuid.UUID]) -> Iterator[list[object]]:
    for start in range(0, len(keys), 500):
        for pair in in_order(keys[start : start + 500]):
            told = [pair.brief.channel, pair.brief.split, pair.get_status_display(), pair.get_made_display()]
            yield [pair.brief.topic, pair.output, *told]
