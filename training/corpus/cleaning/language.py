"""Which language a passage is written in (py3langid), told only where there is enough of it and little doubt."""

from __future__ import annotations

import functools
import re
from typing import Any

LANGUAGES = {
    "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German",
    "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fi": "Finnish", "fr": "French", "ga": "Irish",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian",
    "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian",
    "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
MINIMUM_LETTERS = 40
CERTAIN = 0.99
ENOUGH = 4000
"""Characters that tell a language as well as more would."""
LINKS = re.compile(r"https?://\S+|\S+@\S+|[@#]\w+")


@functools.cache
def identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    found = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found.set_languages(list(LANGUAGES))
    return found


def language_of(text: str) -> str:
    """An ISO 639 code, or "" for a text that is too short or could be in several."""
    plain = LINKS.sub(" ", text[:ENOUGH])
    if sum(letter.isalpha() for letter in plain) < MINIMUM_LETTERS:
        return ""
    code, share = identifier().classify(plain)
    return str(code) if share >= CERTAIN else ""
