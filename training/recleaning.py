"""Cleaning again: after an import, across all documents of the voice, and when its rules change.

A passage whose pair is validated has been read by somebody as it is: it is never changed, only marked. All others are
made anew from their originals, in bounded pieces; what is left to do stands in the rows themselves.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby, islice

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Case, Count, Exists, F, OuterRef, Q, TextField, Value, When

from training.cleaning import base_of, find_places_anew, is_copy, settings_of, take, with_corrections
from training.corpus.brief import Brief as Content
from training.corpus.cleaning import recurring
from training.corpus.cleaning.edits import lines
from training.corpus.cleaning.engine import clean
from training.corpus.cleaning.rules import LANGUAGE
from training.importing import briefs_for
from training.models import Pair, Passage, RecurringLine, Touch, Voice
from training.reproposing import Proposer

BATCH = 500
LANGUAGE_PASSAGES, LANGUAGE_SHARE = 10, 0.6
"""A voice's language is what most of its copy is in: 60 % of at least 10 passages."""
LEFT_OUT = "Cleaning left no copy of it."


def waiting(voice: Voice) -> int:
    """How many passages were cleaned with other settings than those of now."""
    return Passage.objects.of(voice).exclude(cleaned_with=settings_of(voice).digest()).count()


def clean_again(voice: Voice, limit: int = BATCH) -> int:
    """Clean up to `limit` of the passages that wait for it, and say how many. Call it again until it gives 0."""
    kept = settings_of(voice)
    rows = Passage.objects.of(voice).exclude(cleaned_with=kept.digest()).select_related("source").order_by("pk")
    passages = list(rows.defer("source__raw")[:limit])
    before = {passage.pk: passage.text for passage in passages}
    found = {passage.pk: clean(passage.original, kept) for passage in passages}
    bases = {passage.pk: base_of(passage) for passage in passages}
    taken = len(passages)
    with transaction.atomic():
        # One that somebody corrected meanwhile waits for the next call.
        now = dict(Passage.objects.filter(pk__in=before).order_by("pk").select_for_update().values_list("pk", "text"))
        passages = [passage for passage in passages if now.get(passage.pk) == before[passage.pk]]
        found = {passage.pk: found[passage.pk] for passage in passages}
        uncorrected = {key: made.text for key, made in found.items()}
        found = with_corrections(found, kept)
        # Looked up here: a colleague may have validated one of them meanwhile.
        settled = set(Passage.objects.settled().filter(pk__in=before).values_list("pk", flat=True))
        for passage in passages:
            made = found[passage.pk]
            if passage.pk in settled and made.text != passage.text:
                passage.cleaned_with, passage.is_outdated = kept.digest(), True
            else:
                take(passage, made, kept)
        fresh = [passage for passage in passages if not passage.is_outdated]
        moved = {one.pk: uncorrected[one.pk] for one in fresh if uncorrected[one.pk] != bases[one.pk]}
        for passage in fresh:
            passage.proofread_with = "" if passage.pk in moved else passage.proofread_with
        find_places_anew(moved)
        fields = ["text", "trace", "language", "cleaned_with", "is_outdated", "proofread_with"]
        Passage.objects.bulk_update(passages, fields, batch_size=100)
        Touch.objects.filter(passage__in=fresh).delete()
        Touch.objects.bulk_create(
            (Touch(voice=voice, passage=one, rule=rule) for one in fresh for rule in found[one.pk].touched),
            batch_size=500,
        )
        propose_anew(voice, [one for one in fresh if one.text != before[one.pk]], before)
    return taken


def propose_anew(voice: Voice, passages: list[Passage], before: Mapping[uuid.UUID, str]) -> None:
    """Bring the open pairs of these passages up to their new texts, each as a new revision.

    What a person decided on stays as it is. A pair that cleaning left nothing of is rejected, and comes back when
    there is copy again; a passage that never had a pair gets one then.
    """
    pairs: dict[uuid.UUID | None, list[Pair]] = {}
    imported = Pair.objects.current().filter(made__in=[Pair.Made.IMPORT, Pair.Made.REBRIEF])
    for pair in imported.filter(passage__in=passages).select_related("brief"):
        pairs.setdefault(pair.passage_id, []).append(pair)
    proposer = Proposer(voice, passages)
    going: list[uuid.UUID] = []
    coming: list[tuple[Pair, Passage, Content]] = []
    for passage in passages:
        mine = pairs.get(passage.pk, [])
        for pair in mine:
            is_open = pair.status in (Pair.Status.DRAFT, Pair.Status.PROPOSED) and pair.output == before[passage.pk]
            was_left_out = pair.status == Pair.Status.REJECTED and pair.reject_reason == LEFT_OUT
            if is_open and not is_copy(passage):
                going.append(pair.pk)
            elif is_open or (was_left_out and is_copy(passage)):
                coming.append((pair, passage, proposer.anew(passage, pair.brief.content, pair.output)))
        if not mine and is_copy(passage):
            coming.append((Pair(voice=voice, revision=0), passage, proposer.fresh(passage, passage.text)))
    Pair.objects.filter(pk__in=going).update(status=Pair.Status.REJECTED, reject_reason=LEFT_OUT)
    Pair.objects.filter(pk__in=[pair.pk for pair, _, _ in coming]).update(is_current=False)
    sides = {content.digest(): pair.brief.split for pair, _, content in coming if pair.brief_id}
    briefs = briefs_for(voice, [content for _, _, content in coming], sides)
    Pair.objects.bulk_create(
        Pair.answering(
            briefs[content.digest()],
            passage.text,
            voice=voice,
            lineage=pair.lineage,
            revision=pair.revision + 1,
            passage=passage,
            made=pair.made,
            origin=pair.origin,
        )
        for pair, passage, content in coming
    )


