"""A voice's imported copy: the list with the import form, and one source with its passages."""

from __future__ import annotations

import re
import uuid

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from reviews import access
from reviews.forms_imports import ImportForm
from reviews.views.lists import csv_response, searched
from reviews.views.page import render_page
from training.models import Import, PairEntry, Passage
from training.uploads import Upload, start_import
from voicelab.roles import Can


@require_http_methods(["GET", "HEAD", "POST"])
def sources(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    form = ImportForm.fresh()
    if request.method == "POST":
        form = ImportForm(request.POST, request.FILES)
        if form.is_valid():
            key, licence = form.cleaned_data["key"], form.cleaned_data["licence"]
            uploads, origin = uploads_of(form)
            channel = form.cleaned_data["channel"]
            job = start_import(
                found, uploads, key=key, origin=origin, user=request.user, licence=licence, channel=channel
            )
            return redirect("importing", client, voice, job.pk)
    search = searched(request)
    rows = found.sources.defer("raw").order_by("-imported_at", "name")
    if search:
        rows = rows.filter(name__icontains=search)
    if request.GET.get("format") == "csv":
        header = ["name", "kind", "passages", "permission", "address", "imported"]
        counted = rows.annotate(pieces=Count("passages"))
        table = ([row.name, row.kind, row.pieces, row.licence, row.url, row.imported_at] for row in counted)
        return csv_response(f"{found.slug}-sources", header, table)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    pieces = Passage.objects.filter(source__in=list(page)).order_by().values_list("source").annotate(Count("pk"))
    counts = dict(pieces)
    context = {
        "voice": found,
        "form": form,
        "page": page,
        "rows": [(row, counts.get(row.pk, 0)) for row in page],
        "search": search,
        "to_decide": PairEntry.objects.filter(voice=found, state=PairEntry.State.OPEN).without_copies(found).count(),
        "under_way": found.imports.unfinished().first(),
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


def uploads_of(form: ImportForm, name: str = "") -> tuple[list[Upload], str]:
    """All that the form brings, and where it is from. Pasted text is called `name`, or by its first words."""
    values = form.cleaned_data
    uploads = [Upload(path, file.chunks()) for path, file in form.named_files]
    origin = Import.Origin.FILES
    if address := values["address"]:
        origin = origin if uploads else Import.Origin.URL
        uploads.append(Upload(address, url=address))
    if pasted := values["pasted"].strip():
        origin = origin if uploads else Import.Origin.PASTED
        uploads.append(Upload(name or f"{first_words(pasted)}.txt", [pasted.encode()]))
    return uploads, origin


def first_words(text: str) -> str:
    """A name for text that was pasted: how it begins is a better topic than when it came."""
    return " ".join(re.sub(r"[^\w\s'’£$€%-]", "", text).split()[:8]) or "Pasted text"
