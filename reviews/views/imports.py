"""Imports: the list, one of them live with what became of each file, and its cancel button."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseStopPolling

from reviews import access
from reviews.findings import plural
from reviews.imports import cancel
from reviews.views.lists import csv_response, searched
from reviews.views.page import render_page
from training.models import Import, ImportFile
from voicelab.roles import Can

State = ImportFile.State
IMPORTS_CSV = ["when", "from", "address", "by", "state", "imported", "refused", "here already", "pairs", "permission"]
CSV = ["name", "address", "outcome", "pairs", "reason", "rows left out", "source"]


@require_safe
def imports(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    rows = found.imports.select_related("requested_by")
    search = searched(request)
    if search:
        named = ImportFile.objects.filter(job__voice=found, name__icontains=search).values("job")
        rows = rows.filter(
            Q(pk__in=named)
            | Q(address__icontains=search)
            | Q(licence__icontains=search)
            | Q(requested_by__first_name__icontains=search)
        )
    if request.GET.get("format") == "csv":
        header = [
            "when",
            "from",
            "address",
            "by",
            "state",
            "imported",
            "refused",
            "here already",
            "pairs",
            "permission",
        ]
        return csv_response(f"{found.slug}-imports", header, map(import_row, counted(list(rows))))
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    counted(page.object_list)
    context = {"voice": found, "page": page, "search": search, "here": "sources", "room": "corpus"}
    return render_page(request, "reviews/imports.html", context)


def counted(jobs: Iterable[Import]) -> Iterable[Import]:
    """The imports, each with who asked for it and how its files came out, by one question for all of them."""
    shown = list(jobs)
    sums = ImportFile.objects.filter(job__in=shown).order_by().values("job", "state")
    found: dict[uuid.UUID, dict[str, int]] = {}
    for one in sums.annotate(files=Count("pk"), pairs=Sum("pairs")):
        counts = found.setdefault(one["job"], {})
        counts[one["state"]] = one["files"]
        counts["pairs"] = counts.get("pairs", 0) + one["pairs"]
    for job in shown:
        job.by, job.counts = by(job), found.get(job.pk, {})  # type: ignore[attr-defined]
    return shown


def import_row(job: Any) -> list[Any]:
    outcomes = [job.counts.get(state, 0) for state in (State.IMPORTED, State.REFUSED, State.KNOWN, "pairs")]
    return [
        job.created_at,
        job.get_origin_display(),
        job.address,
        job.by,
        job.get_state_display(),
        *outcomes,
        job.licence,
    ]


@require_safe
def importing(request: access.Request, client: str, voice: str, importing: uuid.UUID) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    job = access.import_for(found, importing)
    search, state = searched(request), request.GET.get("state", "")
    rows = job.files.select_related("source").defer("source__raw").order_by("position")
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(url__icontains=search) | Q(reason__icontains=search))
    if state in State.values:
        rows = rows.filter(state=state)
    if request.GET.get("format") == "csv":
        return csv_response(f"{found.slug}-import", CSV, map(csv_row, rows.iterator(chunk_size=1000)))
    counts = dict(job.files.order_by().values_list("state").annotate(count=Count("pk")))
    sums = job.files.aggregate(pairs=Sum("pairs", filter=Q(state=State.IMPORTED)), left_out=Sum("rows_left_out"))
    total, waiting = sum(counts.values()), counts.get(State.WAITING, 0)
    context = {
        "voice": found,
        "job": job,
        "by": by(job),
        "page": Paginator(rows, 100).get_page(request.GET.get("page")),
        "states": [(value, label, counts[value]) for value, label in State.choices if value in counts],
        "counts": counts,
        "total": total,
        "done": total - waiting,
        "at": job.files.filter(state=State.WAITING).order_by("position").first() if waiting else None,
        "pairs": sums["pairs"] or 0,
        "left_out": sums["left_out"] or 0,
        "stalled": job.state == Import.State.RUNNING and job.lease_until is not None and job.lease_until < now(),
        "to_decide": found.pairs.open().count() if job.is_over else 0,
        "search": search,
        "chosen": state,
        "here": "sources",
        "room": "corpus",
    }
    response = render_page(request, "reviews/importing.html", context, part="state")
    if request.htmx and job.is_over:
        # The page shows what became of each file afresh; polling ends.
        stop = HttpResponseStopPolling(response.content)
        stop["HX-Refresh"] = "true"
        return stop
    return response


@require_POST
def cancel_import(request: access.Request, client: str, voice: str, importing: uuid.UUID) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    job = access.import_for(found, importing)
    job.voice = found
    if not cancel(job, user=request.user):
        messages.warning(request, "The import was over already.")
    return redirect("importing", client, voice, job.pk)


def csv_row(file: ImportFile) -> list[Any]:
    source = file.source.name if file.source else ""
    left_out = "; ".join(file.left_out)
    if more := file.rows_left_out - len(file.left_out):
        left_out += f"; {plural(more, 'row')} more"
    return [file.name, file.url, file.get_state_display(), file.pairs, file.reason, left_out, source]


def by(job: Import) -> str:
    """Who asked for it."""
    if job.requested_by:
        return job.requested_by.first_name or job.requested_by.get_username()
    return "Command line" if job.origin == Import.Origin.COMMAND else "A deleted account"
