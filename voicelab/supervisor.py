"""The supervisor of `manage.py up`: Honcho, taught to restart what dies, to stop in order and to leave nothing."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import shlex
import signal
import sys
from dataclasses import dataclass
from functools import partial
from multiprocessing.synchronize import Event
from typing import Any

from honcho import manager, process
from honcho.printer import Printer

STOP_SECONDS = 12
PAUSE_SECONDS = 1
PR_SET_PDEATHSIG = 1  # linux/prctl.h
libc = ctypes.CDLL(None)


@dataclass(frozen=True)
class Program:
    """What to run, how often to start it, and what to say when it ended that often by itself."""

    command: list[str]
    tries: int = 1
    last_words: str = ""


class Supervisor(manager.Manager):  # type: ignore[misc]
    """Honcho, which here stops Redis last: the worker still needs it to hand its messages back."""

    is_redis_told = False

    def __init__(self) -> None:
        multiprocessing.set_start_method("fork", force=True)  # so that the processes are children of `up` itself
        super().__init__(Quiet(sys.stdout))
        self.stopping = multiprocessing.Event()
        self._process_ctor = partial(Tethered, stopping=self.stopping)
        # The worker puts its run back in line when it stops; give it the time.
        manager.KILL_WAIT = STOP_SECONDS

    def terminate(self) -> None:
        self.stopping.set()
        super().terminate()

    def _killall(self, force: bool = False) -> None:
        last = self._processes.get("redis", {})
        if force or self.is_redis_told or "returncode" in last:
            super()._killall(force)
            return
        last["returncode"] = None  # passed over, and not counted as stopped
        super()._killall(force)
        del last["returncode"]

    def _all_stopped(self) -> bool:
        rest = [process for name, process in self._processes.items() if name != "redis"]
        if self._terminating and not self.is_redis_told and all("returncode" in process for process in rest):
            self.is_redis_told = True
            self._killall()
        return bool(super()._all_stopped())


class Tethered(process.Process):  # type: ignore[misc]
    """One program, and the process of Honcho's that reads its output and here starts it again when it was killed.

    `kill -9` of `up` takes both along: the kernel ends Honcho's, and with that tells the program to stop.
    """

    def __init__(self, cmd: Program, *, stopping: Event, **options: Any) -> None:
        super().__init__(cmd, **options)
        self.stopping = stopping

    def run(self, events: Any = None, ignore_signals: bool = False) -> None:
        end_with(os.getppid(), signal.SIGKILL)
        # It ends when its program has; the signal of a Ctrl-C reaches it, too.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        self._events = events
        for left in reversed(range(self.cmd.tries)):
            code = self.run_once()
            if self.stopping.wait(PAUSE_SECONDS if left else 0):
                break
        else:
            self._send_message(f"{self.cmd.last_words}\n".encode())
        self._send_message({"returncode": code}, type="stop")

    def run_once(self) -> int:
        program = process.Popen(
            f"exec {shlex.join(self.cmd.command)}", env=self.env, cwd=self.cwd, preexec_fn=partial(begin, os.getpid())
        )
        self._send_message({"pid": program.pid}, type="start")
        if self.stopping.is_set():  # too late to be among those told
            program.terminate()
        for line in iter(program.stdout.readline, b""):
            self._send_message(line)
        program.stdout.close()
        return int(program.wait())


def begin(parent: int) -> None:
    """Between fork and exec: take signals as usual again, and hang on the parent's life."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    end_with(parent, signal.SIGTERM)


def end_with(parent: int, number: signal.Signals) -> None:
    """Let the kernel send this process the signal when its parent dies, or send it now if the parent is dead."""
    libc.prctl(PR_SET_PDEATHSIG, int(number))
    if os.getppid() != parent:
        os.kill(os.getpid(), number)


class Quiet:
    """Honcho's printer without its own comings and goings, which say nothing to a person."""

    def __init__(self, output: Any) -> None:
        self.printer = Printer(output)

    @property
    def width(self) -> int:
        return int(self.printer.width)

    @width.setter
    def width(self, width: int) -> None:
        self.printer.width = width

    def write(self, message: Any) -> None:
        if message.name != "system":
            self.printer.write(message)
