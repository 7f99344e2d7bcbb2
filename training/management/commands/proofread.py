"""`manage.py proofread VOICE`: look for suggestions of spelling and grammar in a voice's copy."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from training.corpus.grammar import DIALECTS, KINDS, QUIET
from training.management.lookup import find_voice
from training.proofreading import left_and_others, proofread, waiting


class Command(BaseCommand):
    help = "Look for suggestions of spelling and grammar in a voice's English copy. Changes none of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("voice", help="the voice's name in addresses, or client/voice")

    def handle(self, *args: Any, **options: Any) -> None:
        voice = find_voice(options["voice"])
        of, done = waiting(voice).count(), 0
        try:
            for looked in proofread(voice):
                done += looked
                self.stderr.write(f"{done:,} of {of:,} passages", ending="\r" if self.stderr.isatty() else "\n")
        except KeyboardInterrupt:
            raise CommandError(f"Stopped. Passages looked at until then: {done}. Start it again: it goes on.") from None
        _, others = left_and_others(voice)
        dialect = DIALECTS.get(voice.dialect, "American or British")
        self.stdout.write(f"{voice} ({dialect} English): {done} passages looked at, {others} in another language left.")
        for name, kind in KINDS.items():
            if count := voice.suggestions.open().filter(kind=name).count():
                self.stdout.write(f"  {kind.label}: {count}{' (shown on request)' if name in QUIET else ''}")
