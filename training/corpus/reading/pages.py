"""HTML, block by block: of a page the main text, which trafilatura finds; of a fragment everything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from training.corpus.reading.document import Block, Document, plain

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

DROPPED = "script,style,noscript,template,nav,header,footer,aside,form,svg,iframe,button,pre,figure,table,img"
NO_TEXT = "script,style,noscript,template,head,svg,iframe,button,form"
KINDS = {**{f"h{level}": "heading" for level in range(1, 7)}, "li": "item"}
PARTING = {*KINDS, "p", "div", "blockquote", "dd", "dt", "ul", "ol", "dl", "table", "tr", "td", "th", "hr", "center"}
PARTING |= {"section", "article", "main", "body", "header", "footer", "address", "pre", "figure", "figcaption"}
DATES = 'meta[property="article:published_time"],meta[name="date"],meta[itemprop="datePublished"]'
FOUND = 0.25  # trafilatura's share of a page's words below which the page's own markup says what is main
GAP = 6  # blocks that trafilatura leaves out inside the main text (calls to action, lists of links), kept all the same


def read_html(text: str, name: str) -> Iterator[Document]:
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text)
    stamp = tree.css_first(DATES)
    date = (stamp.attributes.get("content") or "")[:25] if stamp else ""
    title, marked = html_blocks(text)
    for node in tree.css(DROPPED):
        node.decompose()
    main = main_blocks(text, blocks_in(tree.body))
    if sum(map(words, main)) > FOUND * sum(map(words, set(marked))):
        changes = ["HTML taken off", "what stands around the main text taken off"]
        yield Document(title or name, main, changes=changes, date=date)
    else:
        yield Document(title or name, marked, changes=["HTML taken off"], date=date)


def words(block: Block) -> int:
    return len(block.text.split())


def main_blocks(text: str, blocks: list[Block]) -> list[Block]:
    """Of a page's blocks, those that trafilatura counts as main text, their headings, and short gaps between them."""
    import logging

    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    found = trafilatura.bare_extraction(
        text, include_comments=False, include_tables=False, favor_recall=True, with_metadata=False
    )
    body = getattr(found, "body", None)
    whole = folded(" ".join(body.itertext())) if body is not None else ""
    parts = {folded("".join(node.itertext())) for node in body.iter()} if body is not None else set()
    texts = [folded(block.text) for block in blocks]
    main = [place for place, text in enumerate(texts) if text in parts or (len(text) > 20 and text in whole)]
    kept: list[Block] = []
    last = -1
    for place in main:
        gap = blocks[last + 1 : place]
        if not kept or len(gap) > GAP:
            before = [place for place, block in enumerate(gap) if block.kind != "heading"]
            gap = gap[before[-1] + 1 :] if before else gap
        kept += [*gap, blocks[place]]
        last = place
    return kept


def folded(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def html_blocks(html: str) -> tuple[str, list[Block]]:
    """The title and the text blocks of a page, in order, without navigation, scripts, code and tables."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(html)
    titled = tree.css_first("title") or tree.css_first("h1")
    name = plain(titled.text(deep=True)) if titled else ""
    for node in tree.css(DROPPED):
        node.decompose()
    return name, blocks_in(tree.css_first("main") or tree.css_first("article") or tree.body)


def fragment(html: str) -> list[Block]:
    """All text of a piece of HTML from a feed, a message, a book or a table's cell, layout tables included."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(html)
    for node in tree.css(NO_TEXT):
        node.decompose()
    return blocks_in(tree.body)


def blocks_in(root: LexborNode | None) -> list[Block]:
    """Every text below a node, parted where a browser would start a new line of its own."""
    blocks: list[Block] = []
    line: list[str] = []
    kind = "paragraph"
    stack: list[tuple[LexborNode, bool]] = [(root, False)] if root is not None else []
    while stack:  # not by recursion: pages nest as deep as they like
        node, is_end = stack.pop()
        if node.tag in ("-text", "br"):
            line.append((node.text_content or "") if node.tag == "-text" else "\n")
            continue
        if node.tag in PARTING:
            if text := plain("".join(line)):
                blocks.append(Block(text, kind))
            line.clear()
            # A paragraph inside a list item is still the item; whatever follows its end is not.
            kind = "paragraph" if is_end else KINDS.get(node.tag or "", kind)
        if not is_end:
            stack.append((node, True))
            children = []
            child = node.child
            while child is not None:
                children.append((child, False))
                child = child.next
            stack.extend(reversed(children))
    return blocks
