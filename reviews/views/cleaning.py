"""A voice's cleaning: its rules and what they did, and the lines that its documents share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Min, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from reviews import access
from reviews.findings import plural
from reviews.forms_cleaning import CleaningForm
from reviews.models import record
from reviews.views.lists import csv_response, searched
from reviews.views.page import render_page
from training.corpus.cleaning.rules import RULES, Rule
from training.deduplication import find_duplicates
from training.models import Passage, RecurringLine, Touch, Voice
from training.recleaning import clean_again, decide_line, flag_languages, waiting
from voicelab.roles import Can

FLAGS = [rule.name for rule in RULES.values() if rule.flags]
"""Rules that change nothing."""
AROUND = 40
"""Characters of a passage shown before and after an example."""
STATES = {"": "All", "out": "Taken out", "kept": "Kept"}


@dataclass(frozen=True)
class RuleRow:
    """A rule as the page shows it: whether it is on, how many passages it touched, and one of them."""

    rule: Rule
    is_on: bool
    passages: int
    passage: Passage | None
    around: tuple[str, str, str, str]
    """What stands before the change, what went, what came, what stands after it."""


@require_http_methods(["GET", "HEAD", "POST"])
def cleaning(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    form = CleaningForm.of(found)
    if request.method == "POST" and request.POST.get("act") == "again":
        return again(request, found)
    if request.method == "POST":
        form = CleaningForm(request.POST)
        if form.is_valid():
            save(request, found, form.values())
            left = waiting(found)
            then = f" {plural(left, 'passage')} can be cleaned again now." if left else ""
            messages.success(request, f"Saved.{then}")
            return redirect("cleaning", client, voice)
    passages = Passage.objects.of(found)
    counts = passages.aggregate(all=Count("pk"), outdated=Count("pk", filter=Q(is_outdated=True)))
    left = waiting(found)
    rows = rule_rows(found, form)
    context = {
        "voice": found,
        "form": form,
        "busy": [row for row in rows if row.passages],
        "idle": [row for row in rows if not row.passages],
        "passages": counts["all"],
        "touched": found.touches.exclude(rule__in=FLAGS).values("passage").distinct().count(),
        "outdated": counts["outdated"],
        "lines": found.recurring_lines.count(),
        "lines_out": found.recurring_lines.going().count(),
        "left": left,
        "of": left,
        "done": 0,
        "here": "cleaning",
        "room": "corpus",
    }
    return render_page(request, "reviews/cleaning.html", context, status=422 if form.errors else 200)


@transaction.atomic
def save(request: access.Request, voice: Voice, values: dict[str, Any]) -> None:
    if all(getattr(voice, name) == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(voice, name, value)
    voice.save(update_fields=list(values))
    flag_languages(voice)
    off = [RULES[name].label for name in voice.rules_off]
    record("cleaning.changed", client=voice.client, voice=voice, user=request.user, off=off, **voice.house_style)


def again(request: access.Request, voice: Voice) -> HttpResponse:
    """One bounded piece of the work. The page asks for the next by itself; without JavaScript a person presses on."""
    before = waiting(voice)
    given = request.POST.get("of", "")
    of = max(before, int(given[:9])) if given.isdecimal() else before
    if before and before == of:
        record("cleaning.again", client=voice.client, voice=voice, user=request.user, passages=before)
    clean_again(voice)
    left = waiting(voice)
    if before and not left:
        find_duplicates(voice)
    if not request.htmx:
        rest = f", {left:,} to go." if left else "."
        messages.success(request, f"{plural(before - left, 'passage')} cleaned again{rest}")
        return redirect("cleaning", voice.client.slug, voice.slug)
    context = {"voice": voice, "left": left, "of": of, "done": of - left, "going": bool(left)}
    return render_page(request, "reviews/cleaning.html", context, part="again")


def rule_rows(voice: Voice, form: CleaningForm) -> list[RuleRow]:
    told = voice.touches.order_by().values("rule").annotate(count=Count("pk"), first=Min("pk"))
    counts = {row["rule"]: row for row in told}
    firsts = Touch.objects.filter(pk__in=[row["first"] for row in told]).select_related("passage")
    examples = {touch.rule: touch.passage for touch in firsts}
    return [
        RuleRow(
            rule,
            form.is_on(rule.name),
            counts[rule.name]["count"] if rule.name in counts else 0,
            examples.get(rule.name),
            example(examples.get(rule.name), rule.name),
        )
        for rule in RULES.values()
    ]


def example(passage: Passage | None, rule: str) -> tuple[str, str, str, str]:
    """The rule's first change in this passage with a few words around it."""
    change = next((one for one in passage.trace if one["rule"] == rule), None) if passage else None
    if passage is None or change is None:
        return "", "", "", ""
    start = passage.original.find(change["before"])
    if start < 0:
        return "", *shown(change), ""
    end = start + len(change["before"])
    before, after = passage.original[max(0, start - AROUND) : start], passage.original[end : end + AROUND]
    if start > AROUND:
        before = "…" + before.partition(" ")[2]
    if end + AROUND < len(passage.original):
        after = after.rpartition(" ")[0] + "…"
    went, came = shown(change)
    return before, went, came, f"\n{after}" if "\n" in change["after"] else after


