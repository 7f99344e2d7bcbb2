"""How long the pair's desk takes with 100,000 pairs: show one, keep what is typed, decide and show the next.

    python -m tests.bench.corpus.desk [--quick] [--json FILE]

Sessions, access checks, forms, the database and templates are the app's own; only the network is left out. SQLite in
a file, or the database that DATABASE_URL names (`.ci/postgres COMMAND` gives one).
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from typing import Any

from tests.bench.corpus.lists import MANY, QUICK, fill
from tests.bench.face import Measured, Row, main, median

REPEATS = 41


def measure(quick: bool) -> Measured:
    with tempfile.TemporaryDirectory(prefix="voicelab-bench-") as folder:
        os.environ["VOICELAB_VAR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        count = QUICK if quick else MANY
        user, voice = fill(count)
        if connection.vendor == "postgresql":
            # What autovacuum does within a minute of an import.
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
        rows = work(user, voice, 3 if quick else REPEATS)
        settings = {"database": connection.vendor, "pairs": count, "open": voice.pairs.open().count()}
        connection.close()
    return settings, rows


def work(user: Any, voice: Any, repeats: int) -> list[Row]:
    """Decide pairs from the middle of the line on, as an annotator in the middle of a long job does."""
    from django.test import Client as Browser
    from django.urls import reverse

    from reviews import curation
    from reviews.forms_corpus import as_typed
    from training.models import Pair

    browser = Browser(SERVER_NAME="localhost")
    browser.force_login(user)
    waiting = Pair.objects.open().filter(voice=voice).order_by("created_at", "id")
    pair = waiting[waiting.count() // 2]
    seconds: dict[str, list[float]] = {}

    def timed(name: str, ask: Callable[..., Any], *of: Any) -> Any:
        start = time.perf_counter()
        answer = ask(*of)
        seconds.setdefault(name, []).append(time.perf_counter() - start)
        assert getattr(answer, "status_code", 200) in (200, 302), f"{name}: {answer.status_code}."
        return answer

    def address(pair: Any) -> str:
        return reverse("pair", args=[voice.client.slug, voice.slug, pair.pk])

    decisions = reverse("decisions", args=[voice.client.slug, voice.slug])
    for _ in range(repeats + 1):
        fields = {**as_typed(pair), "seen": pair.status}
        typed = {**fields, "output": f"{pair.output} More.", "act": "save"}
        timed("a pair is shown", browser.get, address(pair))
        timed("what is typed is kept", browser.post, address(pair), typed)
        answer = timed("accepted, and the next found", browser.post, address(pair), fields)
        timed("the previous is found", browser.get, address(pair), {"go": "previous"})
        timed("the last 20 decisions", browser.get, decisions)
        timed("the next of all, by query alone", curation.next_open, voice, None, user)
        following = answer.url.split("/pairs/")[1].split("/")[0]
        pair = Pair.objects.select_related("brief").get(pk=following)
    return [Row(f"{name}, median", round(median(taken[1:]) * 1000, 1), "ms") for name, taken in seconds.items()]


if __name__ == "__main__":
    main(measure, about=(__doc__ or "").splitlines()[0])
