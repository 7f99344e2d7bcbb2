"""What somebody decides about suggestions: one place, all of a word, or all of a kind once they are sure."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from reviews import access, curation
from reviews.findings import plural
from reviews.models import record
from reviews.views.edit import word_diff
from reviews.views.page import render_page
from training.cleaning import settings_of
from training.corpus.cleaning.corrections import RULE
from training.corpus.grammar import DIALECTS, IN_WORDS, KINDS
from training.correcting import Decided, accept, cased, corrected, dismiss, make_ours, mended, settled, take_back
from training.models import Pair, Proofreading, Suggestion, Voice
from training.models.suggestions import SuggestionQuerySet
from training.proofreading import waiting
from training.proofreadingjobs import enqueue_proofreading

State = Suggestion.State
SAID = {"accept": "corrected", "dismiss": "dismissed", "ours": "known as the voice's own now", "back": "open again"}


def decide(request: access.Request, voice: Voice) -> HttpResponse:
    act = request.POST.get("act", "")
    if act in ACTS:
        return ACTS[act](request, voice)
    if act not in SAID:
        raise Http404("No such act.")
    rows, what = chosen(request, voice, act)
    replacement = request.POST.get("replacement", "").replace("\0", "").strip()[:200]
    is_sure, count = bool(request.POST.get("sure")), rows.count()
    if act == "accept" and count == 1 and (pairs := validated_pairs(rows[0])):
        if not is_sure:
            return ask_about_validated(request, voice, rows[0], replacement, pairs)
        try:
            done = accept_validated(request, voice, rows[0], replacement, pairs)
        except curation.Stale:
            done = Decided()
        return answer(request, voice, act, what, done)
    if count > 1 and act in ("accept", "dismiss") and not is_sure:
        return ask(request, voice, act, what, rows)
    with transaction.atomic():
        if act == "accept":
            done = accept(voice, rows, request.user, replacement)
        elif act == "dismiss":
            done = dismiss(voice, rows, request.user)
        elif act == "ours":
            done = make_ours(voice, rows[0].words if count else what, request.user)
        else:
            done = take_back(voice, rows)
        log(request, voice, act, what, done, replacement)
    return answer(request, voice, act, what, done)


def chosen(request: access.Request, voice: Voice, act: str) -> tuple[SuggestionQuerySet, str]:
    """The rows that the form is about, and their name. One place, one act, one word of a kind, or a whole kind."""
    post = request.POST
    rows = voice.suggestions.exclude(state=State.OPEN) if act == "back" else voice.suggestions.open()
    if number := post.get("suggestion", ""):
        rows = rows.filter(pk=int(number[:18]) if number.isdecimal() else 0)
        row = voice.suggestions.filter(pk=int(number[:18]) if number.isdecimal() else 0).first()
        if row is None:
            raise Http404("No such suggestion.")
        return (rows.of_word(row.key) if act == "ours" and row.kind in IN_WORDS else rows), row.words
    if act == "back" and (key := post.get("done", "")):
        try:
            return rows.filter(act=uuid.UUID(key)), ""
        except ValueError:
            raise Http404("No such act.") from None
    kind, word = post.get("kind", ""), post.get("word", "").replace("\0", "")
    if kind not in KINDS or (act in ("ours", "back") and not word):
        raise Http404("No such suggestions.")
    if act == "ours":
        return rows.of_word(word), word
    rows = rows.filter(kind=kind)
    if act == "back":
        rows = rows.filter(state__in=[State.ACCEPTED, State.DISMISSED])
    return (rows.filter(key=word), word) if word else (rows, KINDS[kind].label)


def given(request: access.Request) -> list[tuple[str, str]]:
    """The form's fields, to send again by somebody who is sure."""
    names = ("suggestion", "kind", "word", "replacement", "done")
    return [(name, request.POST[name]) for name in names if request.POST.get(name)]


def log(request: access.Request, voice: Voice, act: str, what: str, done: Decided, replacement: str = "") -> None:
    if done.places or act == "ours":
        told = {"words": what[:200], "places": done.places, "left": done.left or None, "by": replacement}
        record(f"suggestion.{act}", client=voice.client, voice=voice, user=request.user, **told)


