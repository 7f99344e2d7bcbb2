"""What a copy is about, in the words of its title, its heading and its keyphrases, as a person asks for it."""

# ruff: noqa: SIM905 - word lists read best as lines of words

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache

from training.corpus.english import COMMON, DEMONYMS, FUNCTION
from training.corpus.keyphrases import keyphrases
from training.corpus.names import MINUTES_AND_MORE, Token, title_lines, tokens_of

DATE = re.compile(r"^(?:19|20)\d\d[-_. ]\d\d?[-_. ]\d\d?[-_. :]*|^\d{1,2}[-_.]\d{1,2}[-_.](?:19|20)\d\d[-_. :]*")
EXTENSION = re.compile(
    r"\.(?:md|markdown|html?|txt|docx?|pdf|rtf|csv|tsv|jsonl?|xlsx?|pptx?|eml|msg|epub|xml)$", re.IGNORECASE
)
SITE = re.compile(r"\s[|»·•]\s[^|»·•]{1,60}$")
PAGE_SITE = re.compile(r"\s[-–—]\s[^\s-][^-–—:]{1,30}$")
NUMBERED = re.compile(
    r"^(?:(?:step|part|chapter|section|tip|lesson)\s\d{1,3}\s?[:.)–—-]\s?|\d{1,3}(?:\.\d{1,2}){0,2}[.):]\s+|\d{1,2}\.\s)",
    re.IGNORECASE,
)
REPLY = re.compile(r"^(?:(?:re|fw|fwd|aw)\s?:\s*){1,5}", re.IGNORECASE)
NO_TITLE = frozenset(
    """untitled index readme home document page post posts blog copy text captions caption export exports data sheet
sheet1 new draft drafts newsletter newsletters emails mail products content output item row default main""".split()
)
"""Titles that say nothing: what programs call a file."""
OPENINGS = frozenset(("introduction", "intro", "overview", "about", "summary", "background", "welcome", "home"))
"""Headings under which a piece is about the whole."""
PARTS = frozenset(
    """directions ingredients instructions method preparation notes note tips steps story serving sauce dough filling
conclusion interview prerequisites requirements pricing prices features benefits faq specifications dimensions care
concepts examples example usage installation configuration variations equipment storage""".split()
)
"""Headings for a part that any such piece may have: of little use without its title."""
IMPERATIVES = frozenset(
    """add ask avoid be bring choose clone configure connect create decide delete develop embed find get give help
identify include install invite join keep know learn let listen make manage prepare provide read remove resume save send
take talk teach tell think try understand update upgrade write""".split()
)
MAYBE_IMPERATIVES = frozenset(
    "build buy change focus hire limit list measure pause run set share show start stop use work".split()
)
AFTER_IMPERATIVES = frozenset(
    """a an the your our my their its his her this that these those it them us all each every more less with for from to
on in up out""".split()
)
ASKS = frozenset("how why what when where who which can do does is are should".split())
LONGEST_WORDS = 20
LONGEST = 300
FEW_WORDS, MORE_WORDS = 5, 10
"""A title of at most so many words, which is no sentence, can stand after "in", or "for" a usual part."""


def topic_of(
    title: str, heading: str, text: str, *, document: str = "", taken: Collection[str] = (), is_page: bool = False
) -> str:
    """The topic of one passage; another than those `taken` by the other passages of its document.

    `document` is the whole text that the passage is from; what it writes with a small letter gets one here.
    """
    evidence = evidence_of(document or text)
    title, heading = tidy(title, is_page), tidy(heading, False)
    if title.casefold() in NO_TITLE:
        title = ""
    if heading.casefold() in NO_TITLE | OPENINGS or heading.casefold() == title.casefold():
        heading = ""
    found = [topic for topic in options(title, heading, text, document, evidence) if topic]
    folded = {topic.casefold() for topic in taken}
    free = next((topic for topic in found if topic.casefold() not in folded), "")
    if not free:
        name = found[0] if found else " ".join(text.split()[:8])
        free = next(
            each for part in range(2, len(folded) + 4) if (each := f"{name} (part {part})").casefold() not in folded
        )
    return free[:LONGEST].strip()


def options(title: str, heading: str, text: str, document: str, evidence: Evidence) -> list[str]:
    """The ways to call it, best first."""
    whole, part = small(title, evidence), small(heading, evidence)
    things = [small(phrase, evidence) for phrase in keyphrases(text, document, 6)]
    things = [thing for thing in things if thing.casefold() not in f"{title} {heading}".casefold()]
    if not whole and not part:
        return [" and ".join(things[:2]), *things]
    if not heading:
        return [asked(whole), *(within(thing, title, whole) for thing in things)]
    says_enough = sum(word.casefold() not in FUNCTION for word in heading.split()) >= 3
    if says_enough or not title:
        base = asked(part)
    elif heading.casefold() in PARTS and stands_alone(title, MORE_WORDS):
        base = f"{part} for {whole}"
    else:
        base = within(asked(part), title, whole)
    if "“" in base and heading.casefold() not in PARTS:
        return [base, *(f"{part}: {thing}" for thing in things)]
    if "“" in base:
        return [base, *(within(thing, title, whole) for thing in things)]
    return [base, *(f"{base}: {thing}" for thing in things)]


def within(part: str, title: str, whole: str) -> str:
    """A part of something that has a name, or of a piece that has a headline."""
    if stands_alone(title):
        return f"{part} in {whole}"
    return f"{part}, for “{title.translate(QUOTES)}”"


