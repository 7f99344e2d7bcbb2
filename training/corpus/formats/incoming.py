"""One row of a data set as a brief with its copy, or as a preference; or the field that is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from training.corpus.brief import NO_TEXT, Brief, BriefError
from training.corpus.formats.columns import MARK, CellError, mark, typed
from training.corpus.formats.detect import NO, YES, chat, turn_of
from training.corpus.formats.prompts import brief_of_request, parse

LONGEST_TEXT = 100_000
LONGEST_EXTRA = 100_000
SPLITS = {"train": "train", "training": "train", "validation": "validation", "valid": "validation", "val": "validation"}
SPLITS |= {"dev": "validation", "eval": "validation", "test": "test"}
STATUSES = {"accepted": "validated", "approved": "validated"}
STATUSES |= {name: name for name in ("draft", "proposed", "validated", "rejected")}
GOOD, POOR = 4, 2  # of five, as KTO takes ratings: what is between is neither


USED = ("completion", "chosen", "rejected", "left", "right", "split", "strength")
ITS_OWN = ("topic", "channel", "facts", "audience", "call_to_action")
"""Roles whose columns are kept in fields of their own; all others stay beside the copy as they came."""


class RowError(ValueError):
    """A row that cannot come in: `field` is the column, the message what to do about it."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}" if field else reason)
        self.field, self.reason = field, reason


@dataclass(frozen=True)
class Incoming:
    """What a row says. `texts` is the copy, or chosen and rejected. `how` tells where the brief is from.

    `own` holds the columns of a row that VoiceLab wrote, each of its type, and is empty for any other.
    """

    kind: str
    brief: Brief
    texts: tuple[str, ...]
    how: str
    split: str = ""
    status: str = ""
    label: bool | None = None
    strength: float = 1.0
    own: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)


def incoming(flat: Mapping[str, Any], mapping: Mapping[str, str], channel: str) -> Incoming:
    """`mapping` is role -> column. `channel` is for a row that names none. Raises `RowError`."""
    if MARK in flat and not mapping:
        return own_row(flat)
    if str(flat.get("response.status", "")).lower() == "discarded":
        raise RowError("response.status", "the response was discarded.")
    given = {role: flat.get(column) for role, column in mapping.items()}
    kind, texts, prompt = texts_of(flat, given, mapping)
    brief, how = brief_of(given, prompt, texts[0], channel)
    roles = [*USED, *(ITS_OWN if how == "its own" else ("prompt", "input") if how == "to the letter" else ())]
    used = {mapping[role] for role in roles if role in mapping}
    split = str(given.get("split") or "").strip().lower()
    if split and split not in SPLITS:
        raise RowError(mapping["split"], f"it is {split[:40]!r}; use train, validation or test.")
    status = str(given.get("status") or "").strip().lower()
    return Incoming(
        kind,
        brief,
        texts,
        how,
        split=SPLITS.get(split, ""),
        status=STATUSES.get(status, ""),
        label=label_of(given, mapping) if kind == "pair" else None,
        strength=strength_of(given, mapping),
        extra=extra_of({name: value for name, value in flat.items() if name not in used}),
    )


def texts_of(
    flat: Mapping[str, Any], given: Mapping[str, Any], mapping: Mapping[str, str]
) -> tuple[str, tuple[str, ...], str]:
    """Kind, copy (or chosen and rejected) and the prompt as it came, "" for none."""
    prompt = said(given.get("prompt"), "user")
    if {"chosen", "rejected"} <= mapping.keys():
        both = [given["chosen"], given["rejected"]]
        prompt = prompt or said(both[0], "user")
        columns = [mapping["chosen"], mapping["rejected"]]
    elif {"left", "right", "verdict"} <= mapping.keys():
        verdict = str(given["verdict"] or "").lower()
        if verdict not in ("left", "right"):
            raise RowError(
                mapping["verdict"], "it names neither side, so nothing is preferred." if verdict else "empty."
            )
        sides = ("left", "right") if verdict == "left" else ("right", "left")
        both, columns = [given[side] for side in sides], [mapping[side] for side in sides]
    elif "completion" in mapping:
        if "messages" in flat:
            raise RowError("messages", "it is no single exchange of a request and an answer.")
        joined = [prompt, said(given.get("input"), "user")]
        return "pair", (text(given["completion"], mapping["completion"]),), "\n".join(part for part in joined if part)
    else:
        raise RowError("", "no column is the copy; say which one it is.")
    chosen, rejected = (text(value, column) for value, column in zip(both, columns, strict=True))
    if chosen == rejected:
        raise RowError(columns[1], "it is the same text as the one that is preferred.")
    return "preference", (chosen, rejected), prompt


def brief_of(given: Mapping[str, Any], prompt: str, copy: str, channel: str) -> tuple[Brief, str]:
    """The row's own brief, the prompt's where it is one of ours, else one that is made of it, or of the copy."""
    channel = str(given.get("channel") or channel).strip().lower()
    try:
        if given.get("topic"):
            facts = given.get("facts")
            listed = json_list(facts) if isinstance(facts, str) else facts
            return Brief.from_dict({**given, "facts": listed, "channel": channel}), "its own"
        if prompt.strip():
            known = parse(prompt)
            return (known, "to the letter") if known else (brief_of_request(clean(prompt), channel), "the request")
        first = copy.strip().split("\n")[0]
        return brief_of_request(first[:200], channel), "the copy"
    except BriefError as error:
        name, _, reason = str(error).partition(" ")
        raise RowError(name, reason) from error


