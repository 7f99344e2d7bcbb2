"""A snapshot: the immutable, hashed rows that a run trains on, as JSONL in TRL's shapes.

    root/DIGEST/supervised_train.jsonl         {"pair", "prompt", "completion"}, "weight" where not 1
    root/DIGEST/supervised_validation.jsonl
    root/DIGEST/preferences_train.jsonl        {"chosen", "prompt", "rejected", "strength"}
    root/DIGEST/preferences_validation.jsonl
    root/DIGEST/snapshot.json                  {"counts", "digest", "format"}

The digest is over the rows alone, sorted: the same rows give the same snapshot.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from training.store import written_beside

FORMAT = 1


class SnapshotError(ValueError):
    """Rows that cannot be a snapshot, or files that are none; the message names the row or line."""


@dataclass(frozen=True)
class SupervisedRow:
    """A brief's prompt and the copy that answers it. `pair` is the Pair's id, as text.

    `weight` is how much it counts beside the others, above 0; a row that counts as one does not spell it out.
    """

    pair: str
    prompt: str
    completion: str
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not isinstance(self.pair, str):
            raise SnapshotError(f"A pair's id is {self.pair!r}; give it as text.")
        _require_text(f"Pair {self.pair}", prompt=self.prompt, completion=self.completion)
        if not isinstance(self.weight, (int, float)) or not 0 < self.weight < math.inf:
            raise SnapshotError(f"Pair {self.pair} has weight {self.weight!r}; use a number above 0.")


@dataclass(frozen=True)
class PreferenceRow:
    """Two answers to one prompt. `strength` is how sure the choice is, above 0, usually up to 1."""

    prompt: str
    chosen: str
    rejected: str
    strength: float = 1.0

    def __post_init__(self) -> None:
        name = f"The preference for {_title(self.prompt)!r}"
        _require_text(name, prompt=self.prompt, chosen=self.chosen, rejected=self.rejected)
        if not isinstance(self.strength, (int, float)) or not 0 < self.strength < math.inf:
            raise SnapshotError(f"{name} has strength {self.strength!r}; use a number above 0.")
        if self.chosen == self.rejected:
            raise SnapshotError(f"{name} has the same text as chosen and as rejected; leave it out.")


@dataclass(frozen=True)
class SnapshotRows:
    """All rows of a snapshot, by kind and split."""

    supervised_train: Sequence[SupervisedRow] = ()
    supervised_validation: Sequence[SupervisedRow] = ()
    preferences_train: Sequence[PreferenceRow] = ()
    preferences_validation: Sequence[PreferenceRow] = ()


@dataclass(frozen=True)
class Snapshot:
    """A written snapshot; `counts` maps each file's stem to its number of rows."""

    digest: str
    path: Path
    counts: dict[str, int]


TABLES: dict[str, type[SupervisedRow] | type[PreferenceRow]] = {
    "supervised_train": SupervisedRow,
    "supervised_validation": SupervisedRow,
    "preferences_train": PreferenceRow,
    "preferences_validation": PreferenceRow,
}


Bond = tuple[str, str]
"""What a pair must share a side with: a key that is the same for all of it, and the words for two of its rows."""


