"""A passage through its voice's cleaning rules."""

from __future__ import annotations

from training.corpus.cleaning.engine import Cleaned, clean
from training.corpus.cleaning.personal import own
from training.corpus.cleaning.settings import HouseStyle, Settings
from training.corpus.passages import MINIMUM_WORDS, words
from training.models import Passage, Touch, Voice

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


def is_copy(passage: Passage) -> bool:
    """Whether cleaning left enough to be copy: 12 words, or as many as there were."""
    left = words(passage.text)
    return left > 0 and (left >= MINIMUM_WORDS or left >= words(passage.original))
