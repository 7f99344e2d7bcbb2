"""`manage.py retrain VOICE [--wait]`: start a run from the command line."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviews.retraining import retrain
from training.engine.errors import ConfigError
from training.management.lookup import find_voice, settings_in
from training.models import Run
from training.retraining import CannotStart

POLL_SECONDS = 1.0


class Command(BaseCommand):
    help = "Start a run for a voice; the worker trains it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("voice", help="the voice's name in addresses, or client/voice")
        parser.add_argument(
            "--wait", action="store_true", help="wait until the run is over; any end but a finished one is an error"
        )
        parser.add_argument(
            "--set", action="append", default=[], metavar="NAME=NUMBER", help="a setting of the run, as epochs=2"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        voice = find_voice(options["voice"])
        config = settings_in(options["set"])
        try:
            run = retrain(voice, user=None, config=config)
        except (CannotStart, ConfigError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Run {run.pk} waits for a worker.")
        if options["wait"]:
            self.wait(run)

    def wait(self, run: Run) -> None:
        """Follow the run to its end; any end but a finished one is an error."""
        stage = None
        try:
            while not run.is_over:
                time.sleep(POLL_SECONDS)
                run.refresh_from_db()
                if run.progress.get("stage") != stage:
                    stage = run.progress["stage"]
                    self.stdout.write(f"{run.get_state_display()}: {stage}.")
        except KeyboardInterrupt:
            raise CommandError("Stopped waiting; the run goes on. Cancel it on the voice's Runs page.") from None
        seconds = f" after {run.seconds:.0f} s" if run.seconds else ""
        if run.state != Run.State.FINISHED:
            raise CommandError(f"{run.get_state_display()}{seconds}. {run.error}".strip())
        self.stdout.write(f"Finished{seconds}: {run.version}.")
