"""A passage through its voice's cleaning rules."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping

from training.corpus.cleaning.corrections import RULE, Correction, around, correct, place, uncorrected
from training.corpus.cleaning.engine import Change, Cleaned, clean
from training.corpus.cleaning.personal import own
from training.corpus.cleaning.settings import HouseStyle, Settings
from training.corpus.passages import MINIMUM_WORDS, words
from training.models import Passage, Suggestion, Touch, Voice

TITLES = Settings(off=frozenset({"furniture", "card", "iban", "email", "phone"}))


def settings_of(voice: Voice) -> Settings:
    """What the voice's people decided, and what its documents say."""
    return Settings(
        off=frozenset(voice.rules_off),
        style=HouseStyle(**voice.house_style),
        language=voice.language,
        own=own(voice.fact_sheet, voice.guidelines),
        recurring=frozenset(voice.recurring_lines.going().values_list("key", flat=True)),
    )


def clean_passage(voice: Voice, passage: Passage, kept: Settings) -> list[Touch]:
    """Set what cleaning makes of the passage's original; gives the touches to store with it."""
    found = clean(passage.original, kept)
    take(passage, found, kept)
    return [Touch(voice=voice, passage=passage, rule=rule) for rule in found.touched]


def clean_title(title: str) -> str:
    """A heading without what is no heading's: it becomes the brief's topic, and no copy."""
    return " ".join(clean(title, TITLES).text.split())


def take(passage: Passage, found: Cleaned, kept: Settings) -> None:
    passage.text = found.text
    passage.trace = [change.as_dict() for change in found.changes]
    passage.language = found.language
    passage.cleaned_with = kept.digest()
    passage.is_outdated = False


def base_of(passage: Passage) -> str:
    """The passage's text before any correction; that is what suggestions count their places in."""
    return uncorrected(passage.text, [Change(**change) for change in passage.trace])


def accepted_of(passages: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Correction]]:
    """The corrections that people accepted, of each passage that has some, in their order."""
    found: dict[uuid.UUID, list[Correction]] = defaultdict(list)
    rows = Suggestion.objects.filter(passage__in=list(passages), state=Suggestion.State.ACCEPTED)
    for row in rows.order_by("passage_id", "start"):
        found[row.passage_id].append(row.correction)
    return found


def with_corrections(found: Mapping[uuid.UUID, Cleaned], kept: Settings) -> dict[uuid.UUID, Cleaned]:
    """What cleaning made of each passage, with its accepted corrections, unless that rule is off."""
    if RULE in kept.off:
        return dict(found)
    accepted = accepted_of(found)
    return {key: correct(made, accepted[key]) if key in accepted else made for key, made in found.items()}


def find_places_anew(bases: Mapping[uuid.UUID, str]) -> None:
    """The text below these passages' suggestions has changed: open ones are found anew by the next look.

    What people decided keeps its place as far as it can be found. An accepted correction that cannot stays on record,
    has no effect, and comes up for decision again if its words are still there.
    """
    rows = Suggestion.objects.filter(passage__in=list(bases))
    rows.filter(state__in=[Suggestion.State.OPEN, Suggestion.State.KNOWN]).delete()
    moved = []
    for row in rows.filter(passage__in=list(bases)):
        at = place(bases[row.passage_id], row.correction)
        if at is not None:
            row.start, row.end = at, at + len(row.words)
            row.before, row.after = around(bases[row.passage_id], row.start, row.end)
            moved.append(row)
    # Put back rather than updated: one moves to where another one stood.
    rows.filter(pk__in=[row.pk for row in moved]).delete()
    Suggestion.objects.bulk_create(moved, ignore_conflicts=True, batch_size=500)


def is_copy(passage: Passage) -> bool:
    """Whether cleaning left enough to be copy: 12 words, or as many as there were."""
    left = words(passage.text)
    return left > 0 and (left >= MINIMUM_WORDS or left >= words(passage.original))
