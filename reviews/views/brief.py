"""One brief as each version wrote it, beside the client's own copy."""

from __future__ import annotations

import uuid

from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from reviews import access
from reviews.evidence import origins
from reviews.models import Score, Task
from reviews.views.page import render_page
from training.models import Brief, Pair, Voice
from voicelab.roles import Can


@require_safe
def brief(request: access.Request, client: str, voice: str, brief: uuid.UUID) -> HttpResponse:
    found = access.voice_for(request, client, voice)
    row = get_object_or_404(found.briefs, pk=brief)
    may_look = access.may(found, Can.PROMOTE)
    context = {"voice": found, "brief": row.content, "row": row, "may_look": may_look, "here": "dashboard"}
    if waits_for(request, found, row) and not (may_look and "look" in request.GET):
        return render_page(request, "reviews/brief.html", {**context, "is_blind": True})
    samples = row.samples.filter(version__voice=found).select_related("version").order_by("version__number", "seed")
    scores = Score.objects.filter(sample__in=samples, origin__in=origins(found)).select_related("reviewer")
    ratings: dict[object, list[Score]] = {}
    for score in scores.order_by("created_at"):
        ratings.setdefault(score.sample_id, []).append(score)
    context |= {
        "texts": [(sample, ratings.get(sample.pk, [])) for sample in samples],
        "references": [(title(pair), pair) for pair in Pair.objects.validated().filter(brief=row)],
        "following": following(found, row),
    }
    return render_page(request, "reviews/brief.html", context)


def waits_for(request: access.Request, voice: Voice, brief: Brief) -> bool:
    """Whether this person has still to judge a text of the brief without knowing who wrote it.

    A lead, who decides on more than texts, may look all the same.
    """
    if not access.may(voice, Can.JUDGE):
        return False
    had = Task.objects.filter(item=OuterRef("pk"), reviewer=request.user).exclude(state=Task.State.LEASED)
    waiting = access.items_of(voice).filter(round__is_open=True, wanted__gt=0, sample__brief=brief)
    return waiting.exclude(Exists(had)).exists()


def title(pair: Pair) -> str:
    if pair.made in (Pair.Made.EDIT, Pair.Made.SCORE):
        return "A draft as a copywriter mended it" if pair.made == Pair.Made.EDIT else "A draft that was rated well"
    return "The client's own copy"


def following(voice: Voice, brief: Brief) -> Brief | None:
    """The test brief after this one, by topic."""
    briefs = list(voice.briefs.filter(is_frozen=True).order_by("topic", "channel"))
    places = {one.pk: place for place, one in enumerate(briefs, start=1)}
    return briefs[places[brief.pk] % len(briefs)] if brief.pk in places and len(briefs) > 1 else None
