"""Acts on many pairs: chosen in the list, confirmed, done with progress, undone; and the list of them."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from reviews import access, bulk
from reviews.filters import STATES, PairFilters
from reviews.findings import plural
from reviews.models_lists import BulkAct
from reviews.views.lists import csv_response, searched
from reviews.views.page import render_page
from training.models import Pair, Voice
from voicelab.roles import Can

ASKED_FROM = 50
"""So many pairs are changed without asking again."""
CHOICES = {kind.value: kind.label for kind in BulkAct.Kind if kind != BulkAct.Kind.UNDO}


class ChosenForm(forms.Form):
    """What the list posts: the act, and the pairs as they were seen, or all that match its filters."""

    act = forms.ChoiceField(choices=list(CHOICES.items()))
    # Given by the page that asked first, so that a second click is the same act.
    key = forms.UUIDField(required=False)
    filters = forms.CharField(required=False)
    everything = forms.BooleanField(required=False)

    def seen(self) -> dict[uuid.UUID, str]:
        """Pair -> the status that its row showed. What is no such thing is passed over."""
        found = {}
        for value in self.data.getlist("pair")[:1000]:  # type: ignore[attr-defined]
            key, _, status = value.partition(" ")
            try:
                found[uuid.UUID(key)] = status if status in Pair.Status else ""
            except ValueError:
                continue
        return found


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=300,
        label="Why are they rejected?",
        error_messages={"required": "Say in a word why they are rejected."},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def bulk_acts(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    if request.method == "POST":
        return chosen(request, found)
    search = searched(request)
    rows = found.bulk_acts.select_related("user", "undone_by")
    if search:
        kinds = [kind.value for kind in BulkAct.Kind if search.casefold() in kind.label.casefold()]
        person = Q(user__first_name__icontains=search)
        rows = rows.filter(Q(kind__in=kinds) | Q(chosen__icontains=search) | Q(reason__icontains=search) | person)
    if request.GET.get("format") == "csv":
        header = ["when", "who", "act", "pairs", "of", "left", "chosen", "reason"]
        table = (
            [row.created_at, who(row), row.get_kind_display(), row.done, row.total, row.left, row.chosen, row.reason]
            for row in rows
        )
        return csv_response(f"{found.slug}-bulk", header, table)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    acts = [(row, who(row), said(row)) for row in page]
    context = {"voice": found, "page": page, "acts": acts, "search": search, "here": "pairs", "room": "corpus"}
    return render_page(request, "reviews/bulk_acts.html", context)


def chosen(request: access.Request, voice: Voice) -> HttpResponse:
    """Do it, or ask first: before more than a page of pairs, and before a rejection, which needs a reason."""
    form = ChosenForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose what to do with the pairs. Nothing was changed.")
        return redirect("pairs", voice.client.slug, voice.slug)
    kind, everything, key = (form.cleaned_data[name] for name in ("act", "everything", "key"))
    if key and (known := BulkAct.objects.filter(pk=key).first()):
        if known.voice_id != voice.pk:
            raise Http404("No such act.")
        return redirect("bulk_act", voice.client.slug, voice.slug, known.pk)
    filters = PairFilters(QueryDict(form.cleaned_data["filters"]), voice)
    back = f"{reverse('pairs', args=[voice.client.slug, voice.slug])}?{filters.query()}"
    if everything and filters.errors:
        messages.error(request, "One of the filters makes no sense. Nothing was changed.")
        return redirect(back)
    seen = {} if everything else form.seen()
    state = filters.state_of(True)
    pairs = bulk.all_of(kind, filters.entries(state)) if everything else bulk.as_seen(voice, kind, seen)
    count = pairs.count()
    if not count:
        messages.warning(request, nothing(kind, is_chosen=everything or bool(seen)))
        return redirect(back)
    is_reject = kind == BulkAct.Kind.REJECT
    reject = ReasonForm(request.POST if key else None)
    if (is_reject or count > ASKED_FROM) and not (key and (not is_reject or reject.is_valid())):
        context = {
            "voice": voice,
            "act": CHOICES[kind],
            "kind": kind,
            "key": uuid.uuid4(),
            "count": count,
            "reject": reject if is_reject else None,
            "unexplained": pairs.filter(unexplained__gt=0).count() if kind == BulkAct.Kind.ACCEPT else 0,
            "everything": everything,
            "words": in_words(filters, state) if everything else "",
            "seen": [f"{pair} {status}" for pair, status in seen.items()],
            "query": filters.query(),
            "back": back,
            "here": "pairs",
            "room": "corpus",
        }
        return render_page(request, "reviews/bulk.html", context, status=422 if is_reject and reject.errors else 200)
    act = bulk.begin(
        voice,
        request.user,
        kind,
        pairs,
        key=key or uuid.uuid4(),
        reason=reject.cleaned_data["reason"] if is_reject else "",
        chosen=in_words(filters, state) if everything else "one by one",
    )
    act = bulk.go_on(act)
    if not act.ended_at:
        return redirect("bulk_act", voice.client.slug, voice.slug, act.pk)
    messages.success(request, said(act, left=len(seen) - act.total if seen else 0))
    return redirect(back)


@require_http_methods(["GET", "HEAD", "POST"])
def bulk_act(request: access.Request, client: str, voice: str, act: uuid.UUID) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    row = access.bulk_act_for(found, act)
    asked = request.POST.get("do", "") if request.method == "POST" else ""
    if asked == "undo" and row.kind != BulkAct.Kind.UNDO:
        undoing = bulk.go_on(bulk.undo(row, request.user))
        if undoing.ended_at:
            messages.success(request, said(undoing))
        return redirect("bulk_act", client, voice, undoing.pk)
    if asked == "stop":
        row = bulk.stop(row)
    elif asked:
        row = bulk.go_on(row)
    if request.method == "POST" and not request.htmx:
        return redirect("bulk_act", client, voice, row.pk)
    context = {
        "voice": found,
        "act": row,
        "who": who(row),
        "said": said(row),
        "reached": row.done + row.left,
        "is_undo": row.kind == BulkAct.Kind.UNDO,
        "undone_by": BulkAct.objects.filter(undoes=row).first(),
        "going": asked == "go" and not row.ended_at,
        "here": "pairs",
        "room": "corpus",
    }
    return render_page(request, "reviews/bulk_act.html", context, part="progress")


def in_words(filters: PairFilters, state: str) -> str:
    """What the list was narrowed to."""
    return "; ".join([STATES[state], *(chip.said for chip in filters.chips())])[:400]


def said(act: BulkAct, left: int = 0) -> str:
    """What came of the act."""
    left += act.left
    told = f"{plural(act.done, 'pair')} {bulk.SAID[act.kind]}."
    if left:
        told += f" {left:,} left as {'it is' if left == 1 else 'they are'}: changed meanwhile, or held by a colleague."
    if act.ended_at and (rest := act.total - act.done - act.left):
        told += f" {rest:,} not reached, for it was stopped."
    return told


def nothing(kind: str, *, is_chosen: bool) -> str:
    if not is_chosen:
        return "Tick the pairs first. Nothing was changed."
    return f"Nothing to do: these pairs are {bulk.SAID[kind]} already, or somebody changed them meanwhile."


def who(act: BulkAct) -> str:
    return act.user.first_name or act.user.username if act.user else "A deleted account"
