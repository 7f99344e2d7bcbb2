"""Whose rows these are, and which column is what, told by a sample of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from training.corpus.formats import peers
from training.corpus.formats.columns import MARK
from training.corpus.formats.peers import Flat

SAMPLE = 200
"""Rows that are looked at before the others are read."""

ROLES: dict[str, tuple[str, ...]] = {
    "prompt": ("prompt", "instruction", "question", "query", "request", "text"),
    "input": ("input", "context"),
    "completion": ("completion", "output", "response", "answer", "copy", "label", "text", "content", "summary"),
    "chosen": ("chosen", "preferred"),
    "rejected": ("rejected", "dispreferred"),
    "left": ("left", "answer1", "response1", "answer_1", "response_1", "text1", "answer_a", "response_a", "option_a"),
    "right": ("right", "answer2", "response2", "answer_2", "response_2", "text2", "answer_b", "response_b", "option_b"),
    "verdict": (),
    "label": ("desirable", "label"),
    "rating": ("rating", "score", "quality", "stars"),
    "topic": ("topic",),
    "channel": ("channel",),
    "facts": ("facts",),
    "audience": ("audience",),
    "call_to_action": ("call_to_action",),
    "split": ("split",),
    "status": ("status",),
    "strength": ("strength",),
    "id": ("id",),
}
"""What a column can be -> the names that tell, the last part of a dotted name; the surest first."""
VERDICTS = ("left", "right")
YES = {"true", "yes", "good", "1", "1.0", "desirable", "accept", "accepted", "positive", "thumbs up"}
NO = {"false", "no", "bad", "0", "0.0", "undesirable", "reject", "rejected", "negative", "thumbs down", "-1"}
CERTAIN = {
    "messages": {"prompt": "prompt", "completion": "completion"},
    "doccano-texts": {"prompt": "text", "completion": "label"},
    "doccano-labels": {"completion": "text"},
}
"""What a shape leaves no doubt about."""
LABELS = YES | NO | {"", "none"}


@dataclass(frozen=True)
class Shape:
    """A kind of file: its name for people, how its rows are laid flat, and what of it stays behind."""

    name: str
    flat: Callable[[Mapping[str, Any]], Iterator[Flat]]
    loses: str = ""


def as_it_is(row: Mapping[str, Any]) -> Iterator[Flat]:
    yield dict(row)


def chat(row: Mapping[str, Any]) -> Iterator[Flat]:
    """Messages as a prompt and a completion; what is no single exchange is the row's to refuse later."""
    turns = row.get("messages") if "messages" in row else row.get("conversations")
    rest = {name: value for name, value in row.items() if name not in ("messages", "conversations")}
    said = [turn_of(turn) for turn in turns] if isinstance(turns, list) else []
    prompts = [text for role, text in said if role == "user"]
    answers = [text for role, text in said if role == "assistant"]
    flat: Flat = {**rest, "messages": turns}
    if len(prompts) == len(answers) == 1 and said[-1][0] == "assistant":
        flat = {"prompt": prompts[0], "completion": answers[0], **rest}
        if system := [text for role, text in said if role == "system"]:
            flat["system"] = "\n".join(map(str, system))
    yield flat


def turn_of(turn: Any) -> tuple[str, Any]:
    """Role and text of {"role", "content"}, or of ShareGPT's {"from", "value"}."""
    if not isinstance(turn, dict):
        return "", None
    role = str(turn.get("role") or turn.get("from") or "")
    return {"human": "user", "gpt": "assistant"}.get(role, role), turn.get("content", turn.get("value"))


SHAPES: dict[str, Shape] = {
    "voicelab": Shape("VoiceLab’s own export", as_it_is),
    "label-studio": Shape("Label Studio, JSON", peers.label_studio, "Predictions, drafts and skipped annotations."),
    "label-studio-min": Shape("Label Studio, JSON-MIN", peers.label_studio_min),
    "argilla": Shape("Argilla records", peers.argilla, "Vectors, and the suggestions’ agents and scores."),
    "argilla-flat": Shape("Argilla records, flattened", peers.argilla_flat, "Vectors."),
    "doccano-texts": Shape("doccano, sequence to sequence", peers.doccano_texts),
    "doccano-labels": Shape("doccano, text classification", peers.doccano_labels),
    "messages": Shape("Chat messages", chat),
    "alpaca": Shape("Instruction, input, output", as_it_is),
    "preferences": Shape("Prompt, chosen, rejected", as_it_is),
    "unpaired": Shape("Prompt, completion, label", as_it_is),
    "pairs": Shape("Prompt and completion", as_it_is),
    "table": Shape("A table", as_it_is),
}