def look_across(voice: Voice, tell: Callable[[int], None] = lambda left: None) -> None:
    """Count the lines of all the voice's documents anew, clean again what a new finding touches, and find the language.

    Called when an import is over. It reads the voice's passages in batches, whatever their number; `tell` hears how
    many are left to clean again, and may raise to stop. What is left then stands in the rows, for the next call.
    """
    was = going(voice)
    found = recurring.find(lambda: documents_of(voice))
    decided = dict(voice.recurring_lines.filter(is_decided=True).values_list("key", "goes"))
    lines_found = [
        RecurringLine(
            voice=voice,
            key=line.key,
            text=line.text,
            documents=line.documents,
            goes=decided.get(line.key, line.goes),
            reason=line.reason,
        )
        for line in found
    ]
    is_going = {line.key for line in lines_found if line.goes} | {key for key, goes in decided.items() if goes}
    touched = holders(voice, was ^ is_going)
    with transaction.atomic():
        voice.recurring_lines.filter(is_decided=False).exclude(key__in=[line.key for line in found]).delete()
        RecurringLine.objects.bulk_create(
            lines_found,
            update_conflicts=True,
            unique_fields=["voice", "key"],
            update_fields=["text", "documents", "goes", "reason"],
            batch_size=500,
        )
        put_back_in_line(touched)
    # Those of an import that was stopped here are among them.
    marked = Passage.objects.of(voice).filter(cleaned_with="")
    while left := marked.count():
        tell(left)
        clean_again(voice)
    if not voice.language:
        find_language(voice)


def going(voice: Voice) -> set[str]:
    return set(voice.recurring_lines.going().values_list("key", flat=True))


@transaction.atomic
def decide_line(line: RecurringLine, user: User, goes: bool) -> None:
    """A person says whether the line is copy; the passages that hold it wait to be cleaned again."""
    changed = line.goes != goes
    line.goes, line.is_decided, line.decided_by = goes, True, user
    line.save(update_fields=["goes", "is_decided", "decided_by"])
    if changed:
        put_back_in_line(holders(line.voice, {line.key}))


def put_back_in_line(passages: list[uuid.UUID]) -> None:
    marked = iter(passages)
    while batch := list(islice(marked, BATCH)):
        Passage.objects.filter(pk__in=batch).update(cleaned_with="")


def holders(voice: Voice, keys: set[str]) -> list[uuid.UUID]:
    """The passages that hold one of these lines."""
    if not keys:
        return []
    return [
        pk
        for pk, _, _, text in texts_of(voice)
        if any(recurring.key(text[start:end]) in keys for start, end in lines(text))
    ]


def documents_of(voice: Voice) -> Iterator[list[str]]:
    """Each document of the voice as its passages' texts, recurring lines among them."""
    for _, rows in groupby(texts_of(voice), key=lambda row: row[1:3]):
        yield [text for *_, text in rows]


def texts_of(voice: Voice) -> Iterator[tuple[uuid.UUID, uuid.UUID, int, str]]:
    """Each passage's key, source, document and text, in order, with the recurring lines left in."""
    kept = replace(settings_of(voice), recurring=frozenset())
    was_touched = Exists(Touch.objects.filter(passage=OuterRef("pk"), rule="recurring"))
    rows = Passage.objects.of(voice).order_by("source_id", "document", "position")
    whole = Case(When(was_touched, then=F("original")), default=Value(""), output_field=TextField())
    fields = rows.values_list("pk", "source_id", "document", "text", whole)
    for pk, source, document, text, original in fields.iterator(chunk_size=2000):
        yield pk, source, document, clean(original, kept).text if original else text


def find_language(voice: Voice) -> None:
    """The language that most of the copy is in, kept with the voice, if it is clear."""
    told = Passage.objects.of(voice).exclude(language="").order_by().values_list("language")
    counts = dict(told.annotate(count=Count("pk")))
    if sum(counts.values()) < LANGUAGE_PASSAGES:
        return
    language = max(counts, key=lambda code: counts[code])
    if counts[language] >= LANGUAGE_SHARE * sum(counts.values()):
        voice.language = language
        voice.save(update_fields=["language"])
        flag_languages(voice)


@transaction.atomic
def flag_languages(voice: Voice) -> None:
    """Flag the passages that are in another language than the voice's, and no others."""
    voice.touches.filter(rule=LANGUAGE.name).delete()
    if not voice.language or LANGUAGE.name in voice.rules_off:
        return
    others = Passage.objects.of(voice).exclude(Q(language="") | Q(language=voice.language))
    rows: Iterable[uuid.UUID] = others.values_list("pk", flat=True).iterator(chunk_size=2000)
    flags = (Touch(voice=voice, passage_id=pk, rule=LANGUAGE.name) for pk in rows)
    while batch := list(islice(flags, BATCH)):
        Touch.objects.bulk_create(batch, ignore_conflicts=True)
