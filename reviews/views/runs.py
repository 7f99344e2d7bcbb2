"""A voice's runs: the list with the retrain form, one run live, and its cancel button."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseStopPolling

from reviews import access, charts
from reviews.findings import SPACE, loss_finding, plural
from reviews.forms_runs import RetrainForm
from reviews.models import Item, Round
from reviews.retraining import cancel as cancel_run
from reviews.retraining import retrain
from reviews.views.lists import csv_response, searched
from reviews.views.page import render_page
from training.engine.errors import ConfigError
from training.models import ModelVersion, Origin, Pair, Run, Snapshot, Voice
from training.retraining import MINIMUM_PAIRS, CannotStart, same_data, suggested
from training.store import StoreError, read_manifest
from voicelab.roles import Can

STAGES = {
    "loading": "Loading the base model",
    "supervised": "Learning the voice",
    "preference": "Learning preferences",
    "writing": "Writing samples",
}


@require_http_methods(["GET", "HEAD", "POST"])
def runs(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.TRAIN if request.method == "POST" else Can.SEE)
    validated = Pair.objects.validated().filter(voice=found)
    counts = {
        "train": validated.filter(brief__split="train").count(),
        "validation": validated.filter(brief__split="validation").count(),
        "preferences": found.preferences.filter(brief__split="train").count(),
        "checked": found.preferences.filter(brief__split="validation").count(),
    }
    form = RetrainForm.suggested(suggested(found, counts["train"], {}))
    if request.method == "POST":
        form = RetrainForm(request.POST)
        if form.is_valid():
            try:
                run = retrain(found, user=request.user, config=form.config())
            except (CannotStart, ConfigError) as error:
                form.add_error(None, str(error))
            else:
                return redirect("run", client, voice, run.pk)
    search = searched(request)
    rows = found_by(search, found)
    if request.GET.get("format") == "csv":
        return csv_response(f"{found.slug}-runs", CSV, csv_rows(rows))
    can_start = access.may(found, Can.TRAIN) and not found.runs.unfinished().exists()
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    for row in page:
        row.by, row.took, row.trained_on = asked_by(row), duration(row.seconds), in_words(row.snapshot)
    context = {
        "voice": found,
        "form": form,
        "counts": counts,
        "missing": max(0, MINIMUM_PAIRS - counts["train"]),
        "minimum": MINIMUM_PAIRS,
        "can_start": can_start,
        "same": same_data(found) if can_start and not form.errors else None,
        "page": page,
        "search": search,
        "unfinished": found.runs.unfinished().first(),
        "here": "runs",
    }
    return render_page(request, "reviews/runs.html", context, status=422 if form.errors else 200)


def asked_by(run: Run) -> str:
    if run.requested_by:
        return run.requested_by.first_name or run.requested_by.get_username()
    return "VoiceLab" if run.origin == Origin.DEMO else "Command line"


def found_by(search: str, voice: Voice) -> Any:
    """The runs whose state, person or version the words name."""
    rows = voice.runs.select_related("requested_by", "snapshot", "version")
    if not search:
        return rows
    states = [value for value, label in Run.State.choices if search.casefold() in label.casefold()]
    named = Q(state__in=states) | Q(requested_by__first_name__icontains=search)
    number = search.casefold().removeprefix("version").strip()
    if number.isascii() and number.isdigit():
        named |= Q(version__number=int(number[:6]))
    return rows.filter(named)


CSV = ["started", "by", "state", "version", "training pairs", "validation pairs", "preferences", "seconds", "problem"]


def csv_rows(rows: Any) -> Iterator[list[object]]:
    for row in rows:
        counts, version = row.snapshot.counts, getattr(row, "version", None)
        yield [
            row.created_at,
            asked_by(row),
            row.get_state_display() + (", demo data" if row.origin == "demo" else ""),
            version.label if version else "",
            counts.get("supervised_train", 0),
            counts.get("supervised_validation", 0),
            counts.get("preferences_train", 0),
            "" if row.seconds is None else round(row.seconds),
            row.error,
        ]


@require_safe
def run(request: access.Request, client: str, voice: str, run: uuid.UUID) -> HttpResponse:
    found = access.voice_for(request, client, voice)
    row = access.run_for(found, run)
    progress = row.progress or {}
    step, steps = progress.get("step", 0), progress.get("steps", 0)
    version = ModelVersion.objects.filter(run=row).first()
    context = {
        "voice": found,
        "run": row,
        "progress": progress,
        "stage": STAGES.get(progress.get("stage", ""), "Getting ready"),
        "percent": round(100 * step / steps) if steps else None,
        "time_left": duration(progress.get("seconds_left")),
        "stalled": row.state == Run.State.RUNNING and row.lease_until is not None and row.lease_until < now(),
        "version": version,
        "trained_on": in_words(row.snapshot),
        "took": duration(row.seconds),
        "work": work_of(row) if row.state == Run.State.FINISHED else "",
        "made": facts_of(version) if version else {},
        "can_train": access.may(found, Can.TRAIN),
        "curves": list(curves(row)),
        "here": "runs",
    }
    response = render_page(request, "reviews/run.html", context, part="state")
    if request.htmx and row.is_over:
        # The page shows the result and its settings afresh; polling ends.
        stop = HttpResponseStopPolling(response.content)
        stop["HX-Refresh"] = "true"
        return stop
    return response


@require_POST
def cancel(request: access.Request, client: str, voice: str, run: uuid.UUID) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.TRAIN)
    row = access.run_for(found, run)
    row.voice = found
    if not cancel_run(row, user=request.user):
        messages.warning(request, "The run was over already.")
    return redirect("run", client, voice, row.pk)


def curves(run: Run) -> Iterator[dict[str, Any]]:
    """The learning curve of each stage so far."""
    points = list(run.losses.all())
    for stage in dict.fromkeys(point.stage for point in points):
        shown = [point for point in points if point.stage == stage]
        yield {
            "key": f"losses-{stage}",
            "stage": STAGES.get(stage, stage),
            "finding": loss_finding(shown, is_over=run.is_over),
            "figure": charts.losses(shown),
        }


def work_of(run: Run) -> str:
    """What the run asks of the copywriters; a version that writes what the one beside it wrote asks little."""
    purposes = set(run.rounds.values_list("purpose", flat=True))
    if not purposes:
        return ""
    if Round.Purpose.COMPARE not in purposes:
        return "It writes word for word what the version beside it wrote, so there is nothing to compare."
    items = Item.objects.filter(round__run=run, round__is_open=True, wanted__gt=0).order_by()
    waiting = {"score": 0, "compare": 0, **dict(items.values_list("round__purpose").annotate(count=Count("pk")))}
    if not any(waiting.values()):
        return ""
    return f"{plural(waiting['score'], 'text')} to score and {plural(waiting['compare'], 'brief')} to compare wait."


def facts_of(version: ModelVersion) -> dict[str, Any]:
    """What the adapter's manifest says; empty when its files are gone."""
    try:
        manifest = read_manifest(version.folder) if version.folder else {}
    except (StoreError, OSError):
        manifest = {}
    share = version.trainable_parameters / version.total_parameters if version.total_parameters else 0.0
    return {**manifest, "share": f"{100 * share:.1f}"}


def in_words(snapshot: Snapshot) -> str:
    """ "412 pairs, 3 preferences": what a run trains on."""
    counts = snapshot.counts
    pairs, preferences = counts.get("supervised_train", 0), counts.get("preferences_train", 0)
    return f"{plural(pairs, 'pair')}, {plural(preferences, 'preference')}"


def duration(seconds: float | None) -> str:
    """ "2 min 23 s", rounded to what matters."""
    if seconds is None:
        return ""
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    if hours:
        return f"{hours}{SPACE}h{SPACE}{minutes}{SPACE}min" if minutes else f"{hours}{SPACE}h"
    if minutes:
        return f"{minutes}{SPACE}min{SPACE}{rest}{SPACE}s" if rest else f"{minutes}{SPACE}min"
    return f"{rest}{SPACE}s"
