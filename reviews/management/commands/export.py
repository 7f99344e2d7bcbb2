"""`manage.py export VOICE --format pairs|preferences|scores FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviews import exports
from training.corpus.formats.files import CONTAINERS
from training.corpus.formats.shapes import SHAPES
from training.management.lookup import find_voice
from training.management.output import written
from training.models import Pair
from training.models.corpus import Split


class Command(BaseCommand):
    help = "Write a voice's pairs, preferences or scores, for datasets, TRL's trainers and other tools."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("voice", help="the voice's name in addresses, or client/voice")
        parser.add_argument(
            "--format", choices=list(exports.KINDS), default="pairs", help="what to write: pairs, if not given"
        )
        shapes = sorted({shape for kind in SHAPES.values() for shape in kind})
        parser.add_argument(
            "--shape", choices=shapes, default="prompt", help="the trainer's columns, prompt if not given"
        )
        parser.add_argument(
            "--as", dest="container", choices=list(CONTAINERS), help="the file, if its name does not tell"
        )
        parser.add_argument(
            "--status", nargs="+", choices=Pair.Status.values, default=["validated"], help="of the pairs"
        )
        parser.add_argument("--split", nargs="+", choices=Split.values, default=Split.values, help="of the briefs")
        parser.add_argument("file", type=Path, help="the file to write; /dev/stdout for a pipe")

    def handle(self, *args: Any, **options: Any) -> None:
        voice, path = find_voice(options["voice"]), options["file"]
        ending = path.suffix.removeprefix(".").lower()
        container = options["container"] or (ending if ending in CONTAINERS else "jsonl")
        try:
            choice = exports.Choice(options["format"], options["shape"], container, options["status"], options["split"])
        except exports.ChoiceError as error:
            raise CommandError(str(error)) from error
        count = exports.count(voice, choice)
        with written(path) as file:
            if not count:
                raise CommandError(f"{voice}: {exports.KINDS[choice.kind].empty}")
            for piece in exports.pieces(voice, choice):
                file.buffer.write(piece)
        if path.is_file():  # in a pipe it would be one more row
            self.stdout.write(f"{count} {choice.kind} of {voice} in {path}.")
