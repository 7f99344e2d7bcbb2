"""A voice's dictionary: words that no other dictionary has, and that are its own."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from reviews import access
from reviews.findings import plural
from reviews.models import record
from reviews.views.lists import csv_response, searched
from reviews.views.page import render_page
from training.correcting import make_foreign, make_ours
from training.models import Voice, Word
from voicelab.roles import Can

STATES = {"": "The voice's own", "out": "Taken out"}
LONGEST = 80


@require_http_methods(["GET", "HEAD", "POST"])
def words(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    if request.method == "POST":
        change(request, found)
        return redirect(f"{request.path}?{request.GET.urlencode()}" if request.GET else request.path)
    search = searched(request)
    state = "out" if request.GET.get("state") == "out" else ""
    rows = found.words.filter(is_ours=state != "out").select_related("decided_by")
    if search:
        rows = rows.filter(key__contains=search.casefold())
    if request.GET.get("format") == "csv":
        table = ([row.text, row.documents or "", told(row)] for row in rows.iterator(chunk_size=2000))
        return csv_response(f"{found.slug}-words", ["word", "documents", "why"], table)
    page = Paginator(rows, 100).get_page(request.GET.get("page"))
    context = {
        "voice": found,
        "page": page,
        "rows": [(row, told(row)) for row in page],
        "search": search,
        "state": state,
        "states": STATES.items(),
        "ours": found.words.filter(is_ours=True).count(),
        "any": found.words.exists(),
        "here": "suggestions",
        "room": "corpus",
    }
    return render_page(request, "reviews/words.html", context)


def change(request: access.Request, voice: Voice) -> None:
    """Add a word, or take one out."""
    text = " ".join(request.POST.get("text", "").replace("\0", "").split())
    act = request.POST.get("act")
    if act == "add" and (not text or " " in text or len(text) > LONGEST):
        messages.error(request, f"Give one word, without spaces, of {LONGEST} letters at most.")
        return
    with transaction.atomic():
        if act == "add":
            places = make_ours(voice, text, request.user).places
            said = f"“{text}” is a word of the voice now."
        else:
            number = request.POST.get("word", "")
            row = get_object_or_404(Word, voice=voice, pk=int(number[:18]) if number.isdecimal() else 0)
            text, places = row.text, make_foreign(row, request.user)
            said = f"“{text}” is no word of the voice any more."
        kind = "word.added" if act == "add" else "word.removed"
        record(kind, client=voice.client, voice=voice, user=request.user, word=text, places=places)
    messages.success(request, f"{said} {plural(places, 'place')} {'settled' if act == 'add' else 'open again'}.")


def told(word: Word) -> str:
    """Why the word is the voice's own, or is not."""
    if word.origin != Word.Origin.PERSON:
        return word.get_origin_display()
    return f"{word.decided_by.first_name or word.decided_by.username if word.decided_by else 'Somebody'} said so"
