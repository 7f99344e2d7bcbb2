"""The validation desk: one URL shows a pair of a lot's sample, takes what an expert finds and brings the next."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from reviews import access, validation
from reviews.forms_desk import LONGEST
from reviews.forms_validation import ReadingForm
from reviews.models import Task
from reviews.models_validation import Lot, LotPair, Reading
from reviews.scoring import set_aside
from reviews.views.desk import TWICE, key_of
from reviews.views.page import render_page
from training.models import Passage, Voice
from voicelab.roles import Can

CLOSED = "That lot was closed meanwhile, so its readings stand as they were."


@require_http_methods(["GET", "HEAD", "POST"])
def validate(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    said, done = "", key_of(request.GET.get("done"))
    if request.method == "POST":
        act = request.POST.get("act", "submit")
        key = key_of(request.POST.get("done" if act == "take_back" else "task"))
        task = access.reading_task_for(request, found, key or uuid.UUID(int=0))
        form = ReadingForm(request.POST)
        if act == "submit" and not form.is_valid():
            return render_page(request, PAGE, task_context(found, request, task, form), part="task", status=422)
        try:
            if act == "take_back":
                given = validation.take_back(task)
                form = ReadingForm(initial={"verdict": given.get("verdict"), "comment": given.get("note")})
                context = task_context(found, request, task, form)
                context["said"] = "Taken back. Change what you like and submit again."
                return render_page(request, PAGE, context, part="task")
            said, done = answer(task, act, form), task.pk
        except validation.LotClosed:
            said, done = CLOSED, None
        if not request.htmx:
            messages.success(request, said)
            return redirect(address(found, done))
    following = validation.next_reading(request.user, found)
    context = task_context(found, request, following, ReadingForm())
    context["said"], context["done"] = said, None if following and following.pk == done else done
    response = render_page(request, PAGE, context, part="task")
    if request.htmx and request.method == "POST":
        response["HX-Replace-Url"] = address(found, context["done"])
    return response


PAGE = "reviews/validate.html"


def answer(task: Task, act: str, form: ReadingForm) -> str:
    """Store a reading or a skip, and say so. Raises `LotClosed`."""
    if act == "skip":
        why = form.data.get("comment", "").replace("\0", "").strip()
        saved: object = set_aside(task, Task.State.SKIPPED, why[:LONGEST])
        return "Skipped. It comes back at the end." if saved else TWICE
    values = form.cleaned_data
    saved = validation.record_reading(task, values["verdict"], values["comment"])
    return "Saved. Thank you." if saved else TWICE


def address(voice: Voice, done: uuid.UUID | None) -> str:
    return reverse("validate", args=[voice.client.slug, voice.slug]) + (f"?done={done}" if done else "")


def task_context(voice: Voice, request: access.Request, task: Task | None, form: ReadingForm) -> dict[str, Any]:
    """Nothing in it tells who accepted the pair, or what a colleague found."""
    context: dict[str, Any] = {"voice": voice, "task": task, "form": form, "here": "validation", "room": "corpus"}
    if task is None:
        lots = Lot.objects.filter(voice=voice, state=Lot.State.OPEN)
        left = LotPair.objects.filter(lot__in=lots, item__wanted__gt=0)
        mine = Q(readings__reader=request.user)
        context["lots"] = lots
        context["left"] = left.count()
        context["own"] = left.filter(annotator=request.user).count()
        context["second"] = left.exclude(annotator=request.user).filter(mine).count()
        return context
    drawn = LotPair.objects.select_related("lot", "pair__brief").get(item=task.item_id)
    pair = drawn.pair
    context["lot"], context["total"] = drawn.lot, drawn.lot.sample_size
    context["read"] = (
        Reading.objects.filter(lot_pair__item__round=drawn.lot.round_id).values("lot_pair").distinct().count()
    )
    context["left"] = validation.unread(request.user, [voice]).get(voice.pk, 0)
    context["brief"], context["text"] = pair.brief.content, pair.output
    passages = Passage.objects.select_related("source").defer("source__raw", "trace", "changes")
    context["passage"] = passages.filter(pairs=pair).first()
    return context
