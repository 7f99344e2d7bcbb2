"""A first brief for a passage, for a person to accept or mend.

All of it is in the words of the copy, its title and its headings: a fact is proposed only if the copy bears it, and as
many of the copy's facts as a writer can be asked for are.
"""

# ruff: noqa: SIM905 - word lists read best as lines of words

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import PurePosixPath

from training.corpus.brief import CHANNELS, LONGEST, Brief
from training.corpus.english import FUNCTION, PEOPLE, VERBS
from training.corpus.facts import unexplained
from training.corpus.passages import Piece
from training.corpus.phrases import phrases
from training.corpus.reading.document import Document
from training.corpus.topics import topic_of

MAXIMUM_FACTS = 6
CHANNEL_WORDS = {
    "email": ("email", "emails", "e-mail", "mail", "newsletter", "newsletters", "campaign", "mailing"),
    "social": (
        "social",
        "instagram",
        "facebook",
        "tweet",
        "tweets",
        "twitter",
        "linkedin",
        "caption",
        "captions",
        "post-",
    ),
    "ad": ("ad", "ads", "advert", "adverts", "banner", "banners"),
    "product": ("product", "products", "shop", "catalogue", "catalog"),
    "page": ("page", "pages", "docs", "about", "help", "landing"),
    "blog": ("blog", "posts", "article", "articles", "news"),
}
ORDER = (
    r"Order|Pre-order|Reserve|Book|Call|Ring|Phone|Sign up|Subscribe|Register|Apply|Shop|Download|Join|Contact"
    r"|E-?mail us|Donate|Vote|RSVP|Save your|Claim|Enter to win|Request a|Schedule a|Start your"
)
INVITE = (
    r"Visit|Come|Try|Read|Get|Start|Learn|Check out|Check|Let us know|Tell us|Find out|Follow|Explore|Discover|Swap"
    r"|Swing by|Drop|Pop|Stop by|Send us|Share|Watch|Listen|Meet|Taste|Stay tuned|Take a look|Look for|Head"
    r"|Reach out|Help us|Talk to"
)
POLITE = r"(?:Please |So |Then |Now |And )?"
NEXT = r"(?= (?!is\b|are\b|was\b)[\w“£$€@])"
CALL = re.compile(rf"{POLITE}((?:{ORDER}|{INVITE}){NEXT}(?:[^.!?\n]|\.(?=\w)){{2,90}})$")
CALL_OF_ITEM = re.compile(rf"((?:{ORDER}){NEXT}(?:[^.!?\n]|\.(?=\w)){{2,90}})$")
SENTENCE = re.compile(r"(?<=[.!?…])[\"”’')]?\s+")
VAGUE = FUNCTION | VERBS | frozenset("respective potential future prospective two three four five six yield".split())
FOR_WHOM = re.compile(
    r"\b(?:[Ff]or|[Cc]alling(?: all)?|[Dd]ear|[Aa]imed at|[Hh]elps?|[Aa]ttention:?) "
    rf"((?:(?:[a-z-]{{3,15}}|18F|[A-Z][a-z]+) ){{0,2}}(?:{'|'.join(PEOPLE)}))\b(?! of\b)"
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


def propose(
    name: str, kind: str, document: Document, piece: Piece, *, taken: Collection[str] = (), brand: str = ""
) -> Brief:
    """The brief that this copy could have answered.

    `taken` are the topics of the document's other passages; names that `brand` has need no asking for.
    """
    if document.brief is not None:
        return document.brief
    body = "\n".join(block.text for block in document.blocks if block.kind in ("paragraph", "item"))
    title = document.title if document.title != PurePosixPath(name).stem or kind not in ROWS else ""
    topic = topic_of(title, piece.heading, piece.text, document=body, taken=taken, is_page=kind == "html")
    asked = Brief(
        channel=channel_of(name, kind, document.channel),
        topic=topic,
        audience=audience_of(piece.text, piece.heading, title),
        call_to_action=call_of(piece.text),
    )
    wanted = unexplained(piece.text, asked, guidelines=brand)
    facts = tuple(" ".join(phrase.split()) for phrase in phrases(piece.text, wanted, MAXIMUM_FACTS))
    return Brief(asked.channel, asked.topic, facts, asked.audience, asked.call_to_action)


ROWS = ("csv", "tsv", "json", "jsonl", "xlsx", "xls")
"""Kinds whose documents are called after their file where they have no title: it says nothing of one row."""


def audience_of(text: str, heading: str, title: str) -> str:
    """Whom the copy says that it is for, in its own words; "" where it does not say."""
    for words in (title, heading, text):
        for match in FOR_WHOM.finditer(words):
            said = match[1].split()
            while len(said) > 1 and (said[0].casefold() in FUNCTION or said[0].casefold() in VERBS):
                said = said[1:]
            if not any(word.casefold() in VAGUE or word.endswith(("ing", "ly")) for word in said[:-1]):
                return " ".join(said)[: LONGEST["audience"]]
    return ""


def call_of(text: str) -> str:
    """What the copy asks its reader to do at its end, word for word; "" where it asks for nothing."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return ""
    if lines[-1].startswith("- "):
        found = CALL_OF_ITEM.match(lines[-1][2:].rstrip(".! "))
    else:
        ends = (sentence.strip(' "“”().!?') for sentence in reversed(SENTENCE.split(lines[-1])[-2:]))
        found = next((call for sentence in ends if (call := CALL.match(sentence))), None)
    # What is nearly all of the copy is no request at its end.
    return found[1][: LONGEST["call_to_action"]] if found and 3 * len(found[1]) <= 2 * len(text) else ""
