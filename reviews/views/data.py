"""Data in and out: downloads with their choices, data sets that were brought, and one of them before it comes in."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from reviews import access, datasets, exports
from reviews.forms_data import ROLE_NAMES, DataSetForm, ExportForm, ImportDataForm, MappingForm
from reviews.views.lists import csv_response, plural, searched
from reviews.views.page import render_page
from training.corpus.formats.detect import SHAPES
from training.corpus.reading.document import ReadError
from training.models import DataSet
from voicelab.roles import Can


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
                kept = datasets.bring(
                    found, request.user, file.name, file.read(), channel=values["channel"], licence=values["licence"]
                )
                return redirect("data_set", client, voice, kept.pk)
            except ReadError as error:
                form.add_error("file", f"{file.name}: {error}")
    search = searched(request)
    rows = found.data_sets.defer("raw").select_related("brought_by")
    if search:
        rows = rows.filter(name__icontains=search)
    if request.GET.get("format") == "csv" and may_import:
        header = ["name", "kind", "state", "pairs", "preferences", "refused", "permission", "brought by", "brought"]
        return csv_response(f"{found.slug}-data-sets", header, map(as_row, rows))
    context = {
        "voice": found,
        "form": form,
        "may_import": may_import,
        "downloads": downloads(found),
        "page": Paginator(rows, 50).get_page(request.GET.get("page")) if may_import else None,
        "search": search,
        "here": "data",
        "room": "corpus" if may_import else "",
    }
    return render_page(request, "reviews/data.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def data_set(request: access.Request, client: str, voice: str, data_set: uuid.UUID) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    row = access.data_set_for(found, data_set)
    form = MappingForm(row)
    if request.method == "POST":
        wish = request.POST.get("wish", "")
        try:
            if wish == "remove":
                found.data_sets.filter(pk=row.pk, imported_at=None, started_at=None).delete()
                messages.success(request, f"{row.name} is removed. Nothing of it was imported.")
                return redirect("data", client, voice)
            if wish == "read":
                form = MappingForm(row, request.POST)
                if form.is_valid():
                    datasets.read_again(row, channel=form.cleaned_data["otherwise"], mapping=form.mapping)
                    return redirect("data_set", client, voice, row.pk)
            elif wish == "import":
                outcome = datasets.import_data_set(row, request.user, trust=bool(request.POST.get("trust")))
                if outcome.pairs or outcome.preferences:
                    messages.success(request, f"{told(outcome.pairs, outcome.preferences)} imported.")
                else:
                    messages.warning(request, "Nothing was new: every row is here already, or was refused.")
                return redirect("data_set", client, voice, row.pk)
        except datasets.Busy:
            messages.warning(request, "It is being imported, or has been: look at what came in before you go on.")
            return redirect("data_set", client, voice, row.pk)
        except ReadError as error:
            messages.error(request, f"{row.name}: {error}")
            return redirect("data_set", client, voice, row.pk)
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
        **counted(row),
        "here": "data",
        "room": "corpus",
    }
    return render_page(request, "reviews/data_set.html", context, status=422 if form.errors else 200)


def downloads(voice: Any) -> list[tuple[str, int, str, ExportForm]]:
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


def counted(row: DataSet) -> dict[str, Any]:
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
    return {
        "what": told(shown.get("pairs", 0), shown.get("preferences", 0)),
        "pairs": counts.get("pairs", 0),
        "preferences": counts.get("preferences", 0),
        "refused_count": row.outcome["refused"] if row.imported_at else counts.get("refused", 0),
        "validated": counts.get("status: validated", 0),
        "tables": tables,
    }


def as_row(row: DataSet) -> list[object]:
    counts = row.outcome if row.imported_at else row.report.get("counts", {})
    shape = SHAPES[row.report["shape"]].name if row.report else ""
    person = (row.brought_by.first_name or row.brought_by.username) if row.brought_by else "Command line"
    state = "imported" if row.imported_at else "waiting"
    numbers = [counts.get(name, 0) for name in ("pairs", "preferences", "refused")]
    return [row.name, shape, state, *numbers, row.licence, person, row.created_at]
