"""Validation: the lots of a voice, drawing one, and what was found in one."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from reviews import access, charts
from reviews import validation as acts
from reviews.findings import plural
from reviews.forms_validation import DrawForm
from reviews.lots import Result, agreement_words, level, name_of, plan_catches, plan_words, rate, result_of
from reviews.models_validation import Lot, Reading
from reviews.views.desk import key_of
from reviews.views.lists import csv_response, searched
from reviews.views.page import render_page
from training.metrics.acceptance import Plan, defect_interval, plan_for
from training.models import Pair, Voice
from voicelab.roles import GRANTS, Can

ROOM = {"here": "validation", "room": "corpus"}


@require_safe
def validation(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    lots, search = lots_of(found), searched(request)
    if search:
        lots = matching(lots, search)
    if request.GET.get("format") == "csv":
        header = ["lot", "drawn", "by", "pairs", "sample", "limit", "read", "defects", "verdict", "closed"]
        return csv_response(f"{found.slug}-lots", header, (csv_row(lot) for lot in lots))
    page = Paginator(lots, 50).get_page(request.GET.get("page"))
    context = {
        **ROOM,
        "voice": found,
        "page": page,
        "rows": [(lot, finding_of(lot)) for lot in page],
        "search": search,
        "cover": acts.cover_of(found),
        "unread": acts.unread(request.user, [found]).get(found.pk, 0),
        "can_draw": access.may(found, Can.VALIDATE),
    }
    return render_page(request, "reviews/validation.html", context)


def lots_of(voice: Voice) -> QuerySet[Lot]:
    """The lots, the newest first, with `read_now`: the pairs of each that were read so far."""
    pairs = Reading.objects.filter(lot_pair__item__round=OuterRef("round")).order_by().values("lot_pair__item__round")
    read = Subquery(pairs.annotate(n=Count("lot_pair", distinct=True)).values("n"), output_field=IntegerField())
    return voice.lots.select_related("drawn_by").annotate(read_now=Coalesce(read, 0)).order_by("-number")


def matching(lots: QuerySet[Lot], search: str) -> QuerySet[Lot]:
    words = search.casefold()
    states = [state for state, label in Lot.State.choices if words in label.casefold()]
    asked = Q(state__in=states) | Q(drawn_by__first_name__icontains=search)
    number = words.removeprefix("lot").strip()
    return lots.filter(asked | Q(number=int(number)) if number.isdecimal() and len(number) < 9 else asked)


def finding_of(lot: Lot) -> str:
    """What is known of it, in a few words; of an open one no defects, so that its readers stay unswayed."""
    if lot.state == Lot.State.OPEN:
        return f"{lot.read_now} of {lot.sample_size} read"  # type: ignore[attr-defined]
    return rate(lot.defects, lot.read, defect_interval(lot.size, lot.read, lot.defects))


def csv_row(lot: Lot) -> list[object]:
    is_open = lot.state == Lot.State.OPEN
    figures = [lot.read_now, ""] if is_open else [lot.read, lot.defects]  # type: ignore[attr-defined]
    drawn = [lot.number, lot.created_at, name_of(lot.drawn_by) if lot.drawn_by else "", lot.size]
    return [*drawn, lot.sample_size, lot.limit, *figures, lot.get_state_display(), lot.closed_at or ""]


@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.VALIDATE)
    experts = experts_of(found)
    form = DrawForm(experts, request.POST if request.method == "POST" else request.GET)
    pairs = form.chosen(acts.waiting(found)) if form.is_valid() else Pair.objects.none()
    blocked = blocked_by(experts, pairs) if request.method == "POST" else ""
    if request.method == "POST" and form.is_valid() and not blocked:
        key, overlap = key_of(request.POST.get("lot")), form.cleaned_data["overlap"] / 100
        try:
            lot = acts.draw(
                found, request.user, pairs, key=key, drawn_from=form.words(), overlap=overlap, **form.levels()
            )
        except acts.NothingToDraw:
            blocked = "Nothing is left to draw: these pairs stand in a lot already."
        else:
            messages.success(request, f"{lot} is drawn: {plural(lot.sample_size, 'pair')} to read.")
            return redirect("lot", client, voice, lot.pk)
    context = {**ROOM, "voice": found, "form": form, "blocked": blocked, "lot": uuid.uuid4()}
    context["shown"] = shown_fields(form)
    if form.is_valid() and (size := pairs.count()):
        plan = plan_for(size, **form.levels())
        context |= {**plan_context(plan), "size": size, "own": pairs.filter(decided_by=request.user).count()}
        context["blocked"] = blocked or blocked_by(experts, pairs)
    status = 422 if request.method == "POST" else 200
    return render_page(request, "reviews/draw.html", context, part="plan", status=status)


def experts_of(voice: Voice) -> list[User]:
    """Whoever may read a lot's pairs, and accept them."""
    roles = [role for role, grants in GRANTS.items() if Can.CURATE in grants]
    members = User.objects.filter(
        memberships__client=voice.client, memberships__is_active=True, memberships__role__in=roles
    )
    return list(members.distinct().order_by("first_name", "username"))


