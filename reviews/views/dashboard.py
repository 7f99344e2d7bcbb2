"""The comparison dashboard of a voice, and one brief as each version wrote it."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from reviews import access, charts, gate
from reviews.evidence import evidence_of, finding, origins
from reviews.models import Gate, Score
from reviews.views.lists import csv_response
from reviews.views.page import render_page
from training.models import LossPoint, Pair
from voicelab.roles import Can


@require_safe
def dashboard(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice)
    rows = evidence_of(found)
    if request.GET.get("format") == "csv":
        table = (
            [row.label, row.scored, row.alignment, *row.interval, row.win_rate, row.votes]
            + [row.measured[name].value if name in row.measured else "" for name in ("rougeL", "bleu")]
            for row in rows
        )
        header = ["version", "scored", "alignment", "low", "high", "win rate", "votes", "ROUGE-L", "BLEU"]
        return csv_response(f"{found.slug}-dashboard", header, table)
    newest = rows[-1] if rows else None
    live = next((row.version.number for row in rows if row.version.is_live), -1)
    for row in rows:
        row.is_earlier = row.version.number < live
    decided = None
    if newest:
        rule = Gate.objects.filter(version=newest.version).first()
        if rule:
            against = next((row for row in rows if row.version.pk == rule.against_id), None)
            kind, why = gate.verdict(rule, newest, against)
            decided = (Gate.Verdict(kind).label, why, against)
    run = newest.version.run_id if newest else None
    points = list(LossPoint.objects.filter(run=run)) if run else []
    context = {
        "voice": found,
        "rows": rows,
        "newest": newest,
        "finding": finding(newest, found.alignment_target) if newest else "",
        "decided": decided,
        "alignment": charts.alignment(rows, found.alignment_target),
        "criteria": charts.criteria(rows),
        "overlap": charts.overlap(rows),
        "losses": charts.losses(points),
        "has_scores": any(row.scored for row in rows),
        "has_figures": any(row.measured for row in rows),
        "has_losses": bool(points),
        "briefs": found.briefs.filter(is_frozen=True).order_by("channel", "topic"),
        "can_promote": access.may(found, Can.PROMOTE),
        "here": "dashboard",
    }
    return render_page(request, "reviews/dashboard.html", context)


@require_safe
def brief(request: access.Request, client: str, voice: str, brief: uuid.UUID) -> HttpResponse:
    found = access.voice_for(request, client, voice)
    row = get_object_or_404(found.briefs, pk=brief)
    samples = row.samples.filter(version__voice=found).select_related("version").order_by("version__number", "seed")
    ratings: dict[object, list[Score]] = {}
    for score in Score.objects.filter(sample__in=samples, origin__in=origins(found)).order_by("created_at"):
        ratings.setdefault(score.sample_id, []).append(score)
    context = {
        "voice": found,
        "brief": row.content,
        "texts": [(sample, ratings.get(sample.pk, [])) for sample in samples],
        "references": Pair.objects.validated().filter(brief=row),
        "here": "dashboard",
    }
    return render_page(request, "reviews/brief.html", context)
