"""`manage.py build_starter`: train the starter base model anew. It ships with the project; this is how it was made."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Train the starter base model from its seed (about half an hour on one core) and write its folder."

    def add_arguments(self, parser: CommandParser) -> None:
        from training.starter.build import Recipe

        parser.add_argument("--out", type=Path, required=True, help="folder to write; must not hold a model yet")
        for field in fields(Recipe):
            kind = float if isinstance(field.default, float) else int
            parser.add_argument(f"--{field.name.replace('_', '-')}", type=kind, default=field.default)

    def handle(self, *args: Any, **options: Any) -> None:
        from training.starter.build import Recipe, build, write_card

        out: Path = options["out"]
        if (out / "model.safetensors").exists():
            raise CommandError(f"{out} already holds a model; name an empty folder and compare before you replace it.")
        try:
            recipe = Recipe(**{field.name: options[field.name] for field in fields(Recipe)})
        except ValueError as error:
            raise CommandError(str(error)) from error
        build(recipe, out, say=self.stdout.write)
        write_card(out)
