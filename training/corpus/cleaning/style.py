"""Quotes, dashes and ellipses set as the voice's house sets them."""

from __future__ import annotations

import re

from training.corpus.cleaning.edits import Edit, substitute
from training.corpus.cleaning.settings import Settings

CURLY = re.compile("[‘’‚‛“”„‟]")
# A sign of measure after a digit (a 9" tin, 6' tall) stays straight.
STRAIGHT = re.compile(r"""(?<!\d)["']|(?<=\d)["'](?=\w)""")
OPENS_AFTER = re.compile(r"(?:^|[\s(\[{/“‘—–-])$")
EM = re.compile(r"(?<=\S)(?: ?(?:—|---?) ?| – )(?=[^\s-])(?<![-—]{4})")
EN = re.compile(r"(?<=\S)(?: ?(?:—|---?) ?)(?=[^\s-])(?<![-—]{4})")
DOTS = re.compile(r"(?<!\.)\.{3}(?!\.)")


def quotes(text: str, settings: Settings) -> list[Edit]:
    if settings.style.quotes == "straight":
        return substitute(CURLY, text, lambda match: "'" if match[0] in "‘’‚‛" else '"')
    if settings.style.quotes != "curly":
        return []

    def curled(match: re.Match[str]) -> str:
        before, after = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1]
        opens = bool(OPENS_AFTER.search(before)) and bool(after.strip())
        if match[0] == '"':
            return "“" if opens else "”"
        return "‘" if opens and not after.isdigit() else "’"  # the ’90s

    return substitute(STRAIGHT, text, curled)


def dashes(text: str, settings: Settings) -> list[Edit]:
    """Dashes between words; hyphens, ranges of numbers (10–12) and the marks of lists stay."""
    if settings.style.dashes == "em":
        return substitute(EM, text, lambda match: None if is_list(text, match) else "—")
    if settings.style.dashes == "en":
        return substitute(EN, text, lambda match: None if is_list(text, match) else " – ")
    return []


def is_list(text: str, match: re.Match[str]) -> bool:
    return "\n" in text[max(0, match.start() - 1) : match.end()] or "--" in match[0] and text[match.end() :][:1] == "-"


def ellipses(text: str, settings: Settings) -> list[Edit]:
    if settings.style.ellipses == "character":
        return substitute(DOTS, text, "…")
    if settings.style.ellipses == "dots":
        return substitute(re.compile("…"), text, "...")
    return []
