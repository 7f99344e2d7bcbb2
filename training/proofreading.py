"""Looking for suggestions in a voice's copy: passages not looked at yet, or changed since; then the voice's own words.

Nothing here changes any copy. It runs in a worker or from the command line; Harper itself in a child process.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import islice

from django.db import transaction
from django.db.models import CharField, Count, Q, Value
from django.db.models.functions import Cast, Concat

from training.cleaning import base_of
from training.corpus.cleaning.corrections import around
from training.corpus.grammar import IN_WORDS, SPELLING, UNKNOWN, Finding, digest, likely
from training.corpus.grammar_child import Proofreader
from training.models import Passage, Suggestion, Voice, Word
from training.models.sources import PassageQuerySet

BATCH = 100
ENGLISH = "en"
OWN_DOCUMENTS = 5
"""A word that no dictionary has and this many documents use is the voice's own."""
SAMPLED = 400
"""Passages that tell whether a voice writes American or British English."""
LONGEST_WORDS = 200
LETTERS = re.compile(r"[^\W\d_]+")


def is_english(voice: Voice) -> Q:
    """What Harper can read: copy in English, and short pieces where the voice is English or not known."""
    told = Q(language=ENGLISH)
    return told | Q(language="") if voice.language in (ENGLISH, "") else told


def english(voice: Voice) -> PassageQuerySet:
    return Passage.objects.of(voice).filter(is_english(voice))


def waiting(voice: Voice) -> PassageQuerySet:
    return english(voice).exclude(proofread_with=digest(voice.dialect))


def left_and_others(voice: Voice) -> tuple[int, int]:
    """How many passages wait to be looked at, and how many are in another language: one walk along an index."""
    told = is_english(voice)
    waits = Count("source_id", filter=told & ~Q(proofread_with=digest(voice.dialect)))
    counts = Passage.objects.of(voice).aggregate(left=waits, others=Count("source_id", filter=~told))
    return counts["left"], counts["others"]


def proofread(voice: Voice) -> Iterator[int]:
    """Look at all that waits, in bounded batches, each stored whole; gives the number of passages of each.

    Stop it anywhere and call it again: it goes on with the rest.
    """
    with Proofreader() as proofreader:
        find_dialect(voice, proofreader)
        tell_words(voice, proofreader)
        seen: Passage | None = None
        while batch := list(after(waiting(voice), seen)[:BATCH]):
            seen = batch[-1]
            yield look(voice, batch, proofreader)
        judge_words(voice)


def after(rows: PassageQuerySet, passage: Passage | None) -> PassageQuerySet:
    rows = rows.order_by("pk").only("pk", "text", "trace")
    return rows.filter(pk__gt=passage.pk) if passage else rows


def look(voice: Voice, passages: list[Passage], proofreader: Proofreader) -> int:
    """Look at these passages and store what is found. One that was changed meanwhile waits for the next look."""
    bases = {passage.pk: base_of(passage) for passage in passages}
    found = dict(zip(bases, proofreader.look(bases.values(), voice.dialect), strict=True))
    with transaction.atomic():
        rows = Passage.objects.filter(pk__in=bases).order_by("pk").select_for_update().only("pk", "text", "trace")
        fresh = [row for row in rows if base_of(row) == bases[row.pk]]
        theirs = Suggestion.objects.filter(passage__in=fresh)
        theirs.filter(state__in=[Suggestion.State.OPEN, Suggestion.State.KNOWN]).delete()
        settled = defaultdict(set)
        for row in theirs:
            settled[row.passage_id].add(place_of(row))
        made = [made_of(voice, row, bases[row.pk], one) for row in fresh for one in found[row.pk]]
        ours = ours_among(voice, {one.key for one in made})
        for one in made:
            one.state = Suggestion.State.KNOWN if one.key in ours and one.kind in IN_WORDS else one.state
        Suggestion.objects.bulk_create(
            (one for one in made if len(one.words) <= LONGEST_WORDS and place_of(one) not in settled[one.passage_id]),
            ignore_conflicts=True,
            batch_size=500,
        )
        Passage.objects.filter(pk__in=[row.pk for row in fresh]).update(proofread_with=digest(voice.dialect))
    return len(passages)


def made_of(voice: Voice, passage: Passage, text: str, found: Finding) -> Suggestion:
    before, following = around(text, found.start, found.end)
    return Suggestion(
        voice=voice,
        passage=passage,
        kind=found.kind,
        start=found.start,
        end=found.end,
        words=found.words,
        key=found.words.casefold(),
        before=before,
        after=following,
        replacements=[one for one in found.replacements if len(one) <= LONGEST_WORDS],
    )


