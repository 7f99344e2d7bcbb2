"""Tables: CSV, JSON and JSON lines. A bad row is left out by itself, named by its number and field."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from training.corpus.brief import NO_TEXT, Brief, BriefError
from training.corpus.reading.detect import COPY_COLUMNS, delimiter_of
from training.corpus.reading.document import Block, Document, Problem, ReadError, paragraphs, plain
from training.corpus.reading.mending import mended

TITLES = ("title", "headline", "subject")
DATES = ("date", "published", "published_at", "publish_date", "created_at", "timestamp")
PROSE = 40  # characters that a column's cells have on average when nothing but its prose tells that it holds copy
TAGS = re.compile(r"</(?:p|div|li|h[1-6]|a|strong|em|span)>|<br ?/?>|<p[ >]", re.IGNORECASE)
csv.field_size_limit(1_000_000)

Row = tuple[str, dict[str, Any]]
"""Where a row stands ("row 2"), and its cells by their column's name in small letters."""


def read_csv(text: str, name: str) -> Iterator[Document | Problem]:
    found: list[Row] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    header: list[str] | None = None
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            yield Problem(f"row {number}", f"it is not readable as CSV ({error}).")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if header is None:
            header = header_of(cells)
        else:
            found.append((f"row {number}", dict(zip(header, cells, strict=False))))
    yield from documents(found, name)


def header_of(cells: Iterable[str]) -> list[str]:
    """A name of its own for every column, in small letters."""
    names: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = plain(cell).lower() or f"column {number}"
        names.append(f"{name} {number}" if name in names else name)
    return names


def read_jsonl(text: str, name: str) -> Iterator[Document | Problem]:
    found: list[Row] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:  # JSONDecodeError, and numbers or nesting without end
            yield Problem(f"line {number}", f"it is not JSON ({getattr(error, 'msg', error)}).")
            continue
        if isinstance(row, dict):
            found.append((f"row {number}", lowered(row)))
        else:
            yield Problem(f"line {number}", "it is not an object in braces.")
    yield from documents(found, name)


def read_json(text: str, name: str) -> Iterator[Document | Problem]:
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise ReadError("it is JSON that is nested without end.") from error
    except ValueError as error:
        raise ReadError(f"it is not JSON ({error}).") from error
    rows = longest_list(value)
    if rows is None:
        raise ReadError("it holds no list of objects with the copy; export one object for each text.")
    found = [(f"row {number}", lowered(row)) for number, row in enumerate(rows, start=1) if isinstance(row, dict)]
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            yield Problem(f"row {number}", "it is not an object in braces.")
    yield from documents(found, name)


def longest_list(value: Any) -> list[Any] | None:
    """The rows: the list itself, the longest list of objects one level down, or the one object."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        return None
    lists = [item for item in value.values() if isinstance(item, list) and any(isinstance(row, dict) for row in item)]
    if lists and not copy_column(lowered(value)):
        return max(lists, key=len)
    return [value]


def lowered(row: dict[Any, Any]) -> dict[str, Any]:
    return {str(key).strip().lower(): value for key, value in row.items()}


def copy_column(names: Iterable[str]) -> str:
    """The column that is named for copy; "item.body" counts as "body"."""
    names = list(names)
    for wanted in COPY_COLUMNS:
        for name in names:
            if name == wanted or name.rpartition(".")[2] == wanted:
                return name
    return ""


def documents(rows: list[Row], name: str) -> Iterator[Document | Problem]:
    """Each row's document, or what is wrong with the row; a table without copy becomes one of "row" blocks."""
    columns = {column: None for _, row in rows for column in row}
    named = copy_column(columns)
    column = named or prose_column(rows, list(columns))
    if not column:
        yield from as_table(rows, name)
        return
    for where, row in rows:
        try:
            found = row_document(row, column, name)
        except ReadError as error:
            yield Problem(where, str(error))
            continue
        if found is not None:
            if not named:
                found.changes.append(f"copy taken from the column {column}")
            yield found


def prose_column(rows: list[Row], columns: list[str]) -> str:
    def length(column: str) -> float:
        cells = [row[column] for _, row in rows if isinstance(row.get(column), str)]
        return sum(map(len, cells)) / len(rows) if cells else 0

    best = max(columns, key=length, default="")
    return best if best and length(best) >= PROSE else ""


def as_table(rows: list[Row], name: str) -> Iterator[Document]:
    lines = []
    for _, row in rows:
        cells = ((column, plain(str(value))) for column, value in row.items() if value not in (None, ""))
        lines.append(" | ".join(f"{column}: {value}" if column else value for column, value in cells))
    yield Document(name, [Block(mended(line)[0], "row") for line in lines if line])


def row_document(row: dict[str, Any], column: str, name: str) -> Document | None:
    """None for a row whose copy is empty. Raises `ReadError` naming the field that is wrong."""
    if column not in row:
        raise ReadError(f"it has no {column}.")
    copy = row[column]
    if copy is None or copy == "":
        return None
    if not isinstance(copy, str):
        raise ReadError(f"{column} is not text.")
    if NO_TEXT.search(copy):
        raise ReadError(f"{column} holds characters that are no text; take them out.")
    copy, changed = mended(copy, unescape=True)
    changes = ["mended character encoding"] if changed else []
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in copy.replace("\r\n", "\n").split("\n")]
    kept = "\n".join(lines).strip()
    if not kept:
        return None
    date = next((str(row[key]) for key in DATES if row.get(key)), "")
    if row.get("topic"):
        brief = brief_of(row)
        return Document(brief.topic, [Block(kept)], brief=brief, changes=changes, date=date, channel=brief.channel)
    title = next((row[key] for key in TITLES if isinstance(row.get(key), str) and row[key].strip()), "")
    title = mended(plain(NO_TEXT.sub("", title)))[0]
    channel = row["channel"].strip() if isinstance(row.get("channel"), str) else ""
    if TAGS.search(kept):
        from training.corpus.reading.pages import fragment

        blocks, changes = fragment(kept), [*changes, "HTML taken off"]
    else:
        blocks = paragraphs(kept)
    return Document(title or name, blocks, changes=changes, date=date, channel=channel)


def brief_of(row: dict[str, Any]) -> Brief:
    given = {
        key: value if not isinstance(value, str) or NO_TEXT.search(value) else mended(value)[0]
        for key, value in row.items()
    }
    facts = given.get("facts")
    given["facts"] = re.split(r"\s*[;\n]\s*", facts) if isinstance(facts, str) else facts
    if not given.get("channel"):
        raise ReadError("channel is missing, and a topic needs one; fill it in, or take the topic out.")
    try:
        return Brief.from_dict(given)
    except BriefError as error:
        raise ReadError(str(error)) from error
