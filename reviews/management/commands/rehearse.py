"""`manage.py rehearse VOICE [--from PATH] --iterations N --json FILE`: the loop, played by a simulated reviewer."""

from __future__ import annotations

import json
import signal
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviews.rehearsal import RehearsalError, rehearse
from reviews.scratch import clear_left_over, kept, remove, scratch, texts_under
from training.corpus.reading.document import ReadError
from training.engine.config import LoraRun
from training.management.lookup import find_voice, settings_in
from training.management.output import written
from training.metrics.judge import JudgeError
from training.models import Pair, Voice
from training.retraining import MINIMUM_PAIRS


class Command(BaseCommand):
    help = "Play import, training, judging and retraining with a simulated reviewer; print a table per iteration."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("voice", help="a voice to rehearse, or just a name when --from gives the copy")
        parser.add_argument("--from", type=Path, dest="folder", help="a folder or file of published copy")
        parser.add_argument(
            "--others",
            type=Path,
            nargs="*",
            default=[],
            help="copy of other voices, which the judge learns to tell apart",
        )
        parser.add_argument("--iterations", type=int, default=3, help="how often to train and judge: 3, if not given")
        parser.add_argument(
            "--pairs", type=int, default=600, help="train on at most this many pairs: 600, if not given"
        )
        parser.add_argument(
            "--set", action="append", default=[], metavar="NAME=NUMBER", help="a setting of the runs, as epochs=2"
        )
        parser.add_argument("--json", type=Path, help="a file to write the table to as JSON, too")
        after = parser.add_mutually_exclusive_group()
        after.add_argument("--keep", action="store_true", help="keep the scratch voice, which no page shows")
        after.add_argument("--drop", action="store_true", help="delete the scratch voice VOICE that was kept, no more")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["voice"]
        clear_left_over()
        if options["drop"]:
            self.drop(name)
            return
        if options["iterations"] < 1:
            raise CommandError("--iterations must be 1 or more.")
        if options["pairs"] < MINIMUM_PAIRS:
            raise CommandError(f"--pairs must be {MINIMUM_PAIRS} or more: a run needs them.")
        folder: Path | None = options["folder"]
        original = None if folder else find_voice(name)
        config = settings_in(options["set"])
        # Ended by a service, a time limit or a closed terminal, it clears up as after Ctrl-C.
        for end in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(end, signal.default_int_handler)
        report: Path | None = options["json"]
        try:
            LoraRun.from_dict(config)
            others = [text for path in options["others"] for text in texts_under(path)]
            elsewhere = Voice.objects.real()
            if original:
                elsewhere = elsewhere.exclude(client=original.client)
            others += Pair.objects.validated().filter(voice__in=elsewhere).values_list("output", flat=True)
            with written(report) if report else nullcontext() as file, scratch(name, keep=options["keep"]) as voice:
                if options["keep"]:
                    self.say(f"The scratch voice stays as {voice.slug}, for manage.py write --voice {voice.slug}.")
                result = rehearse(
                    voice,
                    folder=folder,
                    original=original,
                    others=others,
                    iterations=options["iterations"],
                    pairs=options["pairs"],
                    config=config,
                    say=self.say,
                )
                if file:
                    file.write(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
        except KeyboardInterrupt:
            raise CommandError("Stopped. " + ("" if options["keep"] else "The scratch voice is deleted.")) from None
        except (RehearsalError, JudgeError, ReadError, ValueError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename or settings.VAR}: {error.strerror or error}.") from error

    def drop(self, name: str) -> None:
        voices = {voice.slug: voice for voice in kept()}
        if name not in voices:
            raise CommandError(f"{name}: no such scratch voice was kept. Choose one of: {', '.join(voices) or 'none'}.")
        remove(voices[name])
        self.say(f"{name} is deleted.")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()  # rows come minutes apart
