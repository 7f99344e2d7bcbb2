"""Data in and out: downloads with their choices, data sets that were brought, and one of them before it comes in."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseStopPolling

from reviews import access, datasets, exports
from reviews.findings import plural
from reviews.forms_data import ROLE_NAMES, DataSetForm, ExportForm, ImportDataForm, MappingForm
from reviews.views.lists import csv_response, searched
from reviews.views.page import render_page
from training.corpus.formats.detect import SHAPES
from training.corpus.reading.document import ReadError
from training.models import DataSet, DataSetJob, Voice
from voicelab.roles import Can

CUT_SHORT = {DataSetJob.State.CANCELLED.value: "Stopped", DataSetJob.State.FAILED.value: "Broke off"}


@require_http_methods(["GET", "HEAD", "POST"])
def data(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.EXPORT)
    may_import = access.may(found, Can.CURATE)
    form = DataSetForm()
    if request.method == "POST":
        if not may_import:
            raise PermissionDenied(f"To import data, ask a lead of {found.client} for the role annotator.")
        form = DataSetForm(request.POST, request.FILES)
        if form.is_valid():
            file, values = form.cleaned_data["file"], form.cleaned_data
            try:
                given = {"channel": values["channel"], "licence": values["licence"]}
                kept = datasets.bring(found, request.user, file.name, file.read(), **given)
                return redirect("data_set", client, voice, kept.pk)
            except ReadError as error:
                form.add_error("file", f"{file.name}: {error}")
    search = searched(request)
    rows = found.data_sets.defer("raw").select_related("brought_by")
    if search:
        rows = rows.filter(name__icontains=search)
    if request.GET.get("format") == "csv" and may_import:
        header = ["name", "kind", "state", "pairs", "preferences", "refused", "permission", "brought by", "brought"]
        return csv_response(f"{found.slug}-data-sets", header, map(as_row, with_states(list(rows))))
    page = Paginator(rows, 50).get_page(request.GET.get("page")) if may_import else None
    context = {
        "voice": found,
        "form": form,
        "may_import": may_import,
        "downloads": downloads(found),
        "page": page,
        "rows": with_states(list(page)) if page else [],
        "search": search,
        "here": "data",
        "room": "corpus" if may_import else "",
    }
    return render_page(request, "reviews/data.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def data_set(request: access.Request, client: str, voice: str, data_set: uuid.UUID) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    row = access.data_set_for(found, data_set)
    job = row.jobs.select_related("requested_by").first()
    form = MappingForm(row)
    if request.method == "POST":
        wish = request.POST.get("wish", "")
        try:
            if wish == "remove":
                datasets.remove(row)
                messages.success(request, f"{row.name} is removed.")
                return redirect("data", client, voice)
            if wish == "cancel" and not (job and datasets.cancel(job, request.user)):
                messages.warning(request, "It was over already.")
            if wish == "read":
                form = MappingForm(row, request.POST)
                if form.is_valid():
                    given = {"channel": form.cleaned_data["otherwise"], "mapping": form.mapping}
                    datasets.read_again(row, request.user, **given)
            elif wish == "import":
                datasets.import_data_set(row, request.user, trust=bool(request.POST.get("trust")))
        except datasets.Busy:
            messages.warning(request, "Somebody was quicker: this is how it stands now.")
        except ReadError as error:
            messages.error(request, f"{row.name}: {error}")
        if not form.errors:
            return redirect("data_set", client, voice, row.pk)
    if job and not job.is_over:
        return under_way(request, found, row, job)
    if request.htmx:  # what came of it is another page; polling ends
        return HttpResponseStopPolling(headers={"HX-Refresh": "true"})
    refused = row.outcome["reasons"] if row.imported_at else row.report.get("refused", [])
    if request.GET.get("format") == "csv":
        return csv_response(f"{found.slug}-refused", ["row", "field", "reason"], refused)
    context = {
        "voice": found,
        "data_set": row,
        "shape": SHAPES[row.report["shape"]] if row.report else None,
        "form": form,
        "trust": ImportDataForm(),
        "columns": [(ROLE_NAMES[role], column) for role, column in row.mapping.items()],
        "refused": refused,
        "job": job,
        "is_cut_short": job is not None and job.state in CUT_SHORT and job.kind == DataSetJob.Kind.IMPORT,
        **counted(row, job),
        "here": "data",
        "room": "corpus",
    }
    return render_page(request, "reviews/data_set.html", context, status=422 if form.errors else 200)


def under_way(request: access.Request, voice: Voice, row: DataSet, job: DataSetJob) -> HttpResponse:
    """How far the worker is."""
    stalled = job.state == DataSetJob.State.RUNNING and job.lease_until is not None and job.lease_until < now()
    context = {"voice": voice, "data_set": row, "job": job, "stalled": stalled, **counted(row, job)}
    return render_page(request, "reviews/data_job.html", {**context, "here": "data", "room": "corpus"}, part="state")


def with_states(rows: list[DataSet]) -> list[tuple[DataSet, str]]:
    """Each data set with how it stands, by one question for all of them."""
    jobs = DataSetJob.objects.filter(data_set__in=rows).order_by("created_at")
    last = {job.data_set_id: job for job in jobs}
    return [(row, state_of(row, last.get(row.pk))) for row in rows]


def downloads(voice: Voice) -> list[tuple[str, int, str, ExportForm]]:
    """(kind, rows, what to do when there are none, the form) of each download."""
    return [
        (name, exports.count(voice, exports.Choice(name)), kind.empty, ExportForm(name))
        for name, kind in exports.KINDS.items()
    ]


def told(pairs: int, preferences: int) -> str:
    """How many came in, in words."""
    parts = [plural(pairs, "pair")] if pairs else []
    parts += [plural(preferences, "preference")] if preferences else []
    return " and ".join(parts) or "Nothing"


def state_of(row: DataSet, job: DataSetJob | None) -> str:
    if row.imported_at:
        return "Imported"
    if job and not job.is_over:
        return "Being read" if job.kind == DataSetJob.Kind.LOOK else "Being imported"
    return CUT_SHORT[job.state] if job and job.state in CUT_SHORT else "Waits for you"


def counted(row: DataSet, job: DataSetJob | None) -> dict[str, Any]:
    """What the page says about the file's rows."""
    counts = row.report.get("counts", {})
    named = {
        "brief": ("its own", "to the letter", "the request", "the copy"),
        "split": ("train", "validation", "test", "by the brief"),
        "status": ("validated", "proposed", "draft", "rejected"),
    }
    tables = {
        kind: [(name, counts[f"{kind}: {name}"]) for name in names if f"{kind}: {name}" in counts]
        for kind, names in named.items()
    }
    shown = row.outcome if row.imported_at else counts
    came_in = job.outcome if job else {}
    return {
        "came_in_count": came_in.get("pairs", 0) + came_in.get("preferences", 0),
        "came_in": told(came_in["pairs"], came_in["preferences"]) if came_in else "",
        "total": sum(counts.get(name, 0) for name in ("pairs", "preferences", "refused")),
        "what": told(shown.get("pairs", 0), shown.get("preferences", 0)),
        "pairs": counts.get("pairs", 0),
        "preferences": counts.get("preferences", 0),
        "refused_count": row.outcome["refused"] if row.imported_at else counts.get("refused", 0),
        "validated": counts.get("status: validated", 0),
        "tables": tables,
    }


def as_row(shown: tuple[DataSet, str]) -> list[object]:
    row, state = shown
    counts = row.outcome if row.imported_at else row.report.get("counts", {})
    shape = SHAPES[row.report["shape"]].name if row.report else ""
    person = (row.brought_by.first_name or row.brought_by.username) if row.brought_by else "Command line"
    numbers = [counts.get(name, 0) for name in ("pairs", "preferences", "refused")]
    return [row.name, shape, state, *numbers, row.licence, person, row.created_at]