def answer(request: access.Request, voice: Voice, act: str, what: str, done: Decided) -> HttpResponse:
    if done.places or act == "ours":
        name = f"“{what}”: " if what else ""
        messages.success(request, f"{name}{plural(done.places, 'place')} {SAID[act]}.")
    if done.left:
        reason = "Its pair is validated" if done.left == 1 else "Their pairs are validated"
        messages.warning(request, f"{plural(done.left, 'place')} left as before. {reason}; decide there one by one.")
    if not done.places and not done.left and act != "ours":
        messages.warning(request, "Nothing was left to decide there. A colleague may have been quicker.")
    return back_to_list(request, voice, done.act if done.places else None)


def back_to_list(request: access.Request, voice: Voice, done: uuid.UUID | None = None) -> HttpResponse:
    query = request.GET.copy()
    query.pop("done", None)
    if done:
        query["done"] = str(done)
    response = redirect("suggestions", voice.client.slug, voice.slug)
    if query:
        response["Location"] += f"?{query.urlencode()}"
    return response


def validated_pairs(row: Suggestion) -> list[Pair]:
    """The validated pairs of its passage; the passage then belongs to whoever read it."""
    if not settled([row.passage]):
        return []
    return list(Pair.objects.validated().filter(passage=row.passage_id).select_related("brief", "passage", "voice"))


def ask(request: access.Request, voice: Voice, act: str, what: str, rows: SuggestionQuerySet) -> HttpResponse:
    """How many places it is about, before all of them are decided at once."""
    counts = {"places": rows.count(), "passages": rows.values("passage").distinct().count()}
    return sure(request, voice, {"act": act, "what": what, **counts})


def ask_about_validated(
    request: access.Request, voice: Voice, row: Suggestion, replacement: str, pairs: list[Pair]
) -> HttpResponse:
    """What a validated pair would read."""
    row.replacement = cased(replacement or (row.replacements or [row.words])[0], row.words)
    diffs = [word_diff(pair.output, corrected(pair.output, [row.correction])) for pair in pairs]
    return sure(request, voice, {"act": "accept", "what": row.words, "places": 1, "diffs": diffs})


def sure(request: access.Request, voice: Voice, context: dict[str, Any]) -> HttpResponse:
    where = {"voice": voice, "given": given(request), "here": "suggestions", "room": "corpus"}
    return render_page(request, "reviews/suggestions_sure.html", {**where, **context})


@transaction.atomic
def accept_validated(
    request: access.Request, voice: Voice, row: Suggestion, replacement: str, pairs: list[Pair]
) -> Decided:
    """The correction in a validated pair: a new revision, validated by who saw it."""
    rows = voice.suggestions.filter(pk=row.pk)
    done = accept(voice, rows, request.user, replacement, even_validated=True)
    if done.places and RULE not in settings_of(voice).off:
        row.refresh_from_db()
        for pair in pairs:
            output = corrected(pair.output, [row.correction])
            if output != pair.output:
                content = mended(pair.brief.content, pair.output, output, [row.correction])
                curation.revise(pair, request.user, content, output)
    log(request, voice, "accept", row.words, done, replacement)
    return done


def start(request: access.Request, voice: Voice) -> HttpResponse:
    try:
        with transaction.atomic():
            job = Proofreading.objects.create(voice=voice, requested_by=request.user, passages=waiting(voice).count())
            told = {"passages": job.passages}
            record("proofreading.started", client=voice.client, voice=voice, user=request.user, **told)
            transaction.on_commit(lambda: enqueue_proofreading(job))
    except IntegrityError:
        pass  # a double click, or a colleague: one look is under way
    return back_to_list(request, voice)


def stop(request: access.Request, voice: Voice) -> HttpResponse:
    with transaction.atomic():
        if voice.proofreadings.unfinished().update(state=Proofreading.State.CANCELLED, lease_until=None):
            record("proofreading.cancelled", client=voice.client, voice=voice, user=request.user)
            messages.success(request, "Stopped. What was looked at stays so; another look goes on from there.")
    return back_to_list(request, voice)


def choose_dialect(request: access.Request, voice: Voice) -> HttpResponse:
    dialect = request.POST.get("dialect", "")
    if dialect not in ("", *DIALECTS):
        raise Http404("No such English.")
    if dialect != voice.dialect:
        with transaction.atomic():
            voice.dialect = dialect
            voice.save(update_fields=["dialect"])
            record("dialect.chosen", client=voice.client, voice=voice, user=request.user, dialect=dialect or "either")
        messages.success(request, "Saved. Look again, and the copy is read in this English.")
    return back_to_list(request, voice)


ACTS: dict[str, Callable[[access.Request, Voice], HttpResponse]] = {
    "look": start,
    "stop": stop,
    "dialect": choose_dialect,
}
