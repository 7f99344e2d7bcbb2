"""A voice's runs: the list with the retrain form, one run live, and its cancel button."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseStopPolling

from reviews import access, charts
from reviews.forms_runs import RetrainForm
from reviews.models import record
from reviews.views.lists import csv_response
from reviews.views.page import render_page
from training.engine.errors import ConfigError
from training.models import ModelVersion, Pair, Run
from training.retraining import MINIMUM_PAIRS, CannotStart, start_run, suggested
from voicelab.roles import Can


@require_http_methods(["GET", "HEAD", "POST"])
def runs(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.TRAIN if request.method == "POST" else Can.SEE)
    validated = Pair.objects.validated().filter(voice=found)
    counts = {
        "train": validated.filter(brief__split="train").count(),
        "validation": validated.filter(brief__split="validation").count(),
        "preferences": found.preferences.for_training().count(),
    }
    form = RetrainForm.suggested(suggested(found, counts["train"], {}))
    if request.method == "POST":
        form = RetrainForm(request.POST)
        if form.is_valid():
            try:
                run = start_run(found, user=request.user, config=form.config())
            except (CannotStart, ConfigError) as error:
                form.add_error(None, str(error))
            else:
                record("run.started", client=found.client, voice=found, user=request.user, run=str(run.pk))
                return redirect("run", client, voice, run.pk)
    search = request.GET.get("q", "").strip()
    rows = found.runs.select_related("requested_by", "snapshot", "version")
    if search:
        rows = rows.filter(Q(state__icontains=search) | Q(requested_by__first_name__icontains=search))
    if request.GET.get("format") == "csv":
        table = ([row.created_at, row.get_state_display(), row.seconds, row.error] for row in rows)
        return csv_response(f"{found.slug}-runs", ["started", "state", "seconds", "problem"], table)
    context = {
        "voice": found,
        "form": form,
        "counts": counts,
        "minimum": MINIMUM_PAIRS,
        "can_train": access.may(found, Can.TRAIN),
        "page": Paginator(rows, 50).get_page(request.GET.get("page")),
        "search": search,
        "unfinished": found.runs.unfinished().first(),
        "here": "runs",
    }
    return render_page(request, "reviews/runs.html", context, status=422 if form.errors else 200)


@require_safe
def run(request: access.Request, client: str, voice: str, run: uuid.UUID) -> HttpResponse:
    found = access.voice_for(request, client, voice)
    row = access.run_for(found, run)
    progress = row.progress or {}
    step, steps = progress.get("step", 0), progress.get("steps", 0)
    seconds_left = progress.get("seconds_left")
    context = {
        "voice": found,
        "run": row,
        "progress": progress,
        "percent": round(100 * step / steps) if steps else None,
        "time_left": str(timedelta(seconds=round(seconds_left))) if seconds_left is not None else "",
        "stalled": row.state == Run.State.RUNNING and row.lease_until is not None and row.lease_until < now(),
        "version": ModelVersion.objects.filter(run=row).first(),
        "can_train": access.may(found, Can.TRAIN),
        "losses": charts.losses(row.losses.all()),
        "here": "runs",
    }
    response = render_page(request, "reviews/run.html", context, part="state")
    if request.htmx and row.is_over:
        # The page shows the result and its chart afresh; polling ends.
        stop = HttpResponseStopPolling(response.content)
        stop["HX-Refresh"] = "true"
        return stop
    return response


@require_POST
def cancel(request: access.Request, client: str, voice: str, run: uuid.UUID) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.TRAIN)
    row = access.run_for(found, run)
    if row.request_cancel():
        record("run.cancelled", client=found.client, voice=found, user=request.user, run=str(row.pk))
        messages.success(request, "The run stops at its next step.")
    else:
        messages.warning(request, "The run was over already.")
    return redirect("run", client, voice, row.pk)
