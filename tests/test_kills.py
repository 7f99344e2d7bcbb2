"""Kills with real Redis and real processes: no run is lost, doubled or stuck.

A redis-server on a temporary socket, an SQLite file, `dramatiq voicelab.worker` and its child that trains a
tiny base model. Whatever dies, the run ends once, with one version and one adapter.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests import tiny
from voicelab.checks import redis_server

pytestmark = pytest.mark.redis
ROOT = Path(__file__).resolve().parent.parent
LEASE = 5
SETUP = """
from training.corpus.brief import Brief
from training.importing import briefs_for
from training.models import Client, Pair, Voice
client = Client.objects.create(slug="bakery", name="Bakery")
voice = Voice.objects.create(client=client, slug="house", name="House")
contents = [Brief(channel=("social", "email")[n % 2], topic=f"loaf {n}") for n in range(75)]
Pair.objects.bulk_create(
    Pair(voice=voice, brief=brief, output=f"Ahoy, {brief.topic}!", status="validated")
    for brief in briefs_for(voice, contents).values()
)
"""
STATE = """
import json
from training.models import ModelVersion, Run, Sample
from reviews.models import Round
run = Run.objects.get()
versions = list(ModelVersion.objects.filter(kind="adapter"))
print(json.dumps({
    "state": run.state, "attempts": run.attempts, "error": run.error, "claim": str(run.claim), "notes": run.notes,
    "step": run.progress.get("step", 0), "stage": run.progress.get("stage", ""), "versions": len(versions),
    "points": [(point.stage, point.step) for point in run.losses.all()], "rounds": Round.objects.count(),
    "samples": Sample.objects.filter(version__in=versions).count(), "briefs": 12 + 4,
    "learnt": run.pair_losses.count(), "pairs": run.snapshot.members.count(),
}))
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A base model, a database with one voice: made once, copied for each test."""
    folder = tmp_path_factory.mktemp("prepared")
    tiny.model().save_pretrained(folder / "base")
    tiny.tokenizer().save_pretrained(folder / "base")
    house = House(folder / "var", folder / "base")
    house.manage("migrate", "-v0")
    house.python(SETUP)
    return folder


@pytest.fixture
def house(prepared, tmp_path):
    shutil.copytree(prepared / "var", tmp_path / "var")
    house = House(tmp_path / "var", prepared / "base")
    yield house
    house.close()


class House:
    """One data folder with its Redis and its worker."""

    def __init__(self, var: Path, base: Path) -> None:
        var.mkdir(exist_ok=True)
        self.var, self.socket = var, var / "r.sock"
        self.redis: subprocess.Popen[bytes] | None = None
        self.worker: subprocess.Popen[bytes] | None = None
        self.log = (var / "log").open("ab")
        dropped = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in dropped},
            "VOICELAB_VAR": str(var),
            "REDIS_URL": f"unix://{self.socket}",
            "VOICELAB_BASE_MODEL": str(base),
            "VOICELAB_RUN_LEASE_SECONDS": str(LEASE),
            "VOICELAB_TEST_BRIEFS": "4",
            "VOICELAB_TRAINING_THREADS": "1",
            "VOICELAB_SECRET_KEY": "kills",
        }

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def python(self, code: str) -> str:
        return self.manage("shell", "-v0", "-c", code)

    def start_redis(self) -> None:
        program = redis_server()
        assert program is not None
        self.redis = subprocess.Popen(
            [program, "--port", "0", "--unixsocket", str(self.socket), "--dir", str(self.var), "--appendonly", "yes"],
            stdout=self.log,
            stderr=self.log,
        )

    def start_worker(self) -> None:
        command = [sys.executable, "-m", "dramatiq", "voicelab.worker", "--processes", "1", "--threads", "2"]
        self.worker = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=self.log, stderr=self.log, start_new_session=True
        )

    def retrain(self) -> None:
        """About 130 steps with a checkpoint every five."""
        self.manage("retrain", "house", "--set", "epochs=9", "--set", "checkpoint_every=5", "--set", "patience=0")

    def state(self) -> dict:
        return json.loads(self.python(STATE))

    def child(self) -> psutil.Process | None:
        """The process that trains."""
        for process in psutil.Process(self.worker.pid).children(recursive=True) if self.worker else []:
            try:
                if "train" in process.cmdline():
                    return process
            except psutil.Error:
                continue
        return None

    def wait(self, what: str, condition, seconds: float = 90):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := condition():
                return found
            time.sleep(0.1)
        log = (self.var / "log").read_text(errors="replace")[-3000:]
        raise AssertionError(f"Not within {seconds} s: {what}. {self.state()}\n{log}")

    def checkpointed(self) -> bool:
        return any(self.var.glob("work/*/checkpoint/0*/state.json"))

    def train_a_while(self) -> psutil.Process:
        """Until there is a checkpoint to go on from."""
        child = self.wait("a child that trains", self.child)
        self.wait("a checkpoint", self.checkpointed)
        return child

    def kill_worker(self) -> None:
        """Dramatiq's parent and its worker process, at once and without a word."""
        assert self.worker is not None
        os.killpg(self.worker.pid, signal.SIGKILL)
        self.worker.wait()

    def kill_redis(self) -> None:
        assert self.redis is not None
        self.redis.kill()
        self.redis.wait()

    def ended_once(self) -> dict:
        """Wait for the end and look at everything that could be lost, doubled or stuck."""
        self.wait("an ended run", lambda: self.state()["state"] not in ("queued", "running"))
        state = self.state()
        assert (state["state"], state["error"]) == ("finished", "")
        assert state["versions"] == 1 and state["samples"] == state["briefs"] and state["rounds"] == 2
        assert state["learnt"] == state["pairs"] >= 50
        assert len(list((self.var / "models").iterdir())) == 1
        assert len(state["points"]) == len(set(map(tuple, state["points"])))
        assert not any(path.is_dir() for path in (self.var / "work").iterdir())
        time.sleep(2)
        assert self.child() is None and self.state() == state
        return state

    def close(self) -> None:
        for process in (self.worker, self.redis):
            if process and process.poll() is None:
                process.terminate()
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
        self.log.close()


