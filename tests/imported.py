"""Let the worker do what the web asked for."""

from training.datasetjobs import run_data_set_job
from training.importjobs import run_import
from training.models import DataSetJob, Import


def take_in() -> Import:
    """Run every import that waits, and give the newest one back."""
    for job in Import.objects.filter(state="queued").order_by("created_at"):
        run_import(str(job.pk))
    return Import.objects.order_by("created_at").last()


def bring_in() -> None:
    """Do everything that workers are to do with data sets."""
    for job in DataSetJob.objects.waiting().order_by("created_at"):
        run_data_set_job(str(job.pk))
