"""The order of a brief's facts: as the copy says them, so that a very small model can follow."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LABEL = re.compile(r"^[A-Z][\w' -]{0,22}: ")


def fact_value(fact: str) -> str:
    """What the copy must repeat word for word: the fact without its label."""
    return _LABEL.sub("", fact)


def in_order(facts: Iterable[str], output: str) -> list[str]:
    """The facts in the order in which their values stand in the copy; those that do not come last."""
    said = output.casefold()

    def place(fact: str) -> int:
        at = said.find(fact_value(fact).casefold())
        return at if at >= 0 else len(said)

    return sorted(facts, key=place)
