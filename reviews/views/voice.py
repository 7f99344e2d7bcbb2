"""One voice at a glance: where it stands in the loop, its guidelines and facts."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from reviews import access, exports, queue
from reviews.forms_people import VoiceForm
from reviews.models import Task, record
from reviews.views.page import render_page
from training.models import Sample, Voice
from training.recounting import recount
from voicelab.roles import Can


@require_http_methods(["GET", "HEAD", "POST"])
def voice(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice)
    form = VoiceForm(
        initial={
            "name": found.name,
            "guidelines": found.guidelines,
            "fact_sheet": found.fact_sheet,
            "target": round(found.alignment_target * 100),
        }
    )
    if request.method == "POST":
        if not access.may(found, Can.MANAGE):
            raise PermissionDenied("To change a voice, ask a lead.")
        form = VoiceForm(request.POST, initial=form.initial)
        if form.is_valid():
            with transaction.atomic():
                found.name = form.cleaned_data["name"]
                found.guidelines = form.cleaned_data["guidelines"]
                found.fact_sheet = form.cleaned_data["fact_sheet"]
                found.alignment_target = form.cleaned_data["target"] / 100
                found.save(update_fields=["name", "guidelines", "fact_sheet", "alignment_target"])
                if {"name", "guidelines", "fact_sheet"} & set(form.changed_data):
                    recount(found)
                record("voice.changed", client=found.client, voice=found, user=request.user)
            messages.success(request, "Saved.")
            return redirect("voice", client, voice)
    progress = queue.progress(request.user, [found])
    to_score, to_compare = progress[found.pk, "score"], progress[found.pk, "compare"]
    context = {
        "voice": found,
        "form": form,
        "can_manage": access.may(found, Can.MANAGE),
        "flagged": flagged(found) if access.may(found, Can.MANAGE) else [],
        "can_judge": access.may(found, Can.JUDGE),
        "downloads": downloads(found) if access.may(found, Can.EXPORT) else [],
        "can_curate": access.may(found, Can.CURATE),
        "validated": found.pairs.validated().count(),
        "to_decide": found.pairs.open().count(),
        "preferences": found.preferences.count(),
        "samples": Sample.objects.filter(version__voice=found).count(),
        "live": found.live,
        "versions": found.versions.count(),
        "to_score": to_score.left,
        "to_compare": to_compare.left,
        "held": to_score.held + to_compare.held,
        "here": "voice",
    }
    return render_page(request, "reviews/voice.html", context, status=422 if form.errors else 200)


def downloads(voice: Voice) -> list[tuple[str, int, str]]:
    """(kind, rows, what to do when there are none) of each download."""
    return [(name, exports.count(voice, exports.Choice(name)), kind.empty) for name, kind in exports.KINDS.items()]


def flagged(voice: Voice) -> QuerySet[Task]:
    """What copywriters flagged for a lead in the open rounds, newest first."""
    tasks = Task.objects.filter(state=Task.State.FLAGGED, item__round__voice=voice, item__round__is_open=True)
    return tasks.select_related("reviewer", "item__sample__brief").order_by("-done_at")[:20]
