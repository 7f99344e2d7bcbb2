"""`manage.py export VOICE --format pairs|preferences|scores FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviews import exports
from training.management.lookup import find_voice
from training.management.output import written


class Command(BaseCommand):
    help = "Write a voice's pairs, preferences or scores as JSON lines, for datasets and TRL's trainers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("voice", help="the voice's name in addresses, or client/voice")
        parser.add_argument(
            "--format", choices=list(exports.KINDS), default="pairs", help="what to write: pairs, if not given"
        )
        parser.add_argument("file", type=Path, help="the file to write; /dev/stdout for a pipe")

    def handle(self, *args: Any, **options: Any) -> None:
        voice, path = find_voice(options["voice"]), options["file"]
        count = 0
        with written(path) as file:
            for line in exports.lines(voice, options["format"]):
                file.write(line)
                count += 1
            if not count:
                raise CommandError(f"{voice}: {exports.KINDS[options['format']].empty}")
        if path.is_file():  # in a pipe it would be one more row
            self.stdout.write(f"{count} {options['format']} of {voice} in {path}.")
