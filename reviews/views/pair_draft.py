"""What happens on a pair's page before anything is decided: drafts kept, facts flagged, places to split."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.timezone import localtime

from reviews import access, holding, reshaping
from reviews.forms_corpus import as_typed, typed
from reviews.models import Draft
from training.corpus.brief import Brief, BriefError
from training.models import Pair, Voice

AROUND = 32
"""Characters shown on each side of a place to split."""


def save(request: access.Request, asked: Pair, row: Pair, what: str) -> HttpResponse:
    """Keep what is typed, renew the hold, and say both in words. Sent by the page itself every few seconds."""
    fields = typed(request.POST)
    draft: Draft | None = None
    if fields in (as_typed(asked), as_typed(row)):
        holding.forget(asked, request.user)
        said = ""
    else:
        draft = holding.keep(asked, request.user, fields)
        said = f"Saved {localtime(draft.saved_at):%H:%M}"
    holder = holding.hold(row, request.user)
    if row != asked or row.status != request.POST.get("seen", row.status):
        said += ". A colleague decided on this pair meanwhile"
    elif holder.user_id != request.user.pk:
        said += f". {holder.who} works on it now"
    shown = render_to_string("reviews/pair.html#flags", {"flags": flags(row.voice, fields)})
    return JsonResponse({"said": said.removeprefix(". "), "version": version(asked, draft), "flags": shown})


def add(request: access.Request, asked: Pair, row: Pair, what: str) -> HttpResponse:
    """One fact more in the brief, as a draft."""
    fields = typed(request.POST)
    fact = " ".join(what.replace("\0", "").split())
    if fact and fact not in fields["facts"].split("\n"):
        fields["facts"] = f"{fields['facts']}\n{fact}".strip()
    holding.keep(row, request.user, fields)
    return redirect("pair", row.voice.client.slug, row.voice.slug, row.pk)


def discard(request: access.Request, asked: Pair, row: Pair, what: str) -> HttpResponse:
    holding.forget(row, request.user)
    return redirect("pair", row.voice.client.slug, row.voice.slug, row.pk)


DRAFTING: dict[str, Callable[[access.Request, Pair, Pair, str], HttpResponse]] = {
    "save": save,
    "add": add,
    "discard": discard,
}


def version(pair: Pair, draft: Draft | None) -> str:
    """What the browser's own copy of the fields belongs to: an older one must not hide what came from elsewhere."""
    return f"{pair.pk}:{draft.saved_at.isoformat()}" if draft else str(pair.pk)


def flags(voice: Voice, fields: Mapping[str, str]) -> list[str]:
    """The facts of the copy that its brief does not bear, in order, each once."""
    try:
        brief = Brief.from_dict({**fields, "topic": fields["topic"] or "-"})
    except BriefError:
        return []
    found = voice.unexplained(fields["output"], brief)
    return list({fact.text.casefold(): " ".join(fact.text.split()) for fact in reversed(found)}.values())[::-1]


def marked(text: str, flagged: list[str]) -> list[tuple[bool, str]]:
    """The text in parts, each with whether it is one of the flagged facts."""
    if not flagged:
        return [(False, text)]
    facts = "|".join(re.escape(fact) for fact in sorted(flagged, key=len, reverse=True))
    parts = re.split(rf"(?<!\w)({facts})(?!\w)", text)
    return [(number % 2 == 1, part) for number, part in enumerate(parts)]


def spans(output: str) -> list[tuple[str, str, str]]:
    """Natural places to split at: the value to send, the words before and the words after."""
    return [
        (f"{at}/{len(output)}", output[max(0, at - AROUND) : at].strip(), output[at : at + AROUND].strip())
        for at in reshaping.breaks(output)
    ]
