"""A client's log: who did what, when and why."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from reviews import access
from reviews.views.lists import csv_response
from reviews.views.page import render_page
from voicelab.roles import Can


@require_safe
def log(request: access.Request, client: str) -> HttpResponse:
    found = access.client_for(request, client, Can.MANAGE)
    rows = found.log.select_related("user", "voice")
    search = request.GET.get("q", "").strip()
    if search:
        rows = rows.filter(
            Q(action__icontains=search) | Q(user__first_name__icontains=search) | Q(voice__name__icontains=search)
        )
    if request.GET.get("format") == "csv":
        table = (
            [row.created_at, row.user.username if row.user else "", row.voice.name if row.voice else "", row.action]
            + [", ".join(f"{key}: {value}" for key, value in row.data.items())]
            for row in rows.iterator()
        )
        return csv_response(f"{found.slug}-log", ["when", "who", "voice", "what", "details"], table)
    page = Paginator(rows, 100).get_page(request.GET.get("page"))
    return render_page(request, "reviews/log.html", {"client": found, "page": page, "search": search})
