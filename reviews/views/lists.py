"""What list pages share: the words searched for and marked, quick pages, safe CSV downloads and counts in words."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from training.corpus.searching import Term, excerpt, pieces

Fetch = Callable[[QuerySet[Any]], Mapping[Any, Any]]
"""The entries of one page -> what stands behind each of them, by the entry's key."""
MOST = 10_000
"""What is searched for is counted up to here; to count on costs more than the number is worth."""
PER_PAGE = 50
MARK, END = mark_safe("<mark>"), mark_safe("</mark>")


def searched(request: HttpRequest) -> str:
    """What is searched for, without NUL, which PostgreSQL takes in no text."""
    return request.GET.get("q", "").replace("\0", "").strip()


def marked(text: str, looked_for: Sequence[Term], words: int = 0) -> SafeString:
    """The text, or an excerpt of so many words, with what was looked for marked."""
    text = " ".join(text.split())
    shown = pieces(excerpt(text, looked_for, words) if words else text, looked_for)
    return format_html_join("", "{}{}{}", ((MARK, said, END) if is_hit else ("", said, "") for is_hit, said in shown))


class LongPage(Page):  # type: ignore[type-arg]
    """A page of a list that may go on beyond what was counted."""

    paginator: LongPaginator

    def __init__(self, rows: Sequence[Any], number: int, paginator: LongPaginator, *, goes_on: bool) -> None:
        super().__init__(rows, number, paginator)
        self.goes_on = goes_on

    def has_next(self) -> bool:
        return self.goes_on

    def next_page_number(self) -> int:
        return self.number + 1

    def previous_page_number(self) -> int:
        return self.number - 1


class LongPaginator(Paginator):  # type: ignore[type-arg]
    """Numbered pages of the keys of entries: they are so narrow that the last page is as quick as the first.

    A page holds the rows that `fetch` finds for the keys, in the order of the keys.
    """

    object_list: QuerySet[Any]

    def __init__(
        self, entries: QuerySet[Any], fetch: Fetch, *, is_search: bool = False, count: int | None = None
    ) -> None:
        """`count` is the number of entries, where it is known already."""
        super().__init__(entries, PER_PAGE)
        self.fetch, self.is_search, self.known = fetch, is_search, count

    @cached_property
    def first_keys(self) -> list[Any]:
        """What a search found, up to the bound: looked for once, both to count and to show."""
        return list(self.object_list.values_list("pk", flat=True)[: MOST + 1])

    @cached_property
    def count(self) -> int:
        if self.is_search:
            return len(self.first_keys)
        return self.object_list.order_by().count() if self.known is None else self.known

    @property
    def is_capped(self) -> bool:
        return self.is_search and self.count > MOST

    @property
    def told(self) -> str:
        """The count in words."""
        return f"{MOST:,}+" if self.is_capped else f"{self.count:,}"

    def get_page(self, number: Any) -> LongPage:
        """The page, the first for what is no number, the last for one too high."""
        asked = int(str(number)[:7]) if str(number).isdecimal() else 1
        if not self.is_capped:
            asked = min(asked, self.num_pages)
        asked = max(asked, 1)
        keys = self.keys_from((asked - 1) * self.per_page)
        there = rows_of(self.object_list, keys[: self.per_page], self.fetch)
        return LongPage(there, asked, self, goes_on=len(keys) > self.per_page)

    def keys_from(self, start: int) -> list[Any]:
        """The keys of the page that begins there, and one more where the list goes on."""
        end = start + self.per_page + 1
        if self.is_search and (end <= len(self.first_keys) or not self.is_capped):
            return self.first_keys[start:end]
        keys = self.object_list.values_list("pk", flat=True)
        if self.is_search or start < self.count // 2:
            return list(keys[start:end])
        # From the other end: a database that sorts keeps no more rows than it passes over.
        end = min(end, self.count)
        return list(keys.reverse()[self.count - end : self.count - start])[::-1]


def rows_of(entries: QuerySet[Any], keys: list[Any], fetch: Fetch) -> list[Any]:
    """What stands behind the entries with these keys, in the keys' order."""
    rows = fetch(entries.model._default_manager.filter(pk__in=keys))
    return [rows[key] for key in keys if key in rows]


def in_pieces(entries: QuerySet[Any], fetch: Fetch) -> Iterator[Any]:
    """What stands behind all of the entries, 500 at a time."""
    keys = entries.values_list("pk", flat=True).iterator(chunk_size=2000)
    while piece := list(islice(keys, 500)):
        yield from rows_of(entries, piece, fetch)


def csv_stream(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """A CSV download of any length, a row at a time; see `csv_response`."""

    class Line:
        def write(self, line: str) -> str:
            return line

    writer = csv.writer(Line())
    lines = (writer.writerow([cell(value) for value in row]) for row in chain([header], rows))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV download; text that a spreadsheet would run as a formula is kept text by a quote before it."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    writer = csv.writer(response)
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return response


def cell(value: object) -> object:
    if isinstance(value, datetime):
        return f"{localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value
