"""A brief: what a writer is asked for, and how it reads as a prompt.

Every text that a model version writes, and every pair that it trains on, starts
from `Brief.prompt()`, so a model sees the same request in training and in use.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CHANNELS: dict[str, str] = {
    "blog": "a blog post",
    "social": "a social media post",
    "email": "an e-mail",
    "ad": "an ad",
    "product": "a product description",
    "page": "a web page",
}
"""Channel -> what it is called in a request."""

LONGEST = {"topic": 400, "audience": 300, "call_to_action": 300}
"""Characters that a field may have."""

NO_TEXT = re.compile("[\0\ud800-\udfff]")
"""What JSON can spell but no database or file holds as text: zero characters and halves of surrogate pairs."""


class BriefError(ValueError):
    """A brief that cannot be used; the message names the field and what to do."""


@dataclass(frozen=True)
class Brief:
    """One request for copy. `facts` are short phrases, with or without a label ("Price: £3.50")."""

    channel: str
    topic: str
    facts: tuple[str, ...] = ()
    audience: str = ""
    call_to_action: str = ""

    def __post_init__(self) -> None:
        if self.channel not in CHANNELS:
            known = ", ".join(CHANNELS)
            raise BriefError(f"channel is {self.channel!r}; use one of: {known}.")
        if not self.topic.strip():
            raise BriefError("topic is empty; say in a few words what the copy is about.")
        for field, longest in LONGEST.items():
            if len(getattr(self, field)) > longest:
                raise BriefError(f"{field} has {len(getattr(self, field))} characters; use {longest} at most.")
        for field, value in self.as_dict().items():
            if NO_TEXT.search(" ".join(value) if isinstance(value, list) else value):
                raise BriefError(f"{field} holds characters that are no text; take them out.")

    def prompt(self) -> str:
        """The request as plain text. It ends with a line break: the copy starts on the next line."""
        lines = [f"Write {CHANNELS[self.channel]} about {self.topic.strip().rstrip('.')}."]
        if self.facts:
            lines.append("Mention:")
            lines += [f"- {fact}" for fact in self.facts]
        if self.audience:
            lines.append(f"Audience: {self.audience}")
        if self.call_to_action:
            lines.append(f"Call to action: {self.call_to_action}")
        return "\n".join(lines) + "\n\nCopy:\n"

    def as_dict(self) -> dict[str, Any]:
        return {
            "channel": self.channel,
            "topic": self.topic,
            "facts": list(self.facts),
            "audience": self.audience,
            "call_to_action": self.call_to_action,
        }

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Brief:
        """Read one JSON object. Raises `BriefError` naming the field that is missing or of the wrong kind."""
        values: dict[str, str] = {}
        for field in ("channel", "topic", "audience", "call_to_action"):
            value = row.get(field) or ""
            if not isinstance(value, str):
                raise BriefError(f"{field} is {value!r}; write it as text in quotes.")
            values[field] = " ".join(value.split())
        facts = row.get("facts") or []
        if isinstance(facts, str):
            facts = facts.splitlines()
        if not isinstance(facts, (list, tuple)) or not all(isinstance(fact, str) for fact in facts):
            raise BriefError("facts is not a list of texts; write it as a list, one fact each.")
        kept = tuple(" ".join(fact.split()) for fact in facts if fact.strip())
        return cls(facts=kept, **values)

    def digest(self) -> str:
        """SHA-256 over the content, case and spacing aside: one brief, one digest, one split."""
        folded = json.dumps(self.as_dict(), sort_keys=True, ensure_ascii=False).casefold()
        return hashlib.sha256(" ".join(folded.split()).encode()).hexdigest()
