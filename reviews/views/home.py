"""A person's start: the voices of their clients, and what waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Avg, Count, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from reviews import access, queue, validation
from reviews.evidence import GOOD, Evidence
from reviews.findings import finding, plural
from reviews.models import Membership, Score, Task
from reviews.views.lists import searched
from reviews.views.page import render_page
from training.models import ModelVersion, Origin, Pair, Run, Voice
from voicelab.roles import Can, granted

MANY = 8
"""From so many voices on, the page offers a search."""


@require_safe
def home(request: access.Request) -> HttpResponse:
    search = searched(request)
    voices = access.voices_of(request.user)
    if search:
        voices = voices.filter(Q(name__icontains=search) | Q(client__name__icontains=search))
    rows = rows_of(request, list(voices))
    names = ("score", "compare", "decide", "validate")
    score, compare, decide, validate = (sum(row["waits"][name] for row in rows) for name in names)
    waits = {
        f"{score:,} to score": score,
        f"{compare:,} to compare": compare,
        f"{plural(decide, 'pair')} to decide": decide,
        f"{validate:,} to validate": validate,
    }
    context = {
        "rows": rows,
        "search": search,
        "is_searchable": bool(search) or len(rows) >= MANY,
        "waits": [words for words, count in waits.items() if count],
    }
    return render_page(request, "reviews/home.html", context)


def rows_of(request: access.Request, voices: Sequence[Voice]) -> list[dict[str, Any]]:
    """One card a voice, in a fixed number of queries."""
    roles: dict[int, set[str]] = {}
    for client, role in Membership.objects.filter(user=request.user, is_active=True).values_list("client", "role"):
        roles.setdefault(client, set()).add(role)
    progress, unread = queue.progress(request.user, voices), validation.unread(request.user, voices)
    pairs = {
        row["voice"]: row
        for row in Pair.objects.current()
        .filter(voice__in=voices)
        .order_by()
        .values("voice")
        .annotate(
            validated=Count("pk", filter=Q(status=Pair.Status.VALIDATED)),
            open=Count("pk", filter=Q(status__in=[Pair.Status.DRAFT, Pair.Status.PROPOSED])),
        )
    }
    flagged = Task.objects.filter(state=Task.State.FLAGGED, item__round__voice__in=voices, item__round__is_open=True)
    flags = dict(flagged.order_by().values_list("item__round__voice").annotate(n=Count("pk")))
    running = dict(Run.objects.unfinished().filter(voice__in=voices).values_list("voice", "pk"))
    live = live_evidence(voices)
    rows = []
    for voice in voices:
        score, compare = progress[voice.pk, "score"], progress[voice.pk, "compare"]
        can, known = granted(roles.get(voice.client_id, set())), pairs.get(voice.pk, {"validated": 0, "open": 0})
        waits = {
            "score": score.left if Can.JUDGE in can else 0,
            "compare": compare.left if Can.JUDGE in can else 0,
            "decide": known["open"] if Can.CURATE in can else 0,
            "validate": unread.get(voice.pk, 0) if Can.CURATE in can else 0,
        }
        rows.append(
            {
                "voice": voice,
                "waits": waits,
                "actions": actions(voice, can, waits),
                "held": score.held + compare.held if Can.JUDGE in can else 0,
                "flags": flags.get(voice.pk, 0) if Can.MANAGE in can else 0,
                "run": running.get(voice.pk),
                "live": live[voice.pk].version.label if voice.pk in live else "",
                "finding": finding(live[voice.pk], voice.alignment_target) if voice.pk in live else "",
                "pairs": known["validated"],
            }
        )
    return rows


def actions(voice: Voice, can: frozenset[Can] | set[Can], waits: dict[str, int]) -> list[tuple[str, str]]:
    """(words, address) of what this person can do for the voice, what waits for them first."""
    found = []
    if waits["score"]:
        found.append((f"Score {waits['score']:,}", "score"))
    if waits["compare"]:
        found.append((f"Compare {waits['compare']:,}", "compare"))
    if waits["decide"]:
        found.append((f"Decide {plural(waits['decide'], 'pair')}", "pairs"))
    if waits["validate"]:
        found.append((f"Validate {waits['validate']:,}", "validate"))
    if Can.CURATE in can and not found:
        found.append(("Import copy", "sources"))
    found.append(("Dashboard", "dashboard"))
    return [(words, reverse(name, args=[voice.client.slug, voice.slug])) for words, name in found]


def live_evidence(voices: Sequence[Voice]) -> dict[int, Evidence]:
    """Voice -> its live version with its scored texts. Two queries."""
    rows = {
        version.voice_id: Evidence(version) for version in ModelVersion.objects.filter(voice__in=voices, is_live=True)
    }
    counted = Q(origin=Origin.HUMAN) | Q(origin=Origin.DEMO, sample__version__voice__client__is_demo=True)
    texts = (
        Score.objects.filter(counted, sample__brief__is_frozen=True, sample__version__is_live=True)
        .filter(sample__version__voice__in=voices)
        .order_by()
        .values_list("sample__version__voice", "sample")
        .annotate(mean=Avg("brand_voice"))
    )
    for voice, _, mean in texts:
        rows[voice].scored += 1
        rows[voice].on_voice += mean >= GOOD
    return rows


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """For load balancers: the web process answers."""
    return HttpResponse("ok\n", content_type="text/plain")
