"""Other tools' exports laid flat: one row of named columns for each answer that somebody gave.

Label Studio: a task's `data`, and the `result` of each annotation by its control's name. Argilla: a record's `fields`
and `metadata`, and each person's responses by the question's name. doccano: as it is, one row for each text of a
sequence-to-sequence label. The shapes are those that the tools' own exporters write (Label Studio 1.23: JSON and
JSON_MIN; doccano 1.8: JSON and JSON lines; Argilla 2: `to_json`, `to_list(flatten=True)` and the server's records).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Flat = dict[str, Any]


def label_studio(task: Mapping[str, Any]) -> Iterator[Flat]:
    """One row for each annotation that was not skipped; a task without one is a row without a result."""
    data = {f"data.{name}": value for name, value in as_dict(task.get("data")).items()}
    base = {"id": task.get("id"), **data}
    given = [one for one in as_list(task.get("annotations") or task.get("completions")) if isinstance(one, dict)]
    kept = [one for one in given if not one.get("was_cancelled") and not one.get("skipped")]
    for annotation in kept or [{}]:
        row = {**base, "annotation": annotation.get("id"), "annotator": person(annotation.get("completed_by"))}
        results: dict[str, list[Any]] = {}
        for result in as_list(annotation.get("result")):
            if isinstance(result, dict) and isinstance(result.get("value"), dict):
                results.setdefault(f"result.{result.get('from_name', '')}", []).extend(values_of(result["value"]))
        yield from spread({**row, **{name: single(values) for name, values in results.items()}}, set(results))


def label_studio_min(row: Mapping[str, Any]) -> Iterator[Flat]:
    """A task's data and its results side by side; a result that is more than one word is an object in a list."""
    objects = {name for name, value in row.items() if any(isinstance(one, dict) for one in as_list(value))}
    flat = {name: single([part for one in as_list(row[name]) for part in values_of(one)]) for name in objects}
    yield from spread({**row, **flat}, objects)


def values_of(value: Any) -> list[Any]:
    """What a result says: {"choices": ["Good"]}, {"text": ["...", "..."]}, {"rating": 4}, {"selected": "left"}."""
    for name in ("text", "choices", "rating", "selected", "number"):
        if isinstance(value, dict) and name in value:
            return as_list(value[name]) if name == "text" else [joined(value[name])]
    return [value]


def doccano_texts(row: Mapping[str, Any]) -> Iterator[Flat]:
    """Sequence to sequence: each label is a text that answers."""
    yield from spread({name: single(as_list(value)) for name, value in row.items()}, {"label"})


def doccano_labels(row: Mapping[str, Any]) -> Iterator[Flat]:
    """Classification: the labels are words about the text."""
    yield {name: joined(value) for name, value in row.items()}


def argilla(record: Mapping[str, Any]) -> Iterator[Flat]:
    """One row for each person who answered; a record that nobody answered has its suggestions alone."""
    base: Flat = {"id": record.get("id") or record.get("external_id")}
    for part in ("fields", "metadata"):
        base |= {f"{part}.{name}": value for name, value in as_dict(record.get(part)).items()}
    for name, suggestion in named(record.get("suggestions"), "question_name"):
        base[f"suggestion.{name}"] = suggestion.get("value")
    people: dict[str, Flat] = {}
    for user, name, value, status in responses_of(record.get("responses")):
        row = people.setdefault(user, {"annotator": user})
        row[f"response.{name}"] = value
        if status:
            row["response.status"] = status
    for row in people.values() or [{}]:
        yield {name: joined(value) for name, value in ranked({**base, **row}).items()}


def responses_of(responses: Any) -> Iterator[tuple[str, str, Any, str]]:
    """Person, question, value, status: by question (Argilla's `to_json`), or by person (its server's records)."""
    if isinstance(responses, dict):
        for name, given in responses.items():
            for one in as_list(given):
                if isinstance(one, dict):
                    yield str(one.get("user_id", "")), str(name), one.get("value"), str(one.get("status") or "")
    for one in as_list(responses):
        if isinstance(one, dict):
            for name, value in as_dict(one.get("values")).items():
                yield str(one.get("user_id", "")), str(name), as_dict(value).get("value"), str(one.get("status") or "")


def argilla_flat(record: Mapping[str, Any]) -> Iterator[Flat]:
    """`to_list(flatten=True)` and `to_datasets`: "quality.responses" is a list, one value for each person."""
    lists = {name: value for name, value in record.items() if ".responses" in name and isinstance(value, list)}
    count = max((len(value) for value in lists.values()), default=0)
    base = {
        f"suggestion.{name.removesuffix('.suggestion')}" if name.endswith(".suggestion") else name: value
        for name, value in record.items()
        if ".responses" not in name and name not in ("vectors", "_server_id")
    }
    for number in range(count or 1):
        row = dict(base)
        for name, values in lists.items():
            if number < len(values):
                question, _, rest = name.partition(".responses")
                key = {"": f"response.{question}", ".users": "annotator", ".status": "response.status"}.get(rest)
                if key:
                    row[key] = values[number]
        yield {name: joined(value) for name, value in ranked(row).items()}


def ranked(row: Flat) -> Flat:
    """The best and the last of a ranking, [{"value": "response-1", "rank": 1}, ...], as chosen and rejected."""
    for value in list(row.values()):
        ranks = [one for one in as_list(value) if isinstance(one, dict) and isinstance(one.get("rank"), int)]
        if len(ranks) >= 2:
            ranks.sort(key=lambda one: one["rank"])
            best, last = (text_named(row, str(one.get("value"))) for one in (ranks[0], ranks[-1]))
            if best and last and ranks[0]["rank"] < ranks[-1]["rank"]:
                row |= {"ranking.chosen": best, "ranking.rejected": last}
    return row


def text_named(row: Flat, name: str) -> Any:
    return row.get(f"fields.{name}") or row.get(name)


def spread(row: Flat, names: set[str]) -> Iterator[Flat]:
    """A row for each text of the first of these columns that holds several: two answers to one request are two rows."""
    many = next((name for name in row if name in names and isinstance(row[name], list) and len(row[name]) > 1), "")
    for part in row[many] if many else [None]:
        yield {name: part if name == many else joined(value) for name, value in row.items()}


def joined(value: Any) -> Any:
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return value


def single(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values or None


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value not in (None, "") else []


def as_dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def named(value: Any, key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and object of {"name": {...}}, or of [{key: "name", ...}]."""
    pairs = (
        value.items()
        if isinstance(value, dict)
        else ((one.get(key, ""), one) for one in as_list(value) if as_dict(one))
    )
    for name, one in pairs:
        if isinstance(one, dict):
            yield str(name), one


def person(value: Any) -> Any:
    return as_dict(value).get("email") or as_dict(value).get("id") if isinstance(value, dict) else value
