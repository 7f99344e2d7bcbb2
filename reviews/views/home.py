"""A person's start: the voices of their clients, and what waits for them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from reviews import access
from reviews.models import Item, Membership, Task
from reviews.views.page import render_page
from training.models import ModelVersion, Pair
from voicelab.roles import Can, granted


@require_safe
def home(request: access.Request) -> HttpResponse:
    search = request.GET.get("q", "").strip()
    voices = access.voices_of(request.user)
    if search:
        voices = voices.filter(Q(name__icontains=search) | Q(client__name__icontains=search))
    had = Task.objects.filter(item=OuterRef("pk"), reviewer=request.user).exclude(state=Task.State.LEASED)
    waiting = dict[tuple[int, str], int]()
    open_items = Item.objects.filter(round__is_open=True, wanted__gt=0, round__voice__in=voices).exclude(Exists(had))
    for voice, purpose, count in open_items.values_list("round__voice", "round__purpose").annotate(n=Count("pk")):
        waiting[voice, purpose] = count
    roles: dict[int, set[str]] = {}
    for client, role in Membership.objects.filter(user=request.user, is_active=True).values_list("client", "role"):
        roles.setdefault(client, set()).add(role)
    live = ModelVersion.objects.filter(voice=OuterRef("pk"), is_live=True).values("number")[:1]
    validated = (
        Pair.objects.validated()
        .filter(voice=OuterRef("pk"))
        .order_by()
        .values("voice")
        .annotate(n=Count("pk"))
        .values("n")
    )
    rows = [
        {
            "voice": voice,
            "can": granted(roles.get(voice.client_id, set())),
            "judge": Can.JUDGE in granted(roles.get(voice.client_id, set())),
            "to_score": waiting.get((voice.pk, "score"), 0),
            "to_compare": waiting.get((voice.pk, "compare"), 0),
            "live": voice.live_number,
            "pairs": voice.validated or 0,
        }
        for voice in voices.annotate(live_number=Subquery(live), validated=Subquery(validated))
    ]
    return render_page(request, "reviews/home.html", {"rows": rows, "search": search})


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """For load balancers: the web process answers."""
    return HttpResponse("ok\n", content_type="text/plain")
