"""Second briefs for pairs: looked at, then proposed as pairs of their own on the same passage and the same side."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from django.contrib.auth.models import User
from django.db import transaction

from reviews.curation import log_act
from reviews.models import record
from training.corpus.brief import Brief as Content
from training.corpus.rebrief import MOST, Where, second_briefs
from training.importing import briefs_for
from training.models import Focus, Pair, Passage, Voice

AT_ONCE = 50
"""Pairs of a focus that one press of the button looks at."""


def others_of(pair: Pair) -> list[Pair]:
    """All pairs that give the same passage another brief, rejected ones included: nobody is asked twice."""
    rows = Pair.objects.current().filter(passage=pair.passage_id).exclude(lineage=pair.lineage)
    return list(rows.select_related("brief"))


def proposals(pair: Pair) -> list[Content]:
    """The second briefs that a pair with a passage may still get, two with those that it has."""
    if pair.passage is None or pair.made in (Pair.Made.REBRIEF, Pair.Made.CANDIDATE):
        return []
    others = others_of(pair)
    has = sum(one.made == Pair.Made.REBRIEF and one.status != Pair.Status.REJECTED for one in others)
    found = second_briefs(pair.output, pair.brief.content, where(pair), taken=[one.brief.content for one in others])
    return list(islice(found, max(0, MOST - has)))


def where(pair: Pair) -> Where:
    passage, voice = pair.passage, pair.voice
    assert passage is not None
    rows = Passage.objects.filter(source=passage.source_id, document=passage.document).order_by("position")
    title = passage.document_title or passage.title
    return Where(
        title=title,
        heading="" if passage.title == title else passage.title,
        document="\n".join(rows.values_list("original", flat=True)[:200]),
        fact_sheet=voice.fact_sheet,
        brand=voice.brand,
    )


@transaction.atomic
def rebrief(pair: Pair, user: User) -> list[Pair]:
    """Propose what `proposals` finds now. Of two who press at once, the second finds nothing left to propose."""
    if pair.passage_id:
        Passage.objects.select_for_update().only("pk").get(pk=pair.passage_id)
    made = [one for content in proposals(pair) if (one := paired(pair, content))]
    if made:
        log_act("pair.rebriefed", pair, user, briefs=len(made), made=[str(one.pk) for one in made])
    return made


def paired(pair: Pair, content: Content) -> Pair | None:
    """The proposed pair; none where the brief is known on another side, for one text is never on two."""
    digest = content.digest()
    brief = briefs_for(pair.voice, [content], {digest: pair.brief.split})[digest]
    if brief.split != pair.brief.split:
        return None
    made = Pair.answering(
        brief,
        pair.output,
        voice=pair.voice,
        passage=pair.passage,
        made=Pair.Made.REBRIEF,
        origin=pair.origin,
        status=Pair.Status.PROPOSED,
    )
    made.save(force_insert=True)
    return made


def rebrief_focus(focus: Focus, keys: Iterable[object], user: User) -> tuple[int, int]:
    """Second briefs for the next 50 training pairs among these that have none. (pairs looked at, proposed)"""
    voice: Voice = focus.voice
    mine = Pair.objects.validated().filter(voice=voice, brief__split="train", passage__isnull=False)
    mine = mine.exclude(made__in=[Pair.Made.REBRIEF, Pair.Made.CANDIDATE]).without_copies()
    wanted = set(keys)
    has = set(voice.pairs.current().filter(made=Pair.Made.REBRIEF).values_list("passage", flat=True))
    free = [
        pk for pk, passage in mine.order_by("pk").values_list("pk", "passage") if pk in wanted and passage not in has
    ]
    pairs = Pair.objects.select_related("brief", "passage").filter(pk__in=free[:AT_ONCE])
    looked, proposed = 0, 0
    for pair in pairs.order_by("pk"):
        pair.voice = voice
        looked += 1
        proposed += len(rebrief(pair, user))
    if proposed:
        record("focus.rebriefed", client=voice.client, voice=voice, user=user, focus=focus.name, briefs=proposed)
    return looked, proposed
