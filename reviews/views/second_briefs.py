"""Second briefs for one pair: what would be proposed, and the button that proposes it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from reviews import access, rebriefing
from reviews.findings import plural
from reviews.views.page import render_page
from training.corpus.rebrief import MOST
from voicelab.roles import Can


@require_http_methods(["GET", "HEAD", "POST"])
def second_briefs(request: access.Request, client: str, voice: str, pair: uuid.UUID) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    row = access.pair_for(found, pair)
    row.voice = found
    if request.method == "POST" and row.is_current:
        made = rebriefing.rebrief(row, request.user)
        said = f"{plural(len(made), 'second brief')} proposed." if made else "There is nothing more to propose."
        messages.success(request, said)
        return redirect("pair", client, voice, made[0].pk if made else row.pk)
    context = {
        "voice": found,
        "pair": row,
        "proposals": rebriefing.proposals(row) if row.is_current else [],
        "others": [one for one in rebriefing.others_of(row) if one.output == row.output] if row.passage else [],
        "most": MOST,
        "here": "pairs",
        "room": "corpus",
    }
    return render_page(request, "reviews/second_briefs.html", context)
