"""The edit screen: a draft becomes publishable, and the edit becomes data."""

from __future__ import annotations

import difflib
import re
import uuid

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from reviews import access
from reviews.forms_desk import EditForm
from reviews.scoring import record_edit
from reviews.views.page import render_page
from training.models.corpus import Split
from voicelab.roles import Can


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: access.Request, client: str, voice: str, sample: uuid.UUID) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.JUDGE)
    row = access.sample_for(found, sample)
    row.version.voice = found
    form = EditForm(initial={"text": row.text})
    saved = None
    if request.method == "POST":
        form = EditForm(request.POST)
        if form.is_valid():
            try:
                text = form.cleaned_data["text"].replace("\r\n", "\n").strip()
                saved = record_edit(row, request.user, text, active_seconds=form.active_seconds())
            except ValueError:
                form.add_error("text", "Nothing was changed. If it is fine as it is, score it instead.")
    context = {
        "voice": found,
        "brief": row.brief.content,
        "sample": row,
        "form": form,
        "saved": saved,
        "trains": row.brief.split != Split.TEST,
        "diff": word_diff(row.text, saved.text) if saved else [],
        "here": "score",
    }
    return render_page(request, "reviews/edit.html", context, status=422 if form.errors else 200)


def word_diff(before: str, after: str) -> list[tuple[str, str]]:
    """[("same" | "ins" | "del", text)] by words, spaces kept; neighbours that both changed stand as one phrase."""
    old, new = re.split(r"(\s+)", before), re.split(r"(\s+)", after)
    found: list[tuple[str, str]] = []
    gone = came = ""
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        was, now = "".join(old[i1:i2]), "".join(new[j1:j2])
        if tag != "equal" or (was.isspace() and (gone or came)):
            gone, came = gone + was, came + now
            continue
        found += [("del", gone), ("ins", came), ("same", was)]
        gone = came = ""
    found += [("del", gone), ("ins", came)]
    return [(kind, text) for kind, text in found if text]
