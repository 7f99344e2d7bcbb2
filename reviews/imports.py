"""What people do with imports: cancel one, and what the log tells of one that is over."""

from __future__ import annotations

import shutil

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Sum

from reviews.models import LogEntry, record
from training.models import Import, ImportFile


@transaction.atomic
def cancel(job: Import, *, user: User) -> bool:
    """Ask the import to stop; what is in stays in. False when it was over already, or asked before."""
    if not job.request_cancel():
        return False
    data = {"import": str(job.pk)}
    record("import.cancelled", client=job.voice.client, voice=job.voice, user=user, **data)
    job.refresh_from_db()
    if job.is_over:
        transaction.on_commit(lambda: shutil.rmtree(job.folder, ignore_errors=True))
    return True


def log_import(job: Import) -> None:
    """Tell of the files and pairs that came in, without those that were told of when it was interrupted before."""
    found = job.files.filter(state=ImportFile.State.IMPORTED).aggregate(files=Count("pk"), pairs=Sum("pairs"))
    told = LogEntry.objects.filter(action="copy.imported", voice=job.voice, data__import=str(job.pk))
    before = list(told.values_list("data", flat=True))
    files = found["files"] - sum(data["files"] for data in before)
    pairs = (found["pairs"] or 0) - sum(data["pairs"] for data in before)
    if files:
        data = {"import": str(job.pk), "files": files, "pairs": pairs}
        record("copy.imported", client=job.voice.client, voice=job.voice, user=job.requested_by, **data)
