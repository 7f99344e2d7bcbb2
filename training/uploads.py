"""Asking for an import: raw bytes beside the database, one row for each file, and on commit the message."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from training.corpus.reading.document import MAXIMUM_ARCHIVE
from training.importing import shown
from training.models import Import, ImportFile, Voice


@dataclass(frozen=True)
class Upload:
    """A name with the file's bytes in pieces, or with the address to fetch it from."""

    name: str
    chunks: Iterable[bytes] = ()
    url: str = ""


def start_import(
    voice: Voice,
    uploads: Sequence[Upload],
    *,
    key: uuid.UUID,
    origin: str,
    user: Any = None,
    licence: str = "",
    channel: str = "",
) -> Import:
    """Keep the uploads, make the rows, and let a worker know once they are committed.

    A second call with the same key gives the first one's import. The bytes are in place before the row is, so that
    no worker ever misses them; a folder without a row is swept up.
    """
    from training.importjobs import enqueue_import

    if known := voice.imports.filter(key=key).first():
        return known
    job = Import(
        voice=voice,
        key=key,
        origin=origin,
        requested_by=user,
        licence=licence[:200],
        channel=channel,
        address=next((upload.url for upload in uploads if upload.url), ""),
    )
    files = rows_of(job, ((shown(upload.name), upload.url) for upload in uploads))
    keep(job, {str(file.pk): upload.chunks for file, upload in zip(files, uploads, strict=True) if not upload.url})
    try:
        with transaction.atomic():
            job.save(force_insert=True)
            ImportFile.objects.bulk_create(files, batch_size=500)
            transaction.on_commit(lambda: enqueue_import(job))
    except IntegrityError:  # the other of two clicks was quicker
        shutil.rmtree(job.folder, ignore_errors=True)
        return voice.imports.get(key=key)
    return job


def rows_of(job: Import, names: Iterable[tuple[str, str]]) -> list[ImportFile]:
    """A row for each name and address; "" for no address."""
    return [
        ImportFile(job=job, position=position, name=name[:400], url=url) for position, (name, url) in enumerate(names)
    ]


def keep(job: Import, files: dict[str, Iterable[bytes]]) -> None:
    """Write the files beside and rename the folder when all of them are whole. Of each, as much as can be read."""
    folder = job.folder.with_suffix(".part")
    folder.mkdir(parents=True)
    try:
        for name, chunks in files.items():
            left = MAXIMUM_ARCHIVE + 1
            with (folder / name).open("wb") as file:
                for chunk in chunks:
                    file.write(chunk[:left])
                    left = max(0, left - len(chunk))
        folder.rename(job.folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def drop_left_over(older_than: float) -> None:
    """Remove the folders of uploads that no unfinished import has, if they were made before this time (epoch)."""
    if not settings.IMPORTS.is_dir():
        return
    kept = {str(pk) for pk in Import.objects.unfinished().values_list("pk", flat=True)}
    for folder in settings.IMPORTS.iterdir():
        if folder.name not in kept and folder.stat().st_mtime < older_than:
            shutil.rmtree(folder, ignore_errors=True)
