"""Rows out, in the shapes that trainers load as they are.

The text columns come first, in the trainer's own words; the columns of `columns` follow, so that a row can come back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from training.corpus.formats.columns import COLUMNS, TEXTS
from training.corpus.formats.prompts import CUE

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Shape:
    """One way to write a kind of row. `leading` is its text columns and their types, `loads` what it trains."""

    name: str
    leading: dict[str, str]
    lead: Callable[[Row], dict[str, Any]]
    loads: str

    def columns(self, kind: str) -> dict[str, str]:
        """Column -> type, in the order that they are written in."""
        return {**self.leading, **COLUMNS[kind]}

    @property
    def containers(self) -> tuple[str, ...]:
        """Messages are no cells of a spreadsheet."""
        return ("jsonl", "parquet") if "messages" in self.leading.values() else ("jsonl", "csv", "parquet")

    def row(self, kind: str, row: Row) -> dict[str, Any]:
        return {**self.lead(row), **{name: row[name] for name in COLUMNS[kind]}}


def request(row: Row) -> str:
    """The prompt without its last line, which says to a plain language model that the copy follows."""
    return str(row["prompt"]).removesuffix(CUE)


def said(role: str, text: str) -> list[dict[str, str]]:
    return [{"role": role, "content": text}]


def alpaca(row: Row) -> dict[str, Any]:
    instruction, _, rest = request(row).partition("\n")
    return {"instruction": instruction, "input": rest, "output": row["completion"]}


def plain(*names: str) -> Callable[[Row], dict[str, Any]]:
    return lambda row: {name: row[name] for name in names}


def texts(kind: str) -> dict[str, str]:
    return {name: "bool" if name == "label" else "text" for name in TEXTS[kind]}


PAIRS = {
    "prompt": Shape("Prompt, completion", texts("pair"), plain(*TEXTS["pair"]), "SFT"),
    "messages": Shape(
        "Messages",
        {"messages": "messages"},
        lambda row: {"messages": said("user", request(row)) + said("assistant", row["completion"])},
        "SFT of a chat model",
    ),
    "alpaca": Shape(
        "Instruction, input, output", dict.fromkeys(("instruction", "input", "output"), "text"), alpaca, "alpaca"
    ),
    "unpaired": Shape(
        "Prompt, completion, label",
        {**texts("pair"), "label": "bool"},
        lambda row: {**plain(*TEXTS["pair"])(row), "label": row["status"] == "validated"},
        "KTO",
    ),
}
PREFERENCES = {
    "prompt": Shape("Prompt, chosen, rejected", texts("preference"), plain(*TEXTS["preference"]), "DPO"),
    "messages": Shape(
        "As messages",
        dict.fromkeys(TEXTS["preference"], "messages"),
        lambda row: {
            "prompt": said("user", request(row)),
            "chosen": said("assistant", row["chosen"]),
            "rejected": said("assistant", row["rejected"]),
        },
        "DPO of a chat model",
    ),
}
SCORES = {
    "prompt": Shape("Prompt, completion, label", texts("score"), plain(*TEXTS["score"]), "KTO"),
    "messages": Shape(
        "As messages",
        {"prompt": "messages", "completion": "messages", "label": "bool"},
        lambda row: {
            "prompt": said("user", request(row)),
            "completion": said("assistant", row["completion"]),
            "label": row["label"],
        },
        "KTO of a chat model",
    ),
}
SHAPES: dict[str, dict[str, Shape]] = {"pair": PAIRS, "preference": PREFERENCES, "score": SCORES}
