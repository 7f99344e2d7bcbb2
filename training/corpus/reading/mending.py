"""Mojibake and characters that no text holds, put right by ftfy; curly quotes, emoji and wide letters stay."""

from __future__ import annotations


def mended(text: str, unescape: bool = False) -> tuple[str, bool]:
    """The text, and whether it had to be changed. `unescape`: HTML entities count as mojibake where no tag is."""
    if text.isascii() and text.isprintable() and not (unescape and "&" in text):
        return text, False
    import ftfy

    found = ftfy.fix_text(
        text,
        unescape_html="auto" if unescape else False,
        uncurl_quotes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        normalization="NFC",
    )
    return found, found != text
