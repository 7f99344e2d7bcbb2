"""A person's last decisions on pairs, each to be taken back while it stands."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from reviews import access, undoing
from reviews.curation import Stale
from reviews.views.lists import csv_response, searched
from reviews.views.page import render_page
from voicelab.roles import Can


@require_http_methods(["GET", "HEAD", "POST"])
def decisions(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    if request.method == "POST":
        made = undoing.decision(request.user, found, request.POST.get("undo"))
        if made is None:
            messages.warning(request, "That decision is not among yours.")
            return redirect("decisions", client, voice)
        try:
            back = undoing.undo(made, request.user)
        except Stale:
            messages.warning(request, "It has been taken back or changed since, so it stays as it is now.")
            return redirect("decisions", client, voice)
        messages.success(request, f"Undone. “{back.brief.topic}” is {back.get_status_display().lower()} again.")
        return redirect("pair", client, voice, back.pk)
    rows = undoing.decisions(request.user, found)
    search = searched(request)
    if search:
        rows = [row for row in rows if search.casefold() in f"{row.pair.brief.topic}\n{row.pair.output}".casefold()]
    if request.GET.get("format") == "csv":
        header = ["when", "decision", "reason", "topic", "copy", "stands"]
        table = (
            [
                row.entry.created_at,
                row.said,
                row.reason,
                row.pair.brief.topic,
                row.pair.output,
                "yes" if row.stands else "no",
            ]
            for row in rows
        )
        return csv_response(f"{found.slug}-my-decisions", header, table)
    context = {
        "voice": found,
        "rows": rows,
        "search": search,
        "last": undoing.LAST,
        "here": "pairs",
        "room": "corpus",
    }
    return render_page(request, "reviews/decisions.html", context)
