"""One pair to accept, mend or reject."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from reviews import access, curation
from reviews.forms_corpus import PairForm, RejectForm
from reviews.views.page import render_page
from training.models import Pair
from voicelab.roles import Can


@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: access.Request, client: str, voice: str, pair: uuid.UUID) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    asked = access.pair_for(found, pair)
    row = newest(asked)
    row.voice = found
    form, reject, status = PairForm.of(row), RejectForm(), 200
    if request.method == "POST":
        is_reject = request.POST.get("act") == "reject"
        form, reject = (form, RejectForm(request.POST)) if is_reject else (PairForm(request.POST), reject)
        given = reject if is_reject else form
        if not given.is_valid():
            status = 422
        elif says(row, given):
            # What is asked for is so already: a double click, or a colleague who thought the same.
            return onward(request, client, voice, row, "Rejected." if is_reject else "Accepted.")
        elif row != asked or row.status != request.POST.get("seen", row.status):
            status = 409
        else:
            try:
                return onward(request, client, voice, row, decide(request, row, given))
            except curation.Stale:
                row, status = newest(access.pair_for(found, pair)), 409
    elif row != asked:
        return redirect("pair", client, voice, row.pk)
    context = {
        "voice": found,
        "pair": row,
        "form": form,
        "reject": reject,
        "is_stale": status == 409,
        "history": Pair.objects.filter(lineage=row.lineage).exclude(pk=row.pk).order_by("-revision"),
        "waiting": found.pairs.open().count(),
        "following": curation.next_open(found, after=row),
        "here": "pairs",
        "room": "corpus",
    }
    return render_page(request, "reviews/pair.html", context, status=status)


def newest(pair: Pair) -> Pair:
    if pair.is_current:
        return pair
    pairs = Pair.objects.current().select_related("brief", "passage__source", "decided_by")
    return pairs.get(lineage=pair.lineage)


def says(row: Pair, given: PairForm | RejectForm) -> bool:
    """Whether the pair stands already as this form asks."""
    if isinstance(given, RejectForm):
        return row.status == Pair.Status.REJECTED and row.reject_reason == given.cleaned_data["reason"]
    return row.status == Pair.Status.VALIDATED and given.is_unchanged(row)


def decide(request: access.Request, row: Pair, given: PairForm | RejectForm) -> str:
    """Do what the form asks and say so. Raises `Stale`."""
    if isinstance(given, RejectForm):
        curation.reject(row, request.user, given.cleaned_data["reason"])
        return "Rejected."
    if given.is_unchanged(row):
        curation.accept(row, request.user)
        return "Accepted."
    curation.revise(row, request.user, given.cleaned_data["brief"], given.cleaned_data["output"])
    return "Saved as a new revision, and accepted."


def onward(request: access.Request, client: str, voice: str, done: Pair, said: str) -> HttpResponse:
    """To the next pair that waits, or back to the list when none does."""
    following = curation.next_open(done.voice, after=done)
    messages.success(request, said if following else f"{said} Nothing else waits for a decision.")
    return redirect("pair", client, voice, following.pk) if following else redirect("pairs", client, voice)
