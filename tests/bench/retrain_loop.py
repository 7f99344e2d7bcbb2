"""How long from "Retrain" to results on the dashboard, phase by phase, with the starter base model.

    python -m tests.bench.retrain_loop [--quick] [--json FILE]

The demo bakery's pairs, SQLite in a file, the worker's own path: snapshot, row, claim, child process, training,
texts and figures of each version, rounds, page. Only Redis is left out, which takes milliseconds. The target is
90 s with 600 pairs and 24 test briefs.
"""

from __future__ import annotations

import os
import resource
import tempfile
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.bench.face import Measured, Row, main

if TYPE_CHECKING:
    from training.models import Run, Voice

POLL_SECONDS = 0.02
NAMES = {"": "start-up: process and imports", "loading": "start-up: base model", "ending": "rounds and exit"}


@dataclass
class Watch:
    """Seconds spent in each phase, told by the run's own progress."""

    began: float = field(default_factory=time.perf_counter)
    phase: str = NAMES[""]
    seconds: dict[str, float] = field(default_factory=dict)

    def enter(self, phase: str) -> None:
        if phase != self.phase:
            now = time.perf_counter()
            self.seconds[self.phase] = self.seconds.get(self.phase, 0.0) + now - self.began
            self.phase, self.began = phase, now


def measure(quick: bool) -> Measured:
    pairs, test_briefs = (120, 4) if quick else (600, 24)
    with tempfile.TemporaryDirectory(prefix="voicelab-bench-") as folder:
        os.environ["VOICELAB_VAR"] = folder
        os.environ["DATABASE_URL"] = ""
        os.environ["VOICELAB_TEST_BRIEFS"] = str(test_briefs)
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        voice = fill(pairs)
        seconds, run = retrain(voice, {"epochs": 1} if quick else {})
        rows = [Row(phase, round(taken, 2), "s") for phase, taken in seconds.items()]
        rows.append(Row("from Retrain to results on the dashboard", round(sum(seconds.values()), 2), "s"))
        # On a busy machine the clock counts the neighbours' work as well; this does not.
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        rows.append(Row("processor time of the training process", round(used.ru_utime + used.ru_stime, 2), "s"))
        counts, base = run.snapshot.counts, settings.BASE_MODEL
        connection.close()
    settings_of_run = {name: run.config[name] for name in ("epochs", "batch_size", "rank", "learning_rate")}
    return {
        "base_model": base,
        "pairs": pairs,
        "test_briefs": test_briefs,
        "rows_trained_on": counts,
        "run": settings_of_run,
        "target_s": 90,
    }, rows


def fill(pairs: int) -> Voice:
    """The demo bakery with so many of its pairs, and nothing judged or trained yet."""
    from reviews.demo.load import CLIENTS, load_voice
    from training.models import Pair

    voice = load_voice(CLIENTS[0])
    chosen = voice.pairs.order_by("brief__digest").values_list("pk", flat=True)[:pairs]
    Pair.objects.exclude(pk__in=list(chosen)).delete()
    return voice


def retrain(voice: Voice, config: dict[str, Any]) -> tuple[dict[str, float], Run]:
    """Phase -> seconds, from the press of the button to the page that shows the results."""
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test import Client as Browser
    from django.urls import reverse

    from reviews.models import Membership
    from training import jobs
    from training.models import Run
    from training.retraining import start_run
    from voicelab.roles import Role

    user = User.objects.create_user(username="lead")
    Membership.objects.create(user=user, client=voice.client, role=Role.LEAD)
    browser = Browser(SERVER_NAME="localhost")
    browser.force_login(user)
    watch = Watch(phase="snapshot")
    run = start_run(voice, user=user, config=config, enqueue=False)
    watch.enter(NAMES[""])
    texts = voice.briefs.filter(is_frozen=True).count() + settings.PRACTICE_BRIEFS

    def work() -> None:
        jobs.train_run(str(run.pk))
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    while worker.is_alive():
        watch.enter(phase_of(Run.objects.get(pk=run.pk), texts))
        time.sleep(POLL_SECONDS)
    run.refresh_from_db()
    assert run.state == Run.State.FINISHED, f"The run ended as {run.state}: {run.error}"
    watch.enter("dashboard page")
    page = browser.get(reverse("dashboard", args=[voice.client.slug, voice.slug]))
    assert page.status_code == 200 and "Version 1" in page.content.decode()
    watch.enter("")
    return watch.seconds, run


def phase_of(run: Run, texts: int) -> str:
    """What the run does now; each version writes so many texts."""
    shown = run.progress
    stage = shown.get("stage", "")
    if run.is_over:
        return NAMES["ending"]
    if stage != "writing":
        return NAMES.get(stage, f"training: {stage}")
    return f"{'writing' if shown['written'] < texts else 'measuring'}: {shown['writer']}"


if __name__ == "__main__":
    main(measure, about="Times a retraining, from the button to the dashboard.")
