"""Feeds and sitemaps as lists of pages: which addresses they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MAXIMUM_LINKS = 50_000
"""Addresses that one sitemap may have (sitemaps.org)."""


@dataclass(frozen=True)
class Listing:
    """A "sitemap" of pages, an "index" of other sitemaps, or a "feed" whose entries stand whole on their pages.

    A feed that brings its entries' whole text is a file to read like any other, and no listing.
    """

    kind: str
    links: list[str]


def links_in(raw: bytes) -> Listing | None:
    """The listing that these bytes are; None for anything else. Never raises for damage."""
    from training.corpus.reading.document import ReadError
    from training.corpus.reading.encodings import decode
    from training.corpus.reading.feeds import local, tree_of

    if not re.search(rb"<[\w:]*(urlset|sitemapindex|rss|rdf|feed)\b", raw[:5_000], re.IGNORECASE):
        return None
    try:
        root, _ = tree_of(decode(raw)[0])
    except ReadError:
        return None
    kind = {"urlset": "sitemap", "sitemapindex": "index", "rss": "feed", "rdf": "feed", "feed": "feed"}.get(local(root))
    if kind is None:
        return None
    found = entry_links(root) if kind == "feed" else locations(root)
    links = list(dict.fromkeys(link for link in found if link))[:MAXIMUM_LINKS]
    return Listing(kind, links) if links else None


def locations(root: Any) -> Iterator[str]:
    """The <loc> of each page; those of its pictures and films stand deeper."""
    from training.corpus.reading.feeds import local, value

    for entry in root:
        for child in entry:
            if local(child) == "loc":
                yield value(child)


def entry_links(root: Any) -> Iterator[str]:
    """The link of each entry, if no entry brings its whole text along."""
    from training.corpus.reading.feeds import local, value

    entries = [node for node in root.iter() if local(node) in ("item", "entry")]
    if any(local(child) in ("encoded", "content") and value(child) for entry in entries for child in entry):
        return
    for entry in entries:
        for child in entry:
            if local(child) == "link" and child.get("rel", "alternate") == "alternate":
                yield child.get("href") or value(child)
                break
