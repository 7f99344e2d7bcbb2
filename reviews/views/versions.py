"""Promote a version, or roll back to an earlier one: both ask for a reason."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from reviews import access, promotion
from reviews.evidence import evidence_of, finding
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
            verb(row, user=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, f"{row.label} is live for {found} now.")
            return redirect("dashboard", client, voice)
    known = next(one for one in evidence_of(found) if one.version.pk == row.pk)
    context = {
        "voice": found,
        "version": row,
        "live": found.live,
        "finding": finding(known, found.alignment_target),
        "form": form,
        "act": act,
        "here": "dashboard",
    }
    return render_page(request, "reviews/promote.html", context, status=422 if form.errors else 200)
