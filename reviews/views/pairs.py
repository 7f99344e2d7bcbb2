"""A voice's pairs: the list, and one pair to accept, mend or reject."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from reviews import access, curation
from reviews.forms_corpus import PairForm, RejectForm
from reviews.views.page import render_page
from training.models import Pair
from voicelab.roles import Can

STATES = {"open": "To decide", "validated": "Validated", "rejected": "Rejected"}


@require_safe
def pairs(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    current = found.pairs.current()
    counts = current.aggregate(
        open=Count("pk", filter=Q(status__in=["draft", "proposed"])),
        validated=Count("pk", filter=Q(status="validated")),
        rejected=Count("pk", filter=Q(status="rejected")),
    )
    state = request.GET.get("state", "open" if counts["open"] else "validated")
    state = state if state in STATES else "open"
    rows = current.select_related("brief").order_by("created_at", "id")
    rows = rows.filter(status__in=["draft", "proposed"]) if state == "open" else rows.filter(status=state)
    search = request.GET.get("q", "").strip()
    if search:
        rows = rows.filter(Q(output__icontains=search) | Q(brief__topic__icontains=search))
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {
        "voice": found,
        "page": page,
        "search": search,
        "state": state,
        "states": [(key, name, counts[key]) for key, name in STATES.items()],
        "next": curation.next_open(found),
        "here": "pairs",
    }
    return render_page(request, "reviews/pairs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: access.Request, client: str, voice: str, pair: uuid.UUID) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    row = access.pair_for(found, pair)
    row.voice = found
    form, reject = PairForm.of(row), RejectForm()
    if request.method == "POST":
        act = request.POST.get("act")
        try:
            if act == "reject":
                reject = RejectForm(request.POST)
                if reject.is_valid():
                    curation.reject(row, request.user, reject.cleaned_data["reason"])
                    return onward(request, client, voice, row, "Rejected.")
            else:
                form = PairForm(request.POST)
                if form.is_valid():
                    brief, output = form.cleaned_data["brief"], form.cleaned_data["output"].strip()
                    if brief == row.brief.content and output == row.output:
                        curation.accept(row, request.user)
                        return onward(request, client, voice, row, "Accepted.")
                    curation.revise(row, request.user, brief, output)
                    return onward(request, client, voice, row, "Saved as a new revision, and accepted.")
        except curation.Stale:
            messages.warning(request, "A colleague changed this pair meanwhile. Here is the next one.")
            return redirect("pairs", client, voice)
    history = Pair.objects.filter(lineage=row.lineage).exclude(pk=row.pk).order_by("-revision")
    waiting = found.pairs.open().count()
    context = {
        "voice": found,
        "pair": row,
        "form": form,
        "reject": reject,
        "history": history,
        "waiting": waiting,
        "here": "pairs",
    }
    return render_page(request, "reviews/pair.html", context, status=422 if form.errors or reject.errors else 200)


def onward(request: access.Request, client: str, voice: str, done: Pair, said: str) -> HttpResponse:
    """To the next pair that waits, or back to the list when none does."""
    following = curation.next_open(done.voice, after=done)
    messages.success(request, said if following else f"{said} Nothing else waits for a decision.")
    return redirect("pair", client, voice, following.pk) if following else redirect("pairs", client, voice)
