"""What the score and compare screens share: one URL shows a task, takes its answer and brings the next."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from reviews import access, queue
from reviews.forms_desk import LONGEST
from reviews.models import Task
from reviews.scoring import set_aside, sides, take_back
from reviews.views.page import render_page
from training.models import Voice
from voicelab.roles import Can

TWICE = "You had answered this one before; your first answer stands."
SET_ASIDE = {"skip": Task.State.SKIPPED, "flag": Task.State.FLAGGED}
SAID = {
    "submit": "Saved. Thank you.",
    "skip": "Skipped. Colleagues can still take it.",
    "flag": "Flagged for the lead.",
}
OTHER = {"score": "compare", "compare": "score"}


def work(
    request: access.Request,
    client: str,
    slug: str,
    *,
    purpose: str,
    form_class: Callable[..., forms.Form],
    save: Callable[[Task, Any], object],
) -> HttpResponse:
    """Access, form, act, render or redirect. An htmx post answers with the next task in the same response."""
    voice = access.voice_for(request, client, slug, Can.JUDGE)
    template = f"reviews/{purpose}.html"
    said, done = "", key_of(request.GET.get("done"))
    if request.method == "POST":
        act = request.POST.get("act", "submit")
        key = key_of(request.POST.get("done" if act == "take_back" else "task"))
        task = access.task_for(request, voice, key or uuid.UUID(int=0))
        if act == "take_back":
            given = take_back(task)
            if given is not None:
                context = task_context(request, voice, task, form_class(initial=given), purpose)
                context["said"] = "Taken back. Change what you like and submit again."
                return render_page(request, template, context, part="task")
            said = "That round is over, so your answer stands."
        else:
            if act in SET_ASIDE:
                why = request.POST.get("comment", "").replace("\0", "").strip()
                saved: object = set_aside(task, SET_ASIDE[act], why[:LONGEST])
            else:
                form = form_class(request.POST)
                if not form.is_valid():
                    context = task_context(request, voice, task, form, purpose)
                    return render_page(request, template, context, part="task", status=422)
                saved = save(task, form)
            said = SAID.get(act, SAID["submit"]) if saved else TWICE
            done = task.pk
        if not request.htmx:
            messages.success(request, said)
            return redirect(address(voice, purpose, done))
    next_one = queue.next_task(request.user, voice, purpose)
    context = task_context(request, voice, next_one, form_class(), purpose)
    # What can be taken back is the task just answered; the address tells it after a plain post or a reload.
    context["said"], context["done"] = said, None if next_one and next_one.pk == done else done
    response = render_page(request, template, context, part="task")
    if request.htmx and request.method == "POST":
        response["HX-Replace-Url"] = address(voice, purpose, context["done"])
    return response


def address(voice: Voice, purpose: str, done: uuid.UUID | None) -> str:
    """Where the next task is, and after a reload still the answer that can be taken back."""
    return reverse(purpose, args=[voice.client.slug, voice.slug]) + (f"?done={done}" if done else "")


def key_of(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def task_context(
    request: access.Request, voice: Voice, task: Task | None, form: forms.Form, purpose: str
) -> dict[str, Any]:
    """Nothing in it tells which version wrote what: the template gets texts and the task's key alone."""
    progress = queue.progress(request.user, [voice])
    mine = progress[voice.pk, purpose]
    context: dict[str, Any] = {
        "voice": voice,
        "task": task,
        "form": form,
        "mine": mine,
        "total": mine.done + mine.left,
        "here": purpose,
    }
    if task is None:
        context["other"], context["other_left"] = OTHER[purpose], progress[voice.pk, OTHER[purpose]].left
        return context
    context["brief"] = task.item.sample.brief.content
    if task.item.other is None:
        context["text"] = task.item.sample.text
        context["sample"] = task.item.sample_id
    else:
        left, right = sides(task)
        context["left"], context["right"] = left.text, right.text
    return context
