"""Characters: mojibake, one form for each letter, and white space that is no space."""

from __future__ import annotations

import re
import unicodedata

from training.corpus.cleaning.edits import Edit, between, substitute
from training.corpus.cleaning.settings import Settings

LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
# Zero-width joiners and variation selectors stay: emoji and several scripts are made of them.
INVISIBLE = "\u00ad\u200b\u2060\ufeff"
WIDE = "\t\v\f\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
# What good copy is full of, and no mojibake is made of by itself: the slow look can be saved.
COMMON = re.compile("[ -~\\n‘’“”–—…•°½¼¾®™£€éèêàçäöüßñ]*")
BREAKS = re.compile("\r\n?|[\u0085\u2028\u2029]")
WHITE = re.compile(
    rf"(?P<invisible>[{INVISIBLE}]+)|(?P<margin>\A[ \n{WIDE}]+|[ \n{WIDE}]+\Z)"
    rf"|(?P<gap>[ {WIDE}]*\n[ {WIDE}]*\n[ \n{WIDE}]*)|(?P<end>[ {WIDE}]*\n[ {WIDE}]*)|(?P<run>[ {WIDE}]+)"
)


def mojibake(text: str, settings: Settings) -> list[Edit]:
    if COMMON.fullmatch(text):
        return []
    import ftfy

    mended = ftfy.fix_text(
        text,
        unescape_html=False,
        uncurl_quotes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        fix_line_breaks=False,
        normalization=None,
    )
    return between(text, mended)


def forms(text: str, settings: Settings) -> list[Edit]:
    """Unicode's composed form (NFC), and the ligatures that PDF files bring taken apart."""
    if text.isascii():
        return []
    composed = unicodedata.normalize("NFC", text)
    return between(text, "".join(LIGATURES.get(letter, letter) for letter in composed))


def white_space(text: str, settings: Settings) -> list[Edit]:
    """Line breaks and paragraphs stay, at most one empty line apart; all else becomes single plain spaces."""

    def plain(match: re.Match[str]) -> str:
        kind = match.lastgroup
        return {"invisible": "", "margin": "", "gap": "\n\n", "end": "\n", "run": " "}[kind or "run"]

    if edits := substitute(BREAKS, text, "\n"):
        return edits
    return substitute(WHITE, text, plain)
