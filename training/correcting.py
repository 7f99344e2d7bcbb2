"""What people decide about suggestions: accept, dismiss, take back, and which words are the voice's own.

A text is never edited in place: an accepted correction becomes the last of its passage's cleaning, and its open pairs
get a new revision, proposed. A validated pair is left alone, unless a person decides on that one place.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from training.cleaning import accepted_of, base_of, settings_of
from training.corpus.brief import Brief as Content
from training.corpus.cleaning.corrections import RULE, Correction, correct, place
from training.corpus.cleaning.engine import Change, Cleaned
from training.importing import briefs_for
from training.models import Pair, Passage, Suggestion, Touch, Voice, Word
from training.models.suggestions import SuggestionQuerySet

BATCH = 500
State = Suggestion.State


@dataclass(frozen=True)
class Decided:
    """How many places were decided, how many stand in validated pairs and were left, and the act to take back by."""

    places: int = 0
    left: int = 0
    act: uuid.UUID | None = None


@transaction.atomic
def accept(
    voice: Voice, rows: SuggestionQuerySet, user: User, replacement: str = "", *, even_validated: bool = False
) -> Decided:
    """Make the corrections of these open suggestions; each its first replacement, where none is given.

    `even_validated` is for one place whose validated pair the caller revises in the same transaction.
    """
    act, now, places, left = uuid.uuid4(), timezone.now(), 0, 0
    for batch in in_batches(rows.filter(voice=voice, state=State.OPEN)):
        passages = locked({row.passage_id for row in batch})
        fixed = set() if even_validated else settled(passages)
        made: list[Suggestion] = []
        for row in Suggestion.objects.filter(pk__in=[row.pk for row in batch], state=State.OPEN):
            instead = replacement or (row.replacements or [""])[0]
            if row.passage_id in fixed:
                left += 1
            elif instead and instead != row.words:
                row.replacement, row.state = cased(instead, row.words), State.ACCEPTED
                row.decided_by, row.decided_at, row.act = user, now, act
                made.append(row)
        Suggestion.objects.bulk_update(made, ["replacement", "state", "decided_by", "decided_at", "act"], 500)
        rewrite(voice, passages, [(row.passage_id, row.correction) for row in made])
        places += len(made)
    return Decided(places, left, act)


@transaction.atomic
def dismiss(voice: Voice, rows: SuggestionQuerySet, user: User) -> Decided:
    act = uuid.uuid4()
    fields = {"state": State.DISMISSED, "decided_by": user, "decided_at": timezone.now(), "act": act}
    return Decided(rows.filter(voice=voice, state=State.OPEN).update(**fields), 0, act)


@transaction.atomic
def make_ours(voice: Voice, text: str, user: User) -> Decided:
    """From now on this is a word of the voice: wherever it stands, and in whatever comes."""
    act, key = uuid.uuid4(), text.casefold()
    fields = {"text": text, "is_ours": True, "origin": Word.Origin.PERSON, "decided_by": user}
    Word.objects.update_or_create(voice=voice, key=key, defaults=fields)
    fields = {"state": State.KNOWN, "decided_by": user, "decided_at": timezone.now(), "act": act}
    return Decided(voice.suggestions.open().of_word(key).update(**fields), 0, act)


@transaction.atomic
def make_foreign(word: Word, user: User) -> int:
    """Take a word out of the voice's dictionary. It stays out, and its places are open again."""
    word.is_ours, word.origin, word.decided_by = False, Word.Origin.PERSON, user
    word.save(update_fields=["is_ours", "origin", "decided_by"])
    places = word.voice.suggestions.filter(state=State.KNOWN).of_word(word.key)
    return places.update(state=State.OPEN, decided_by=None, decided_at=None, act=None)


@transaction.atomic
def take_back(voice: Voice, rows: SuggestionQuerySet) -> Decided:
    """These places are open again; corrected passages and their open pairs read as before."""
    places, left = 0, 0
    for batch in in_batches(rows.filter(voice=voice).exclude(state=State.OPEN)):
        passages = locked({row.passage_id for row in batch if row.state == State.ACCEPTED})
        fixed = settled(passages)
        back, undone = [], []
        for row in Suggestion.objects.filter(pk__in=[row.pk for row in batch]).exclude(state=State.OPEN):
            if row.passage_id in fixed:
                left += 1
                continue
            if row.state == State.ACCEPTED:
                undone.append((row.passage_id, row.correction.undone))
            elif row.state == State.KNOWN:
                voice.words.filter(key=row.key, origin=Word.Origin.PERSON).delete()
            row.state, row.replacement, row.decided_by, row.decided_at, row.act = State.OPEN, "", None, None, None
            back.append(row)
        Suggestion.objects.bulk_update(back, ["state", "replacement", "decided_by", "decided_at", "act"], 500)
        rewrite(voice, [one for one in passages if one.pk not in fixed], undone)
        places += len(back)
    return Decided(places, left)


