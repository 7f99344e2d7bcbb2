"""What runs trained on: the snapshots of a voice, one of them, and where a source went."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from reviews import access, withdrawing
from reviews.findings import plural
from reviews.forms_coverage import WithdrawForm
from reviews.views.lists import csv_response, searched
from reviews.views.page import render_page
from training import tracing
from training.corpus.snapshot import SnapshotError, read_snapshot
from training.models import ModelVersion, Pair, Run, Snapshot, Voice
from training.retraining import MINIMUM_PAIRS
from voicelab.roles import Can

SHOWN = 50
"""Pairs of one kind of difference that the page shows; the download has all."""
HEADER = ["difference", "topic", "channel", "split", "copy", "copy before"]


@require_safe
def snapshots(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    rows = with_versions(found)
    search = searched(request)
    if search:
        rows = rows.filter(
            Q(digest__istartswith=search) | Q(runs__version__number__iexact=search.lower().removeprefix("version "))
        ).distinct()
    if request.GET.get("format") == "csv":
        header = ["snapshot", "made", "training pairs", "validation pairs", "preferences", "versions"]
        return csv_response(f"{found.slug}-snapshots", header, csv_rows(rows))
    page = Paginator(rows, 20).get_page(request.GET.get("page"))
    listed = list(page)
    before = dict(zip(listed, listed[1:], strict=False))
    context: dict[str, Any] = {
        "voice": found,
        "page": page,
        "rows": [
            (row, versions_of(row), tracing.counts(before[row], row) if row in before else None) for row in listed
        ],
        "search": search,
        "here": "snapshots",
        "room": "corpus",
    }
    return render_page(request, "reviews/snapshots.html", context)


def with_versions(voice: Voice) -> Any:
    runs = Run.objects.select_related("version").order_by("created_at")
    return voice.snapshots.prefetch_related(Prefetch("runs", runs)).order_by("-created_at")


def versions_of(snapshot: Snapshot) -> list[ModelVersion]:
    return [run.version for run in snapshot.runs.all() if hasattr(run, "version")]


def csv_rows(rows: Any) -> Iterator[list[object]]:
    for row in rows:
        counts = row.counts
        figures = [counts.get(name, 0) for name in ("supervised_train", "supervised_validation", "preferences_train")]
        yield [row.digest, row.created_at, *figures, ", ".join(one.label for one in versions_of(row))]


@require_safe
def snapshot(request: access.Request, client: str, voice: str, snapshot: uuid.UUID) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    row = access.snapshot_for(found, snapshot)
    others = list(with_versions(found).exclude(pk=row.pk))
    chosen = chosen_of(others, row, request.GET.get("against", ""))
    difference = tracing.compare(chosen, row) if chosen else None
    if request.GET.get("format") == "csv" and difference:
        return csv_response(f"{found.slug}-snapshot-{row.digest[:8]}", HEADER, difference_rows(difference))
    context: dict[str, Any] = {
        "voice": found,
        "snapshot": row,
        "versions": versions_of(row),
        "notes": list(dict.fromkeys(note for run in row.runs.all() for note in run.data_notes)),
        "others": [(one, versions_of(one)) for one in others],
        "against": chosen,
        "difference": difference,
        "shown": SHOWN,
        "trace": tracing.trace(row),
        "checked": checked(row) if "check" in request.GET else "",
        "here": "snapshots",
        "room": "corpus",
    }
    return render_page(request, "reviews/snapshot.html", context)


def chosen_of(others: list[Snapshot], row: Snapshot, asked: str) -> Snapshot | None:
    """The one that is asked for, else the one before this."""
    named = next((one for one in others if str(one.pk) == asked), None)
    return named or next((one for one in others if one.created_at < row.created_at), None)


def difference_rows(difference: tracing.Comparison) -> Iterator[list[object]]:
    def told(kind: str, pair: Pair, before: str = "") -> list[object]:
        return [kind, pair.brief.topic, pair.brief.channel, pair.brief.split, pair.output, before]

    yield from (told("added", pair) for pair in difference.added)
    yield from (told("removed", pair) for pair in difference.removed)
    yield from (told("changed", change.after, change.before.output) for change in difference.changed)


def checked(row: Snapshot) -> str:
    """Whether the files are still what the hash says, in a sentence."""
    folder = settings.SNAPSHOTS / row.digest
    if not folder.exists():
        return "Its files are not on this machine; they came with the demo or lie on another volume."
    try:
        read_snapshot(folder)
    except SnapshotError as error:
        return str(error)
    return "The files hold exactly the rows of this hash."


@require_http_methods(["GET", "HEAD", "POST"])
def source_use(request: access.Request, client: str, voice: str, source: uuid.UUID) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    row = access.source_for(found, source)
    row.voice = found
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and request.POST.get("act") == "bring_back":
        back = withdrawing.bring_back(row, request.user)
        messages.success(request, f"{plural(back, 'pair')} of {row.name} may train again.")
        return redirect("source_use", client, voice, row.pk)
    if request.method == "POST" and form.is_valid():
        taken = withdrawing.withdraw(row, request.user, form.cleaned_data["reason"])
        messages.success(request, f"{plural(taken, 'pair')} of {row.name} will train no more.")
        return redirect("source_use", client, voice, row.pk)
    mine = withdrawing.pairs_of(row)
    validated = found.pairs.validated().count()
    context: dict[str, Any] = {
        "voice": found,
        "source": row,
        "form": form,
        "mine": mine,
        "validated": validated,
        "left": validated - mine["validated"],
        "minimum": MINIMUM_PAIRS,
        "snapshots": list(tracing.snapshots_with(row)),
        "versions": list(tracing.versions_with(row)),
        "here": "sources",
        "room": "corpus",
    }
    return render_page(request, "reviews/source_use.html", context, status=422 if form.errors else 200)
