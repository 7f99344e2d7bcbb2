"""The columns of a row that VoiceLab wrote: each of one type in every row, and never null.

`datasets` infers a column's type from the first rows that it sees and fails on a later one of another type, an empty
list before a full one included. So facts and extra fields are JSON text, and what is missing is "", 0 or false.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

MARK = "voicelab"
"""The column that says that VoiceLab wrote the row, and as what: "pair 1", "preference 1" or "score 1"."""

BRIEF = {
    "split": "text",
    "frozen": "bool",
    "channel": "text",
    "topic": "text",
    "facts": "text",
    "audience": "text",
    "call_to_action": "text",
}
RECORD = {"id": "text", "extra": "text", MARK: "text"}
COLUMNS: dict[str, dict[str, str]] = {
    "pair": {
        **BRIEF,
        "status": "text",
        "reject_reason": "text",
        "decided_at": "text",
        "made": "text",
        "origin": "text",
        "words": "int",
        "source": "text",
        "licence": "text",
        "lineage": "text",
        "revision": "int",
        **RECORD,
    },
    "preference": {**BRIEF, "strength": "float", "source": "text", "origin": "text", **RECORD},
    "score": {
        **BRIEF,
        "brand_voice": "int",
        "accuracy": "int",
        "creativity": "int",
        "overall": "int",
        "comment": "text",
        "version": "int",
        "origin": "text",
        **RECORD,
    },
}
"""Kind of row -> column -> type: "text", "int", "float" or "bool"."""

TEXTS: dict[str, tuple[str, ...]] = {
    "pair": ("prompt", "completion"),
    "preference": ("prompt", "chosen", "rejected"),
    "score": ("prompt", "completion", "label"),
}
"""Kind of row -> what comes before its columns; "label" is true or false."""


class CellError(ValueError):
    """A cell that is not of its column's type; the message says what it should be."""


def mark(kind: str) -> str:
    return f"{kind} 1"


def as_json(value: Any) -> str:
    """One text for one value: PostgreSQL keeps the names of a JSON object in an order of its own."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def typed(kind: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row's own columns as their types, from text where the file knows no other. Raises `CellError`."""
    return {name: cell(name, type_, row.get(name)) for name, type_ in COLUMNS[kind].items()}


def cell(name: str, type_: str, value: Any) -> Any:
    if value is None or value == "":
        return {"text": "", "int": 0, "float": 0.0, "bool": False}[type_]
    if type_ == "text" and isinstance(value, str):
        return value
    if type_ == "bool" and str(value).lower() in ("true", "false"):
        return str(value).lower() == "true"
    if type_ in ("int", "float") and isinstance(value, (str, int, float)) and not isinstance(value, bool):
        try:
            number = float(value)
            if type_ == "float" or number.is_integer():
                return number if type_ == "float" else int(number)
        except (ValueError, OverflowError):
            pass
    wanted = {"text": "text", "int": "a whole number", "float": "a number", "bool": "true or false"}[type_]
    raise CellError(f"{name} is {str(value)[:60]!r}; it should be {wanted}.")