def test_a_killed_child_goes_on_from_its_checkpoint(house):
    house.start_redis()
    house.start_worker()
    house.retrain()
    child = house.train_a_while()
    child.kill()
    again = house.wait("a new child", lambda: (found := house.child()) and found.pid != child.pid and found, 30)
    # Once more, wherever it is by now.
    time.sleep(3)
    again.kill()
    state = house.ended_once()
    assert state["attempts"] == 3 and any("went on from step" in note for note in state["notes"])


def test_a_killed_worker_takes_its_child_along_and_the_next_goes_on(house):
    house.start_redis()
    house.start_worker()
    house.retrain()
    child = house.train_a_while()
    house.kill_worker()
    killed = time.monotonic()
    house.wait("the child's end", lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, 5)
    house.start_worker()
    house.wait("a new child", house.child, 30)
    assert time.monotonic() - killed < 30
    assert house.ended_once()["attempts"] == 2


def test_redis_killed_in_a_run_and_in_the_queue_loses_nothing(house):
    house.start_redis()
    house.retrain()
    house.kill_redis()
    house.start_worker()
    house.start_redis()
    house.train_a_while()
    house.kill_redis()
    (house.var / "appendonly.aof").unlink(missing_ok=True)
    shutil.rmtree(house.var / "appendonlydir", ignore_errors=True)
    time.sleep(1)
    house.start_redis()
    assert house.ended_once()["attempts"] == 1


def test_a_message_is_sent_though_redis_was_away_and_its_worker_was_killed_in_the_queue(house):
    house.retrain()
    house.start_redis()
    house.start_worker()
    house.wait("a child", house.child, 30)
    house.kill_worker()
    house.kill_redis()
    house.start_redis()
    house.start_worker()
    assert house.ended_once()["attempts"] == 2


def test_a_stopped_worker_puts_its_run_back_at_once(house):
    house.start_redis()
    house.start_worker()
    house.retrain()
    house.train_a_while()
    assert house.worker is not None
    os.killpg(house.worker.pid, signal.SIGTERM)
    house.worker.wait(15)
    assert house.state()["state"] == "queued"
    house.start_worker()
    assert house.ended_once()["attempts"] == 1


ASK = """
import uuid
from tests.documents import zipped
from training.models import Voice
from training.uploads import Upload, start_import
copy = "We bake loaf number {} at four in the morning, every day but Sunday, and sell it warm until it is gone."
files = {f"{n}.txt": copy.format(n).encode() for n in range(150)}
members = {f"{n}.txt": copy.format(n).encode() for n in range(150, 300)}
uploads = [Upload(name, [raw]) for name, raw in files.items()] + [Upload("more.zip", [zipped(members)])]
start_import(Voice.objects.get(), uploads, key=uuid.uuid4(), origin="files")
"""
CAME = """
import json
from django.conf import settings
from django.db.models import Count
from reviews.models import LogEntry
from training.models import Import, ImportFile, Pair, Passage, Source
job = Import.objects.get()
print(json.dumps({
    "state": job.state, "error": job.error, "attempts": job.attempts,
    "files": dict(ImportFile.objects.order_by().values_list("state").annotate(count=Count("pk"))),
    "rows": [Source.objects.count(), Passage.objects.count(), Pair.objects.filter(passage__isnull=False).count()],
    "logged": [entry.data["files"] for entry in LogEntry.objects.filter(action="copy.imported")],
    "folders": len(list(settings.IMPORTS.iterdir())) if settings.IMPORTS.exists() else 0,
}))
"""


def came(house) -> dict:
    return json.loads(house.python(CAME))


def came_once(house) -> dict:
    """Wait for the end of the import and look at everything that could be lost or doubled."""
    house.wait("an ended import", lambda: came(house)["state"] not in ("queued", "running"), 180)
    found = came(house)
    assert (found["state"], found["error"], found["folders"]) == ("finished", "", 0)
    assert found["files"] == {"imported": 300, "opened": 1}
    assert found["rows"] == [300] * 3 and found["logged"] == [300]
    return found


def test_a_worker_killed_again_and_again_in_an_import_doubles_and_loses_nothing(house):
    house.start_redis()
    house.python(ASK)
    for least in (20, 100, 200):
        house.start_worker()
        house.wait(f"{least} files", lambda least=least: came(house)["files"].get("imported", 0) >= least)
        house.kill_worker()
    house.start_worker()
    assert came_once(house)["attempts"] == 4


def test_an_import_asked_for_while_redis_was_away_begins_beside_a_training(house):
    house.python(ASK)
    house.retrain()
    house.start_redis()
    house.start_worker()
    house.wait("a child", house.child, 30)
    house.wait("a file", lambda: came(house)["files"].get("imported", 0) > 0)
    assert house.state()["state"] == "running"
    assert came_once(house)["attempts"] == 1
    house.ended_once()


def test_a_stopped_worker_puts_its_import_back_at_once(house):
    house.start_redis()
    house.start_worker()
    house.python(ASK)
    house.wait("some files", lambda: came(house)["files"].get("imported", 0) >= 20)
    assert house.worker is not None
    os.killpg(house.worker.pid, signal.SIGTERM)
    house.worker.wait(15)
    found = came(house)
    assert found["state"] == "queued" and found["folders"] == 1
    house.start_worker()
    assert came_once(house)["attempts"] == 1
