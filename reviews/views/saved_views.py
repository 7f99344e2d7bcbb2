"""Filters of the list of pairs under a name: saved, renamed, shared, deleted."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from reviews import access
from reviews.filters import STATES, PairFilters, People, people_of
from reviews.models_lists import SavedView
from reviews.views.lists import csv_response, searched
from reviews.views.page import render_page
from training.models import Voice
from voicelab.roles import Can

MANY = 100
"""A person's views of one voice, at most: more are no help."""


class SaveForm(forms.Form):
    name = forms.CharField(max_length=60, label="Name", error_messages={"required": "Give the view a name."})
    is_shared = forms.BooleanField(required=False, label="Share it with all who work on this voice's pairs")


@require_http_methods(["GET", "HEAD", "POST"])
def saved_views(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    if request.method == "POST":
        return save(request, found)
    search = searched(request)
    rows = SavedView.objects.filter(voice=found).seen_by(request.user).select_related("user")
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(user__first_name__icontains=search))
    people = people_of(found)
    told = [(row, in_words(row, found, people), row.user_id == request.user.pk) for row in rows]
    if request.GET.get("format") == "csv":
        table = ([row.name, row.user.username, row.is_shared, row.query] for row, _, _ in told)
        return csv_response(f"{found.slug}-views", ["name", "whose", "shared", "address"], table)
    context = {"voice": found, "views": told, "search": search, "here": "pairs", "room": "corpus"}
    return render_page(request, "reviews/saved_views.html", context)


def save(request: access.Request, voice: Voice) -> HttpResponse:
    """Make, rename, share or delete a view of one's own. A name that is taken takes the new filters."""
    own = SavedView.objects.filter(voice=voice, user=request.user)
    number = request.POST.get("view", "")
    if number:
        row = access.saved_view_for(request, voice, number)
        if request.POST.get("do") == "delete":
            row.delete()
            messages.success(request, f"“{row.name}” is deleted.")
            return redirect("saved_views", voice.client.slug, voice.slug)
    form = SaveForm({**request.POST.dict(), "name": request.POST.get("name", "").replace("\0", "")})
    query = PairFilters(QueryDict(request.POST.get("filters", "")), voice).query()
    back = "saved_views" if number else "pairs"
    where = reverse(back, args=[voice.client.slug, voice.slug])
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect(where if number or not query else f"{where}?{query}")
    name, is_shared = form.cleaned_data["name"], form.cleaned_data["is_shared"]
    with transaction.atomic():
        if number:
            if own.filter(name=name).exclude(pk=row.pk).exists():
                messages.error(request, f"You have another view called “{name}”. Choose another name.")
                return redirect(where)
            row.name, row.is_shared = name, is_shared
            row.save(update_fields=["name", "is_shared"])
        elif own.count() >= MANY and not own.filter(name=name).exists():
            messages.error(request, f"You have {MANY} views. Delete one first.")
            return redirect("saved_views", voice.client.slug, voice.slug)
        else:
            defaults = {"query": query, "is_shared": is_shared}
            SavedView.objects.update_or_create(voice=voice, user=request.user, name=name, defaults=defaults)
    messages.success(request, f"“{name}” is saved.")
    return redirect(where if number or not query else f"{where}?{query}")


def in_words(view: SavedView, voice: Voice, people: People) -> str:
    filters = PairFilters(QueryDict(view.query), voice, people)
    state = filters.cleaned_data["state"]
    told = [STATES[state]] if state else []
    return "; ".join([*told, *(chip.said for chip in filters.chips())]) or "All that waits"
