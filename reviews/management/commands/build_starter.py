"""`manage.py build_starter`: train the starter base model anew. It ships with the project; this is how it was made."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Train the starter base model from its seed (three to four hours on one core) and write its folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, required=True, help="folder to write; a stopped build in it goes on")

    def handle(self, *args: Any, **options: Any) -> None:
        from reviews.demo.library import documents
        from training.starter.build import build_all, is_finished

        out: Path = options["out"]
        if is_finished(out):
            raise CommandError(f"{out} already holds a model; name an empty folder and compare before you replace it.")
        try:
            out.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=out):
                pass  # said now, not after an hour
            build_all(out, documents, say=self.stdout.write)
        except OSError as error:
            raise CommandError(f"{error.filename or out}: {error.strerror}. Choose another folder.") from error
