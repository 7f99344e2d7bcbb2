"""Bytes to text: which encoding, and what was done to get there.

In order: a byte-order mark, the zero bytes of UTF-16 and UTF-32 without one, the escapes of ISO-2022-JP, valid UTF-8,
what an XML or HTML declaration says, the Western encodings by the letters that they would make, and
charset-normalizer for the rest.
"""

from __future__ import annotations

import codecs
import re

from training.corpus.reading.document import ReadError

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DECLARED = re.compile(
    rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{2,40})["']|<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""",
    re.IGNORECASE,
)
ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b(J", b"\x1b$(D")
# Letters that tell an encoding by themselves, at this share of all that is not ASCII, even in a short text.
TELLING = {
    "cp932": (re.compile("[ぁ-ヶ]+"), 0.15),
    "euc_jp": (re.compile("[ぁ-ヶ]+"), 0.15),
    "cp1255": (re.compile("[א-ת]{2,}"), 0.85),
}
# Letters beyond ASCII that the languages of each single-byte encoding write with, commonest encoding first.
WESTERN = {
    "cp1252": "àâäáãåæçéèêëíìîïñóòôöõøœßúùûüÿ",
    "cp1254": "çğıöşüâîû",
    "cp1250": "ąćęłńóśźżáčďéěíňřšťúůýžőűöüäăâîșțşţđßľĺŕ",
}
OTHERS = ["cp932", "euc_jp", "gb18030", "big5", "cp949", "cp1251", "koi8_r", "cp1253", "cp1255", "cp1256", "cp1257"]
OTHERS += ["cp1258", "cp866", "cp874", "cp1252", "cp1250", "cp1254"]
AROUND = "¿¡«»‹›“”„‘’‚…–—•·€£¥©®™°ºª²³§\"'()[]{}<>.,;:!?*_/&%+=#@-"
WIDE_O = re.compile("õ(?!e)")  # Portuguese has it before an e alone; elsewhere it is a Hungarian ő misread


def decode(raw: bytes) -> tuple[str, str]:
    """The text and the encoding's name. Raises `ReadError` for bytes that are no text."""
    for mark, encoding in MARKS:
        if raw.startswith(mark):
            return decoded(raw, encoding, errors="replace"), encoding
    if b"\0" in raw:
        wide = wide_encoding(raw)
        if wide is None:
            raise ReadError("it is not text (it holds zero bytes).")
        return decoded(raw, wide, errors="replace"), wide
    if any(escape in raw for escape in ESCAPES):
        for encoding in ("iso2022_jp", "iso2022_jp_ext"):
            if (text := attempt(raw, encoding)) is not None:
                return text, "iso-2022-jp"
    if (text := attempt(raw, "utf-8")) is not None:
        return text, "ascii" if text.isascii() else "utf-8"
    lenient = raw.decode("utf-8", errors="replace")
    broken = lenient.count("\ufffd")
    if broken * 11 <= beyond_ascii(lenient):
        return lenient, "utf-8"  # cut inside a character, or a byte or two damaged
    if (named := declared(raw)) and (text := attempt(raw, named)) is not None:
        return text, named
    for encoding, (letters, share) in TELLING.items():
        text = attempt(raw, encoding)
        if text is not None and sum(map(len, letters.findall(text))) > share * sum(
            not character.isascii() for character in text
        ):
            return text, encoding
    if (found := western(raw)) is not None:
        return found
    from charset_normalizer import from_bytes

    best = from_bytes(raw[:200_000], cp_isolation=OTHERS).best()
    if best is not None and (text := attempt(raw, best.encoding)) is not None:
        return text, best.encoding
    return raw.decode("cp1252", errors="replace"), "cp1252"


def beyond_ascii(text: str) -> int:
    return sum(not character.isascii() for character in text)


def attempt(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def decoded(raw: bytes, encoding: str, errors: str) -> str:
    text = raw.decode(encoding, errors=errors)
    if "\0" in text or text.count("�") * 20 > len(text):
        raise ReadError(f"it is not text (it begins like {encoding}, and is not).")
    return text


def wide_encoding(raw: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: most of one half (three quarters) of the bytes are zero, and no others."""
    head = raw[:4096]
    zeros = [head[start::4].count(0) * 4 / max(1, len(head)) for start in range(4)]
    high = [share > 0.4 for share in zeros]
    shapes = {
        (False, True, False, True): "utf-16-le",
        (True, False, True, False): "utf-16-be",
        (False, True, True, True): "utf-32-le",
        (True, True, True, False): "utf-32-be",
    }
    return shapes.get((high[0], high[1], high[2], high[3]))


def declared(raw: bytes) -> str:
    """The encoding that an XML or HTML file names for itself, if Python knows it as one of text."""
    found = DECLARED.search(raw[:4096])
    if not found:
        return ""
    name = (found[1] or found[2]).decode("ascii").lower()
    name = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "shift_jis": "cp932"}.get(name, name)
    try:
        known = codecs.lookup(name)
    except LookupError:
        return ""
    return name if known._is_text_encoding and "utf" not in known.name and name != "idna" else ""


def western(raw: bytes) -> tuple[str, str] | None:
    """Windows-1252, -1254 or -1250, by how many words with letters beyond ASCII are ones that people write."""
    import ftfy.bad_codecs  # noqa: F401  (names the Windows-1252 that lets its five unused bytes pass)

    beyond = sum(byte > 127 for byte in raw)
    if beyond * 3 > len(raw.translate(None, b" \t\r\n")):
        return None
    best: tuple[float, str, str] | None = None
    for encoding, letters in WESTERN.items():
        text = attempt(raw, "sloppy-windows-1252" if encoding == "cp1252" else encoding)
        if text is None:
            continue
        words = [word.strip(AROUND) for word in text.lower().split() if not word.isascii()]
        known = set("abcdefghijklmnopqrstuvwxyz0123456789" + letters + AROUND)
        odd = sum(not known.issuperset(word) or (encoding == "cp1252" and bool(WIDE_O.search(word))) for word in words)
        share = odd / max(1, len(words))
        if best is None or share < best[0]:
            best = (share, text, encoding)
    return (best[1], best[2]) if best is not None and best[0] < 0.3 else None
