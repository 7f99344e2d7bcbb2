"""A voice's passages: the list by rule, and one before and after cleaning."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from reviews import access
from reviews.views.cleaning import FLAGS, shown
from reviews.views.edit import word_diff
from reviews.views.lists import LongPaginator, csv_stream, in_pieces, marked, searched
from reviews.views.page import render_page
from reviews.views.suggestions import in_sentence, with_passages
from training.cleaning import is_copy, settings_of, with_corrections
from training.corpus.cleaning.engine import clean
from training.corpus.cleaning.language import LANGUAGES
from training.corpus.cleaning.rules import RULES
from training.corpus.searching import terms
from training.models import Passage, PassageEntry, Touch, Voice
from voicelab.roles import Can

OUTDATED = "outdated"
SHOWN = 20
"""Changes of one rule that the page tells one by one."""


@require_safe
def passages(request: access.Request, client: str, voice: str) -> HttpResponse | StreamingHttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    rule, search = request.GET.get("rule", ""), searched(request)
    entries = narrowed(found, rule, search)
    if request.GET.get("format") == "csv":
        header = ["source", "title", "language", "rules", "before", "after"]
        return csv_stream(f"{found.slug}-passages", header, csv_rows(entries))
    page = LongPaginator(entries, passages_of, is_search=bool(search)).get_page(request.GET.get("page", 1))
    looked_for = terms(search)
    context = {
        "voice": found,
        "page": page,
        "rows": [
            (row, marked(row.title, looked_for, 12), marked(row.text, looked_for, 16), labels(row)) for row in page
        ],
        "search": search,
        "rule": rule,
        "named": RULES.get(rule),
        "rules": RULES.values(),
        "here": "cleaning",
        "room": "corpus",
    }
    return render_page(request, "reviews/passages.html", context)


def narrowed(voice: Voice, rule: str, search: str) -> QuerySet[Any]:
    """Entries of the passages, or of one rule's touches: each in the order of an index, as the passages came."""
    entries = PassageEntry.objects.filter(voice=voice)
    if rule == OUTDATED:
        entries = entries.filter(is_outdated=True)
    if search:
        entries = entries.matching(search)
    if rule not in RULES:
        return entries.order_by("id")
    touches = Touch.objects.filter(voice=voice, rule=rule)
    return (touches.filter(passage__entry__in=entries) if search else touches).order_by("id")


def passages_of(keys: QuerySet[Any]) -> dict[int, Passage]:
    """The passages of these entries or touches, by their keys, without the originals."""
    found = dict(keys.values_list("passage", "pk"))
    rows = Passage.objects.filter(pk__in=list(found)).select_related("source").prefetch_related("touches")
    return {found[row.pk]: row for row in rows.defer("source__raw", "trace", "changes")}


def csv_rows(entries: QuerySet[Any]) -> Iterator[list[object]]:
    for row in in_pieces(entries, passages_of):
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
    kept = settings_of(found)
    today = with_corrections({row.pk: clean(row.original, kept)}, kept)[row.pk].text
    slips = row.suggestions.open().loud().order_by("start")
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
        "slips": [in_sentence(slip) for slip in with_passages(slips)],
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
