"""Near-duplicate search at 10,000, 100,000 and 1,000,000 passages, and its recall on planted near-copies.

    python -m tests.bench.corpus.duplicates [--quick] [--json FILE]

Passages are the shared voices' real words, a few in a row put together at random: 20 to 110 words each. One in fifty
has a planted copy, in which words in a row are changed until one more would take it below a Jaccard similarity of 0.8.
The peer is datasketch with the same shingles, slots and bands on the smallest corpus, in the same process: signatures
and an index asked for each text's candidates. Ours compares each candidate exactly on top. Seconds are the processor's,
all threads together, so that a busy machine gives much the same figures. --quick stops at 10,000.
"""

from __future__ import annotations

import random
import re
import resource
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.face import Measured, Row, main
from training.corpus.duplicates import (
    BANDS,
    LONG,
    ROWS,
    SHORT,
    SHORT_BELOW,
    THRESHOLD,
    find_copies,
    similarity,
    words_of,
)

VOICES = Path(__file__).resolve().parents[4] / "shared" / "data" / "voices"
SIZES = (10_000, 100_000, 1_000_000)
PEER = 10_000
"""Texts that datasketch gets."""
ONE_IN = 50


def measure(quick: bool) -> Measured:
    rows: list[Row] = []
    seconds: dict[int, float] = {}
    for size in SIZES[:1] if quick else SIZES:
        texts, planted = corpus(size)
        before = peak()
        seconds[size], found = ours(texts)
        of = {row: number for number, cluster in enumerate(found) for row in cluster}
        hits = sum(of.get(one, -1) == of.get(other, -2) for one, other in planted)
        name = f"near-duplicates of {size:,} passages"
        if size == PEER:
            peer, mine = PEER / datasketch(texts), PEER / ours(texts)[0]
            rows.append(Row(f"{name}: passages a processor second", mine, "/s", "datasketch", peer))
        else:
            rows.append(Row(f"{name}: passages a processor second", size / seconds[size], "/s"))
        rows.append(Row(f"{name}: processor seconds", seconds[size], "s"))
        rows.append(Row(f"{name}: recall on {len(planted):,} planted copies", hits / len(planted), "share"))
        rows.append(Row(f"{name}: mean similarity of the planted", mean_similarity(texts, planted), "share"))
        rows.append(Row(f"{name}: memory on top of the texts", max(0.0, peak() - before), "MB"))
    if not quick:
        growth = seconds[SIZES[2]] / seconds[SIZES[1]]
        rows.append(Row("ten times the passages take this many times as long", growth, "times"))
    settings = {"threshold": THRESHOLD, "bands": BANDS, "rows": ROWS, "planted": f"one in {ONE_IN}", "peer": PEER}
    return settings, rows


def ours(texts: Sequence[str]) -> tuple[float, list[list[int]]]:
    began = time.process_time()
    found = find_copies(texts, lambda rows: [texts[row] for row in rows])
    return time.process_time() - began, found


def corpus(size: int) -> tuple[list[str], list[tuple[int, int]]]:
    """Texts, the planted copies last, and the pairs of rows that are copies."""
    chance = random.Random(size)
    texts = [text for _, text in zip(range(size), passages(chance), strict=False)]
    planted = []
    for row in range(0, size - size // ONE_IN, ONE_IN):
        changed = copy_of(texts[row], chance)
        if changed != texts[row]:
            planted.append((row, size - 1 - len(planted)))
            texts[planted[-1][1]] = changed
    return texts, planted


def passages(chance: random.Random) -> Iterator[str]:
    words = [word for path in sorted(VOICES.rglob("*.md")) for word in re.findall(r"\S+", path.read_text("utf-8"))]
    if not words:
        raise SystemExit(f"{VOICES} holds no Markdown; put the shared voices beside this checkout.")
    while True:
        length = chance.randint(20, 110)
        text: list[str] = []
        while len(text) < length:
            at = chance.randrange(len(words) - 9)
            text += words[at : at + chance.randint(3, 9)]
        yield " ".join(text[:length])


def copy_of(text: str, chance: random.Random) -> str:
    """With as many words in a row changed as a copy may have: its similarity is just above 0.8."""
    words = text.split()
    start = chance.randrange(len(words) * 3 // 4)
    for place in range(start, len(words)):
        changed = [*words[:place], f"changed{place}", *words[place + 1 :]]
        if similarity(text, " ".join(changed)) < THRESHOLD:
            break
        words = changed
    return " ".join(words)


def mean_similarity(texts: Sequence[str], planted: Sequence[tuple[int, int]]) -> float:
    some = planted[:500]
    return sum(similarity(texts[one], texts[other]) for one, other in some) / len(some)


def datasketch(texts: Sequence[str]) -> float:
    """Processor seconds that the peer takes for the signatures and for asking its index for each text's candidates."""
    from datasketch import MinHash, MinHashLSH

    began = time.process_time()
    index = MinHashLSH(num_perm=96, params=(BANDS, ROWS))
    signatures = []
    for number, text in enumerate(texts):
        words = words_of(text)
        size = LONG if len(words) >= SHORT_BELOW else SHORT
        signature = MinHash(num_perm=96)
        signature.update_batch([" ".join(words[at : at + size]).encode() for at in range(len(words) - size + 1)])
        index.insert(number, signature)
        signatures.append(signature)
    candidates = sum(len(index.query(signature)) for signature in signatures)
    assert candidates >= len(texts)
    return time.process_time() - began


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(measure, about=__doc__ or "")