def own_row(flat: Mapping[str, Any]) -> Incoming:
    """A row that VoiceLab wrote, whatever its shape: every column comes back."""
    kind = next((kind for kind in ("pair", "preference", "score") if flat[MARK] == mark(kind)), "")
    if not kind:
        raise RowError(MARK, f"it is {str(flat[MARK])[:40]!r}, of another release; this one reads pair 1 and its like.")
    try:
        own = typed(kind, flat)
        extra = json.loads(own["extra"] or "{}", parse_constant=str)
        facts = json.loads(own["facts"] or "[]")
        if not isinstance(extra, dict):
            raise CellError("extra is no JSON object.")
        if not isinstance(facts, list) or not all(isinstance(fact, str) for fact in facts):
            raise CellError("facts is no JSON list of texts.")
        brief = Brief(own["channel"], own["topic"], tuple(facts), own["audience"], own["call_to_action"])
    except (CellError, BriefError) as error:
        name, _, reason = str(error).partition(" ")
        raise RowError(name, reason) from error
    except (ValueError, RecursionError) as error:
        raise RowError("facts and extra", "one of them is not the JSON text that VoiceLab wrote.") from error
    if own["split"] not in ("train", "validation", "test"):
        raise RowError("split", f"it is {own['split'][:40]!r}; use train, validation or test.")
    (row,) = chat(flat) if "messages" in flat else [flat]
    names = ("chosen", "rejected") if kind == "preference" else ("output",) if "output" in row else ("completion",)
    texts = tuple(text(row.get(name), name, exact=True) for name in names)
    if len(set(texts)) < len(texts):
        raise RowError("rejected", "it is the same text as the one that is preferred.")
    if kind == "preference" and not 0 < own["strength"] <= 1:
        raise RowError("strength", "it should be above 0 and 1 at most.")
    label = label_of({"label": row.get("label")}, {"label": "label"}) if kind == "score" else None
    return Incoming(
        kind,
        brief,
        texts,
        "its own",
        split=own["split"],
        status=own.get("status", ""),
        label=label,
        strength=own.get("strength", 1.0),
        own=own,
        extra=extra_of(extra),
    )


def said(value: Any, role: str) -> str:
    """A text, or what this role says last in a list of messages; "" for anything else."""
    if isinstance(value, str):
        return value
    turns = [turn_of(turn) for turn in value] if isinstance(value, list) else []
    spoken = [words for who, words in turns if who == role and isinstance(words, str)]
    return spoken[-1] if spoken else ""


def text(value: Any, column: str, *, exact: bool = False) -> str:
    if isinstance(value, list):
        value = said(value, "assistant")
    if value is None or value == "":
        raise RowError(column, "it is empty.")
    if not isinstance(value, str):
        raise RowError(column, "it is not text.")
    if NO_TEXT.search(value):
        raise RowError(column, "it holds characters that are no text; take them out.")
    if len(value) > LONGEST_TEXT:
        raise RowError(column, f"it has {len(value):,} characters; {LONGEST_TEXT:,} are the most.")
    kept = value if exact else value.replace("\r\n", "\n").strip()
    if not kept:
        raise RowError(column, "it is empty.")
    return kept


def label_of(given: Mapping[str, Any], mapping: Mapping[str, str]) -> bool | None:
    """True for copy that is wanted, false for copy that is not, None where the row does not say."""
    if given.get("label") not in (None, ""):
        word = str(given["label"]).strip().lower()
        if word not in YES | NO:
            raise RowError(mapping["label"], f"it is {word[:40]!r}; use true or false.")
        return word in YES
    if given.get("rating") not in (None, ""):
        try:
            rating = float(given["rating"])
        except (TypeError, ValueError):
            raise RowError(mapping["rating"], "it is no number.") from None
        return True if rating >= GOOD else False if rating <= POOR else None
    return None


def strength_of(given: Mapping[str, Any], mapping: Mapping[str, str]) -> float:
    value = given.get("strength")
    if value in (None, ""):
        return 1.0
    try:
        strength = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        strength = 0.0
    if not 0 < strength <= 1:
        raise RowError(mapping["strength"], "it should be a number above 0 and 1 at most.")
    return strength


def extra_of(rest: Mapping[str, Any]) -> dict[str, Any]:
    """What the row carries beside its texts, as JSON that a database takes: without characters that are no text."""
    kept = {clean(str(name)): cleaned(value) for name, value in rest.items() if value not in (None, "", [], {})}
    if len(json.dumps(kept)) > LONGEST_EXTRA:
        raise RowError(
            "", f"beside the copy it carries more than {LONGEST_EXTRA:,} characters; leave some columns out."
        )
    return kept


def cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(str(name)): cleaned(part) for name, part in value.items()}
    if isinstance(value, list):
        return [cleaned(part) for part in value]
    return (
        str(value) if isinstance(value, float) and value in (float("inf"), float("-inf")) or value != value else value
    )


def clean(value: str) -> str:
    return NO_TEXT.sub("", value)


def json_list(value: str) -> Any:
    """A list that a CSV cell holds as JSON text, or the lines of the cell."""
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return found if isinstance(found, list) else value
