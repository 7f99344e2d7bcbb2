"""Rows as files: JSON lines, CSV and Parquet, a few at a time, so that memory does not grow with them.

CSV is for spreadsheets, which run a cell that begins with =, +, -, @ or a control character as a formula. Such a cell
gets a quote before it, as does one that begins with a quote, so that taking one leading quote off gives every cell
back to the letter. `reading` takes it off where the file has VoiceLab's own column, and nowhere else.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

CONTAINERS = {"jsonl": "application/jsonl", "csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
"""Ending of a file -> its media type."""
AT_ONCE = 500
GUARDED = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠")

Rows = Iterable[Mapping[str, Any]]


def written(rows: Rows, columns: Mapping[str, str], container: str) -> Iterator[bytes]:
    """The file's bytes in pieces. `columns` gives each column's type, see `Shape.columns`; `container` its ending."""
    writer = {"jsonl": jsonl, "csv": comma_separated, "parquet": parquet}[container]
    return writer(rows, columns)


def jsonl(rows: Rows, columns: Mapping[str, str]) -> Iterator[bytes]:
    for batch in batches(rows):
        yield "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in batch).encode("utf-8", "replace")


def comma_separated(rows: Rows, columns: Mapping[str, str]) -> Iterator[bytes]:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    for batch in batches(rows):
        writer.writerows([guarded(as_cell(row[name], type_)) for name, type_ in columns.items()] for row in batch)
        yield text.getvalue().encode("utf-8", "replace")
        text.seek(0)
        text.truncate()
    yield text.getvalue().encode()


def as_cell(value: Any, type_: str) -> str:
    return str(value).lower() if type_ == "bool" else str(value)


def guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(GUARDED) else cell


def unguarded(cell: str) -> str:
    return cell.removeprefix("'")


def parquet(rows: Rows, columns: Mapping[str, str]) -> Iterator[bytes]:
    import pyarrow as pa
    from pyarrow import parquet as pq

    message = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))
    types = {"text": pa.string(), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_(), "messages": message}
    schema = pa.schema([(name, types[type_]) for name, type_ in columns.items()])
    sink = Drained()
    with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        for batch in batches(rows, 4 * AT_ONCE):
            writer.write_table(pa.Table.from_pylist(batch, schema=schema))
            yield sink.drain()
    yield sink.drain()


class Drained(io.RawIOBase):
    """What a writer has written since the last look."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.written = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.written

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self.pieces.append(piece)
        self.written += len(piece)
        return len(piece)

    def drain(self) -> bytes:
        pieces, self.pieces = self.pieces, []
        return b"".join(pieces)


def batches(rows: Rows, size: int = AT_ONCE) -> Iterator[list[Any]]:
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch
