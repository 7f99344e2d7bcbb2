"""A data set's rows, read in a child process with bounded memory and time; Parquet above all is foreign ground.

The child is a fresh interpreter without Django or secrets. Its standard input is the file; what it says is lines of
JSON: the container's name first, then a list of number and row (or reason) for each, and at the end a reason or null.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from training.corpus.formats.reading import Found, rows_of
from training.corpus.reading.child import KEPT, LONGEST_ANSWER, ROOT
from training.corpus.reading.document import ReadError

MEGABYTES = 1536
SECONDS = 600
"""Of the processor, for one file: a hundred thousand rows take some ten."""


@contextmanager
def read_rows(file: IO[bytes]) -> Iterator[tuple[str, Iterator[Found]]]:
    """The container's name and the rows of an open file; leave the context when enough of them are read.

    Raises `ReadError`, then or while the rows are read, for a file that is no data set or ends its reader.
    """
    with contextlib.ExitStack() as stack:
        try:
            file.fileno()
            file.seek(0)
        except (OSError, ValueError):  # a pipe, or bytes in memory
            copy = stack.enter_context(tempfile.TemporaryFile())
            shutil.copyfileobj(file, copy)
            copy.seek(0)
            file = copy
        process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=ROOT,
            env={key: os.environ[key] for key in KEPT if key in os.environ} | {"OMP_NUM_THREADS": "1"},
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the parent
        )
        stack.callback(end, process)
        first = answer(process)
        if not isinstance(first, str):
            raise ReadError(reason(process, first))
        yield first, rows_from(process)


def rows_from(process: subprocess.Popen[bytes]) -> Iterator[Found]:
    while isinstance(found := answer(process), list):
        yield found[0], found[1]
    if not isinstance(found, dict) or found["reason"]:
        raise ReadError(reason(process, found))


def answer(process: subprocess.Popen[bytes]) -> str | list | dict | None:  # type: ignore[type-arg]
    """What the child says next; None when it is gone."""
    assert process.stdout
    line = process.stdout.readline(LONGEST_ANSWER)
    return json.loads(line) if line.endswith(b"\n") else None


def reason(process: subprocess.Popen[bytes], last: object) -> str:
    if isinstance(last, dict):
        return str(last["reason"])
    code = end(process)
    if code == -signal.SIGXCPU:
        return f"reading it takes longer than {SECONDS} seconds."
    return f"reading it ended the reader ({signal.Signals(-code).name if code < 0 else f'exit status {code}'})."


def end(process: subprocess.Popen[bytes]) -> int:
    """The exit status; a child whose rows nobody wants any more is ended."""
    assert process.stdout
    process.stdout.close()
    try:
        return process.wait(timeout=1)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def serve(file: IO[bytes], answers: IO[str]) -> None:
    """The child's side."""
    size = MEGABYTES * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    said = ""
    try:
        container, rows = rows_of(file)
        answers.write(json.dumps(container) + "\n")
        for found in rows:
            answers.write(json.dumps(found) + "\n")
    except ReadError as error:
        said = str(error)
    except MemoryError:
        said = f"reading it takes more than {MEGABYTES:,} MB of memory."
    answers.write(json.dumps({"reason": said}) + "\n")
    answers.flush()


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        serve(sys.stdin.buffer, sys.stdout)
    os._exit(0)  # Arrow's threads and a broken pipe have nothing left to say
