"""One pair to accept, mend, split, merge or reject: the annotator's desk."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods

from reviews import access, curation, holding, reshaping, undoing
from reviews.forms_corpus import PairForm, RejectForm, as_typed, typed
from reviews.models import LogEntry
from reviews.views.page import render_page
from reviews.views.pair_draft import DRAFTING, flags, marked, spans, version
from training.models import Pair
from voicelab.roles import Can

MANY = 1000
"""Open pairs that are counted; of more, nobody needs the number."""


@dataclass
class Shown:
    """What the page says, as the acts leave it."""

    pair: Pair
    form: PairForm | None = None  # what was sent, where it was
    reject: RejectForm = field(default_factory=RejectForm)
    status: int = 200


@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: access.Request, client: str, voice: str, pair: uuid.UUID) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    asked = access.pair_for(found, pair)
    row = newest(asked)
    row.voice = asked.voice = found
    shown = Shown(row)
    if request.method == "POST":
        act, _, what = request.POST.get("act", "accept").partition(":")
        if act == "skip":
            return onward(request, row, None)
        if act in DRAFTING:
            return DRAFTING[act](request, asked, row, what)
        if done := decided(request, asked, act, what, shown):
            return done
    elif row != asked:
        return redirect(address(row))
    elif request.GET.get("go") == "previous":
        holding.let_go(row, request.user)
        return redirect(address(curation.previous(found, row) or row))
    row = shown.pair
    row.voice = found
    draft = holding.draft_of(row, request.user)
    sent = typed(request.POST) if shown.form else None
    fields = sent or {**as_typed(row), **(draft.fields if draft else {})}
    holder = holding.hold(row, request.user)
    before, after = reshaping.neighbours(row)
    flagged = flags(found, fields)
    context = {
        "voice": found,
        "pair": row,
        "form": shown.form or PairForm(initial=fields),
        "reject": shown.reject,
        "is_stale": shown.status == 409,
        "draft": None if sent else draft,
        "is_late": not sent and draft is not None and draft.pair_id != row.pk,
        "version": version(row, draft),
        "holder": None if holder.user_id == request.user.pk else holder,
        "history": Pair.objects.filter(lineage=row.lineage).exclude(pk=row.pk).order_by("-revision"),
        "waiting": found.pairs.open()[: MANY + 1].count(),
        "many": MANY,
        "breaks": spans(fields["output"]),
        "flags": flagged,
        "published": marked(row.passage.original, flagged) if row.passage else [],
        "before": before,
        "after": after,
        "done": undoing.decision(request.user, found, request.GET.get("done")),
        "here": "pairs",
        "room": "corpus",
    }
    return render_page(request, "reviews/pair.html", context, status=shown.status)


def newest(pair: Pair) -> Pair:
    if pair.is_current:
        return pair
    pairs = Pair.objects.current().select_related("brief", "passage__source", "decided_by")
    return pairs.defer("passage__source__raw").get(lineage=pair.lineage)


def decided(request: access.Request, asked: Pair, act: str, what: str, shown: Shown) -> HttpResponse | None:
    """Do what was asked and go on; or say in `shown` why not, with what was typed kept."""
    row, form = shown.pair, PairForm(request.POST)
    if act == "reject":
        shown.reject = RejectForm({"usual": what, "reason": request.POST.get("reason", "")})
    else:
        shown.form = form
    given = shown.reject if act == "reject" else form
    if not given.is_valid():
        shown.status = 422
        return None
    if is_so(request, row, act, given):
        # What is asked for is so already: a double click, or a colleague who thought the same.
        return onward(request, row, None)
    if row != asked or row.status != request.POST.get("seen", row.status):
        shown.status = 409
    else:
        try:
            return onward(request, row, perform(request, row, act, what, given))
        except curation.Stale:
            shown.pair, shown.status = newest(access.pair_for(row.voice, row.pk)), 409
        except ValueError as error:
            shown.status = 422
            form.add_error("output", str(error))
        except reshaping.Held as held:
            shown.status = 422
            until = f"{localtime(held.hold.expires_at):%H:%M}"
            form.add_error(None, f"{held.hold.who} works on that pair until {until}. Merge them then.")
    if act != "reject":
        holding.keep(shown.pair, request.user, typed(request.POST))
    return None


def is_so(request: access.Request, row: Pair, act: str, given: PairForm | RejectForm) -> bool:
    """Whether the pair stands already as this form asks."""
    if act in ("split", "merge"):
        return row.reject_reason in (reshaping.SPLIT, reshaping.MERGED) and row.decided_by == request.user
    if isinstance(given, RejectForm):
        return row.status == Pair.Status.REJECTED and row.reject_reason == given.cleaned_data["reason"]
    return row.status == Pair.Status.VALIDATED and given.is_unchanged(row)


def perform(request: access.Request, row: Pair, act: str, what: str, given: PairForm | RejectForm) -> LogEntry:
    """Raises `Stale`, `Held`, and `ValueError` for what cannot be split or merged."""
    if isinstance(given, RejectForm):
        return curation.reject(row, request.user, given.cleaned_data["reason"])
    content, output = given.cleaned_data["brief"], given.cleaned_data["output"]
    if act == "split":
        return reshaping.split(row, request.user, content, output, place_of(request))
    if act == "merge":
        return reshaping.merge(row, -1 if what == "before" else 1, request.user, content, output)
    if given.is_unchanged(row):
        return curation.accept(row, request.user)
    return curation.revise(row, request.user, content, output)


def place_of(request: access.Request) -> int:
    """The character to split at, counted in the copy without white space around it. Raises `ValueError`.

    The cursor gives "12", the list "12/340": with the length of the copy that its places were found in.
    """
    at, _, length = request.POST.get("at", "").partition("/")
    raw = request.POST.get("output", "").replace("\r\n", "\n")
    if not at.isdecimal() or len(at) > 6:
        raise ValueError("Put the cursor where the copy should break, or choose a place from the list.")
    if not length:
        return max(0, int(at) - len(raw) + len(raw.lstrip()))
    if length != str(len(raw.strip())):
        raise ValueError("The copy has changed since these places were listed; choose again.")
    return int(at)


def onward(request: access.Request, row: Pair, entry: LogEntry | None) -> HttpResponse:
    """To what a split or a merge made, else to the next pair that waits, else back to the list."""
    voice = row.voice
    if entry and "made" in entry.data:
        return redirect(address(Pair(pk=entry.data["made"][0], voice=voice), entry))
    holding.let_go(row, request.user)
    following = curation.take_next(voice, request.user, after=row)
    if following:
        return redirect(address(following, entry))
    said = f"{undoing.SAID[entry.action]}. " if entry else ""
    rest = voice.pairs.open().exclude(lineage=row.lineage).exists()
    nothing = "The pairs that still wait are with colleagues now." if rest else "Nothing else waits for a decision."
    messages.success(request, said + nothing)
    return redirect("pairs", voice.client.slug, voice.slug)


def address(pair: Pair, entry: LogEntry | None = None) -> str:
    """The page of a pair; with the act just done, which can be taken back there."""
    where = reverse("pair", args=[pair.voice.client.slug, pair.voice.slug, pair.pk])
    return f"{where}?done={entry.pk}" if entry else where
