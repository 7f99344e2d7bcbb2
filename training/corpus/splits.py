"""Which split a brief belongs to: decided by its content alone, so the same brief never moves."""

from __future__ import annotations

VALIDATION_SHARE = 10
TEST_SHARE = 10


def split_of(digest: str) -> str:
    """ "train", "validation" or "test" (about 80, 10 and 10 in a hundred) for a brief's SHA-256 in hex."""
    bucket = int(digest[:12], 16) % 100
    if bucket < TEST_SHARE:
        return "test"
    return "validation" if bucket < TEST_SHARE + VALIDATION_SHARE else "train"
