"""A first brief for a passage, for a person to accept or mend.

Topic from the title and the nearest heading, key facts from what the copy itself states:
prices, dates, shares, times, measures and names. A fact is proposed only if the copy bears it.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from training.corpus.brief import CHANNELS, Brief
from training.corpus.passages import Piece
from training.corpus.reading.document import Document

MAXIMUM_FACTS = 4
CHANNEL_WORDS = {
    "email": ("email", "e-mail", "mail", "newsletter", "campaign"),
    "social": ("social", "instagram", "facebook", "tweet", "twitter", "linkedin", "caption", "post-"),
    "ad": ("ad", "ads", "advert", "banner"),
    "product": ("product", "products", "shop", "catalogue", "catalog"),
    "page": ("page", "pages", "docs", "about", "help", "landing"),
    "blog": ("blog", "posts", "article", "articles", "news"),
}
MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
DAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
VALUES = re.compile(
    rf"[£$€]\s?\d[\d,]*(?:\.\d+)?(?:\s(?:each|a \w+|per \w+))?"
    rf"|\b\d+(?:\.\d+)?\s?%(?:\s(?:off|more|less|fewer))?"
    rf"|\b(?:{DAY},?\s)?(?:\d{{1,2}}(?:st|nd|rd|th)?\s{MONTH}|{MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?\b)(?:,?\s\d{{4}})?"
    rf"|\b{DAY}s?\b"
    r"|\b\d{1,2}(?::\d{2})?\s?(?:am|pm|a\.m\.|p\.m\.)"
    r"|(?<![/.\d-])\b\d[\d,]*(?:\.\d+)?\s[a-z]{3,}"
)
NAMES = re.compile(r"(?<![.!?…:] )(?<![\n\-] )(?<!\n)(?<!^)\b[A-Z][\w'’&-]+(?:\s(?:of\s|the\s|and\s)?[A-Z][\w'’&-]+)+")
CALLS = re.compile(
    r"^(?:- )?((?:Order|Book|Call|Visit|Try|Read|Join|Sign up|Get|Start|Download|Learn|Come|Pre-order|Shop|Contact|"
    r"Subscribe|Register|Apply|Check out|Let us know)\b[^.!?\n]{3,90})[.!?]?$"
)


def channel_of(name: str, kind: str, told: str = "") -> str:
    """The channel that the document tells, or a guess from the words of the file's path, then from its kind."""
    for words in (told, str(PurePosixPath(name))):
        parts = re.split(r"[^a-z-]+", words.lower())
        if len(parts) == 1 and parts[0] in CHANNELS:
            return parts[0]
        for channel, names in CHANNEL_WORDS.items():
            if any(part in names for part in parts):
                return channel
    return "page" if kind == "html" else "blog"


def propose(name: str, kind: str, document: Document, piece: Piece) -> Brief:
    """The brief that this copy could have answered."""
    if document.brief is not None:
        return document.brief
    title = document.title.strip().rstrip(".:!?")
    heading = piece.heading.strip().rstrip(".:!?")
    topic = title if not heading or heading.casefold() == title.casefold() else f"{title}: {heading}"
    lines = [line.strip() for line in piece.text.splitlines() if line.strip()]
    call = CALLS.match(lines[-1].split(". ")[-1]) if lines else None
    return Brief(
        channel=channel_of(name, kind, document.channel),
        topic=topic[:400],
        facts=tuple(facts_of(piece.text, topic)),
        call_to_action=call[1][:300] if call else "",
    )


def facts_of(text: str, topic: str) -> list[str]:
    """Up to four short phrases, word for word from the copy, in its order; what the topic says is left out."""
    found: list[tuple[int, str]] = [(match.start(), match[0].strip()) for match in VALUES.finditer(text)]
    found += [(match.start(), match[0].strip()) for match in NAMES.finditer(text)]
    kept: list[str] = []
    for _, phrase in sorted(found):
        folded = phrase.casefold()
        if folded in topic.casefold() or any(folded in other.casefold() for other in kept):
            continue
        kept.append(phrase)
        if len(kept) == MAXIMUM_FACTS:
            break
    return kept
