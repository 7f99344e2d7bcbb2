"""A voice's focuses: which pairs show them, and the acts of people on them, each told in the log."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone

from reviews.models import record
from reviews.suggesting import several
from training.corpus.brief import CHANNELS
from training.corpus.brief import Brief as Content
from training.corpus.focusing import shows
from training.focusing import Chosen, chosen_by_hand
from training.models import Focus, FocusPair, Pair, PairEntry, Voice
from training.models.corpus import Split

KEPT_SECONDS = 24 * 3600
RULES_AS_OF = 1
"""To be raised when a rule changes, so that what was found by the old one is forgotten."""


@dataclass
class Showing:
    """The pairs of a focus: validated ones, those that wait, and how many of the training pairs by people."""

    validated: list[uuid.UUID] = field(default_factory=list)
    waiting: list[uuid.UUID] = field(default_factory=list)
    training: int = 0
    of: int = 0

    @property
    def is_too_wide(self) -> bool:
        """It covers more than half of the training pairs, so all of them weigh about the same."""
        return 2 * self.training > self.of > 0

    def missing(self, focus: Focus) -> int:
        return max(0, focus.wanted - len(self.validated))


def showing(voice: Voice, focuses: list[Focus]) -> dict[uuid.UUID, Showing]:
    """Focus -> its pairs. Texts are read once: a pair's text and brief never change, so what a rule said holds."""
    states = [PairEntry.State.OPEN, PairEntry.State.VALIDATED]
    entries = PairEntry.objects.filter(voice=voice, state__in=states).order_by("pk")
    rows = list(entries.values_list("pair_id", "state", "split", "made")) if focuses else []
    chosen = chosen_by_hand(focuses)
    found: dict[uuid.UUID, Showing] = {}
    hits = found_by_rules(voice, focuses, {pk for pk, *_ in rows})
    for focus in focuses:
        one = found[focus.pk] = Showing()
        mine = with_chosen(voice, hits[focus.pk], chosen[focus.pk])
        for pk, state, split, written in rows:
            is_validated = state == PairEntry.State.VALIDATED
            is_training = is_validated and split == Split.TRAIN and written != Pair.Made.CANDIDATE
            one.of += is_training
            if pk in mine:
                (one.validated if is_validated else one.waiting).append(pk)
                one.training += is_training
    return found


