"""What a voice decides about its cleaning."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Literal

Quotes = Literal["", "straight", "curly"]
Dashes = Literal["", "em", "en"]
Ellipses = Literal["", "dots", "character"]


@dataclass(frozen=True)
class HouseStyle:
    """How the voice sets its signs; "" leaves each as the writer set it."""

    quotes: str = ""
    dashes: str = ""
    ellipses: str = ""


@dataclass(frozen=True)
class Settings:
    """Rules that are off, the house style, and what the voice's own documents say.

    `recurring` holds the keys of lines to take out (see `recurring.key`), `own` the addresses and numbers of the
    brand itself, which are no personal data, and `language` an ISO 639 code, or "" to leave languages alone.
    """

    off: frozenset[str] = frozenset()
    style: HouseStyle = HouseStyle()
    language: str = ""
    own: frozenset[str] = frozenset()
    recurring: frozenset[str] = field(default=frozenset(), repr=False)

    def digest(self) -> str:
        """16 hexadecimal digits that stand for all but the recurring lines, which each passage has of its own."""
        told = [sorted(self.off), vars(self.style), self.language, sorted(self.own)]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]
