"""What a voice decides about its cleaning."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

REVISION = 1
"""Raised with every change of a rule, so that what older rules cleaned is offered to be cleaned again."""


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
        """16 hexadecimal digits for all that may change every passage: not the language, nor lines that few contain."""
        told = [REVISION, sorted(self.off - {"language"}), vars(self.style), sorted(self.own)]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]
