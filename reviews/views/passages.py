"""A voice's passages: the list by rule, and one before and after cleaning."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from reviews import access
from reviews.views.cleaning import FLAGS, shown
from reviews.views.edit import word_diff
from reviews.views.lists import csv_response, searched
from reviews.views.page import render_page
from training.cleaning import is_copy, settings_of
from training.corpus.cleaning.engine import clean
from training.corpus.cleaning.language import LANGUAGES
from training.corpus.cleaning.rules import RULES
from training.models import Passage
from voicelab.roles import Can

OUTDATED = "outdated"
SHOWN = 20
"""Changes of one rule that the page tells one by one."""


@require_safe
def passages(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    rows = Passage.objects.of(found).order_by("source_id", "position").select_related("source")
    rows = rows.defer("source__raw", "trace", "changes").prefetch_related("touches")
    rule = request.GET.get("rule", "")
    if rule == OUTDATED:
        rows = rows.filter(is_outdated=True)
    elif rule in RULES:
        rows = rows.filter(touches__voice=found, touches__rule=rule).order_by("touches__id")  # as the index has them
    search = searched(request)
    if search:
        rows = rows.filter(Q(text__icontains=search) | Q(title__icontains=search))
    if request.GET.get("format") == "csv":
        header = ["source", "title", "language", "rules", "before", "after"]
        return csv_response(f"{found.slug}-passages", header, csv_rows(rows))
    page = Paginator(rows.defer("source__raw", "trace", "changes", "original"), 50).get_page(request.GET.get("page"))
    context = {
        "voice": found,
        "page": page,
        "rows": [(row, labels(row)) for row in page],
        "search": search,
        "rule": rule,
        "named": RULES.get(rule),
        "rules": RULES.values(),
        "here": "cleaning",
        "room": "corpus",
    }
    return render_page(request, "reviews/passages.html", context)


def csv_rows(rows: QuerySet[Passage]) -> Iterator[list[object]]:
    for row in rows.iterator(chunk_size=500):
        yield [row.source.name, row.title, row.language, ", ".join(labels(row)), row.original, row.text]


def labels(passage: Passage) -> list[str]:
    """The rules that touched it by name, in the order in which they run."""
    touched = {touch.rule for touch in passage.touches.all()}
    return [rule.label for rule in RULES.values() if rule.name in touched]


@require_safe
def passage(request: access.Request, client: str, voice: str, passage: uuid.UUID) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    row = access.passage_for(found, passage)
    diff = word_diff(row.original, row.text)
    today = clean(row.original, settings_of(found)).text
    context = {
        "voice": found,
        "passage": row,
        "before": [part for part in diff if part[0] != "ins"],
        "after": [part for part in diff if part[0] != "del"],
        "acts": acts(row),
        "language": LANGUAGES.get(row.language, ""),
        "flags": [RULES[touch.rule] for touch in row.touches.all() if touch.rule in FLAGS],
        "otherwise": word_diff(row.text, today) if today != row.text else [],
        "is_copy": is_copy(row),
        "pair": row.pairs.filter(is_current=True).first(),
        "here": "cleaning",
        "room": "corpus",
    }
    return render_page(request, "reviews/passage.html", context)


def acts(passage: Passage) -> list[dict[str, Any]]:
    """Each rule that touched the passage with what it changed, in order."""
    found = []
    for rule in RULES.values():
        changes = [one for one in passage.trace if one["rule"] == rule.name]
        if changes:
            told = [shown(one) for one in changes[:SHOWN]]
            found.append({"rule": rule, "changes": told, "more": max(0, len(changes) - SHOWN)})
    return found
