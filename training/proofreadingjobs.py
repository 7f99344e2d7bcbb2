"""The Dramatiq actor that proofreads a voice's copy, one batch of passages after another."""

from __future__ import annotations

import dramatiq

from training.batchjobs import Hold, carry_out
from training.importjobs import QUEUE
from training.messages import enqueue, send_again
from training.models import Proofreading
from training.proofreading import proofread


@dramatiq.actor(queue_name=QUEUE)
def run_proofreading(proofreading_id: str) -> None:
    """Proofread a voice's copy, unless somebody else does already."""
    job = Proofreading.objects.filter(pk=proofreading_id).select_related("voice__client").first()
    if job is None:
        return

    def work(hold: Hold) -> None:
        for _ in proofread(job.voice):
            hold()

    carry_out(job, work, stays="What is looked at stays so; another look goes on from there.")


def enqueue_proofreading(job: Proofreading) -> None:
    enqueue(run_proofreading, job)


def sweep() -> int:
    return send_again(run_proofreading, Proofreading.objects.waiting())
