"""Files of every kind, cut off and with bytes flipped: a text or a clear refusal, never a traceback or a hang."""

import random
from pathlib import Path

import pytest

from tests.documents import every_kind
from training.corpus.reading.child import Limits, read_files

DOCUMENTS = Path(__file__).resolve().parents[2] / "shared" / "data" / "documents"
FILES = list(every_kind().values())
REAL = [(path.name, path.read_bytes()) for path in sorted(DOCUMENTS.glob("*")) if 0 < path.stat().st_size < 200_000]


def damaged(raw, rng):
    """Cut at several places, then with few and many bytes flipped, then both."""
    for share in (0.02, 0.3, 0.6, 0.9, 0.99):
        yield raw[: int(len(raw) * share)]
    for count in (1, 10, 200):
        changed = bytearray(raw)
        for _ in range(count):
            changed[rng.randrange(len(raw))] = rng.randrange(256)
        yield bytes(changed)
        yield bytes(changed[: rng.randrange(len(raw))])


@pytest.mark.parametrize(("name", "raw"), FILES + REAL, ids=[name for name, _ in FILES + REAL])
def test_a_damaged_file_gives_text_or_a_clear_refusal(name, raw):
    rng = random.Random(name)
    files = [(name, part) for part in damaged(raw, rng)]
    readings = list(read_files(files, Limits(seconds=20)))
    assert len(readings) >= len(files)
    for reading in readings:
        assert bool(reading.reason) != bool(reading.documents)
        assert reading.text.strip() if reading.documents else reading.reason.endswith(".")
        assert "the reader" not in reading.reason and "longer than" not in reading.reason
        assert "Traceback" not in reading.reason and "\n" not in reading.reason
