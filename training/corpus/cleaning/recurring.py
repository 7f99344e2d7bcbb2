"""Lines that a voice's documents share: footers, legal notes, signatures, navigation, and slogans.

Documents are counted, not occurrences, and copies of one document (the page and its printed version) count once, so
that a text which was imported three times is no boilerplate. Three documents are the least. A line then goes in two
cases: it speaks as furniture does (cookies, subscriptions, rights, bylines), or it is long (12 words or more) and
stands once, at the beginning or the end, in at least two of three of its documents. All other lines stay: a slogan, a
greeting or an ingredient recurs as well, and which of them is copy is a person's to say. Both kinds are listed with the
reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from training.corpus.cleaning.edits import Edit, lines, without_lines
from training.corpus.cleaning.settings import Settings

LEAST_DOCUMENTS = 3
LONG = 12
"""Words of a line that nobody writes the same three times over."""
SHORTEST = 3
"""Words below which a line is not counted: `Salt` recurs in every recipe."""
LISTED_SHARE = 0.05
EDGE_LINES = 2
COPY_SHARE = 0.5
COMMON, COMMON_SHARE = 5, 0.3
MANY = 20
"""Documents that share a line are copies of each other by what else they share: not by lines that are in more than 20
documents, or in at least 5 and 30 % of all."""

ITEM = re.compile(r"\A\s*(?:[-*•·–]\s+|\d{1,2}[.)]\s+)?")
SIGNS = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."})
NAME = r"(?:[A-Z][\w.'’-]*|of|the|and|&)"
STOCK = re.compile(
    r"\bcookies?\b.{0,80}\b(?:site|browser|polic|consent|accept|experience|agree)|\b(?:uses?|accept) (?:all )?cookies\b"
    r"|\ball rights reserved\b|^(?:©|\(c\)|copyright\b)|\bprivacy policy\b"
    r"|\bterms (?:of (?:use|service)|and conditions)"
    r"|\bunsubscribe\b|\bview (?:this (?:e-?mail|message) )?in (?:your )?browser\b"
    r"|\b(?:manage|update) (?:your )?preferences\b"
    r"|\byou (?:are|were) receiv(?:ing|ed) this\b|\bsign up (?:for|to) (?:our|the) newsletter\b"
    r"|\bsubscribe (?:to (?:our|the)|for)\b|\bfollow us on\b|\bshare (?:this|on)\b|\bskip to\b|\bback to top\b"
    r"|\b(?:posted|written|published|filed) (?:by|on|in|under)\b|\brelated (?:posts|articles|stories)\b"
    r"|\bthis (?:e-?mail|message) (?:and any|is confidential|is intended)|\bregistered (?:in|office|company|charity)\b"
    r"|\bread more\b|\bleave a (?:comment|reply)\b|\bsent from my\b|\bdisclaimer\b",
    re.IGNORECASE,
)
HINTS = frozenset(
    re.findall(
        r"\S+",
        "agree cookie cookies rights copyright © (c) policy policies terms unsubscribe browser preferences receiving "
        "newsletter subscribe follow share skip top posted written published filed related email e-mail message "
        "registered read comment reply sent disclaimer",
    )
)
"""Words without one of which no line is furniture: a quick look before the slow one."""
FURNITURE = re.compile(
    r"skip to (?:main |the )?(?:content|navigation|page)|back to (?:the )?top|(?:continue|keep) reading.{0,20}"
    r"|read more\s*(?:»|→|›|\.\.\.|…)|[«‹←]\s*(?:previous|older)\b.{0,40}|(?:next|newer)\b.{0,40}[»›→]"
    r"|(?:share|tweet|pin) (?:this|it)(?: post| page| article)?:?|share on \w+|(?:print|e-?mail) this (?:page|post)"
    r"|(?:click here to )?unsubscribe(?: here)?\.?|view (?:this (?:e-?mail|message) )?in (?:your )?browser\.?"
    r"|(?:manage|update) (?:your )?(?:e-?mail )?preferences|table of contents:?|sent from my \w+(?: \w+)?\.?"
    r"|(?:copyright )?(?:©|\(c\)|copyright)\s*(?:\d{4}.{0,80}|.{0,60}\d{4}.{0,40}|.{0,80}all rights reserved\.?)"
    r"|(?:we|this (?:web)?site|our (?:web)?site) uses? cookies.{0,300}|accept (?:all )?cookies"
    r"|(?:home|about|contact|blog|news|shop|privacy policy|terms of (?:use|service))"
    r"(?:\s*[|·•/›»>]\s*[\w &]{2,25}){2,12}"
    r"|(?:originally|first|cross-?)[ -]?(?:published|posted|appeared) (?:at|on|in|by) \S+(?: \S+){0,11}"
    r"|leave a (?:comment|reply)|\d{1,3} min(?:ute)? read|(?:filed under|tagged(?: with)?|posted in):? .{0,80}",
    re.IGNORECASE,
)
# A byline is told from a sentence by its names: they begin with capitals.
BYLINE = re.compile(
    rf"(?:Posted|Written|Published) (?:by|on) {NAME}(?: {NAME}){{0,4}}(?: on)?(?:,? ?\w+ \d{{1,2}},? \d{{4}})?\.?"
)


@dataclass(frozen=True)
class Line:
    """A line that recurs: one way it is written, in how many documents, whether it goes, and why or why not."""

    key: str
    text: str
    documents: int
    goes: bool
    reason: str


def key(line: str) -> str:
    """What counts as the same line: list marks, case, spacing and style aside, and in furniture the digits."""
    folded = " ".join(ITEM.sub("", line).translate(SIGNS).casefold().split())
    if speaks_as_furniture(folded):
        folded = re.sub(r"\d+", "0", folded)
    return blake2b(folded.encode(errors="surrogatepass"), digest_size=8).hexdigest()


def speaks_as_furniture(line: str) -> bool:
    near = {word.strip(".,:;!?'\"") for word in line.casefold().split()}
    return not (near.isdisjoint(HINTS) and "©" not in line) and bool(STOCK.search(line))


def recurring(text: str, settings: Settings) -> list[Edit]:
    """Takes out the lines of this text that are among the voice's recurring ones."""
    return without_lines(text, lambda line: key(line) in settings.recurring) if settings.recurring else []


