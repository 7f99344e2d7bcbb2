"""Reading in a child process, so that a file built to hurt costs a refusal: bounded memory, time and output.

The child is a fresh interpreter without Django or secrets. It reads one file after another until its input ends, so
ten thousand small files do not pay ten thousand starts; a file that kills it costs a new child, and in an archive only
itself. Both sides speak lines of JSON, each followed by as many raw bytes as it says; nothing is unpickled.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from training.corpus.brief import Brief
from training.corpus.reading.document import Block, Document, Problem, Reading
from training.corpus.reading.listings import Listing

ROOT = Path(__file__).resolve().parents[3]
KEPT = ("PATH", "LANG", "LD_LIBRARY_PATH", "TMPDIR")
FILES_PER_CHILD = 2_000
WAITING = 10
LONGEST_ANSWER = 200 * 2**20


@dataclass(frozen=True)
class Limits:
    """What reading one file may take: address space in MB, seconds of the processor and ten times as many in all.

    The processor's, because on a busy machine a second of work may take half a minute.
    """

    megabytes: int = 1024
    seconds: int = 30


def read_files(files: Iterable[tuple[str, bytes]], limits: Limits | None = None) -> Iterator[Reading]:
    """A reading for each file, in order; an archive gives one for each file in it."""
    child = Child(limits or Limits())
    try:
        for name, raw in files:
            yield from child.read(name, raw)
    finally:
        child.close()


class Child:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.process: subprocess.Popen[bytes] | None = None
        self.files = 0

    def read(self, name: str, raw: bytes, skip: int = 0) -> Iterator[Reading]:
        """The file's reading; of an archive one for each of its files but the first `skip`."""
        answered = skip  # files of this archive that are done, one that killed a child included
        while True:
            begun = ""  # the file of the archive that is being read
            try:
                for answer, data in self.ask(name, raw, answered):
                    if "begun" in answer:
                        begun = answer["begun"]
                        answered += 1
                    elif "reading" in answer:
                        yield reading_of(answer["reading"], raw if answer["whole"] else data)
                        begun = ""
                return
            except (EOFError, OSError, ValueError):
                yield Reading(begun or name, b"", reason=self.ended())
                if not begun:
                    return

    def links(self, name: str, raw: bytes) -> Listing | None:
        """The pages that a feed or sitemap names; None for anything else, and for what cannot be read."""
        try:
            [(answer, _)] = self.ask(name, raw, 0, links=True)
        except (EOFError, OSError, ValueError):
            self.close()
            return None
        return Listing(**answer["links"]) if answer["links"] else None

    def ask(self, name: str, raw: bytes, skip: int, links: bool = False) -> Iterator[tuple[dict[str, Any], bytes]]:
        if self.files >= FILES_PER_CHILD:
            self.close()
        process = self.process or self.start()
        assert process.stdin and process.stdout
        self.files += 1
        send(process.stdin, {"name": name, "skip": skip, "links": links}, raw)
        done = False
        while not done:
            answer, data = receive(process.stdout)
            done = answer.get("done", False)
            if answer.get("last"):
                self.close()
            yield answer, data

    def start(self) -> subprocess.Popen[bytes]:
        self.files = 0
        self.process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(self.limits.megabytes), str(self.limits.seconds)],
            cwd=ROOT,
            env={key: os.environ[key] for key in KEPT if key in os.environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the parent; the child ends when its input does
        )
        return self.process

    def ended(self) -> str:
        """Why the child is gone, as a reason to refuse the file that it was reading."""
        code = self.close() or 0
        if code in (-signal.SIGPROF, -signal.SIGALRM):
            seconds = self.limits.seconds * (1 if code == -signal.SIGPROF else WAITING)
            return f"reading it takes longer than {seconds} seconds."
        return f"reading it ended the reader ({signal.Signals(-code).name if code < 0 else f'exit status {code}'})."

    def close(self) -> int | None:
        """The exit status of the child, which ends when its input does."""
        process, self.process = self.process, None
        if process is None:
            return None
        assert process.stdin and process.stdout
        process.stdout.close()
        with contextlib.suppress(OSError):  # it is gone with what was written to it unread
            process.stdin.close()
        try:
            return process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


def send(stream: IO[bytes], message: dict[str, Any], data: bytes = b"") -> None:
    stream.write(json.dumps({**message, "size": len(data)}).encode() + b"\n" + data)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """Raises `EOFError` when the other side is gone, or says more than it may."""
    line = stream.readline(LONGEST_ANSWER)
    if not line.endswith(b"\n"):
        raise EOFError
    message: dict[str, Any] = json.loads(line)
    size = message.pop("size")
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return message, data


def as_message(reading: Reading) -> dict[str, Any]:
    documents = [
        {
            "title": document.title,
            "blocks": [[block.text, block.kind] for block in document.blocks],
            "brief": document.brief.as_dict() if document.brief else None,
            "changes": document.changes,
            "date": document.date,
            "channel": document.channel,
        }
        for document in reading.documents
    ]
    return {
        "name": reading.name,
        "kind": reading.kind,
        "encoding": reading.encoding,
        "documents": documents,
        "problems": [[problem.where, problem.reason] for problem in reading.problems],
        "reason": reading.reason,
    }


def reading_of(message: dict[str, Any], raw: bytes) -> Reading:
    documents = tuple(
        Document(
            title=document["title"],
            blocks=[Block(text, kind) for text, kind in document["blocks"]],
            brief=Brief.from_dict(document["brief"]) if document["brief"] else None,
            changes=document["changes"],
            date=document["date"],
            channel=document["channel"],
        )
        for document in message["documents"]
    )
    problems = tuple(Problem(where, reason) for where, reason in message["problems"])
    return Reading(message["name"], raw, message["kind"], message["encoding"], documents, problems, message["reason"])


def serve(source: IO[bytes], answers: IO[bytes], megabytes: int, seconds: int) -> None:
    """The child's side, until its input ends. The timers are the kernel's: nothing that a parser does puts them off."""
    from training.corpus.reading.listings import links_in
    from training.corpus.reading.read import parts, reading

    size = megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    while True:
        try:
            request, raw = receive(source)
        except EOFError:
            return
        last = False
        done = {"done": True}
        allow(seconds)
        if request["links"]:
            listing = links_in(raw)
            allow(0)
            send(answers, {"links": vars(listing) if listing else None, **done})
            continue
        for number, (name, part) in enumerate(parts(request["name"], raw)):
            if number < request["skip"]:
                continue
            whole = part is raw
            if not whole:
                send(answers, {"begun": name})
            try:
                found = reading(name, part)
            except MemoryError:
                found = Reading(name, b"", reason=f"reading it takes more than {megabytes:,} MB of memory.")
                last = True  # whatever is left half done in this process, the next file shall not meet it
            allow(0)
            message = {"reading": as_message(found), "whole": whole}
            if whole:
                send(answers, {**message, **done, "last": last})
                break
            send(answers, message, part if isinstance(part, bytes) else b"")
            allow(seconds)
        else:
            allow(0)
            send(answers, {**done, "last": last})


def allow(seconds: int) -> None:
    """End this process when it works, or waits, for longer; 0 takes that back."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.alarm(WAITING * seconds)


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[1]), int(sys.argv[2]))