QUOTES = {ord("“"): "‘", ord("”"): "’", ord('"'): "'"}


def stands_alone(title: str, limit: int = FEW_WORDS) -> bool:
    """Whether a title is a name or a thing, no sentence: "brown sauce", not "How we work"."""
    words = title.split()
    first = words[0].casefold() if words else ""
    return (
        0 < len(words) <= limit
        and not (first in ASKS or is_order(title))
        and not any(word.endswith("ing") for word in words[:-1])
        and not re.search(r"[:?!,;]| (?:is|are|was|were|has|have|will|can|do|does) ", title)
    )


def asked(topic: str) -> str:
    """An order as what to write about: "build empathy" as "how to build empathy"."""
    return f"how to {topic[0].lower()}{topic[1:]}" if is_order(topic) else topic


def is_order(words: str) -> bool:
    first, _, rest = words.casefold().partition(" ")
    second = rest.partition(" ")[0]
    if first in MAYBE_IMPERATIVES:
        return second in AFTER_IMPERATIVES or second.endswith(("'s", "’s"))
    return first in IMPERATIVES and bool(second)


def tidy(title: str, is_page: bool) -> str:
    """A title without what a file, a site or a counter added to it. `is_page`: it comes from a web page's head."""
    title = " ".join(
        "".join(" " if unicodedata.category(sign) in ("So", "Sk", "Cf") else sign for sign in title).split()
    )
    title = EXTENSION.sub("", REPLY.sub("", title))
    title = DATE.sub("", title)
    if " " not in title and re.search(r"[\w][-_][\w]", title) and title == title.lower():
        title = re.sub(r"[-_]+", " ", title)
    title = SITE.sub("", title)
    if is_page:
        title = PAGE_SITE.sub("", title)
    title = NUMBERED.sub("", title)
    if (cut := re.match(r"(.{8,200}?(?:\?|[a-z]{3}\.))\s", title)) or len(title.split()) > LONGEST_WORDS:
        title = cut[1] if cut else " ".join(title.split()[:LONGEST_WORDS])
    return title.strip(" .:!?,;-–—*#").strip()


class Evidence:
    """How a text writes its words where no sentence begins: how often small, how often with a capital."""

    def __init__(self, text: str) -> None:
        tokens: list[Token] = list(tokens_of(text, ()))
        headed = title_lines(tokens, text)
        inner = [token for token in tokens if not token.begins and token.line not in headed]
        self.small = Counter(token.word for token in tokens if not token.kind)
        self.capital = Counter(token.word.casefold() for token in inner if token.kind == "capital")

    def is_small(self, word: str) -> bool:
        folded = word.casefold().replace("’", "'")
        return self.small[folded] > self.capital[folded] or (folded in COMMON and not self.capital[folded])

    def is_name(self, word: str) -> bool:
        folded = word.casefold()
        return self.capital[folded] > self.small[folded]


@lru_cache(maxsize=8)
def evidence_of(text: str) -> Evidence:
    return Evidence(text)


def small(title: str, evidence: Evidence) -> str:
    """A title with small letters where the text has them, or where only the title's case gives a capital."""
    tokens = list(tokens_of(title, ()))
    capitals = [token for token in tokens if token.kind == "capital" and not is_fixed(token.word)]
    weighty = [token for token in tokens if token.word.casefold() not in FUNCTION]
    is_title_case = bool(set(weighty) - set(tokens[:1])) and all(
        token.word[0].isupper() or not token.word[0].isalpha() for token in weighty
    )
    is_known = any(evidence.is_small(token.word) for token in capitals)
    owned = owners(tokens, evidence)
    letters = list(title)
    if title[:2] == "A ":
        letters[0] = "a"
    for token in capitals:
        first = token is tokens[0]
        lower = evidence.is_small(token.word) or (first and is_plain(token.word)) if is_title_case else first
        if is_title_case and is_known and not evidence.is_name(token.word):
            lower = True
        if first and not is_title_case and tokens[1:2] and tokens[1].kind == "capital" and not is_plain(token.word):
            lower = evidence.is_small(token.word)  # Lindsay Young of 18F
        if evidence.is_name(token.word) or not (first or is_title_case) or token in owned:
            lower = False
        if lower:
            letters[token.start : token.end] = token.word.lower()
    return "".join(letters)


def owners(tokens: Sequence[Token], evidence: Evidence) -> set[Token]:
    """The names before an apostrophe: Ray Peat's."""
    found: set[Token] = set()
    for place, token in enumerate(tokens):
        if token.kind == "capital" and is_owner(token.word) and not evidence.is_small(token.word):
            found.add(token)
            for before in reversed(tokens[:place]):
                if before.kind != "capital" or evidence.is_small(before.word):
                    break
                found.add(before)
    return found


def is_plain(word: str) -> bool:
    return word.casefold().replace("’", "'") in COMMON or word.endswith("ing")


def is_owner(word: str) -> bool:
    """Anna's, but not what's."""
    owner, mark, _ = word.replace("’", "'").partition("'")
    return bool(mark) and owner.casefold() not in FUNCTION and word.casefold().endswith("s")


def is_fixed(word: str) -> bool:
    return (
        word in DEMONYMS or word.casefold() in MINUTES_AND_MORE - {"may", "march", "second"} and not word[0].islower()
    )
