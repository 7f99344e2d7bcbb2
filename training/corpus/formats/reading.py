"""The rows of a data set, one after the other: JSON lines, JSON, CSV or TSV, Parquet. What a file is, its bytes tell.

Memory holds a few rows, whatever the file's length; a JSON file that is one object around its list is read whole. A bad
row is told of by itself, with its number as a person counts: a line, or a row with a table's header as the first.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import IO, Any

from training.corpus.formats.columns import MARK
from training.corpus.formats.files import unguarded
from training.corpus.reading.detect import delimiter_of
from training.corpus.reading.document import MAXIMUM_BYTES, ReadError
from training.corpus.reading.encodings import decode
from training.corpus.reading.rows import header_of

CHUNK = 1 << 20
LONGEST_ROW = 8 * 2**20
"""Characters that one row may have."""
BETWEEN = re.compile(r"[\s,]*")
ROW_NAMES = {"annotations", "messages", "conversations", "fields", "prompt", "completion", "chosen", MARK}
"""Names whose lists are within a row, and are no rows themselves."""
csv.field_size_limit(1_000_000)

Found = tuple[int, dict[str, Any] | str]
"""A row's number, and its cells or what is wrong with it."""


def rows_of(file: IO[bytes]) -> tuple[str, Iterator[Found]]:
    """The container's name and its rows. `file` can seek. Raises `ReadError` when it is none that is known."""
    start = file.read(CHUNK)
    file.seek(0)
    if not start.strip():
        raise ReadError("it is empty.")
    if start.startswith(b"PAR1"):
        return "Parquet", parquet_rows(file)
    text = io.TextIOWrapper(file, encoding=encoding_of(file, start), errors="replace", newline="")
    head = text.read(CHUNK)
    text.seek(0)
    first = head.lstrip()[:1]
    if first == "[":
        return "JSON", json_rows(text)
    if first == "{":
        several = len(head) >= CHUNK or "\n" in head.strip()
        if several and is_object(head.lstrip()):
            return "JSON lines", line_rows(text)
        return "JSON", json_object_rows(text)
    delimiter = delimiter_of(head)
    return ("TSV" if delimiter == "\t" else "CSV"), csv_rows(text, delimiter)


def encoding_of(file: IO[bytes], start: bytes) -> str:
    """UTF-8 when all of the file is, else what its first bytes, up to a line's end, look like."""
    decoder = io.TextIOWrapper(file, encoding="utf-8", newline="")
    try:
        while decoder.read(CHUNK):
            pass
        return "utf-8-sig"
    except UnicodeDecodeError:
        return decode(start[: start.rfind(b"\n") + 1] or start)[1]
    finally:
        decoder.detach()
        file.seek(0)


def is_object(head: str) -> bool:
    """Whether the first line is an object by itself, or the beginning of one that is longer than what was read."""
    line, end, _ = head.partition("\n")
    try:
        json.loads(line)
    except RecursionError:
        return True
    except ValueError:
        return not end and len(line) > CHUNK // 2
    return True


def line_rows(text: IO[str]) -> Iterator[Found]:
    for number, line in enumerate(lines(text), start=1):
        if not line.strip():
            continue
        if len(line) > LONGEST_ROW:
            yield number, f"it has more than {LONGEST_ROW:,} characters."
            continue
        try:
            row = json.loads(line, parse_constant=str)
        except (ValueError, RecursionError) as error:
            yield number, f"it is not JSON ({getattr(error, 'msg', 'nested without end')})."
            continue
        yield number, row if isinstance(row, dict) else "it is not an object in braces."


def lines(text: IO[str]) -> Iterator[str]:
    """Lines that end in a line feed: JSON allows other breaks inside a text. A longer one than is allowed is cut."""
    left = ""
    too_long = False
    while chunk := text.read(CHUNK):
        first, *rest = chunk.split("\n")
        left = left if too_long else left + first
        too_long = len(left) > LONGEST_ROW
        if rest:
            yield left
            yield from rest[:-1]
            left, too_long = rest[-1], False
    if left:
        yield left


def json_rows(text: IO[str]) -> Iterator[Found]:
    """The objects of one long list, each by itself."""
    decoder = json.JSONDecoder(parse_constant=str)
    held = text.read(CHUNK).lstrip()
    at, number = 1, 0
    while True:
        at = BETWEEN.match(held, at).end()  # type: ignore[union-attr]  # it matches nothing at all as well
        if held[at : at + 1] == "]":
            return
        try:
            row, end = decoder.raw_decode(held, at)
            if end == len(held):  # a number may go on in the next chunk
                raise ValueError
        except RecursionError as error:
            raise ReadError("it is JSON that is nested without end.") from error
        except ValueError as error:
            more = text.read(max(CHUNK, len(held) - at))
            if not more or len(held) - at > LONGEST_ROW:
                raise ReadError(f"after row {number} it is not JSON any more, or it is cut off there.") from error
            held, at = held[at:] + more, 0
            continue
        number += 1
        yield number, row if isinstance(row, dict) else "it is not an object in braces."
        at = end


def json_object_rows(text: IO[str]) -> Iterator[Found]:
    """The longest list of objects in one object, as {"data": [...]}; or the object itself, where it is a row."""
    whole = text.read(MAXIMUM_BYTES + 1)
    if len(whole) > MAXIMUM_BYTES:
        raise ReadError(f"it is one JSON object of more than {MAXIMUM_BYTES // 2**20} MB; write one object a line.")
    try:
        value = json.loads(whole, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise ReadError(f"it is not JSON ({getattr(error, 'msg', 'nested without end')}).") from error
    lists = [part for part in value.values() if isinstance(part, list) and any(isinstance(row, dict) for row in part)]
    rows = max(lists, key=len) if lists and not ROW_NAMES & value.keys() else [value]
    for number, row in enumerate(rows, start=1):
        yield number, row if isinstance(row, dict) else "it is not an object in braces."


def csv_rows(text: IO[str], delimiter: str) -> Iterator[Found]:
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    header: list[str] | None = None
    plain: Callable[[str], str] = str
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, f"it is not readable as {'TSV' if delimiter == chr(9) else 'CSV'} ({error})."
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if header is None:
            header = header_of(cells)
            plain = unguarded if MARK in header else str
        elif len(cells) > len(header):
            yield number, f"it has {len(cells)} cells, and the header has {len(header)}."
        else:
            yield number, dict(zip(header, map(plain, cells), strict=False))


def parquet_rows(file: IO[bytes]) -> Iterator[Found]:
    import pyarrow as pa
    from pyarrow import parquet as pq

    try:
        table = pq.ParquetFile(file)
        number = 0
        for batch in table.iter_batches(batch_size=200, use_threads=False):
            for row in batch.to_pylist():
                number += 1
                yield number, {name: plain_value(value) for name, value in row.items()}
    except (pa.ArrowException, OSError, NotImplementedError) as error:
        raise ReadError(f"it is damaged Parquet ({str(error).splitlines()[0][:200]}).") from error


def plain_value(value: Any) -> Any:
    """What JSON can say: dates as text, bytes as nothing."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, dict):
        return {str(name): plain_value(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_value(part) for part in value]
    return None if isinstance(value, bytes) else str(value)