def rewrite(voice: Voice, passages: Sequence[Passage], changes: Iterable[tuple[uuid.UUID, Correction]]) -> None:
    """Make these passages, and the open pairs of theirs, read as their accepted suggestions now say."""
    changed: dict[uuid.UUID, list[Correction]] = defaultdict(list)
    for key, one in changes:
        changed[key].append(one)
    is_off = RULE in settings_of(voice).off
    accepted = accepted_of(changed)
    before = {passage.pk: passage.text for passage in passages}
    touched: list[tuple[Passage, bool]] = []
    for passage in passages:
        if passage.pk in changed and not is_off:
            trace = tuple(Change(**change) for change in passage.trace if change["rule"] != RULE)
            made = correct(Cleaned(base_of(passage), trace), accepted.get(passage.pk, []))
            passage.text, passage.trace = made.text, [change.as_dict() for change in made.changes]
            touched.append((passage, RULE in made.touched))
    Passage.objects.bulk_update([passage for passage, _ in touched], ["text", "trace"], batch_size=100)
    Touch.objects.filter(passage__in=[passage for passage, _ in touched], rule=RULE).delete()
    Touch.objects.bulk_create(
        Touch(voice=voice, passage=one, rule=RULE) for one, is_corrected in touched if is_corrected
    )
    revise_open(voice, [passage for passage, _ in touched], before, changed)


def revise_open(
    voice: Voice,
    passages: Iterable[Passage],
    before: dict[uuid.UUID, str],
    changed: dict[uuid.UUID, list[Correction]],
) -> None:
    """A new, proposed revision of each open pair that the corrections touch, its brief corrected with it."""
    texts = {passage.pk: passage.text for passage in passages}
    open_ones = Pair.objects.current().filter(status__in=[Pair.Status.DRAFT, Pair.Status.PROPOSED])
    going: list[Pair] = []
    coming: list[tuple[Pair, str, Content]] = []
    for pair in (
        open_ones.filter(passage__in=texts).select_related("brief").order_by("pk").select_for_update(of=("self",))
    ):
        assert pair.passage_id is not None
        here = changed[pair.passage_id]
        output = texts[pair.passage_id] if pair.output == before[pair.passage_id] else corrected(pair.output, here)
        if output != pair.output:
            going.append(pair)
            coming.append((pair, output, mended(pair.brief.content, pair.output, output, here)))
    Pair.objects.filter(pk__in=[pair.pk for pair in going]).update(is_current=False)
    sides = {content.digest(): pair.brief.split for pair, _, content in coming}
    briefs = briefs_for(voice, [content for _, _, content in coming], sides)
    made = Pair.objects.bulk_create(
        Pair.answering(
            briefs[content.digest()],
            output,
            voice=voice,
            lineage=pair.lineage,
            revision=pair.revision + 1,
            passage_id=pair.passage_id,
            made=pair.made,
            origin=pair.origin,
            extra=pair.extra,
        )
        for pair, output, content in coming
    )
    for revised, (pair, _, _) in zip(made, coming, strict=True):
        revised.created_at = pair.created_at  # its place in line
    Pair.objects.bulk_update(made, ["created_at"], batch_size=500)


def corrected(text: str, corrections: Iterable[Correction]) -> str:
    """Another text that holds the same words, corrected where they can be found in it."""
    for one in corrections:
        if (at := place(text, one)) is not None:
            text = text[:at] + one.replacement + text[at + len(one.words) :]
    return text


def mended(content: Content, before: str, after: str, corrections: Sequence[Correction]) -> Content:
    """The brief with the corrected words in its facts, so that it still says what the copy says."""

    def told(words: str) -> str:
        """The phrase as the copy has it now, or "" where it has it no more."""
        if words not in before or words in after:
            return words
        right = (words.replace(one.words, one.replacement) for one in corrections)
        return next((phrase for phrase in right if phrase in after), "")

    facts = tuple(filter(None, map(told, content.facts)))
    return replace(content, facts=facts, call_to_action=told(content.call_to_action))


def cased(instead: str, words: str) -> str:
    """A capital stays one where somebody chose a word for all places at once."""
    is_capital = words[:1].isupper() and words[1:].islower()
    return instead[:1].upper() + instead[1:] if is_capital and instead.islower() else instead


def locked(passages: Iterable[uuid.UUID]) -> list[Passage]:
    rows = Passage.objects.filter(pk__in=list(passages)).order_by("pk").select_for_update()
    return list(rows.only("pk", "text", "trace", "source_id"))


def settled(passages: Iterable[Passage]) -> set[uuid.UUID]:
    rows = Passage.objects.settled().filter(pk__in=[passage.pk for passage in passages])
    return set(rows.values_list("pk", flat=True))


def in_batches(rows: SuggestionQuerySet) -> Iterator[list[Suggestion]]:
    """The rows as they are now, some at a time, all places of a passage together."""
    keys = list(rows.order_by("passage_id", "start").values_list("pk", flat=True))
    start = iter(keys)
    while batch := list(islice(start, BATCH)):
        yield list(Suggestion.objects.filter(pk__in=batch).order_by("passage_id", "start"))