def shown(change: dict[str, Any]) -> tuple[str, str]:
    """What went and what came; where words went, the line break that is left is no news."""
    before, after = change["before"], change["after"]
    return visible(before), "" if before.strip() and not after.strip() else visible(after)


def visible(text: str) -> str:
    """What nobody sees, by name; a long stretch shortened."""
    told = "".join(NAMED.get(sign, sign) for sign in text)
    bare = told.strip()
    told = bare.replace("\n", " ⏎ ") if bare else told.replace("\n", "⏎").replace(" ", "␣")
    return told if len(told) <= 200 else f"{told[:150]} … {told[-40:]}"


NAMED = {
    "\u00a0": "[hard space]",
    "\u00ad": "[soft hyphen]",
    "\u200b": "[zero-width space]",
    "\ufeff": "[byte-order mark]",
    "\u2060": "[word joiner]",
    "\t": "[tab]",
    "\u3000": "[wide space]",
    "\u2009": "[thin space]",
    "\u202f": "[narrow hard space]",
}


@require_http_methods(["GET", "HEAD", "POST"])
def lines(request: access.Request, client: str, voice: str) -> HttpResponse:
    found = access.voice_for(request, client, voice, Can.CURATE)
    if request.method == "POST":
        number = request.POST.get("line", "")
        line = get_object_or_404(RecurringLine, voice=found, pk=int(number) if number.isdecimal() else 0)
        goes = request.POST.get("act") == "out"
        with transaction.atomic():
            decide_line(line, request.user, goes)
            record("line.decided", client=found.client, voice=found, user=request.user, line=line.text[:200], goes=goes)
        left = waiting(found)
        then = f" {plural(left, 'passage')} can be cleaned again now." if left else ""
        messages.success(request, f"{'It is taken out' if goes else 'It is kept'} from now on.{then}")
        return redirect(f"{request.path}?{request.GET.urlencode()}" if request.GET else request.path)
    search = searched(request)
    state = request.GET.get("state", "")
    rows = found.recurring_lines.select_related("decided_by")
    if search:
        rows = rows.filter(text__icontains=search)
    if state in ("out", "kept"):
        rows = rows.filter(goes=state == "out")
    if request.GET.get("format") == "csv":
        table = ([row.text, row.documents, "out" if row.goes else "kept", told(row)] for row in rows)
        return csv_response(f"{found.slug}-recurring-lines", ["line", "documents", "state", "why"], table)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {
        "voice": found,
        "page": page,
        "acts": [(row, told(row)) for row in page],
        "search": search,
        "state": state,
        "states": STATES.items(),
        "all": found.recurring_lines.count(),
        "out": found.recurring_lines.going().count(),
        "left": waiting(found),
        "here": "cleaning",
        "room": "corpus",
    }
    return render_page(request, "reviews/lines.html", context)


def told(line: RecurringLine) -> str:
    """Why the line goes or stays."""
    if not line.is_decided:
        return line.reason
    return f"{line.decided_by.first_name or line.decided_by.username if line.decided_by else 'somebody'} said so"