def detect(rows: Sequence[Mapping[str, Any]]) -> str:
    """The key in `SHAPES` that fits all of these rows, or most closely."""
    names = set[str]().union(*rows)
    has = {name for name in names if all(name in row for row in rows)}
    if MARK in has:
        return "voicelab"
    if all(isinstance(row.get("data"), dict) and ("annotations" in row or "completions" in row) for row in rows):
        return "label-studio"
    if all(isinstance(row.get("fields"), dict) and ("responses" in row or "suggestions" in row) for row in rows):
        return "argilla"
    if {"annotation_id", "annotator"} <= has:
        return "label-studio-min"
    if any(name.endswith((".responses", ".suggestion")) for name in names):
        return "argilla-flat"
    if "messages" in has or "conversations" in has:
        return "messages"
    if {"chosen", "rejected"} <= has:
        return "preferences"
    if {"text", "label"} <= has and "completion" not in has and "output" not in has:
        return "doccano-texts" if answers_in(rows) else "doccano-labels"
    if {"instruction", "output"} <= has:
        return "alpaca"
    if {"prompt", "completion"} <= has:
        return "unpaired" if "label" in has else "pairs"
    return "table"


def answers_in(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the labels are texts that answer: longer than a few words, or hardly one of them twice."""
    labels = [str(label) for row in rows for label in peers.as_list(row.get("label"))]
    words = sum(len(label.split()) for label in labels)
    return bool(labels) and words / len(labels) > 3


def mapping_of(key: str, rows: Sequence[Flat]) -> dict[str, str]:
    """Role -> column, as well as the columns' names and values tell; a person can change it."""
    if key == "voicelab":
        return {}
    columns = columns_of(rows)
    found = dict(CERTAIN.get(key, {}))
    verdict = next((name for name in columns if is_verdict(rows, name)), "")
    if verdict:
        found["verdict"] = verdict
    for role, names in ROLES.items():
        if role in found:
            continue
        taken = set(found.values())
        column = next((name for wanted in names for name in columns if name not in taken and last(name) == wanted), "")
        if column and (role != "label" or all(str(row.get(column, "")).lower() in LABELS for row in rows)):
            found[role] = column
    if key in ("label-studio", "argilla", "argilla-flat"):
        found |= answered(columns, rows)
    if "ranking.chosen" in columns:
        found |= {"chosen": "ranking.chosen", "rejected": "ranking.rejected"}
    if "completion" not in found and last(found.get("prompt", "")) == "text":
        found["completion"] = found.pop("prompt")  # a text with labels alone is copy
    found = settled(found)
    if not {"completion", "chosen", "verdict"} & found.keys() and (column := wordiest(rows, set(found.values()))):
        found["completion"] = column
    return found


def wordiest(rows: Sequence[Flat], taken: set[str]) -> str:
    """The column of longest texts that is nothing else yet; "" where none has a few words."""

    def words(name: str) -> float:
        values = [row[name] for row in rows if row.get(name) not in (None, "")]
        if not values or not all(isinstance(value, str) for value in values):
            return 0
        return sum(len(value.split()) for value in values) / len(values)

    best = max((name for name in columns_of(rows) if name not in taken), key=words, default="")
    return best if best and words(best) >= 3 else ""


def settled(found: dict[str, str]) -> dict[str, str]:
    """One reading alone: a preference takes no completion, two texts without a vote are no preference."""
    if "chosen" in found and "rejected" in found:
        drop = {"completion", "left", "right", "verdict", "label", "rating"}
    elif {"left", "right", "verdict"} <= found.keys():
        drop = {"completion", "chosen", "rejected", "label", "rating"}
    else:
        drop = {"left", "right", "verdict", "chosen", "rejected", "strength"}
    return {role: name for role, name in found.items() if role not in drop}


def answered(columns: Sequence[str], rows: Sequence[Flat]) -> dict[str, str]:
    """What people said goes before what they were shown: their text is the copy, their number the rating."""
    said: dict[str, str] = {}
    for start in ("result.", "response.", "suggestion."):
        for name in columns:
            values = [row[name] for row in rows if row.get(name) not in (None, "")]
            if not name.startswith(start) or not values or last(name) == "status":
                continue
            if all(isinstance(value, (int, float)) for value in values):
                said.setdefault("rating", name)
            elif all(isinstance(value, str) for value in values) and sum(map(len, values)) / len(values) > 25:
                said.setdefault("completion", name)
    return said


def is_verdict(rows: Sequence[Flat], name: str) -> bool:
    values = {str(row[name]).lower() for row in rows if row.get(name) not in (None, "")}
    return bool(values) and values <= {*VERDICTS, "equal", "tie"} and bool(values & {*VERDICTS})


def columns_of(rows: Sequence[Flat]) -> list[str]:
    return list({name: None for row in rows for name in row})


def last(name: str) -> str:
    return name.rpartition(".")[2].lower()
