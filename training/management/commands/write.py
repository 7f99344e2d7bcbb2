"""`manage.py write --voice SLUG|--base --briefs FILE.jsonl --out FILE.jsonl`: copy for a file of briefs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from training.corpus.brief import Brief, BriefError
from training.management.lookup import find_voice
from training.management.output import written
from training.models import ModelVersion

Row = tuple[dict[str, Any], Brief]


class Command(BaseCommand):
    help = "Write copy for each brief of a JSON lines file, by a voice's live version or by the base model."

    def add_arguments(self, parser: CommandParser) -> None:
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--voice", help="the voice's name in addresses, or client/voice; its live version writes")
        who.add_argument("--base", action="store_true", help="the base model alone writes")
        parser.add_argument(
            "--version", type=int, dest="number", help="this version of the voice instead of the live one"
        )
        parser.add_argument(
            "--briefs",
            type=Path,
            required=True,
            help="JSON lines, one brief each: channel, topic, and if wanted facts, audience, call_to_action",
        )
        parser.add_argument(
            "--out", type=Path, required=True, help="the file to write: the briefs with output, version and seed"
        )
        parser.add_argument("--seed", type=int, default=1, help="seed of the first line; each next line has one more")
        parser.add_argument("--temperature", type=float, help="0 takes the likeliest word each time")

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        # Django's own --version would shadow ours.
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["base"] and options["number"] is not None:
            raise CommandError("--version goes with --voice; the base model has one version.")
        rows = read_rows(options["briefs"])
        version = None if options["base"] else self.version(options["voice"], options["number"])
        with written(options["out"]) as file:
            label = self.write(rows, version, options, file)
        if options["out"].is_file():  # in a pipe it would be one more row
            self.stdout.write(f"{len(rows)} texts by {label} in {options['out']}.")

    def write(self, rows: list[Row], version: ModelVersion | None, options: dict[str, Any], file: TextIO) -> str:
        """Write the copy of all rows into the file. Returns who wrote it."""
        import torch

        from training.engine.base import load_base
        from training.engine.errors import BaseError, EngineError
        from training.engine.run import choose_threads
        from training.engine.writing import WritingSettings, write

        changed = {} if options["temperature"] is None else {"temperature": options["temperature"]}
        seeds = [options["seed"] + line for line in range(len(rows))]
        if version and version.folder and not version.folder.is_dir():
            raise CommandError(
                f"{version} of {version.voice} has lost its files, {version.folder}. Bring them back, or retrain."
            )
        try:
            base = load_base(version.base_model if version else settings.BASE_MODEL)
            if version and version.base_digest and version.base_digest != base.digest:
                raise CommandError(
                    f"{version} of {version.voice} was trained on another {version.base_model} than the one that is "
                    "there now. Bring that one back, or retrain."
                )
            torch.set_num_threads(choose_threads(settings.TRAINING_THREADS, base.parameters))
            texts = write(
                base,
                [brief.prompt() for _, brief in rows],
                adapter=version.folder if version else None,
                seeds=seeds,
                settings=WritingSettings(**changed),
            )
        except (BaseError, EngineError) as error:
            raise CommandError(str(error)) from error
        label = f"{version.voice.slug} {version.number}" if version else base.name
        for (row, brief), text, seed in zip(rows, texts, seeds, strict=True):
            line = {**row, **brief.as_dict(), "output": text.text, "version": label, "seed": seed}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        return label

    def version(self, name: str, number: int | None) -> ModelVersion:
        voice = find_voice(name, even_scratch=True)  # what a rehearsal kept can be tried
        if number is not None:
            found = voice.versions.filter(number=number).first()
            if found is None:
                raise CommandError(f"{voice} has no version {number}.")
            return found
        if voice.live is None:
            raise CommandError(f"{voice} has no live version yet. Promote one, or write with --base.")
        return voice.live


def read_rows(path: Path) -> list[Row]:
    """Each line's object and the brief in it. Raises `CommandError` naming the line and field that is wrong."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: cannot be read ({getattr(error, 'strerror', 'it is no UTF-8')}).") from error
    rows = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise BriefError("it is not an object in braces.")
            rows.append((row, Brief.from_dict(row)))
        except BriefError as error:
            raise CommandError(f"{path}, line {number}: {error}") from error
        except (ValueError, RecursionError) as error:
            raise CommandError(f"{path}, line {number}: not JSON ({getattr(error, 'msg', error)}).") from error
    if not rows:
        raise CommandError(f"{path} holds no briefs.")
    return rows
