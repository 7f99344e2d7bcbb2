"""`manage.py up`: prepare everything and run Redis, the web server and the worker under one supervisor."""

from __future__ import annotations

import fcntl
import hashlib
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections
from redis.backoff import NoBackoff
from redis.retry import Retry

from training.models import Client
from voicelab.broker import embedded_socket
from voicelab.checks import base_model_problems, data_folder_problems, port_problems, redis_server, said
from voicelab.supervisor import STOP_SECONDS, Program, Supervisor

RESTARTS = 20


class Command(BaseCommand):
    help = "Run VoiceLab: Redis, the web server and the worker. Ctrl-C stops all of them."
    requires_system_checks = []  # what matters is checked here, and said in one sentence

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            for problem in (*data_folder_problems(), *base_model_problems()):
                raise CommandError(problem)
            with alone():
                for problem in port_problems(settings.HOST, settings.PORT):
                    raise CommandError(problem)
                processes = {**redis_process(), **web_process(), **worker_process()}
                self.prepare()
                code = self.run(processes)
        except OSError as error:
            raise CommandError(said(error)) from error
        except KeyboardInterrupt:
            code = 0
        if code:
            sys.exit(code)
        self.stdout.write("VoiceLab has stopped; all data is kept.")

    def prepare(self) -> None:
        """Database, demo and static files, as far as they are not there yet."""
        try:
            call_command("migrate", verbosity=0, interactive=False)
            if not Client.objects.real().exists():
                self.stdout.write("Loading the demo ...")
                call_command("load_demo", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115
        except DatabaseError as error:
            raise CommandError(said(error)) from error
        collect_static()

    def run(self, processes: dict[str, Program]) -> int:
        """Supervise until Ctrl-C, or until one of them cannot be kept running."""
        supervisor = Supervisor()
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE}
        for name, program in processes.items():
            supervisor.add_process(name, program, env=environment, cwd=str(settings.BASE_DIR))
        greeting = self.greeting()
        connections.close_all()
        threading.Thread(target=greet, args=(greeting, self.stdout.write), daemon=True).start()
        # A closed terminal is an end like any other.
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
        supervisor.loop()
        code = int(supervisor.returncode or 0)
        return 0 if code in (128 + signal.SIGINT, 128 + signal.SIGTERM) else code

    def greeting(self) -> str:
        """The address, and the demo people where the demo is."""
        from reviews.demo.load import people

        lines = ["", f"VoiceLab runs at http://{bracketed(settings.HOST)}:{settings.PORT}", ""]
        if demo := people():
            lines += ["The demo people, with their passwords:", ""]
            lines += [f"    {role:16} {email:28} {password}" for email, password, role in demo]
            lines.append("")
        return "\n".join([*lines, "Ctrl-C stops it.", ""])


@contextmanager
def alone() -> Iterator[None]:
    """One `up` per data folder: two Redis servers would mix their files."""
    with (settings.VAR / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CommandError(
                f"VoiceLab runs already on {settings.VAR}. Stop it first, or set VOICELAB_VAR to another folder."
            ) from error
        yield


def redis_process() -> dict[str, Program]:
    """The embedded Redis; nothing when REDIS_URL names another one."""
    path = embedded_socket()
    if path is None:
        return {}
    program = redis_server()
    if program is None:
        raise CommandError(
            "There is no redis-server here; install one (apt-get install redis-server) or set REDIS_URL."
        )
    data: Path = settings.VAR / "redis"
    for folder in (data, path.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_uid != os.getuid():
            raise CommandError(f"{folder} belongs to somebody else. Set VOICELAB_VAR to a folder of your own.")
    end_leftover(path)
    command = [
        *(program, "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700", "--dir", str(data)),
        *("--appendonly", "yes", "--appendfsync", "everysec", "--daemonize", "no"),
        *("--logfile", str(data / "redis.log")),
    ]
    last_words = f"Redis stopped again and again; {data / 'redis.log'} says why."
    return {"redis": Program(command, RESTARTS, last_words)}


def end_leftover(path: Path) -> None:
    """End the server of an `up` that was killed: nobody else uses this socket while we hold the lock."""
    try:
        # Without retries: as a rule nobody is there, and the client would ask again for four seconds.
        client = redis.Redis(unix_socket_path=str(path), socket_timeout=5, retry=Retry(NoBackoff(), 0))
        client.ping()
        client.shutdown(save=False)
        client.close()
    except (redis.RedisError, OSError):
        return


def web_process() -> dict[str, Program]:
    command = [
        *(sys.executable, "-m", "gunicorn", "voicelab.wsgi:application"),
        *("--bind", f"{bracketed(settings.HOST)}:{settings.PORT}", "--worker-class", "gthread"),
        *("--threads", str(settings.WEB_THREADS), "--graceful-timeout", "3", "--log-level", "warning"),
        "--no-control-socket",
    ]
    return {"web": Program(command, last_words="The web server stopped; its reason stands above.")}


def worker_process() -> dict[str, Program]:
    command = [
        *(sys.executable, "-m", "dramatiq", "voicelab.worker", "--processes", str(settings.WORKER_PROCESSES)),
        *("--threads", "2", "--skip-logging", "--worker-shutdown-timeout", str((STOP_SECONDS - 4) * 1000)),
    ]
    return {"worker": Program(command, RESTARTS, "The worker stopped again and again; its reason stands above.")}


def greet(greeting: str, write: Any) -> None:
    """Say where VoiceLab is once it answers."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST)
    while True:
        try:
            socket.create_connection((host, settings.PORT), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            write(greeting)
            return


def collect_static() -> None:
    """Gather and compress the static files, unless they are as they were the last time."""
    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = os.stat(storage.path(name))
            seen.update(f"{name} {status.st_mtime_ns} {status.st_size}\n".encode())
    stamp: Path = settings.VAR / "static.stamp"
    if stamp.is_file() and stamp.read_text() == seen.hexdigest():
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(seen.hexdigest())


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
