"""`manage.py build_starter`: train the starter base model anew. It ships with the project; this is how it was made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Train the starter base model from its seed (about half an hour on one core) and write its folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, required=True, help="folder to write; must not hold a model yet")
        parser.add_argument(
            "--voices", action="store_true", help="add a third leg with everyday English (about 20 minutes)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        from training.starter.build import build_all

        out: Path = options["out"]
        if (out / "model.safetensors").exists():
            raise CommandError(f"{out} already holds a model; name an empty folder and compare before you replace it.")
        build_all(out, options["voices"], say=self.stdout.write)
