"""The Dramatiq actor for data sets: it looks at all rows of a large one, or brings the rows of one in.

How far an import is stands in its job, stored with each batch of rows: after a kill the next worker passes over what is
in, and the counts are those of one import.
"""

from __future__ import annotations

import io
import uuid
from dataclasses import asdict
from functools import partial

import dramatiq
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from training.batchjobs import Hold, carry_out
from training.examining import examine
from training.exchange import How, Outcome, bring_in_file
from training.importjobs import QUEUE
from training.messages import enqueue, send_again
from training.models import DataSet, DataSetJob

Kind, State = DataSetJob.Kind, DataSetJob.State
STAYS = {
    Kind.LOOK: "Nothing was imported.",
    Kind.IMPORT: "What came in stays in.",
}


@dramatiq.actor(queue_name=QUEUE)
def run_data_set_job(job_id: str) -> None:
    """Do it, unless somebody else does already."""
    job = DataSetJob.objects.filter(pk=job_id).first()
    if job is None:
        return
    work = look if job.kind == Kind.LOOK else bring
    carry_out(job, partial(work, job), stays=STAYS[Kind(job.kind)], end=partial(end, job))


def look(job: DataSetJob, hold: Hold) -> None:
    raw = io.BytesIO(job.data_set.raw)
    seen = examine(raw, job.channel, job.mapping, told=lambda rows: hold(progress={"rows": rows}))
    with transaction.atomic():
        hold()
        found = {"channel": job.channel, "mapping": seen.mapping, "report": asdict(seen)}
        DataSet.objects.filter(pk=job.data_set_id, imported_at=None).update(**found)


def bring(job: DataSetJob, hold: Hold) -> None:
    data_set = job.data_set
    how = How(data_set.sha256, data_set.name, trust=job.trust, licence=data_set.licence, user=job.requested_by)

    def tell(outcome: Outcome, rows: int) -> None:
        hold(progress={"rows": rows, "outcome": outcome.as_dict()})

    bring_in_file(
        data_set.voice,
        io.BytesIO(data_set.raw),
        how,
        data_set.channel,
        data_set.mapping or None,
        told=tell,
        before=(Outcome(**job.outcome), job.progress.get("rows", 0)),
    )


def end(job: DataSetJob, claim: uuid.UUID, state: str, error: str) -> None:
    """One transaction: an import that is over stands in the log, or it is not over."""
    with transaction.atomic():
        if not job.finish(claim, state, error) or job.kind != Kind.IMPORT:
            return
        job.refresh_from_db()
        if state == State.FINISHED:
            job.data_set.settle(job.outcome)
        import_string(settings.ON_DATA_IMPORTED)(job)


def enqueue_data_set_job(job: DataSetJob) -> None:
    enqueue(run_data_set_job, job)


def sweep() -> int:
    return send_again(run_data_set_job, DataSetJob.objects.waiting())