def found_by_rules(voice: Voice, focuses: list[Focus], keys: set[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Focus -> those of the pairs that its rule and words find; only pairs not looked at before are read."""
    told: dict[uuid.UUID, tuple[set[uuid.UUID], set[uuid.UUID]]] = {}
    for focus in focuses:
        seen, hits = cache.get(remembered(focus)) or (set(), set())
        told[focus.pk] = (seen & keys, hits & keys)
    finding = [focus for focus in focuses if focus.finds]
    new = {focus.pk: keys - told[focus.pk][0] for focus in finding}
    wanted = set().union(*new.values()) if new else set()
    for key, output, content in read(wanted):
        for focus in finding:
            if key in new[focus.pk] and shows(
                output, content, rule=focus.rule, search=focus.search, channel=focus.channel
            ):
                told[focus.pk][1].add(key)
    for focus in finding:
        if new[focus.pk]:
            cache.set(remembered(focus), (keys, told[focus.pk][1]), KEPT_SECONDS)
    return {key: hits for key, (_, hits) in told.items()}


def remembered(focus: Focus) -> str:
    asked = repr((RULES_AS_OF, focus.rule, focus.search, focus.channel))
    return f"focus:{focus.pk}:{hashlib.sha256(asked.encode()).hexdigest()}"


def read(keys: set[uuid.UUID]) -> Iterator[tuple[uuid.UUID, str, Content]]:
    """(pair, copy, brief), as bare values: there may be a hundred thousand of them."""
    wanted = sorted(keys)
    for start in range(0, len(wanted), 500):
        rows = Pair.objects.filter(pk__in=wanted[start : start + 500]).order_by()
        fields = ("channel", "topic", "facts", "audience", "call_to_action")
        for key, output, *told in rows.values_list("pk", "output", *(f"brief__{name}" for name in fields)):
            told[2] = tuple(told[2])
            yield key, output, Content(*told)


def with_chosen(voice: Voice, hits: set[uuid.UUID], chosen: Chosen) -> set[uuid.UUID]:
    """What the rules found, as people corrected it."""

    def keys(lineages: set[uuid.UUID]) -> set[uuid.UUID]:
        some, found = sorted(lineages), set()
        for start in range(0, len(some), 500):
            rows = Pair.objects.current().filter(voice=voice, lineage__in=some[start : start + 500])
            found |= set(rows.order_by().values_list("pk", flat=True))
        return found

    return (hits - keys(chosen.taken_out)) | keys(chosen.taken_in)


def asked_for(focus: Focus, showing: Showing) -> str:
    """The request for what is missing: "12 more e-mails that end in a call to action"; "" when nothing is."""
    count = showing.missing(focus)
    thing = CHANNELS[focus.channel].split(" ", 1)[1] if focus.channel else "pair"
    return f"{count:,} more {thing if count == 1 else several(thing)} that {focus.that}" if count else ""


class Taken(ValueError):
    """Another open focus has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is an open focus called “{name}” already. Give this one another name.")


def create(voice: Voice, user: User, **fields: Any) -> Focus:
    """Raises `Taken`."""
    try:
        with transaction.atomic():
            focus = Focus.objects.create(voice=voice, created_by=user, **fields)
            log(focus, user, "focus.made", weight=focus.weight)
            return focus
    except IntegrityError as error:
        raise Taken(fields["name"]) from error


def change(focus: Focus, user: User, **fields: Any) -> None:
    """Raises `Taken`."""
    was = {name: getattr(focus, name) for name in fields}
    if was == fields:
        return
    for name, value in fields.items():
        setattr(focus, name, value)
    try:
        with transaction.atomic():
            focus.save(update_fields=list(fields))
            log(focus, user, "focus.changed", **{name: value for name, value in fields.items() if was[name] != value})
    except IntegrityError as error:
        raise Taken(fields["name"]) from error


@transaction.atomic
def close(focus: Focus, user: User) -> bool:
    """It weighs nothing from now on. False: it was closed already."""
    mine = Focus.objects.filter(pk=focus.pk, is_open=True)
    if closed := bool(mine.update(is_open=False, closed_at=timezone.now())):
        log(focus, user, "focus.closed")
    return closed


def reopen(focus: Focus, user: User) -> bool:
    """False: it was open already. Raises `Taken`."""
    try:
        with transaction.atomic():
            mine = Focus.objects.filter(pk=focus.pk, is_open=False)
            if opened := bool(mine.update(is_open=True, closed_at=None)):
                log(focus, user, "focus.reopened")
            return opened
    except IntegrityError as error:
        raise Taken(focus.name) from error


@transaction.atomic
def choose(focus: Focus, pair: Pair, user: User, *, is_in: bool) -> None:
    """A person says that the pair belongs to the focus, or that it does not. It holds for each revision."""
    fields = {"is_in": is_in, "user": user}
    FocusPair.objects.update_or_create(focus=focus, lineage=pair.lineage, defaults=fields)
    action = "focus.chosen" if is_in else "focus.taken_out"
    log(focus, user, action, pair=str(pair.pk))


def log(focus: Focus, user: User, action: str, **data: Any) -> None:
    voice = focus.voice
    record(action, client=voice.client, voice=voice, user=user, focus=focus.name, **data)


@transaction.atomic
def set_share(voice: Voice, user: User, share: int) -> None:
    """How much of the training pairs the live version may have written, in percent."""
    if voice.machine_share != share:
        voice.machine_share = share
        voice.save(update_fields=["machine_share"])
        record("corpus.machine_share", client=voice.client, voice=voice, user=user, share=share)