def write_snapshot(root: Path, rows: SnapshotRows, bonds: Mapping[str, Sequence[Bond]] | None = None) -> Snapshot:
    """Write `rows` to a folder of `root` named by their digest, or find it there already.

    `bonds` tells by a pair's id what it belongs to: its source's document, its cluster of copies. Raises
    `SnapshotError` when a brief, or what is bound together, is in both splits, naming the rows.
    """
    _refuse_shared_briefs(rows)
    _refuse_broken_bonds(rows, bonds or {})
    lines = _lines(rows)
    digest = _digest(lines)
    counts = {name: len(lines[name]) for name in TABLES}
    final = root / digest
    if final.exists():
        read_snapshot(final)
        return Snapshot(digest, final, counts)
    try:
        with written_beside(final) as folder:
            for name in TABLES:
                (folder / f"{name}.jsonl").write_text("".join(lines[name]), encoding="utf-8", newline="\n")
            card = {"counts": counts, "digest": digest, "format": FORMAT}
            (folder / "snapshot.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    except OSError:
        if not final.exists():  # otherwise another process has just written the very same rows
            raise
    return Snapshot(digest, final, counts)


def digest_of(rows: SnapshotRows) -> str:
    """The digest that a snapshot of these rows has, without writing it."""
    return _digest(_lines(rows))


def read_snapshot(path: Path) -> tuple[Snapshot, SnapshotRows]:
    """Read a snapshot folder back. Raises `SnapshotError` when its rows are not those of its digest."""
    try:
        card = json.loads((path / "snapshot.json").read_text(encoding="utf-8"))
        digest = str(card["digest"])
    except (OSError, ValueError, KeyError, TypeError):
        raise SnapshotError(f"{path.name} is no snapshot: it has no readable snapshot.json.") from None
    tables = {name: _read_rows(path / f"{name}.jsonl", kind) for name, kind in TABLES.items()}
    lines = {name: sorted(_line(row) for row in rows) for name, rows in tables.items()}
    if _digest(lines) != digest:
        raise SnapshotError(f"The rows of snapshot {path.name} are not those it was made of. Write it again.")
    counts = {name: len(rows) for name, rows in tables.items()}
    return Snapshot(digest, path, counts), SnapshotRows(**tables)


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """One JSON object a line; empty lines are passed over. Raises `SnapshotError` with file and line."""
    rows: list[dict[str, Any]] = []
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SnapshotError(f"{path.name} is missing from {path.parent.name}.") from None
    except UnicodeDecodeError as error:
        raise SnapshotError(f"{path.name} is not UTF-8 text: {error.reason} at byte {error.start}.") from None
    # Not splitlines(), which also breaks at U+2028 and others that JSON allows inside a text.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise SnapshotError(f"{path.name}, line {number} is not JSON: {error}.") from None
        if not isinstance(row, dict):
            raise SnapshotError(f"{path.name}, line {number} is not a JSON object in braces.")
        rows.append(row)
    return rows


def _read_rows(path: Path, kind: type[SupervisedRow] | type[PreferenceRow]) -> list[Any]:
    rows = []
    for number, row in enumerate(read_jsonl(path), start=1):
        try:
            rows.append(kind(**row))
        except TypeError:
            expected = ", ".join(kind.__dataclass_fields__)
            raise SnapshotError(f"{path.name}, row {number} has other fields than: {expected}.") from None
        except SnapshotError as error:
            raise SnapshotError(f"{path.name}, row {number}: {error}") from None
    return rows


def _refuse_shared_briefs(rows: SnapshotRows) -> None:
    train = _briefs((*rows.supervised_train, *rows.preferences_train))
    validation = _briefs((*rows.supervised_validation, *rows.preferences_validation))
    shared = sorted(train.keys() & validation.keys())
    if shared:
        title = _title(train[shared[0]])
        more = f" So are {len(shared) - 1} more." if len(shared) > 1 else ""
        raise SnapshotError(
            f"The brief {title!r} is in both the training and the validation rows.{more} "
            "All that answers one brief belongs to one split."
        )


def _refuse_broken_bonds(rows: SnapshotRows, bonds: Mapping[str, Sequence[Bond]]) -> None:
    trained = {key: row.pair for row in rows.supervised_train for key, _ in bonds.get(row.pair, ())}
    for row in rows.supervised_validation:
        for key, words in bonds.get(row.pair, ()):
            if key in trained:
                raise SnapshotError(
                    f"Pair {trained[key]} of the training rows and pair {row.pair} of the validation rows {words}. "
                    "Leave one of them out, or move it to the other's split."
                )


def _briefs(rows: Iterable[SupervisedRow | PreferenceRow]) -> dict[str, str]:
    """Prompt with case and spacing folded, as `Brief.digest` does -> prompt."""
    return {" ".join(row.prompt.casefold().split()): row.prompt for row in rows}


def _require_text(name: str, **texts: str) -> None:
    for field, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            raise SnapshotError(f"{name} has no text as its {field}; write one or leave the row out.")


def _title(prompt: Any) -> str:
    lines = str(prompt).strip().splitlines()
    return lines[0][:80] if lines else ""


def _line(row: SupervisedRow | PreferenceRow) -> str:
    fields = asdict(row)
    if fields.get("weight") == 1:
        del fields["weight"]
    return json.dumps(fields, ensure_ascii=False, sort_keys=True) + "\n"


def _lines(rows: SnapshotRows) -> dict[str, list[str]]:
    return {name: sorted(_line(row) for row in getattr(rows, name)) for name in TABLES}


def _digest(lines: Mapping[str, Sequence[str]]) -> str:
    """SHA-256 over each table's name, number of rows and sorted rows."""
    total = hashlib.sha256(f"voicelab snapshot {FORMAT}\n".encode())
    for name in TABLES:
        total.update(f"{name} {len(lines[name])}\n".encode())
        for line in lines[name]:
            total.update(line.encode())
    return total.hexdigest()
