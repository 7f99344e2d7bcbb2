"""Taking back what one decided about a pair: a new state, told in the log. No revision is ever lost."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from reviews.curation import Stale, log_act, next_revision, settle
from reviews.models import LogEntry
from reviews.reshaping import put_back
from training.models import Pair, Voice

SAID = {
    "pair.validated": "Accepted",
    "pair.rejected": "Rejected",
    "pair.revised": "Mended and accepted",
    "pair.split": "Split in two",
    "pair.merged": "Merged",
}
"""Act that can be taken back -> what it is called."""
STANDING = {
    "pair.validated": Pair.Status.VALIDATED,
    "pair.rejected": Pair.Status.REJECTED,
    "pair.revised": Pair.Status.VALIDATED,
    "pair.split": Pair.Status.REJECTED,
    "pair.merged": Pair.Status.PROPOSED,
}
"""Act -> how its pair stands after it."""
LAST = 20


@dataclass(frozen=True)
class Decision:
    """One act of a person on a pair, and whether it still stands, so that it can be taken back."""

    entry: LogEntry
    pair: Pair
    stands: bool

    @property
    def said(self) -> str:
        return SAID[self.entry.action]

    @property
    def reason(self) -> str:
        return str(self.entry.data.get("reason", ""))


def decisions(user: User, voice: Voice, count: int = LAST) -> list[Decision]:
    """The person's last acts on pairs of this voice, newest first. Two queries."""
    entries = LogEntry.objects.filter(voice=voice, user=user, action__in=SAID).order_by("-created_at", "-id")[:count]
    return told(list(entries))


def decision(user: User, voice: Voice, key: str | None) -> Decision | None:
    """One of the person's own acts by its key in the log."""
    if not key or not key.isdecimal() or len(key) > 18:
        return None
    entries = LogEntry.objects.filter(pk=int(key), voice=voice, user=user, action__in=SAID)
    return next(iter(told(list(entries))), None)


def told(entries: list[LogEntry]) -> list[Decision]:
    keys = [uuid.UUID(entry.data["pair"]) for entry in entries]
    # By their keys alone: with the voice as well, SQLite reads all of the voice's pairs.
    pairs = Pair.objects.select_related("brief").in_bulk(keys)
    seen: set[uuid.UUID] = set()
    found = []
    for entry, key in zip(entries, keys, strict=True):
        if pair := pairs.get(key):
            # Of two acts that left a pair the same, the later one is what made it so.
            found.append(Decision(entry, pair, stands(entry, pair) and key not in seen))
            seen |= {key} if found[-1].stands else set()
    return found


def stands(entry: LogEntry, pair: Pair) -> bool:
    own = pair.decided_by_id == entry.user_id or entry.action == "pair.merged"
    return own and pair.is_current and pair.status == STANDING[entry.action]


@transaction.atomic
def undo(made: Decision, user: User) -> Pair:
    """Bring the pair back to how it stood before the act, and give the pair to look at.

    Raises `Stale` when it has changed since. A revision is taken back by one more, which reads as the one before.
    """
    if not made.stands:
        raise Stale
    entry, pair = made.entry, made.pair
    pair.voice = entry.voice or pair.voice
    if entry.action in ("pair.split", "pair.merged"):
        back = put_back(entry, user)
    elif entry.action == "pair.revised":
        old = Pair.objects.select_related("brief").get(voice=pair.voice, pk=entry.data["replaced"])
        fields = {"status": old.status, "reject_reason": old.reject_reason}
        back = next_revision(pair, old, user, old.brief, old.output, **fields)
    else:
        settle(pair, user, entry.data["was"], entry.data["was_reason"])
        back = pair
    undecided = Pair.objects.filter(pk=back.pk, status__in=[Pair.Status.DRAFT, Pair.Status.PROPOSED])
    undecided.update(decided_by=None, decided_at=None)
    back = Pair.objects.select_related("brief").get(pk=back.pk)
    back.voice = pair.voice
    log_act("pair.undone", back, user, act=SAID[entry.action], entry=entry.pk)
    return back
