"""How far a voice's corpus is, what it covers and what it lacks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from reviews import access, charts
from reviews.coverage import PACE_DAYS, Coverage, coverage_of, learning_curve
from reviews.findings import plural
from reviews.forms_coverage import MixForm
from reviews.missing import focus_requests, requests
from reviews.models import record
from reviews.views.lists import csv_response
from reviews.views.page import render_page
from training.metrics.learning_curve import MINIMUM, Curve
from training.models import Voice
from voicelab.roles import Can

STEP = 500
"""Pairs more that the learning curve is read at."""


@require_http_methods(["GET", "HEAD", "POST"])
def coverage(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    form = MixForm(request.POST if request.method == "POST" else None, voice=found)
    if request.method == "POST" and form.is_valid():
        set_mix(request, found, form)
        messages.success(request, "Saved.")
        return redirect("coverage", client, voice)
    covered = coverage_of(found)
    wanted = focus_requests(found)
    wanted += requests(covered, found.target_pairs, found.alignment_target, timezone.localdate().year)
    if request.GET.get("format") == "csv":
        return csv_response(f"{found.slug}-missing", ["what", "why"], [[one.ask, one.why] for one in wanted])
    curve = learning_curve(found, settings.BASE_MODEL)
    context: dict[str, Any] = {
        "voice": found,
        "form": form,
        "covered": covered,
        "percent": min(100, round(100 * covered.validated / found.target_pairs)) if found.target_pairs else 100,
        "pace": pace(covered, found.target_pairs),
        "requests": wanted,
        "lengths": charts.lengths(covered.lengths) if covered.validated else None,
        "curve": charts.learning(curve, STEP) if curve else None,
        "gain": gain(curve),
        "here": "coverage",
        "room": "corpus",
    }
    return render_page(request, "reviews/coverage.html", context, status=422 if form.errors else 200)


@transaction.atomic
def set_mix(request: access.Request, voice: Voice, form: MixForm) -> None:
    voice.target_pairs = form.cleaned_data["target"]
    voice.channel_mix = form.mix()
    voice.save(update_fields=["target_pairs", "channel_mix"])
    record(
        "corpus.target",
        client=voice.client,
        voice=voice,
        user=request.user,
        target=voice.target_pairs,
        mix=voice.channel_mix,
    )


def pace(covered: Coverage, target: int) -> str:
    """How long the rest takes at the pace of the last four weeks, in the unit that a person would use."""
    left = target - covered.validated
    if left <= 0:
        return "The target is reached."
    if not covered.pace:
        return f"Nothing was validated in the last {PACE_DAYS // 7} weeks."
    weeks = left / (covered.pace / (PACE_DAYS / 7))
    if weeks < 20:
        took = plural(max(1, round(weeks)), "week")
    elif weeks < 156:
        took = plural(round(weeks * 7 / 30.4), "month")
    else:
        took = "more than three years"
    return f"{covered.pace:,} were validated in the last {PACE_DAYS // 7} weeks; at that pace the rest takes {took}."


def gain(curve: Curve | None) -> str:
    """What the next pairs would bring, in a sentence that does not promise more than the runs showed."""
    if curve is None:
        return (
            f"Not known yet: {MINIMUM} finished runs on different numbers of pairs show how much the loss falls as "
            "pairs are added."
        )
    pairs, _ = curve.points[-1]
    loss, low, high = curve.expected(pairs + STEP)
    now = curve.at(pairs)
    if curve.exponent <= 0:
        return f"More pairs of the same kind have not helped: the loss did not fall over {len(curve.points)} runs."
    sure = "" if high < now else " The runs differ too much to be sure that it falls at all."
    return (
        f"{STEP} more pairs should bring the validation loss from {now:.2f} to {loss:.2f} ({low:.2f}-{high:.2f}), "
        f"{100 * (1 - loss / now):.0f} % less.{sure}"
    )
