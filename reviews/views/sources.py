"""A voice's imported copy: the list, the import, and one source with its passages."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from reviews import access
from reviews.forms_corpus import ImportForm
from reviews.models import record
from reviews.views.lists import csv_response, plural, searched
from reviews.views.page import render_page
from training.corpus.reading.document import MAXIMUM_ARCHIVE
from training.importing import Imported, import_files
from training.recleaning import look_across
from voicelab.roles import Can


@require_http_methods(["GET", "HEAD", "POST"])
def sources(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    form = ImportForm(request.POST or None, request.FILES or None)
    results: list[Imported] = []
    if request.method == "POST":
        form = ImportForm(request.POST, request.FILES)
        if form.is_valid():
            results = list(import_files(found, files_of(form), licence=form.cleaned_data["licence"]))
            good = [result for result in results if not result.problem]
            if good:
                look_across(found)
            made = sum(result.passages for result in good)
            record(
                "copy.imported",
                client=found.client,
                voice=found,
                user=request.user,
                files=len(good),
                pairs=made,
            )
            if len(good) == len(results) and not any(result.left_out for result in results):
                messages.success(request, f"{plural(made, 'pair')} proposed from {plural(len(good), 'file')}.")
                return redirect("sources", client, voice)
            form = ImportForm()
    search = searched(request)
    rows = found.sources.defer("raw").annotate(pieces=Count("passages")).order_by("-imported_at", "name")
    if search:
        rows = rows.filter(name__icontains=search)
    if request.GET.get("format") == "csv":
        table = ([row.name, row.kind, row.pieces, row.licence, row.imported_at] for row in rows)
        return csv_response(f"{found.slug}-sources", ["name", "kind", "passages", "permission", "imported"], table)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {
        "voice": found,
        "form": form,
        "results": results,
        "page": page,
        "search": search,
        "to_decide": found.pairs.open().count(),
        "here": "sources",
        "room": "corpus",
    }
    return render_page(request, "reviews/sources.html", context, status=422 if form.errors else 200)


@require_safe
def source(request: access.Request, client: str, voice: str, source: uuid.UUID) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    row = access.source_for(found, source)
    page = Paginator(row.passages.all(), 50).get_page(request.GET.get("page"))
    context = {"voice": found, "source": row, "page": page, "here": "sources", "room": "corpus"}
    return render_page(request, "reviews/source.html", context)


def files_of(form: ImportForm) -> Iterator[tuple[str, bytes]]:
    """One upload in memory at a time."""
    for file in form.cleaned_data["files"]:
        yield file.name, file.read(MAXIMUM_ARCHIVE + 1)
    if pasted := form.cleaned_data["pasted"].strip():
        yield f"{first_words(pasted)}.txt", pasted.encode()


def first_words(text: str) -> str:
    """A name for text that was pasted: how it begins is a better topic than when it came."""
    return " ".join(re.sub(r"[^\w\s'’£$€%-]", "", text).split()[:8]) or "Pasted text"
