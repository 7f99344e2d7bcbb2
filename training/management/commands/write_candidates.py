"""`manage.py write_candidates JOB --claim TOKEN`: the child process of the worker that writes candidates.

Exit status 0: all is written. 4: the job was cancelled, or belongs to another worker. Other: the last line of standard
error is the reason, for a person.
"""

from __future__ import annotations

import sys
import threading
import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from training.candidates import Lost, write_candidates
from training.engine.errors import EngineError
from training.jobs import LOST
from training.management.commands.train import exit_without_worker
from training.models import Writing
from training.store import StoreError


class Command(BaseCommand):
    help = "Write the candidates of one claimed job. The worker starts this; people use the page Focus."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("job", type=uuid.UUID, help="the job's id")
        parser.add_argument("--claim", type=uuid.UUID, required=True, help="the token of the worker that holds it")

    def handle(self, *args: Any, **options: Any) -> None:
        job = Writing.objects.select_related("voice__client", "version", "focus").filter(pk=options["job"]).first()
        if job is None:
            raise CommandError(f"There is no job {options['job']}; it was deleted.")
        threading.Thread(target=exit_without_worker, daemon=True).start()
        try:
            write_candidates(job, options["claim"])
        except Lost:
            sys.exit(LOST)
        except (EngineError, StoreError) as error:
            raise CommandError(str(error)) from error
