"""`manage.py import_copy VOICE PATH`: a folder or file of published copy into a voice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.module_loading import import_string

from training.corpus.reading.document import ReadError
from training.importing import files_under, import_files
from training.management.lookup import find_voice
from training.recleaning import look_across


class Command(BaseCommand):
    help = (
        "Import a folder or file of published copy into a voice: text, pages, documents, tables, mail, feeds, archives."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("voice", help="the voice's name in addresses, or client/voice")
        parser.add_argument("path", type=Path, help="the folder, with all below it, or the one file")
        parser.add_argument("--licence", default="", help="the licence or permission to use this copy")

    def handle(self, *args: Any, **options: Any) -> None:
        voice = find_voice(options["voice"])
        passages = good = bad = rows = 0
        try:
            for result in import_files(voice, files_under(options["path"]), licence=options["licence"]):
                rows += len(result.left_out)
                for left_out in result.left_out:
                    self.stderr.write(f"{result.name}: {left_out}")
                if result.problem:
                    bad += 1
                    self.stderr.write(f"{result.name}: {result.problem}")
                else:
                    good += 1
                    passages += result.passages
        except ReadError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}. {good} files before it are imported.") from error
        except KeyboardInterrupt:
            raise CommandError(f"Stopped. Files imported until then: {good}.") from None
        finally:
            if good:
                import_string(settings.ON_COPY_IMPORTED)(voice, files=good, pairs=passages)
        if good:
            look_across(voice)
        if not good and not bad:
            raise CommandError(f"{options['path']}: there are no files in it.")
        told = f"{voice}: {good} files imported, {passages} proposed pairs, {bad} files left out"
        self.stdout.write(f"{told}, {rows} rows left out." if rows else f"{told}.")
        if not good:
            raise CommandError("Nothing was imported.")
