"""Near-duplicates: texts that are copies of one another, a few words aside.

Two texts are copies when they are the same once case, spacing and punctuation are folded, or when the sets of their
shingles have a Jaccard similarity of 0.8 or more. A shingle is five words in a row. In a text of fewer than 25 words
one changed word would break most shingles of five, so there, and in whatever is compared with it, it is three words;
characters would be too lenient: prices and names of a short caption are few characters, and its whole point.

MinHash signatures (Broder 1997; 96 slots by `rensa`) in 19 bands of 5 slots propose candidates: a pair at 0.8 is missed
by all bands once in 2,000 times. Each candidate is then compared exactly, so that what is called a copy is one.
A signature takes 172 bytes; texts are read once in order, and again for the candidates alone.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

THRESHOLD = 0.8
LONG, SHORT = 5, 3
"""Words of a shingle."""
SHORT_BELOW = 25
"""Texts with fewer words are compared by the short shingles, as is what they are compared with."""
BOTH_BELOW = 32
"""Texts from 25 words up to here may be copies of a shorter one, so they get both signatures."""
SLOTS, BANDS, ROWS = 96, 19, 5
LIKELY = 0.65
"""Share of equal slots below which a candidate is not looked at: 3.7 standard errors below 0.8."""
NEIGHBOURS = 32
"""A band's group up to this size is compared whole; in a larger one each text with the next 32 in order."""
BATCH, SCREENED = 2000, 20_000
"""Texts, or pairs of them, at hand at a time; pairs whose signatures are compared at a time."""
VOCABULARY = 500_000

Numbers = NDArray[np.uint64]
Fetch = Callable[[Sequence[int]], Sequence[str]]
Apart = Mapping[int, Mapping[int, int]]
# One Chinese or Japanese character counts as a word: these are written without spaces.
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|\w+")


def words_of(text: str) -> list[str]:
    """The text's words, case, quotes, punctuation and the spelling of accents folded."""
    return WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def similarity(one: str, other: str) -> float:
    """Jaccard similarity of two texts' shingles, 0 to 1; 1 for texts that fold to the same words."""
    mine, its = words_of(one), words_of(other)
    if mine == its:
        return float(bool(mine) or one.split() == other.split())
    size = LONG if min(len(mine), len(its)) >= SHORT_BELOW else SHORT
    ours, theirs = ({tuple(of[at : at + size]) for at in range(len(of) - size + 1)} for of in (mine, its))
    return jaccard(ours, theirs)


