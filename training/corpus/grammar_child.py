"""Proofreading in a child process: Harper's dictionaries take 300 MB, and no text may hold up or end who asks.

The child is a fresh interpreter without Django. Both sides speak lines of JSON. A text that kills it, or takes longer
than it may, costs a new child and counts as looked at, with nothing found.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from training.corpus import grammar
from training.corpus.grammar import Finding

ROOT = Path(__file__).resolve().parents[2]
KEPT = ("PATH", "LANG", "LD_LIBRARY_PATH", "TMPDIR")
MEGABYTES = 2048
SECONDS = 20
LONGEST = 50_000
"""Characters of a text beyond which none is looked at: no piece of copy is that long."""


class Proofreader:
    """A child that looks at one text after another. Use it as a context: it ends with it."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Proofreader:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def look(self, texts: Iterable[str], dialect: str = "") -> Iterator[list[Finding]]:
        """The findings of each text, in order."""
        for text in texts:
            answer = self.ask({"look": text, "dialect": dialect}) if len(text) <= LONGEST else None
            yield [Finding(**{**one, "replacements": tuple(one["replacements"])}) for one in answer or []]

    def unknown_words(self, text: str) -> list[str]:
        return list(self.ask({"unknown": text[:LONGEST]}) or [])

    def told_dialect(self, texts: Sequence[str]) -> str:
        return str(self.ask({"dialect_of": [text for text in texts if len(text) <= LONGEST]}) or "")

    def ask(self, request: dict[str, Any]) -> Any:
        """The child's answer; None when it ended over this request."""
        process = self.process or self.start()
        assert process.stdin and process.stdout
        try:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())
        except (OSError, ValueError):
            self.close()
            return None

    def start(self) -> subprocess.Popen[str]:
        self.process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=ROOT,
            env={key: os.environ[key] for key in KEPT if key in os.environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C is for the parent; the child ends when its input does
        )
        return self.process

    def close(self) -> None:
        process, self.process = self.process, None
        if process is not None:
            process.kill()
            process.communicate()


def serve(requests: IO[str], answers: IO[str]) -> None:
    """The child's side, until its input ends."""
    size = MEGABYTES * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    grammar.look("Warm up, please.", "american")
    for line in requests:
        request = json.loads(line)
        # The processor's seconds: on a busy machine one of them may take many.
        signal.setitimer(signal.ITIMER_PROF, SECONDS * (10 if "dialect_of" in request else 1))
        answers.write(json.dumps(answer(request)) + "\n")
        answers.flush()
        signal.setitimer(signal.ITIMER_PROF, 0)


def answer(request: dict[str, Any]) -> Any:
    if "look" in request:
        return [asdict(one) for one in grammar.look(request["look"], request["dialect"])]
    if "unknown" in request:
        return grammar.unknown_words(request["unknown"])
    return grammar.told_dialect(request["dialect_of"])


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout)
