"""`manage.py import_copy VOICE PATH|ADDRESS`: published copy into a voice, read here and now."""

from __future__ import annotations

import time
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.db.models import Sum
from django.utils.module_loading import import_string

from training.corpus.brief import CHANNELS
from training.corpus.fetching import parsed
from training.corpus.reading.document import ReadError
from training.importing import bytes_of, paths_under
from training.importjobs import carry_out
from training.intake import Lost
from training.management.lookup import find_voice
from training.models import Import, ImportFile, Voice
from training.uploads import rows_of

State = ImportFile.State


class Command(BaseCommand):
    help = (
        "Import a folder, a file or a web address of published copy into a voice: text, pages, documents, tables, "
        "mail, feeds, sitemaps, archives. After a stop or a kill, the same command goes on where it was."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("voice", help="the voice's name in addresses, or client/voice")
        parser.add_argument(
            "path", help="the folder, with all below it, the one file, or the address of a page, feed or sitemap"
        )
        parser.add_argument("--licence", default="", help="the licence or permission to use this copy")
        parser.add_argument(
            "--channel", default="", choices=["", *CHANNELS], help="what it was written for, where no file tells"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        voice = find_voice(options["voice"])
        try:
            read = self.reader_of(str(options["path"]))
            job = self.unfinished(voice, read.address) or start(voice, read, options["licence"], options["channel"])
        except ReadError as error:
            raise CommandError(str(error)) from error
        claim = self.claimed(job)
        try:
            carry_out(job, claim, bytes_of=read.bytes_of, told=self.tell)
        except Lost:
            raise CommandError("Another process took this import up, or it was cancelled.") from None
        except KeyboardInterrupt:
            with transaction.atomic():
                job.put_back(claim)
                import_string(settings.ON_COPY_IMPORTED)(job)
            done = job.files.filter(state=State.IMPORTED).count()
            raise CommandError(
                f"Stopped. Files imported until then: {done}. The same command goes on from there."
            ) from None
        self.sum_up(job)

    def reader_of(self, path: str) -> Reader:
        if path.startswith(("http://", "https://")):
            parsed(path, private=settings.FETCH_PRIVATE)
            return Reader(path, {}, path)
        return Reader(str(Path(path).absolute()), paths_under(Path(path)))

    def unfinished(self, voice: Voice, address: str) -> Import | None:
        """The import that an earlier call of this command left behind."""
        Import.objects.filter(voice=voice).put_back_abandoned()
        mine = voice.imports.unfinished().filter(origin=Import.Origin.COMMAND, address=address)
        job = mine.select_related("voice__client").first()
        if job is None:
            return None
        if job.state == Import.State.RUNNING:
            raise ReadError("This import is under way already.")
        done = job.files.exclude(state=State.WAITING).count()
        self.stdout.write(f"Going on with the import of {job.created_at:%d %b %Y %H:%M}; {done} files are done.")
        return job

    def claimed(self, job: Import) -> uuid.UUID:
        """Wait until no other import of the voice runs."""
        waited = False
        while not (claim := job.try_claim()):
            if not job.voice.imports.filter(pk=job.pk, state=Import.State.QUEUED).exists():
                raise CommandError("Another process took this import up, or it was cancelled.")
            if not waited:
                self.stdout.write("Another import of this voice is under way; this one waits for it.")
            waited = True
            time.sleep(1)
        return claim

    def tell(self, file: ImportFile) -> None:
        """What was left out of the file, or why all of it was."""
        for row in file.left_out:
            self.stderr.write(f"{file.name}: {row}")
        if more := file.rows_left_out - len(file.left_out):
            self.stderr.write(f"{file.name}: {more:,} more rows left out.")
        if file.reason:
            self.stderr.write(f"{file.name}: {file.reason}")

    def sum_up(self, job: Import) -> None:
        job.refresh_from_db()
        if job.state == Import.State.FAILED:
            raise CommandError(job.error)
        good, bad = job.files.filter(state=State.IMPORTED), job.files.filter(state__in=[State.REFUSED, State.KNOWN])
        pairs = good.aggregate(sum=Sum("pairs"))["sum"] or 0
        rows = job.files.aggregate(sum=Sum("rows_left_out"))["sum"] or 0
        told = f"{job.voice}: {good.count()} files imported, {pairs} proposed pairs, {bad.count()} files left out"
        self.stdout.write(f"{told}, {rows} rows left out." if rows else f"{told}.")
        if job.state == Import.State.CANCELLED:
            raise CommandError("It was cancelled; the other files are not imported.")
        if not good.exists():
            raise CommandError("Nothing was imported.")


class Reader:
    """The files of a folder where they lie, or the one address."""

    def __init__(self, address: str, paths: dict[str, Path], url: str = "") -> None:
        self.address, self.paths, self.url = address, paths, url
        if not url and not paths:
            raise ReadError(f"{address}: there are no files in it.")

    def bytes_of(self, file: ImportFile) -> bytes:
        try:
            return bytes_of(self.paths[file.name])
        except KeyError as error:
            raise ReadError("it is gone since the import began.") from error
        except OSError as error:
            raise ReadError(f"it cannot be opened: {error.strerror}.") from error


@transaction.atomic
def start(voice: Voice, read: Reader, licence: str, channel: str) -> Import:
    names = [(read.url, read.url)] if read.url else [(name, "") for name in read.paths]
    job = Import.objects.create(
        voice=voice,
        origin=Import.Origin.COMMAND,
        address=read.address,
        licence=licence[:200],
        channel=channel,
    )
    ImportFile.objects.bulk_create(rows_of(job, names), batch_size=500)
    return job
