"""How fast documents come in, and whether memory stays flat: `manage.py import_copy` on a folder, from end to end.

    python -m tests.bench.corpus.documents [--documents N] [--quick] [--json FILE]

The documents are the real ones of ../shared/data, told apart by a word in each copy. Reading in the child process,
cleaning, briefs, SQLite in a file and the look across all documents are in the figures. Each size has a process of its
own, so that its peak of memory is its own: the importing process, and the child that reads for it. The processor's
time, of the importing process alone, is what can be compared on a busy machine.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

from tests.bench.face import Measured, Row, main

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
MANY, QUICK = 10_000, 100
VARIED = {".md", ".html", ".txt", ".xml", ".eml", ".pdf"}


def measure(quick: bool, documents: int) -> Measured:
    if not DATA.is_dir():
        raise SystemExit(f"The real documents are missing: {DATA}")
    most = QUICK if quick else documents
    sizes = sorted({max(10, most // 10), most})
    rows: list[Row] = []
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="voicelab-bench-") as folder:
            command = [sys.executable, "-m", __spec__.name, "--one", str(size)]
            environment = {**os.environ, "VOICELAB_VAR": folder, "DATABASE_URL": "", "PYTHONWARNINGS": "ignore"}
            done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        found = json.loads(done.stdout.splitlines()[-1])
        rows += [
            Row(f"{size:,} documents: passages", found["passages"], "passages"),
            Row(f"{size:,} documents: files refused or here already", found["refused"], "files"),
            Row(f"{size:,} documents: all of it", size / found["seconds"], "documents/s"),
            Row(f"{size:,} documents: reading, cleaning, storing", size / found["taking"], "documents/s"),
            Row(f"{size:,} documents: looking across", found["seconds"] - found["taking"], "s"),
            Row(f"{size:,} documents: processor time a passage", 1000 * found["work"] / found["passages"], "ms"),
            Row(f"{size:,} documents: peak memory of the importing process", found["parent"], "MB"),
            Row(f"{size:,} documents: peak memory of the reading child", found["child"], "MB"),
        ]
    return {"database": "SQLite in a file, WAL", "documents": sizes}, rows


def one(documents: int) -> None:
    """Import so many documents in this process, and print the figures as JSON."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from training import importjobs
    from training.models import Client, ImportFile, Passage, Voice

    call_command("migrate", verbosity=0)
    client = Client.objects.create(slug="bench", name="Bench")
    Voice.objects.create(client=client, slug="bench", name="Bench")
    taken: list[float] = []
    look_across = importjobs.look_across

    def timed(*given: object) -> None:
        taken.append(time.perf_counter())
        look_across(*given)  # type: ignore[arg-type]

    importjobs.look_across = timed  # type: ignore[assignment]
    with tempfile.TemporaryDirectory(prefix="voicelab-bench-") as folder:
        write(Path(folder), documents)
        began, worked = time.perf_counter(), time.process_time()
        with open(os.devnull, "w") as nowhere:
            call_command("import_copy", "bench", folder, stdout=nowhere, stderr=nowhere)
        ended, worked = time.perf_counter(), time.process_time() - worked
    refused = ImportFile.objects.filter(state__in=["refused", "known"]).count()
    peaks = {
        name: resource.getrusage(who).ru_maxrss / 1024
        for name, who in (("parent", resource.RUSAGE_SELF), ("child", resource.RUSAGE_CHILDREN))
    }
    times = {"seconds": ended - began, "taking": taken[0] - began, "work": worked}
    print(json.dumps({**times, **peaks, "passages": Passage.objects.count(), "refused": refused}))


def write(folder: Path, documents: int) -> None:
    """Copies of the real documents in turn, each with a word of its own."""
    files = [path for path in sorted(DATA.glob("voices/*/**/*")) if path.suffix in VARIED and path.stat().st_size]
    for number, path in enumerate(islice(cycle(files), documents)):
        place = folder / f"{number // 1000}"
        place.mkdir(exist_ok=True)
        word = f" loaf{number} ".encode()
        (place / f"{number}-{path.name}").write_bytes(path.read_bytes().replace(b" the ", b" the" + word, 1) + word)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--documents", type=int, default=MANY)
    parser.add_argument("--one", type=int, default=0)
    options, rest = parser.parse_known_args()
    if options.one:
        one(options.one)
    else:
        main(
            lambda quick: measure(quick, options.documents),
            about="Imports real documents and measures speed and memory.",
            argv=rest,
        )
