"""How long a judgement takes: the POST that stores it and answers with the next task, through the whole stack.

    python -m tests.bench.review_loop [--quick] [--json FILE]

Sessions, access checks, forms, SQLite in a file (WAL) and templates are the app's own; only the network is left
out. The target is 50 ms at the median with 10,000 samples in the round.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from typing import Any

from tests.bench.face import Measured, Row, main, median, percentile

FEW, MANY = 100, 10_000
KEY = re.compile(r'name="task" value="([0-9a-f-]{36})"')
ANSWERS = {
    "score": {
        "brand_voice": 4,
        "accuracy": 5,
        "creativity": 3,
        "overall": 4,
        "comment": "Warm, and all facts right.",
    },
    "compare": {"verdict": "left", "comment": ""},
}
COPY = (
    "The oven is on before the lane wakes up. By seven the rye is cool enough to slice, and the first batch of "
    "cardamom buns is on the counter, still a little too hot to hold. Come in, point, and we will wrap it warm."
)


def measure(quick: bool) -> Measured:
    with tempfile.TemporaryDirectory(prefix="voicelab-bench-") as folder:
        os.environ["VOICELAB_VAR"] = folder
        os.environ["DATABASE_URL"] = ""
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        posts = 40 if quick else 400
        rows: list[Row] = []
        for samples in (FEW, MANY):
            for purpose in ("score", "compare"):
                rows += figures(purpose, samples, min(posts, samples - 10))
        rows += figures("score", MANY, posts, judged=MANY // 2)
        connection.close()
    settings = {"database": "SQLite in a file, WAL", "samples": [FEW, MANY], "posts": posts, "target_ms": 50}
    return settings, rows


def figures(purpose: str, samples: int, posts: int, judged: int = 0) -> list[Row]:
    pairs = judge(purpose, samples, posts, judged)
    taken, worked = [pair[0] * 1000 for pair in pairs], [pair[1] * 1000 for pair in pairs]
    what = f"{purpose} POST with its next task, {samples:,} samples"
    if judged:
        what += f", {judged:,} judged"
    return [
        Row(f"{what}, median", round(median(taken), 2), "ms"),
        Row(f"{what}, 95th percentile", round(percentile(taken, 0.95), 2), "ms"),
        # On a busy machine the clock counts the neighbours' work as well; this does not.
        Row(f"{what}, processor time, median", round(median(worked), 2), "ms"),
    ]


def judge(purpose: str, samples: int, posts: int, judged: int) -> list[tuple[float, float]]:
    """(seconds, seconds of processor time) of each POST of one reviewer in a round of so many items."""
    from django.test import Client as Browser

    user, address = fill(purpose, samples, judged)
    browser = Browser(SERVER_NAME="localhost")
    browser.force_login(user)
    page = browser.get(address).content.decode()
    seconds = []
    for _ in range(posts):
        data = {"task": key(page), "act": "submit", **ANSWERS[purpose]}
        start, worked = time.perf_counter(), time.process_time()
        answer = browser.post(address, data, headers={"HX-Request": "true"})
        seconds.append((time.perf_counter() - start, time.process_time() - worked))
        assert answer.status_code == 200, f"The POST answered {answer.status_code}."
        page = answer.content.decode()
    return seconds


def key(page: str) -> str:
    found = KEY.search(page)
    assert found, "The page shows no task."
    return found[1]


def fill(purpose: str, samples: int, judged: int) -> tuple[Any, str]:
    """A voice of its own with one open round; `judged` of its items are done by the reviewer."""
    from django.contrib.auth.models import User
    from django.urls import reverse
    from django.utils import timezone

    from reviews.models import Item, Membership, Round, Score, Task
    from training.corpus.brief import Brief as Content
    from training.models import Brief, Client, ModelVersion, Sample, Voice
    from voicelab.roles import Role

    name = f"{purpose}-{samples}-{judged}"
    client = Client.objects.create(slug=name, name=name)
    voice = Voice.objects.create(client=client, slug="voice", name="Voice", guidelines=COPY, fact_sheet=COPY)
    user = User.objects.create_user(username=name)
    Membership.objects.create(user=user, client=client, role=Role.COPYWRITER)
    base, new = (
        ModelVersion.objects.create(voice=voice, kind=kind, number=number, base_model="base", adapter=adapter)
        for kind, number, adapter in (("base", 0, ""), ("adapter", 1, "one"))
    )
    contents = [
        Content(channel="social", topic=f"bun {number}", facts=("Price: £3.50", "On Friday"))
        for number in range(samples)
    ]
    briefs = Brief.objects.bulk_create(
        Brief(voice=voice, split="test", digest=content.digest(), **content.as_dict()) for content in contents
    )
    written = {
        version.number: Sample.objects.bulk_create(
            Sample(version=version, brief=brief, text=f"{COPY} {brief.topic} {version.number}", seed=1)
            for brief in briefs
        )
        for version in ((new, base) if purpose == "compare" else (new,))
    }
    work = Round.objects.create(voice=voice, purpose=purpose)
    items = Item.objects.bulk_create(
        Item(
            round=work,
            position=position,
            sample=sample,
            other=written[0][position] if purpose == "compare" else None,
            wanted=0 if position < judged else 1,
        )
        for position, sample in enumerate(written[1])
    )
    now = timezone.now()
    tasks = Task.objects.bulk_create(
        Task(item=item, reviewer=user, state=Task.State.DONE, expires_at=now, done_at=now) for item in items[:judged]
    )
    Score.objects.bulk_create(
        Score(sample=item.sample, reviewer=user, task=task, brand_voice=4, accuracy=4, creativity=4, overall=4)
        for item, task in zip(items, tasks, strict=False)
    )
    return user, reverse(purpose, kwargs={"client": client.slug, "voice": voice.slug})


if __name__ == "__main__":
    main(measure, about="Times a judgement's POST with its next task.")
