"""Let the worker do what the web asked for."""

from training.importjobs import run_import
from training.models import Import


def take_in() -> Import:
    """Run every import that waits, and give the newest one back."""
    for job in Import.objects.filter(state="queued").order_by("created_at"):
        run_import(str(job.pk))
    return Import.objects.order_by("created_at").last()
