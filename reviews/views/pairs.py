"""A voice's pairs."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from reviews import access, curation
from reviews.forms_corpus import CHANNEL_CHOICES
from reviews.views.lists import searched
from reviews.views.page import render_page
from training.corpus.brief import CHANNELS
from voicelab.roles import Can

STATES = {"open": "To decide", "validated": "Validated", "rejected": "Rejected"}


@require_safe
def pairs(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    current = found.pairs.current()
    counts = current.aggregate(
        open=Count("pk", filter=Q(status__in=["draft", "proposed"])),
        validated=Count("pk", filter=Q(status="validated")),
        rejected=Count("pk", filter=Q(status="rejected")),
    )
    state = request.GET.get("state", "open" if counts["open"] else "validated")
    state = state if state in STATES else "open"
    rows = current.select_related("brief").order_by("created_at", "id")
    rows = rows.filter(status__in=["draft", "proposed"]) if state == "open" else rows.filter(status=state)
    search = searched(request)
    if search:
        rows = rows.filter(Q(output__icontains=search) | Q(brief__topic__icontains=search))
    channel = request.GET.get("channel", "")
    if channel in CHANNELS:
        rows = rows.filter(brief__channel=channel)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {
        "voice": found,
        "page": page,
        "search": search,
        "channel": channel,
        "channels": CHANNEL_CHOICES,
        "state": state,
        "states": [(key, name, counts[key]) for key, name in STATES.items()],
        "can_download": bool(counts["validated"]),
        "next": curation.next_open(found),
        "here": "pairs",
        "room": "corpus",
    }
    return render_page(request, "reviews/pairs.html", context)
