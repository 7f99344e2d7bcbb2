"""One pair into two, or two into one. The old ones stay readable, left out with the reason."""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import replace
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction

from reviews.curation import Stale, log_act, put_at, settle
from reviews.holding import forget, hold
from reviews.models import Hold, LogEntry
from training.corpus.brief import Brief as Content
from training.corpus.passages import Piece
from training.corpus.propose import propose
from training.corpus.reading.document import Document
from training.importing import briefs_for
from training.models import Pair, Passage

SPLIT, MERGED = "Split in two", "Merged into one"
NEAR = 20
"""Passages to look ahead or back for the neighbour of a pair: between them may lie some that were left out."""
INSTANT = timedelta(microseconds=1)
BREAKS = 60
BREAK = re.compile(r"""\n\s*|(?<=[.!?…])["'”’)\]]*\s+(?=["'“‘(\[]?[A-Z0-9£$€])""")


class Held(Exception):
    """A colleague works on a pair that this act would change; `hold` says who, and until when."""

    def __init__(self, hold: Hold) -> None:
        self.hold = hold


def breaks(text: str) -> list[int]:
    """Where the copy may be split: the characters at which a line or a sentence begins; 60 at most."""
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    ends = (match.end() for match in BREAK.finditer(text))
    return [at for at in ends if first < at < last][:BREAKS]


@transaction.atomic
def split(pair: Pair, user: User, content: Content, output: str, at: int) -> LogEntry:
    """Two proposed pairs in place of one: the copy before character `at`, and the rest, each with a brief of its own.

    Raises `ValueError` when one of them would have no copy, and `Stale`.
    """
    halves = [output[:at].strip(), output[at:].strip()]
    if not all(halves):
        raise ValueError("One of the two would have no copy. Put the cursor between two sentences.")
    was = pair.status
    settle(pair, user, Pair.Status.REJECTED, SPLIT)
    forget(pair, user)
    contents = [brief_of(pair, content, half) for half in halves]
    made = successors([pair], contents, halves)
    return log_act("pair.split", pair, user, was=was, made=[str(half.pk) for half in made])


@transaction.atomic
def merge(pair: Pair, step: int, user: User, content: Content, output: str) -> LogEntry:
    """One proposed pair in place of this one and its neighbour after (`step` 1) or before (-1) it in the document.

    Raises `ValueError` when there is none, `Held` when a colleague works on it, and `Stale`.
    """
    before, after = neighbours(pair)
    other = after if step > 0 else before
    if other is None:
        raise ValueError(f"There is no pair {'after' if step > 0 else 'before'} this one in its document.")
    other.voice = pair.voice
    holder = hold(other, user)
    if holder.user_id != user.pk:
        raise Held(holder)
    parts = [(pair, content, output), (other, other.brief.content, other.output)]
    (first, one, begins), (second, two, ends) = parts[::step]
    was = [first.status, second.status]
    for old in (first, second):
        settle(old, user, Pair.Status.REJECTED, MERGED)
        forget(old, user)
    both = replace(
        one,
        facts=tuple(dict.fromkeys([*one.facts, *two.facts])),
        audience=one.audience or two.audience,
        call_to_action=two.call_to_action or one.call_to_action,
    )
    [made] = successors([first, second], [both], [f"{begins}\n\n{ends}"])
    merged = [str(first.pk), str(second.pk)]
    return log_act("pair.merged", made, user, merged=merged, was=was, made=[str(made.pk)])


def brief_of(pair: Pair, content: Content, text: str) -> Content:
    """A brief for a part of the pair's copy: what its own brief says of that part, and what is proposed for it."""
    source = pair.passage.source if pair.passage else None
    document = Document(content.topic, [], channel=content.channel)
    proposed = propose(source.name if source else "", source.kind if source else "", document, Piece("", text, ()))
    borne = [fact for fact in content.facts if fact in text]
    call = content.call_to_action
    return replace(
        proposed,
        channel=content.channel,
        facts=tuple(borne + [fact for fact in proposed.facts if not any(fact in other for other in borne)]),
        audience=content.audience,
        call_to_action=call if call and call in text else proposed.call_to_action,
    )


def successors(olds: list[Pair], contents: list[Content], outputs: list[str]) -> list[Pair]:
    """New, proposed pairs, each the beginning of a lineage, right after the last of the old ones in line."""
    # What a machine wrote a part of stays marked as a whole.
    like = next((old for old in olds if old.made == Pair.Made.CANDIDATE), olds[0])
    briefs = briefs_for(like.voice, contents, {content.digest(): like.brief.split for content in contents})
    place = max(old.created_at for old in olds)
    return [
        put_at(
            Pair.answering(
                briefs[content.digest()],
                output,
                voice=like.voice,
                passage=like.passage,
                made=like.made,
                origin=like.origin,
                status=Pair.Status.PROPOSED,
            ),
            place + number * INSTANT,
        )
        for number, (content, output) in enumerate(zip(contents, outputs, strict=True), start=1)
    ]


def neighbours(pair: Pair) -> tuple[Pair | None, Pair | None]:
    """The pairs before and after this one in its document, what was left out passed over. Three look-ups by index.

    A second brief has none and is none: its copy is that of the first.
    """
    at = pair.passage
    if at is None or pair.made == Pair.Made.REBRIEF:
        return None, None
    near = Passage.objects.filter(
        source=at.source_id, document=at.document, position__range=(at.position - NEAR, at.position + NEAR)
    )
    places = dict(near.values_list("pk", "position"))
    pairs = Pair.objects.current().exclude(status=Pair.Status.REJECTED).filter(passage__in=list(places))
    pairs = pairs.exclude(made=Pair.Made.REBRIEF)
    rows = pairs.exclude(pk=pair.pk).values_list("passage", "created_at", "pk")
    line = sorted((places[passage], created_at, key) for passage, created_at, key in rows if passage)
    place = (at.position, pair.created_at, pair.pk)
    before = [key for *_, key in line[: bisect(line, place)]][-1:]
    after = [key for *_, key in line[bisect(line, place) :]][:1]
    wanted = Pair.objects.select_related("brief", "passage__source").defer("passage__source__raw")
    found = wanted.in_bulk(before + after)
    return found.get(before[0]) if before else None, found.get(after[0]) if after else None


@transaction.atomic
def put_back(entry: LogEntry, user: User) -> Pair:
    """Undo a split or a merge: the old pairs stand as they did, what was made of them is left out. Raises `Stale`."""
    made = list(Pair.objects.current().filter(pk__in=entry.data["made"]))
    if len(made) != len(entry.data["made"]) or any(pair.status != Pair.Status.PROPOSED for pair in made):
        raise Stale
    is_split = entry.action == "pair.split"
    for pair in made:
        settle(pair, user, Pair.Status.REJECTED, "Split taken back" if is_split else "Merge taken back")
    keys = [entry.data["pair"]] if is_split else entry.data["merged"]
    states = [entry.data["was"]] if is_split else entry.data["was"]
    for key, status in zip(keys, states, strict=True):
        back = Pair.objects.filter(pk=key, is_current=True, status=Pair.Status.REJECTED)
        if not back.filter(reject_reason__in=[SPLIT, MERGED]).update(status=status, reject_reason=""):
            raise Stale
    undecided = Pair.objects.filter(pk__in=keys, status__in=[Pair.Status.DRAFT, Pair.Status.PROPOSED])
    undecided.update(decided_by=None, decided_at=None)
    return Pair.objects.get(pk=keys[0])
