"""A data set before it comes in: whose it is, which column is what, its first rows, and what is wrong with which."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import IO, Any

from training.corpus.formats.child import read_rows
from training.corpus.formats.detect import SAMPLE, SHAPES, columns_of, detect, mapping_of
from training.corpus.formats.incoming import Incoming, RowError, incoming
from training.corpus.formats.reading import Found
from training.corpus.reading.document import ReadError
from training.models import Pair

SHOWN = 8
TELL_EVERY = 500
TOLD = 200
"""Refused rows that are kept in words; the others are counted."""


@dataclass(frozen=True)
class Refusal:
    """A row that cannot come in: its number, the field that is wrong ("" for the whole row), and what to do."""

    row: int
    field: str
    reason: str

    def __str__(self) -> str:
        return f"row {self.row}: {self.field}: {self.reason}" if self.field else f"row {self.row}: {self.reason}"


@dataclass
class Examined:
    """What is in a file: how it reads, which column is what, how many of what, the first rows, what is refused."""

    shape: str
    container: str
    columns: list[str]
    mapping: dict[str, str]
    counts: dict[str, int] = field(default_factory=dict)
    first: list[dict[str, Any]] = field(default_factory=list)
    refused: list[list[Any]] = field(default_factory=list)


def digest_of(file: IO[bytes]) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def rows_in(
    found: Iterable[Found], shape: str, mapping: Mapping[str, str], channel: str
) -> Iterator[tuple[int, Incoming | Refusal]]:
    """Each row of the file, by its number; another tool's row may be several."""
    for number, row in found:
        if isinstance(row, str):
            yield number, Refusal(number, "", row)
            continue
        for flat in SHAPES[shape].flat(row):
            try:
                yield number, incoming(flat, mapping, channel)
            except RowError as error:
                yield number, Refusal(number, error.field, error.reason)


def sampled(found: Iterator[Found]) -> tuple[str, list[dict[str, Any]], Iterator[Found]]:
    """The shape, the first rows laid flat, and all rows again. Raises `ReadError` when no row can be read."""
    start = list(islice(found, SAMPLE))
    rows = [row for _, row in start if isinstance(row, dict)]
    if not rows:
        raise ReadError(f"row {start[0][0]}: {start[0][1]}" if start else "it has no rows.")
    shape = detect(rows)
    return shape, [flat for row in rows for flat in SHAPES[shape].flat(row)], chain(start, found)


def examine(
    file: IO[bytes],
    channel: str,
    mapping: Mapping[str, str] | None = None,
    told: Callable[[int], None] | None = None,
) -> Examined:
    """Read a whole file and write nothing. Raises `ReadError` for one that is no data set.

    `told` hears now and then how many rows are read.
    """
    with read_rows(file) as (container, found):
        shape, sample, every = sampled(found)
        columns = [] if shape == "voicelab" else columns_of(sample)
        chosen = mapping_of(shape, sample) if mapping is None else {k: v for k, v in mapping.items() if v in columns}
        seen = Examined(shape, container, columns, chosen)
        counts: Counter[str] = Counter()
        for count, (number, row) in enumerate(rows_in(every, shape, chosen, channel), start=1):
            if told and count % TELL_EVERY == 0:
                told(count)
            if isinstance(row, Refusal):
                counts["refused"] += 1
                if len(seen.refused) < TOLD:
                    seen.refused.append([number, row.field, row.reason])
                continue
            counts["preferences" if row.kind == "preference" else "pairs"] += 1
            counts[f"brief: {row.how}"] += 1
            counts[f"split: {row.split or 'by the brief'}"] += 1
            if row.kind != "preference":
                counts[f"status: {status_in(row, trust=True)}"] += 1
            if len(seen.first) < SHOWN:
                seen.first.append(shown(number, row))
        seen.counts = dict(counts)
    return seen


def shown(number: int, row: Incoming) -> dict[str, Any]:
    return {
        "row": number,
        "kind": row.kind,
        "how": row.how,
        "channel": row.brief.channel,
        "topic": row.brief.topic,
        "facts": list(row.brief.facts),
        "texts": [text[:600] for text in row.texts],
        "split": row.split,
        "extra": sorted(row.extra),
    }


def status_in(row: Incoming, *, trust: bool) -> str:
    """The status that a row comes in with."""
    if row.kind == "pair" and row.own:
        given = row.status
    elif row.label is False:
        given = Pair.Status.REJECTED
    else:
        given = row.status or Pair.Status.PROPOSED
    return given if trust or given == Pair.Status.REJECTED else Pair.Status.PROPOSED
