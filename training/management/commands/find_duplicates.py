"""`manage.py find_duplicates VOICE`: look for near-copies among a voice's texts, as every import does at its end."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from training.deduplication import find_duplicates
from training.management.lookup import find_voice


class Command(BaseCommand):
    help = "Look for near-copies among all texts of a voice. What people decided about them holds."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("voice", help="the voice's name in addresses, or client/voice")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        found = find_duplicates(find_voice(options["voice"]), self.tell if self.stderr.isatty() else None)
        self.stdout.write(
            f"{found.texts:,} texts: {found.left_out:,} near-copies of {found.clusters:,} others are left out, "
            f"{found.moved:,} briefs moved to another split ({time.monotonic() - began:.1f} s)."
        )

    def tell(self, read: int, of: int) -> None:
        self.stderr.write(f"\r{read:,} of {of:,} texts read", ending="\n" if read == of else "")
