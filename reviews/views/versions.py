"""Promote a version, or roll back to an earlier one: both ask for a reason."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from reviews import access, promotion
from reviews.evidence import evidence_of
from reviews.findings import finding, verdict_finding, wins_finding
from reviews.forms_runs import ReasonForm
from reviews.views.page import render_page
from voicelab.roles import Can


@require_http_methods(["GET", "HEAD", "POST"])
def promote(request: access.Request, client: str, voice: str, version: uuid.UUID) -> HttpResponse:
    return change(request, client, voice, version, "promote")


@require_http_methods(["GET", "HEAD", "POST"])
def roll_back(request: access.Request, client: str, voice: str, version: uuid.UUID) -> HttpResponse:
    return change(request, client, voice, version, "roll_back")


def change(request: access.Request, client: str, voice: str, version: uuid.UUID, act: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.PROMOTE)
    row = access.version_for(found, version)
    row.voice = found
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        form = ReasonForm(request.POST)
        if form.is_valid():
            verb = promotion.promote if act == "promote" else promotion.roll_back
            try:
                verb(row, user=request.user, reason=form.cleaned_data["reason"])
            except promotion.LiveAlready as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, f"{row.label} is live for {found} now.")
                return redirect("dashboard", client, voice)
    rows = evidence_of(found)
    known = next(one for one in rows if one.version.pk == row.pk)
    decided = promotion.verdict_of(row, rows) if act == "promote" else None
    context = {
        "voice": found,
        "version": row,
        "live": found.live,
        "finding": finding(known, found.alignment_target),
        "wins": wins_finding(known) if known.against else "",
        "verdict": verdict_finding(*decided[1:], known.against.label if known.against else "what is live")
        if decided
        else "",
        "form": form,
        "act": act,
        "here": "dashboard",
    }
    return render_page(request, "reviews/promote.html", context, status=422 if form.errors else 200)
