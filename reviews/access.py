"""The only door: a row of a client, or 404 for a stranger and 403 for a member without the role.

Every view begins with one of these. Child rows are fetched *through* the voice they belong to,
so an id from another client is a 404 like any other.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django_htmx.middleware import HtmxDetails

from reviews.models import Item, Membership, Round, Task
from reviews.models_lists import BulkAct, SavedView
from reviews.models_validation import Lot
from training.models import (
    Client,
    Copy,
    DataSet,
    Focus,
    Import,
    ModelVersion,
    Pair,
    Passage,
    Run,
    Sample,
    Snapshot,
    Source,
    Voice,
)
from voicelab.roles import GRANTS, Can, Role, granted

MENU = 6


class Request(HttpRequest):
    """A signed-in request; `LoginRequiredMiddleware` turned the others away."""

    user: User
    htmx: HtmxDetails


def roles_of(user: User, client: Client) -> set[str]:
    return set(Membership.objects.filter(user=user, client=client, is_active=True).values_list("role", flat=True))


def clients_of(user: User) -> QuerySet[Client]:
    """The clients that this person works for. Superusers get no standing key: they need a membership as well."""
    return Client.objects.filter(memberships__user=user, memberships__is_active=True).distinct()


def voices_of(user: User, need: Can = Can.SEE) -> QuerySet[Voice]:
    """The voices that this person may do this for, scratch voices of rehearsals left out."""
    roles = [role for role, grants in GRANTS.items() if need in grants]
    memberships = Membership.objects.filter(user=user, is_active=True, role__in=roles)
    return Voice.objects.real().filter(client__in=memberships.values("client")).select_related("client")


def client_for(request: Request, client: str, need: Can = Can.SEE) -> Client:
    """The client, with `client.can` set to all that this person may do there."""
    found = Client.objects.filter(slug=client).first()
    roles = roles_of(request.user, found) if found else set()
    if found is None or not roles:
        raise Http404("No such client.")
    if need not in granted(roles):
        wanted = " or ".join(Role(role).label.lower() for role, grants in GRANTS.items() if need in grants)
        raise PermissionDenied(f"To {need.label}, ask a lead of {found.name} for the role {wanted}.")
    found.can = granted(roles)  # type: ignore[attr-defined]
    return found


def voice_for(request: Request, client: str, voice: str, need: Can = Can.SEE) -> Voice:
    owner = client_for(request, client, need)
    found = get_object_or_404(Voice.objects.real(), client=owner, slug=voice)
    found.client = owner
    return found


def may(voice_or_client: Voice | Client, need: Can) -> bool:
    """Whether the person whom the door let in may do this as well."""
    client = voice_or_client.client if isinstance(voice_or_client, Voice) else voice_or_client
    return need in client.can  # type: ignore[attr-defined]


def granted_to(user: User, client: Client) -> frozenset[Can]:
    """All that this person may do for the client now."""
    return granted(roles_of(user, client))


def person_for(client: Client, person: int) -> User:
    """Somebody who works for this client, or did before being deactivated."""
    return get_object_or_404(User.objects.filter(memberships__client=client).distinct(), pk=person)


def run_for(voice: Voice, run: uuid.UUID) -> Run:
    return get_object_or_404(Run.objects.select_related("snapshot"), voice=voice, pk=run)


def version_for(voice: Voice, version: uuid.UUID) -> ModelVersion:
    return get_object_or_404(ModelVersion, voice=voice, pk=version)


def sample_for(voice: Voice, sample: uuid.UUID) -> Sample:
    return get_object_or_404(Sample.objects.select_related("brief", "version"), version__voice=voice, pk=sample)


def pair_for(voice: Voice, pair: uuid.UUID) -> Pair:
    """The pair with this key; a colleague may have put a newer revision in its place."""
    rows = Pair.objects.select_related("brief", "passage__source").defer("passage__source__raw")
    return get_object_or_404(rows, voice=voice, pk=pair)


def data_set_for(voice: Voice, data_set: uuid.UUID) -> DataSet:
    """The data set; its bytes are read when they are asked for."""
    rows = DataSet.objects.select_related("brought_by", "voice__client").defer("raw")
    return get_object_or_404(rows, voice=voice, pk=data_set)


def source_for(voice: Voice, source: uuid.UUID) -> Source:
    return get_object_or_404(Source.objects.defer("raw"), voice=voice, pk=source)


def snapshot_for(voice: Voice, snapshot: uuid.UUID) -> Snapshot:
    return get_object_or_404(Snapshot, voice=voice, pk=snapshot)


def import_for(voice: Voice, importing: uuid.UUID) -> Import:
    return get_object_or_404(Import.objects.select_related("requested_by"), voice=voice, pk=importing)


def focus_for(voice: Voice, focus: uuid.UUID) -> Focus:
    found = get_object_or_404(Focus.objects.select_related("created_by"), voice=voice, pk=focus)
    found.voice = voice
    return found


def key_or_404(typed: str) -> uuid.UUID:
    """A row's key as a button sends it."""
    try:
        return uuid.UUID(typed)
    except ValueError:
        raise Http404("No such row.") from None


def passage_for(voice: Voice, passage: uuid.UUID) -> Passage:
    rows = Passage.objects.of(voice).select_related("source").defer("source__raw")
    return get_object_or_404(rows, pk=passage)


def copy_for(voice: Voice, copy: uuid.UUID) -> Copy:
    """The kept text of a cluster of near-copies."""
    rows = voice.copies.kept().select_related("passage__source")
    unread = ("source__raw", "original", "trace", "changes")
    return get_object_or_404(rows.defer(*(f"passage__{name}" for name in unread)), pk=copy)


def round_for(voice: Voice, round: uuid.UUID) -> Round:
    return get_object_or_404(Round, voice=voice, pk=round)


def task_for(request: Request, voice: Voice, task: uuid.UUID) -> Task:
    """This person's own task on a sample; a colleague's is a 404."""
    tasks = Task.objects.filter(item__sample__isnull=False)
    tasks = tasks.select_related("item__round", "item__sample__brief", "item__other")
    return get_object_or_404(tasks, item__round__voice=voice, reviewer=request.user, pk=task)


def reading_task_for(request: Request, voice: Voice, task: uuid.UUID) -> Task:
    """This person's own task on a pair of a lot's sample; a colleague's is a 404."""
    tasks = Task.objects.select_related("item__round__voice__client", "item__lot_pair")
    return get_object_or_404(tasks, item__round__voice=voice, item__pair__isnull=False, reviewer=request.user, pk=task)


def lot_for(voice: Voice, lot: uuid.UUID) -> Lot:
    return get_object_or_404(Lot.objects.select_related("round", "drawn_by", "closed_by"), voice=voice, pk=lot)


def bulk_act_for(voice: Voice, act: uuid.UUID) -> BulkAct:
    acts = BulkAct.objects.select_related("user", "undoes", "voice__client")
    return get_object_or_404(acts, voice=voice, pk=act)


def saved_view_for(request: Request, voice: Voice, view: str) -> SavedView:
    """This person's own view; a colleague's is a 404, shared or not."""
    number = int(view) if view.isdecimal() and len(view) < 19 else 0
    return get_object_or_404(SavedView, voice=voice, user=request.user, pk=number)


def items_of(voice: Voice) -> QuerySet[Item]:
    return Item.objects.filter(round__voice=voice)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Template context: the first few voices in the signed-in person's menu; the start page has all."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {}
    voices = list(voices_of(request.user)[: MENU + 1])
    return {"my_voices": voices[:MENU], "has_more_voices": len(voices) > MENU}
