"""Which split a brief belongs to: decided by what it says, or by the document that it came with.

What is cut from one document stays together, or a model would be tested on the second half of a page whose first it
was trained on. A document much longer than a post counts as several, since there may be no other.
"""

from __future__ import annotations

from collections.abc import Mapping

VALIDATION_SHARE = 10
TEST_SHARE = 10
LEAST, MOST = 0.05, 0.15
"""Of a voice's briefs, what validation and test hold each, however few and long the documents are."""
SMALL, ENOUGH = 5, 100
"""A document of this many briefs is small; below this many briefs in all there is no balance to speak of."""
WHOLE, STRETCH = 30, 20
"""Passages of a document that stays whole; a longer one falls into stretches of about 20."""


def split_of(digest: str) -> str:
    """ "train", "validation" or "test" (about 80, 10 and 10 in a hundred) for a brief's SHA-256 in hex."""
    bucket = int(digest[:12], 16) % 100
    if bucket < TEST_SHARE:
        return "test"
    return "validation" if bucket < TEST_SHARE + VALIDATION_SHARE else "train"


def split_together(digest: str, size: int, counts: Mapping[str, int]) -> str:
    """The split of `size` new briefs that stay together, beside the `counts` of the splits' briefs so far.

    It is that of the first one's digest, unless they are so many that they would make validation or test too large, or
    one of these two is too small without them.
    """
    split = split_of(digest)
    total = sum(counts.values()) + size
    tips_nothing = size <= SMALL and total < ENOUGH
    fits = {held: tips_nothing or counts.get(held, 0) + size <= MOST * total for held in ("test", "validation")}
    if split != "train":
        return split if fits[split] else "train"
    if total >= ENOUGH:
        for held, has_room in fits.items():
            if has_room and counts.get(held, 0) < LEAST * total:
                return held
    return split


def part_of(place: int, passages: int) -> int:
    """The stretch of its document that a passage is in, given its place there (from 0) and the number of all."""
    return 0 if passages <= WHOLE else place * round(passages / STRETCH) // passages
