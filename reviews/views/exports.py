"""Downloads of a voice's data."""

from __future__ import annotations

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from reviews import access, exports
from reviews.views.page import render_page
from voicelab.roles import Can


@require_safe
def export(request: access.Request, client: str, voice: str, kind: str) -> HttpResponse | StreamingHttpResponse:
    found = access.voice_for(request, client, voice, Can.EXPORT)
    if kind not in exports.KINDS:
        raise Http404("There is no such download.")
    if not exports.count(found, kind):
        why = exports.KINDS[kind].empty
        return render_page(request, "reviews/export.html", {"voice": found, "why": why, "here": "voice"}, status=404)
    response = StreamingHttpResponse(exports.lines(found, kind), content_type="application/jsonl; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.slug}-{kind}.jsonl"'
    return response
