"""Downloads of a voice's data."""

from __future__ import annotations

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from reviews import access, exports
from reviews.forms_data import ExportForm
from reviews.views.page import render_page
from training.corpus.formats.files import CONTAINERS
from voicelab.roles import Can


@require_safe
def export(request: access.Request, client: str, voice: str, kind: str) -> HttpResponse | StreamingHttpResponse:
    found = access.voice_for(request, client, voice, Can.EXPORT)
    if kind not in exports.KINDS:
        raise Http404("There is no such download.")
    context = {"voice": found, "here": "data", "room": "corpus" if access.may(found, Can.CURATE) else ""}
    form = ExportForm(kind, request.GET)
    if not form.is_valid():
        why = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return render_page(request, "reviews/export.html", {**context, "why": why, "wrong": True}, status=422)
    choice = form.cleaned_data["choice"]
    if not exports.count(found, choice):
        return render_page(request, "reviews/export.html", {**context, "why": form.empty}, status=404)
    media = CONTAINERS[choice.container]
    content_type = media if choice.container == "parquet" else f"{media}; charset=utf-8"
    response = StreamingHttpResponse(exports.pieces(found, choice), content_type=content_type)
    name = f"{found.slug}-{kind}" + (f"-{choice.shape}" if choice.shape != "prompt" else "")
    response["Content-Disposition"] = f'attachment; filename="{name}.{choice.container}"'
    return response