def furniture(text: str, settings: Settings) -> list[Edit]:
    """Lines that belong to a page and not to its copy, known by their words alone."""

    def goes(line: str) -> bool:
        stripped = ITEM.sub("", line).strip()
        return bool(FURNITURE.fullmatch(stripped) or BYLINE.fullmatch(stripped))

    return without_lines(text, goes)


def find(documents: Callable[[], Iterable[Sequence[str]]]) -> list[Line]:
    """The recurring lines of a voice, most frequent first.

    `documents` gives all documents, each as its texts in order; it is asked twice, so that memory holds one document
    and a few bytes for each different line, never the archive.
    """
    seen: dict[str, int] = {}
    total = 0
    for document in documents():
        total += 1
        for mark in {key(line) for line in counted(document)}:
            seen[mark] = seen.get(mark, 0) + 1
    often = {mark for mark, count in seen.items() if count >= LEAST_DOCUMENTS}
    common = {mark for mark in often if seen[mark] > MANY or (seen[mark] >= max(COMMON, COMMON_SHARE * total))}
    del seen
    if not often:
        return []
    sizes: list[int] = []
    places: dict[str, list[int]] = {mark: [] for mark in often}
    edges: Counter[str] = Counter()
    texts: dict[str, str] = {}
    for number, document in enumerate(documents()):
        found = counted(document)
        at_edge = {line for line in found[:EDGE_LINES] + found[-EDGE_LINES:] if found.count(line) == 1}
        known: set[str] = set()
        marks = [key(line) for line in found]
        sizes.append(len(set(marks) - common))
        for line, mark in zip(found, marks, strict=True):
            if mark in often and mark not in known:
                known.add(mark)
                places[mark].append(number)
                texts.setdefault(mark, ITEM.sub("", line).strip())
                edges[mark] += line in at_edge
    family = copies({mark: at for mark, at in places.items() if mark not in common}, sizes)
    listed = []
    for mark, at in places.items():
        is_stock = speaks_as_furniture(texts[mark])
        count = len(at) if is_stock else len({family(number) for number in at})
        if count < LEAST_DOCUMENTS:
            continue
        words, share, edge = len(texts[mark].split()), count / total, edges[mark] / len(at)
        goes, reason = True, "it speaks as a page's furniture does"
        if not is_stock:
            if words >= LONG and edge >= 2 / 3:
                reason = "long, word for word, at the beginning or end of its documents"
            else:
                goes, reason = False, "it may be copy: a slogan, a greeting, an item of a list"
        if goes or share >= LISTED_SHARE or (words > SHORTEST and edge >= 2 / 3):
            listed.append(Line(mark, texts[mark], count, goes, reason))
    return sorted(listed, key=lambda line: (-line.documents, line.text))


def counted(document: Sequence[str]) -> list[str]:
    """The lines of a document that are long enough to be counted."""
    found = [text[start:end] for text in document for start, end in lines(text)]
    return [line for line in found if len(ITEM.sub("", line).split()) >= SHORTEST or speaks_as_furniture(line)]


def copies(places: dict[str, list[int]], sizes: Sequence[int]) -> Callable[[int], int]:
    """Document -> the first of those that share more than half of their own lines with it.

    `places` holds the documents of each line, `sizes` the number of such lines of each document. Those that have none
    of their own are taken for copies of one.
    """
    parent = list(range(len(sizes)))

    def first(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    empty = [number for number, size in enumerate(sizes) if size == 0]
    for number in empty[1:]:
        parent[number] = empty[0]
    shared: Counter[tuple[int, int]] = Counter()
    for at in places.values():
        shared.update((one, other) for place, one in enumerate(at) for other in at[place + 1 :])
    for (one, other), count in shared.items():
        if count > COPY_SHARE * max(sizes[one], sizes[other]):
            parent[first(other)] = first(one)
    return first
