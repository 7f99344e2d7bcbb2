"""`manage.py import_data VOICE FILE`: rows that already are pairs or preferences into a voice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from reviews.datasets import log_import
from training.corpus.brief import CHANNELS
from training.corpus.formats.detect import ROLES, SHAPES
from training.corpus.reading.document import ReadError
from training.examining import Examined, Refusal, digest_of, examine
from training.exchange import How, bring_in_file
from training.management.lookup import find_voice
from training.models import DataSet, DataSetJob


class Command(BaseCommand):
    help = (
        "Import a data set into a voice: pairs or preferences as JSON lines, JSON, CSV or Parquet, "
        "or an export of VoiceLab, Label Studio, doccano or Argilla."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("voice", help="the voice's name in addresses, or client/voice")
        parser.add_argument("file", type=Path, help="the JSON lines, JSON, CSV or Parquet file")
        parser.add_argument("--check", action="store_true", help="say what would come in, and import nothing")
        parser.add_argument("--trust", action="store_true", help="take over what the file says is validated")
        parser.add_argument("--channel", choices=list(CHANNELS), default="blog", help="of rows that name none: blog")
        parser.add_argument("--licence", default="", help="the licence or permission to use this copy")
        parser.add_argument(
            "--map", nargs="+", default=[], metavar="ROLE=COLUMN", help=f"which column is what: {', '.join(ROLES)}"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        voice, path = find_voice(options["voice"]), options["file"]
        try:
            with path.open("rb") as file:
                digest = digest_of(file)
                seen = examine(file, options["channel"], self.mapping(options["map"]))
                self.tell(path, seen)
                if options["check"]:
                    return
                if DataSetJob.objects.unfinished().filter(data_set__voice=voice, data_set__sha256=digest).exists():
                    raise ReadError("it is being imported on the page. Wait for that, or cancel it there.")
                how = How(digest, path.name, trust=options["trust"], licence=options["licence"][:200])
                outcome = bring_in_file(voice, file, how, options["channel"], seen.mapping or None)
        except ReadError as error:
            raise CommandError(f"{path}: {error}") from error
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}.") from error
        except KeyboardInterrupt:
            raise CommandError("Stopped. Run it again to go on: rows that are here already are passed over.") from None
        for number, field, reason in outcome.reasons[len(seen.refused) :]:
            self.stderr.write(f"{path.name}: {Refusal(number, field, reason)}")
        with transaction.atomic():
            kept, _ = DataSet.objects.update_or_create(
                voice=voice,
                sha256=digest,
                defaults={
                    "name": path.name[:400],
                    "raw": b"",
                    "licence": how.licence,
                    "channel": options["channel"],
                    "mapping": seen.mapping,
                    "report": vars(seen),
                },
            )
            kept.settle(outcome.as_dict())
            log_import(kept, outcome.as_dict(), None, trust=options["trust"])
        self.stdout.write(
            f"{voice}: {outcome.pairs} pairs and {outcome.preferences} preferences imported, "
            f"{outcome.here} here already, {outcome.refused} refused."
        )
        if not outcome.pairs + outcome.preferences + outcome.here:
            raise CommandError("Nothing was imported.")

    def mapping(self, typed: list[str]) -> dict[str, str] | None:
        """Raises `CommandError` for a role that there is not."""
        pairs = [one.partition("=") for one in typed]
        for role, _, column in pairs:
            if role not in ROLES or not column:
                raise CommandError(f"--map {role}: write ROLE=COLUMN, with one of {', '.join(ROLES)} as the role.")
        return {role: column for role, _, column in pairs} or None

    def tell(self, path: Path, seen: Examined) -> None:
        shape, counts = SHAPES[seen.shape], seen.counts
        columns = ", ".join(f"{role} is {column}" for role, column in seen.mapping.items())
        told = f"{path.name}: {shape.name} ({seen.container}): {counts.get('pairs', 0)} pairs, "
        told += f"{counts.get('preferences', 0)} preferences, {counts.get('refused', 0)} rows refused."
        self.stdout.write(told + (f" Columns: {columns}." if columns else ""))
        for number, field, reason in seen.refused:
            self.stderr.write(f"{path.name}: {Refusal(number, field, reason)}")
        if shape.loses:
            self.stdout.write(f"Left behind: {shape.loses}")