def place_of(row: Suggestion) -> tuple[str, str, str, str]:
    """What tells a decided place from another one, wherever it is in the text now."""
    return SPELLING if row.kind == UNKNOWN else row.kind, row.words, row.before, row.after


def ours_among(voice: Voice, keys: set[str]) -> set[str]:
    return set(voice.words.filter(is_ours=True, key__in=keys).values_list("key", flat=True)) if keys else set()


def find_dialect(voice: Voice, proofreader: Proofreader) -> None:
    """The English that the voice's own copy is written in, kept with the voice, if it is clear and nobody chose one."""
    if voice.dialect or not (rows := list(english(voice).order_by("pk").values_list("text", flat=True)[:SAMPLED])):
        return
    told = proofreader.told_dialect(rows)
    if told and Voice.objects.filter(pk=voice.pk, dialect="").update(dialect=told):
        voice.dialect = told


def tell_words(voice: Voice, proofreader: Proofreader) -> None:
    """Words of the guidelines, the fact sheet and the names, which nobody has to say again; those that went go."""
    told = "\n\n".join((voice.client.name, voice.name, voice.guidelines, voice.fact_sheet))
    words = {word.casefold(): word for word in proofreader.unknown_words(told) if len(word) <= 80}
    with transaction.atomic():
        voice.words.filter(origin=Word.Origin.TOLD, is_ours=True).exclude(key__in=words).delete()
        learn(voice, {key: (text, 0) for key, text in words.items()}, Word.Origin.TOLD)


def learn(voice: Voice, words: Mapping[str, tuple[str, int]], origin: str) -> None:
    """Key -> the word as written and its documents. What a person decided, and what is known already, stays."""
    rows = (
        Word(voice=voice, key=key, text=text, documents=documents, origin=origin)
        for key, (text, documents) in words.items()
    )
    Word.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    for batch in in_batches(iter(words)):
        ours = voice.words.filter(is_ours=True, key__in=batch).values("key")
        open_ones = voice.suggestions.open().filter(kind__in=IN_WORDS, key__in=ours)
        open_ones.update(state=Suggestion.State.KNOWN)


def judge_words(voice: Voice) -> None:
    """Decide of every unknown word whether it is the voice's own, a likely slip or neither, from all of its copy.

    It reads the voice's texts once, in batches, and remembers only the words that matter.
    """
    document = Concat(Cast("passage__source_id", CharField()), Value("/"), Cast("passage__document", CharField()))
    rows = voice.suggestions.filter(kind__in=[SPELLING, UNKNOWN]).exclude(state=Suggestion.State.DISMISSED)
    told = rows.order_by().values("key").annotate(documents=Count(document, distinct=True))
    documents = {row["key"]: row["documents"] for row in told}
    decided = set(voice.words.filter(is_ours=False).values_list("key", flat=True))
    own = {key: (key, count) for key, count in documents.items() if count >= OWN_DOCUMENTS and key not in decided}
    open_ones = rows.filter(state=Suggestion.State.OPEN).exclude(key__in=own)
    words = {word: (kind, near) for word, kind, near in open_ones.values_list("words", "kind", "replacements")}
    counts = count_words(voice) if words else Counter()
    with transaction.atomic():
        learn(voice, own, Word.Origin.COPY)
        for word, (kind, near) in words.items():
            meant = likely(word, near, counts, counts[word.casefold()])
            ordered = [*meant, *(one for one in near if one not in meant)]
            now = SPELLING if meant else UNKNOWN
            if (now, ordered) != (kind, near):
                open_ones.filter(words=word).update(kind=now, replacements=ordered)
        ours = list(voice.words.filter(key__in=documents))
        for row in ours:
            row.documents = documents[row.key]
        Word.objects.bulk_update(ours, ["documents"], batch_size=500)


def count_words(voice: Voice) -> Counter[str]:
    """Word -> number of the voice's English passages that have it."""
    counts: Counter[str] = Counter()
    for text in english(voice).values_list("text", flat=True).iterator(chunk_size=2000):
        counts.update(set(LETTERS.findall(text.casefold())))
    return counts


def in_batches(rows: Iterator[str], size: int = 500) -> Iterator[list[str]]:
    while batch := list(islice(rows, size)):
        yield batch
