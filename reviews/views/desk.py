"""What the score and compare screens share: one URL shows a task, takes its answer and brings the next."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from reviews import access, queue
from reviews.models import Task
from reviews.scoring import set_aside, sides
from reviews.views.page import render_page
from training.models import Voice
from voicelab.roles import Can


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
    said = ""
    if request.method == "POST":
        task = access.task_for(request, voice, task_key(request))
        act = request.POST.get("act", "submit")
        if act in ("skip", "flag"):
            state = Task.State.SKIPPED if act == "skip" else Task.State.FLAGGED
            set_aside(task, state, request.POST.get("note", "")[:300])
            said = "Skipped. A colleague gets it." if act == "skip" else "Flagged for the lead."
        else:
            form = form_class(request.POST)
            if not form.is_valid():
                context = task_context(request, voice, task, form, purpose)
                return render_page(request, template, context, part="task", status=422)
            save(task, form)
            said = "Saved. Thank you."
        if not request.htmx:
            messages.success(request, said)
            return redirect(purpose, client, slug)
    next_one = queue.next_task(request.user, voice, purpose)
    context = task_context(request, voice, next_one, form_class(), purpose)
    context["said"] = said
    return render_page(request, template, context, part="task")


def task_key(request: access.Request) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("task", ""))
    except ValueError:
        return uuid.UUID(int=0)


def task_context(
    request: access.Request, voice: Voice, task: Task | None, form: forms.Form, purpose: str
) -> dict[str, Any]:
    """Nothing in it tells which version wrote what: the template gets texts and the task's key alone."""
    context: dict[str, Any] = {
        "voice": voice,
        "task": task,
        "form": form,
        "left_to_do": queue.waiting(voice, request.user)[purpose],
        "here": purpose,
    }
    if task is None:
        context["colleagues"], context["until"] = queue.with_colleagues(request.user, voice, purpose)
        return context
    context["brief"] = task.item.sample.brief.content
    if task.item.other is None:
        context["text"] = task.item.sample.text
        context["sample"] = task.item.sample_id
    else:
        left, right = sides(task)
        context["left"], context["right"] = left.text, right.text
    return context
