"""RSS, Atom and other XML. A feed's entries are documents; damage costs what stands behind it, never the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

from training.corpus.reading.document import Block, Document, ReadError, paragraphs, plain
from training.corpus.reading.mending import mended
from training.corpus.reading.pages import fragment

DECLARATION = re.compile(r"<\?xml.*?\?>", re.DOTALL)
BODIES = ("encoded", "content", "description", "summary")
DATES = ("pubdate", "published", "date", "updated", "issued")
TEXTUAL = {"", "post", "page", "product"}  # WordPress exports carry attachments, menus and styles as items, too


def tree_of(text: str) -> tuple[Any, list[str]]:
    """The root element and what was wrong. Entities are never followed, so that none can grow without end."""
    from lxml import etree

    if re.search(r"<!ENTITY", text, re.IGNORECASE):
        raise ReadError("it is XML that defines entities of its own, which VoiceLab does not follow.")
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, encoding="utf-8")
    source = DECLARATION.sub("", text, count=1).strip()
    try:
        root = etree.fromstring(source.encode("utf-8", errors="replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadError(f"it is XML that is damaged ({error}).") from error
    if root is None:
        raise ReadError("it is XML that is damaged from the start.")
    broken = [error for error in parser.error_log if error.level_name == "FATAL"]
    return root, [f"damaged XML read as far as it goes (line {broken[0].line})"] if broken else []


def local(node: Any) -> str:
    return node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""


def read_feed(text: str, name: str) -> Iterator[Document]:
    root, changes = tree_of(text)
    entries = [node for node in root.iter() if local(node) in ("item", "entry")]
    found = False
    for entry in entries:
        parts: dict[str, Any] = {}
        for child in entry:
            parts.setdefault(local(child), child)
        if value(parts.get("post_type")) not in TEXTUAL:
            continue
        title = plain(mended(value(parts.get("title")), unescape=True)[0])
        blocks = next((blocks for key in BODIES if (blocks := body(parts.get(key)))), [])
        if blocks or (title and not changes):  # of a damaged feed's last entry, the title may be a shred
            found = True
            date = iso(next((value(parts[key]) for key in DATES if key in parts), ""))
            yield Document(
                title or name, blocks or [Block(title)], changes=[*changes, "feed entry"], date=date, channel="blog"
            )
    if not found:
        yield from read_xml(text, name)


def value(node: Any) -> str:
    return "".join(node.itertext()).strip() if node is not None else ""


def body(node: Any) -> list[Block]:
    """An entry's text: HTML escaped inside the XML, XHTML elements, or plain."""
    if node is None:
        return []
    inside = value(node)
    if len(node) and any(local(child) for child in node):
        from lxml import etree

        return fragment(etree.tostring(node, encoding="unicode", method="html"))
    return fragment(inside) if re.search(r"<\w|&\w+;|&#", inside) else paragraphs(inside)


def iso(text: str) -> str:
    try:
        return parsedate_to_datetime(text).isoformat()
    except (TypeError, ValueError, IndexError, OverflowError):
        return text if re.match(r"\d{4}-\d\d", text) else ""


def read_xml(text: str, name: str) -> Iterator[Document]:
    """Every element's own text, in order; the comments where that is all there is."""
    from lxml import etree

    root, changes = tree_of(text)
    blocks: list[Block] = []
    for node in root.iter():
        if isinstance(node.tag, str) and local(node) not in ("link", "url", "guid", "id"):
            own = plain(" ".join([node.text or "", *(child.tail or "" for child in node)]))
            if own:
                blocks.append(Block(own, "heading" if local(node) in ("title", "head", "heading") else "paragraph"))
    if not blocks:
        comments = [*root.itersiblings(etree.Comment, preceding=True), *root.iter(etree.Comment)]
        blocks = [Block(plain(node.text or ""), "comment") for node in comments if plain(node.text or "")]
    title = next((block.text for block in blocks if block.kind == "heading"), "")
    yield Document(title or name, blocks, changes=changes)
