"""`manage.py read_source FILE... [--json]`: what an import would read from each file. Nothing is written."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from training.corpus.reading.child import Limits, read_files
from training.corpus.reading.detect import TOLD
from training.corpus.reading.document import ReadError, Reading
from training.importing import files_under


class Command(BaseCommand):
    help = "Print what would come out of each file, with the reason where nothing does; 1 if any was refused."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a file, or a folder with all below it")
        parser.add_argument("--json", action="store_true", help="one JSON object a line for each file")
        parser.add_argument("--seconds", type=int, default=Limits.seconds, help="time that one file may take")
        parser.add_argument("--megabytes", type=int, default=Limits.megabytes, help="memory that one file may take")

    def handle(self, *args: Any, **options: Any) -> None:
        limits = Limits(options["megabytes"], options["seconds"])
        read = refused = 0
        try:
            for reading in read_files(files_of(options["files"]), limits):
                self.stdout.write(as_json(reading) if options["json"] else as_text(reading))
                self.stdout.flush()
                read += not reading.reason
                refused += bool(reading.reason)
        except ReadError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from error
        except KeyboardInterrupt:
            raise CommandError("Stopped.") from None
        if not options["json"]:
            self.stdout.write(f"{read} read, {refused} refused.")
        if refused:
            sys.exit(1)


def files_of(paths: list[Path]) -> Iterator[tuple[str, bytes]]:
    for path in paths:
        for name, raw in files_under(path):
            yield str(path / name) if path.is_dir() else str(path), raw


def as_json(reading: Reading) -> str:
    documents = [
        {
            "title": document.title,
            "date": document.date,
            "channel": document.channel,
            "text": document.text,
            "changes": document.changes,
        }
        for document in reading.documents
    ]
    row = {
        "file": reading.name,
        "outcome": reading.outcome,
        "type": reading.kind,
        "encoding": reading.encoding,
        "text": reading.text,
        "reason": reading.reason,
        "left_out": [str(problem) for problem in reading.problems],
        "documents": documents,
    }
    return json.dumps(row, ensure_ascii=False)


def as_text(reading: Reading) -> str:
    if reading.reason:
        return f"{reading.name}: refused, {reading.reason}\n"
    kind = TOLD[reading.kind] + (f", {reading.encoding}" if reading.encoding else "")
    changes = dict.fromkeys(change for document in reading.documents for change in document.changes)
    lines = [f"{reading.name}: {kind}", *(f"  {change}" for change in changes)]
    lines += [f"  left out: {problem}" for problem in reading.problems]
    return "\n".join([*lines, "", reading.text, ""])