def jaccard(one: Set[Any], other: Set[Any]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0


def find_copies(
    texts: Iterable[str], fetch: Fetch, *, apart: Apart | None = None, told: Callable[[int], None] | None = None
) -> list[list[int]]:
    """Clusters of two or more rows (numbers of texts, from 0), whatever the order that the texts come in.

    `texts` is read once; `fetch` gives the texts of some rows again, in their order. `told` hears how many are read.
    `apart` holds what people decided: row -> decision -> side. Rows on two sides of one decision are in no cluster
    together; a row that is like both stays with the one that it is most like.
    """
    keys, tables = sketch(texts, told)
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    original = first[inverse]  # row -> the first row with the same folded text
    joined = original.copy()
    for table in tables:
        table = table.only(original[table.rows] == table.rows)
        for one, other, _ in edges(table, keys, fetch, joined):
            join(joined, one, other)
    joined = roots_of(joined, joined)
    order = np.argsort(joined, kind="stable")
    starts = np.flatnonzero(np.diff(joined[order], prepend=-1))
    found = [part.tolist() for part in np.split(order, starts[1:]) if len(part) > 1] if len(order) else []
    if apart:
        found = [part for cluster in found for part in parted(cluster, apart, keys, tables, fetch)]
    return sorted(found)


@dataclass(frozen=True)
class Table:
    """Signatures by one length of shingle. rows (n,); bands (n, 19), a hash a band; slots (n, 96), a byte a slot."""

    size: int
    rows: NDArray[np.int64]
    bands: NDArray[np.uint32]
    slots: NDArray[np.uint8]

    def only(self, mask: NDArray[np.bool_]) -> Table:
        return self if mask.all() else Table(self.size, self.rows[mask], self.bands[mask], self.slots[mask])


class Hashes(dict[str, int]):
    """Word -> 64 bits, the same in every process; forgotten when there are too many to keep."""

    def __missing__(self, word: str) -> int:
        if len(self) >= VOCABULARY:
            self.clear()
        self[word] = number = digest(word)
        return number


def digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def sketch(texts: Iterable[str], told: Callable[[int], None] | None) -> tuple[Numbers, list[Table]]:
    """All texts' keys, equal for those that fold to the same words, and their signatures by long and short shingles."""
    hashes = Hashes()
    keys: list[Numbers] = [np.empty(0, np.uint64)]
    parts: dict[int, list[Table]] = {size: [empty(size)] for size in (LONG, SHORT)}
    coming = iter(texts)
    read = 0
    while batch := list(islice(coming, BATCH)):
        words = [words_of(text) for text in batch]
        keys.append(
            np.fromiter(
                (digest(" ".join(own or ["\0", *text.split()])) for own, text in zip(words, batch, strict=True)),
                np.uint64,
                len(batch),
            )
        )
        counts = np.fromiter(map(len, words), np.int64, len(batch))
        for size, mask in ((LONG, counts >= SHORT_BELOW), (SHORT, (counts >= SHORT) & (counts < BOTH_BELOW))):
            if mask.any():
                rows = np.flatnonzero(mask)
                parts[size].append(signed(rows + read, [words[row] for row in rows.tolist()], size, hashes))
        read += len(batch)
        if told:
            told(read)
    return np.concatenate(keys), [
        Table(
            size,
            np.concatenate([part.rows for part in tables]),
            np.concatenate([part.bands for part in tables]),
            np.concatenate([part.slots for part in tables]),
        )
        for size, tables in parts.items()
    ]


def empty(size: int) -> Table:
    return Table(size, np.empty(0, np.int64), np.empty((0, BANDS), np.uint32), np.empty((0, SLOTS), np.uint8))


def signed(rows: NDArray[np.int64], words: list[list[str]], size: int, hashes: Hashes) -> Table:
    flat, counts = shingles(words, size, hashes)
    offsets = np.zeros(len(counts) + 1, np.uint64)
    np.cumsum(counts, out=offsets[1:])
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(flat, offsets, SLOTS, 42)
    slots = np.array(matrix.to_rows(), np.uint32)
    bands = np.zeros((len(rows), BANDS), np.uint64)
    for row in range(ROWS):
        bands = mixed(bands + slots[:, row : BANDS * ROWS : ROWS])
    return Table(size, rows, (bands >> np.uint64(32)).astype(np.uint32), (slots & np.uint32(255)).astype(np.uint8))


def shingles(words: list[list[str]], size: int, hashes: Hashes) -> tuple[Numbers, NDArray[np.int64]]:
    """The hash of every shingle of these texts one after the other, and how many each text has.

    Each text has at least `size` words.
    """
    counts = np.fromiter(map(len, words), np.int64, len(words))
    flat = np.fromiter((hashes[word] for own in words for word in own), np.uint64, int(counts.sum()))
    total = np.zeros(len(flat) - size + 1, np.uint64)
    for place in range(size):
        total = mixed(total + flat[place : place + len(total)])
    left = np.repeat(np.cumsum(counts), counts) - np.arange(len(flat))
    return total[left[: len(total)] >= size], counts - size + 1


def mixed(numbers: Numbers) -> Numbers:
    """A bijection of 64 bits that leaves no trace of sums (splitmix64, Steele and others 2014)."""
    numbers = numbers + np.uint64(0x9E3779B97F4A7C15)
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


def edges(
    table: Table, keys: Numbers, fetch: Fetch, joined: NDArray[np.int64] | None = None
) -> Iterator[tuple[int, int, float]]:
    """Pairs of rows that are copies, with their similarity; a pair that is `joined` already is not looked at again."""
    hashes = Hashes()
    for band in range(BANDS):
        after = table.bands[:, (band + 1) % BANDS]
        order = np.lexsort((keys[table.rows], after, table.bands[:, band]))
        sorted_band = table.bands[order, band]
        for step in range(1, min(NEIGHBOURS, len(order) - 1) + 1):
            at = np.flatnonzero(sorted_band[:-step] == sorted_band[step:])
            if not len(at):
                break
            for some in np.array_split(at, 1 + len(at) // SCREENED):
                left, right = order[some], order[some + step]
                equal = np.count_nonzero(table.slots[left] == table.slots[right], axis=1)
                likely = equal >= LIKELY * SLOTS
                pairs = np.stack([table.rows[left[likely]], table.rows[right[likely]]], axis=1)
                for few in np.array_split(pairs, 1 + len(pairs) // BATCH):
                    if joined is not None:
                        roots = roots_of(joined, few)
                        few = few[roots[:, 0] != roots[:, 1]]
                    if len(few):
                        yield from verified(few, table.size, hashes, fetch)


def verified(pairs: NDArray[np.int64], size: int, hashes: Hashes, fetch: Fetch) -> Iterator[tuple[int, int, float]]:
    """Those of the pairs whose exact similarity is 0.8 or more, by the shingles that are right for their lengths."""
    rows = np.unique(pairs).tolist()
    words = dict(zip(rows, map(words_of, fetch(rows)), strict=True))
    for row in rows:
        if len(words[row]) < size:  # it was changed meanwhile, and waits for the next look
            words[row] = [f"\0{row}"] * size
    flat, counts = shingles(list(words.values()), size, hashes)
    ends = np.cumsum(counts)
    sets = {row: set(part.tolist()) for row, part in zip(rows, np.split(flat, ends[:-1]), strict=True)}
    for one, other in pairs.tolist():
        is_short = min(len(words[one]), len(words[other])) < SHORT_BELOW
        if is_short == (size == SHORT):
            share = jaccard(sets[one], sets[other])
            if share >= THRESHOLD:
                yield one, other, share


def join(joined: NDArray[np.int64], one: int, other: int) -> None:
    """Union by the smallest row of the two trees, their paths halved on the way."""
    roots = []
    for row in (one, other):
        while joined[row] != row:
            joined[row] = joined[joined[row]]
            row = int(joined[row])
        roots.append(row)
    joined[max(roots)] = min(roots)


def roots_of(joined: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    above = joined[rows]
    while not np.array_equal(above, higher := joined[above]):
        above = higher
    return above


def parted(cluster: list[int], apart: Apart, keys: Numbers, tables: list[Table], fetch: Fetch) -> list[list[int]]:
    """The cluster cut where people decided so: its closest pairs are joined first, and none across a decision."""
    sides: dict[int, dict[int, int]] = {row: dict(apart.get(row, {})) for row in cluster}
    told: dict[int, set[int]] = defaultdict(set)
    for own in sides.values():
        for decision, side in own.items():
            told[decision].add(side)
    if all(len(known) < 2 for known in told.values()):
        return [cluster]
    among = np.array(cluster)
    found = {
        (min(one, other), max(one, other)): share
        for table in tables
        for one, other, share in edges(table.only(np.isin(table.rows, among)), keys, fetch)
    }
    same: dict[int, list[int]] = defaultdict(list)
    for row in cluster:
        same[int(keys[row])].append(row)
    for alike in same.values():
        for place, one in enumerate(alike[1:], start=1):
            # The first will do for all that nobody decided about; the others need every way to find together.
            others = alike[:place] if sides[one] or sides[alike[0]] else alike[:1]
            found |= {(other, one): 1.0 for other in others}
    home = {row: [row] for row in cluster}
    for one, other in sorted(found, key=lambda pair: (-found[pair], *sorted(int(keys[row]) for row in pair), pair)):
        mine, its = home[one], home[other]
        if mine is its or any(sides[its[0]].get(key, side) != side for key, side in sides[mine[0]].items()):
            continue
        sides[mine[0]] |= sides[its[0]]
        mine += its
        home |= dict.fromkeys(its, mine)
    parts = {id(part): part for part in home.values()}.values()
    return [sorted(part) for part in parts if len(part) > 1]
