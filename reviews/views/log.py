"""A client's log: who did what, when and why."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from reviews import access
from reviews.models import LogEntry
from reviews.views.lists import csv_response, searched
from reviews.views.page import render_page
from voicelab.roles import Can

ACTIONS = {
    "client.added": "Added the client",
    "candidates.started": "Had candidates written",
    "candidates.stopped": "Stopped the writing of candidates",
    "cleaning.again": "Cleaned passages again",
    "cleaning.changed": "Changed the cleaning",
    "copies.apart": "Said that texts are no copies",
    "copies.kept": "Chose which copy to keep",
    "copies.taken_back": "Took back what was said about copies",
    "copy.imported": "Imported copy",
    "corpus.machine_share": "Set how much machine-written copy may train",
    "corpus.target": "Set what the corpus is to hold",
    "data.broke_off": "The import of a data set broke off",
    "data.cancelled": "Cancelled the import of a data set",
    "data.imported": "Imported a data set",
    "focus.changed": "Changed a focus",
    "focus.chosen": "Chose a pair for a focus",
    "focus.closed": "Closed a focus",
    "focus.made": "Made a focus",
    "focus.rebriefed": "Proposed second briefs for a focus",
    "focus.reopened": "Opened a focus again",
    "focus.taken_out": "Took a pair out of a focus",
    "import.cancelled": "Cancelled an import",
    "line.decided": "Decided on a recurring line",
    "lot.accepted": "Accepted a lot",
    "lot.drawn": "Drew a lot",
    "lot.given_up": "Gave a lot up",
    "lot.rejected": "Rejected a lot",
    "pair.validated": "Accepted a pair",
    "pair.rejected": "Rejected a pair",
    "pair.revised": "Mended a pair",
    "pair.rebriefed": "Proposed second briefs for a pair",
    "pair.split": "Split a pair in two",
    "pair.merged": "Merged two pairs",
    "pairs.accepted": "Accepted many pairs",
    "pairs.begun": "Began on many pairs",
    "pairs.put_back": "Undid an act on many pairs",
    "pairs.rejected": "Rejected many pairs",
    "pairs.reopened": "Re-opened many pairs",
    "pair.undone": "Undid a decision on a pair",
    "person.invited": "Invited a person",
    "person.changed": "Changed a person's roles",
    "person.deactivated": "Deactivated a person",
    "person.reactivated": "Let a person in again",
    "run.started": "Started a run",
    "run.cancelled": "Cancelled a run",
    "sample.edited": "Edited a sample",
    "source.withdrawn": "Withdrew a source",
    "source.brought_back": "Brought a source back",
    "suggestion.accept": "Accepted corrections",
    "suggestion.dismiss": "Dismissed suggestions",
    "suggestion.ours": "Said that a word is the voice's own",
    "suggestion.back": "Took back what was decided about suggestions",
    "proofreading.started": "Looked for suggestions",
    "proofreading.cancelled": "Stopped looking for suggestions",
    "dialect.chosen": "Chose the voice's English",
    "word.added": "Added a word to the voice's own",
    "word.removed": "Took a word out of the voice's own",
    "task.flagged": "Flagged an item",
    "task.skipped": "Skipped an item",
    "task.taken_back": "Took back a judgement",
    "version.promoted": "Promoted a version",
    "version.rolled_back": "Rolled back to a version",
    "voice.changed": "Changed the voice",
}
UNTOLD = {"run", "bulk", "import", "pair", "sample", "task", "via"}
UNTOLD |= {"was", "was_reason", "replaced", "made", "merged", "entry"}
"""Names whose values are rows' ids, kept for the CSV and of no use to a reader, or are told elsewhere."""
FIRST = ("person", "version")
"""Told before all else. PostgreSQL keeps the names of a row's data in an order of its own, so the page sets one."""


@require_safe
def log(request: access.Request, client: str) -> HttpResponse:
    found = access.client_for(request, client, Can.MANAGE)
    rows = found.log.select_related("user", "voice")
    search = searched(request)
    if search:
        named = [action for action, words in ACTIONS.items() if search.casefold() in words.casefold()]
        rows = rows.filter(
            Q(action__in=named)
            | Q(action__icontains=search)
            | Q(user__first_name__icontains=search)
            | Q(voice__name__icontains=search)
            | Q(data__via__icontains=search)
            | Q(data__reason__icontains=search)
        )
    if request.GET.get("format") == "csv":
        table = (
            [
                row.created_at,
                row.user.username if row.user else row.who,
                row.voice.name if row.voice else "",
                row.action,
            ]
            + [", ".join(f"{key}: {value}" for key, value in sorted(row.data.items()))]
            for row in rows.iterator()
        )
        return csv_response(f"{found.slug}-log", ["when", "who", "voice", "what", "details"], table)
    page = Paginator(rows, 100).get_page(request.GET.get("page"))
    acts = [(row, ACTIONS.get(row.action, row.action), details(row)) for row in page]
    return render_page(request, "reviews/log.html", {"client": found, "page": page, "acts": acts, "search": search})


def details(row: LogEntry) -> str:
    """What a reader wants to know of an act, its reason last and in quotes."""
    data = dict(row.data)
    reason = data.pop("reason", "") or data.pop("note", "")
    told = sorted(data.items(), key=lambda pair: (pair[0] not in FIRST, pair[0]))
    said = [said_of(name, value) for name, value in told if name not in UNTOLD and value not in (None, "", [])]
    return "; ".join([*said, f"“{reason}”"] if reason else said)


def said_of(name: str, value: Any) -> str:
    if name in ("version", "before"):
        label = "base model" if value == 0 else f"version {value}"
        return f"before: {label}" if name == "before" else label
    words = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return words if name == "person" else f"{name}: {words.replace('_', ' ')}"
