"""`manage.py rehearse VOICE [--from PATH] --iterations N --json FILE`: the loop, played by a simulated reviewer."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviews.rehearsal import RehearsalError, rehearse
from reviews.scratch import texts_under
from training.corpus.read import ReadError
from training.engine.config import LoraRun
from training.management.lookup import find_voice
from training.metrics.judge import JudgeError
from training.models import Pair, Voice


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
        parser.add_argument("--iterations", type=int, default=3)
        parser.add_argument("--pairs", type=int, default=600, help="train on at most this many pairs")
        parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the run")
        parser.add_argument("--json", type=Path, help="write the table here as JSON, too")
        parser.add_argument("--keep", action="store_true", help="keep the scratch voice")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["iterations"] < 1:
            raise CommandError("--iterations must be 1 or more.")
        folder: Path | None = options["folder"]
        original = None if folder else find_voice(options["voice"])
        config: dict[str, Any] = {}
        for setting in options["set"]:
            key, _, value = setting.partition("=")
            try:
                config[key] = json.loads(value)
            except json.JSONDecodeError as error:
                raise CommandError(f"--set {setting}: write NAME=NUMBER.") from error
        report: Path | None = options["json"]
        if report and (report.is_dir() or not report.absolute().parent.is_dir()):
            raise CommandError(f"{report}: {'a folder' if report.is_dir() else 'no such folder'}. Choose another file.")
        # Ended by a service or a time limit, it clears up as after Ctrl-C.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            LoraRun.from_dict(config)
            others = [text for path in options["others"] for text in texts_under(path)]
            elsewhere = Voice.objects.filter(is_scratch=False)
            if original:
                elsewhere = elsewhere.exclude(client=original.client)
            others += Pair.objects.validated().filter(voice__in=elsewhere).values_list("output", flat=True)
            result = rehearse(
                options["voice"],
                folder=folder,
                original=original,
                others=others,
                iterations=options["iterations"],
                pairs=options["pairs"],
                config=config,
                keep=options["keep"],
                say=self.say,
            )
        except KeyboardInterrupt:
            raise CommandError("Stopped. " + ("" if options["keep"] else "The scratch voice is deleted.")) from None
        except (RehearsalError, JudgeError, ReadError, ValueError) as error:
            raise CommandError(str(error)) from error
        if report:
            report.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()  # rows come minutes apart
