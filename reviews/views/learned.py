"""The pairs that the last run could not learn, and those that it knows by heart."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Avg, Exists, OuterRef, Q, QuerySet, StdDev
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from reviews import access
from reviews.views.lists import csv_response, searched
from reviews.views.page import render_page
from training.models import PairLoss, Run, Voice
from training.models.corpus import Split
from voicelab.roles import Can

BY_HEART = 0.1
"""Nats per token below which a pair can be recited: every next token has more than 90 % on average."""
FAR = 2.0
"""Standard deviations above the mean from which a pair was not learnt."""
KINDS = {"hard": "Not learnt", "heart": "Known by heart"}
HEADER = ["topic", "channel", "split", "loss", "perplexity", "copy"]


@require_safe
def learned(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    run = last_run(found)
    kind = request.GET.get("kind", "hard")
    kind = kind if kind in KINDS else "hard"
    rows, mean, bound = losses(run, kind)
    search = searched(request)
    if search:
        rows = rows.filter(Q(pair__output__icontains=search) | Q(pair__brief__topic__icontains=search))
    if request.GET.get("format") == "csv":
        return csv_response(f"{found.slug}-{kind}", HEADER, csv_rows(rows))
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "voice": found,
        "run": run,
        "kind": kind,
        "kinds": KINDS.items(),
        "page": page,
        "rows": [(row, math.exp(row.loss)) for row in page],
        "mean": math.exp(mean),
        "bound": math.exp(bound),
        "search": search,
        "here": "coverage",
        "room": "corpus",
    }
    return render_page(request, "reviews/learned.html", context)


def last_run(voice: Voice) -> Run | None:
    """The newest finished run that told how well it knows its pairs."""
    told = PairLoss.objects.filter(run=OuterRef("pk"))
    return voice.runs.filter(Exists(told), state=Run.State.FINISHED).order_by("-created_at").first()


def losses(run: Run | None, kind: str) -> tuple[QuerySet[PairLoss], float, float]:
    """(the rows of this kind, mean loss of the training pairs, loss from which on a pair is of this kind)."""
    rows = PairLoss.objects.filter(run=run, pair__brief__split=Split.TRAIN) if run else PairLoss.objects.none()
    figures = rows.aggregate(mean=Avg("loss"), spread=StdDev("loss"))
    mean = figures["mean"] or 0.0
    bound = BY_HEART if kind == "heart" else mean + FAR * (figures["spread"] or 0.0)
    kept = rows.filter(loss__lt=bound) if kind == "heart" else rows.filter(loss__gt=bound)
    order = "loss" if kind == "heart" else "-loss"
    # Of a pair that was decided anew meanwhile the current revision is worth a look, no earlier one.
    kept = kept.filter(pair__is_current=True).order_by(order, "pk").select_related("pair__brief")
    return kept, mean, bound


def csv_rows(rows: QuerySet[PairLoss]) -> Iterator[list[object]]:
    for row in rows.iterator(chunk_size=500):
        brief = row.pair.brief
        figures = [round(row.loss, 4), round(math.exp(row.loss), 2)]
        yield [brief.topic, brief.channel, brief.split, *figures, row.pair.output]