def blocked_by(experts: list[User], pairs: QuerySet[Pair]) -> str:
    """Why such a lot could never be read to its end, if it could not."""
    if len(experts) == 1 and pairs.filter(decided_by=experts[0]).exists():
        return (
            f"Nobody reads what they accepted themselves, and {name_of(experts[0])} is the only one here who may "
            "read. Invite an annotator or another lead first."
        )
    return ""


def shown_fields(form: DrawForm) -> list[tuple[str, object]]:
    """(name, value) for the form that draws what the other one shows."""
    return [(name, form[name].value() or "") for name in form.fields]


def plan_context(plan: Plan, observed: float | None = None) -> dict[str, Any]:
    """The plan in words, as a chart and as a table."""
    steps = sorted({plan.acceptable, plan.rejectable, *(step / 100 for step in (0, 1, 2, 3, 5, 7.5, 10, 15, 20))})
    return {
        "plan": plan,
        "plan_words": plan_words(plan),
        "plan_catches": plan_catches(plan),
        "figure": charts.operating(plan, observed),
        "chances": [(level(share), f"{100 * plan.passes(share):.0f}") for share in steps],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def lot(request: access.Request, client: str, voice: str, lot: uuid.UUID) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.VALIDATE if request.method == "POST" else Can.CURATE)
    row = access.lot_for(found, lot)
    row.voice = found
    if request.method == "POST":
        close(request, row)
        return redirect("lot", client, voice, row.pk)
    result, is_lead = result_of(row), access.may(found, Can.VALIDATE)
    is_closed = row.state != Lot.State.OPEN
    if request.GET.get("format") == "csv" and is_closed:
        return csv_response(f"{found.slug}-lot-{row.number}", HEADER, readings(result, is_lead))
    words = {name: value for name, value in row.drawn_from.items() if is_lead or name != "Accepted by"}
    observed = result.defects / result.read if is_closed and result.read else None
    context = {
        **ROOM,
        **plan_context(row.plan, observed),
        "voice": found,
        "lot": row,
        "result": result,
        "is_closed": is_closed,
        "is_lead": is_lead,
        "words": [*words.items()],
        "rate": rate(result.defects, result.read, result.interval),
        "is_partial": result.read < row.sample_size,
        "mine": 0 if is_closed else acts.unread(request.user, [found]).get(found.pk, 0),
        "agreement": agreement_words(result.twice),
        "faulty": [one for one in result.rows if one.faults],
    }
    return render_page(request, "reviews/lot.html", context)


def close(request: access.Request, lot: Lot) -> None:
    """Do what the lead asks for, and say what came of it."""
    try:
        if request.POST.get("act") == "give_up":
            acts.give_up(lot, request.user)
            messages.success(request, f"{lot} is given up. Its pairs stay as they are, and may be drawn again.")
            return
        acts.close(lot, request.user)
    except acts.LotClosed:
        messages.info(request, f"{lot} was closed already.")
    except acts.Undecided:
        messages.error(request, "There is no verdict yet: pairs of the sample are still to be read.")
    else:
        said = f"{lot} is {lot.get_state_display().lower()}. {plural(lot.returned, 'pair')} went back to be decided."
        messages.success(request, said)


HEADER = ["place", "pair", "topic", "channel", "reading", "verdict", "note", "read"]


def readings(result: Result, is_lead: bool) -> list[list[object]]:
    """One row a reading; who accepted and who read for the lead alone."""
    rows: list[list[object]] = []
    for one in result.rows:
        pair, item = one.lot_pair.pair, one.lot_pair.item
        place = item.position + 1 if item else ""
        for number, reading in enumerate(one.readings, start=1):
            told: list[object] = [place, str(pair.pk), pair.brief.topic, pair.brief.channel, number]
            told += [reading.get_verdict_display(), reading.note, reading.created_at]
            rows.append(told + ([name_of(one.lot_pair.annotator), name_of(reading.reader)] if is_lead else []))
    return rows
