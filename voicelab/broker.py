"""The one place where Dramatiq meets Redis."""

from __future__ import annotations


def install() -> None:
    """Set the process-wide broker."""
