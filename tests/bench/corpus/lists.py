"""How long a list of 100,000 pairs or passages takes: each page, filter, search and order, through the whole stack.

    python -m tests.bench.corpus.lists [--quick] [--json FILE]

Sessions, access checks, forms, the database and templates are the app's own; only the network is left out. SQLite in
a file, or the database that DATABASE_URL names (`.ci/postgres COMMAND` gives one). The target is 100 ms at the median.
"""

from __future__ import annotations

import os
import random
import re
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from tests.bench.face import Measured, Row, main, median

VOICES = Path(__file__).resolve().parents[4] / "shared" / "data" / "voices"
MANY, QUICK = 100_000, 5_000
SOURCES = 2_000
RARE, COMMON = "zymurgy", "the"
REPEATS = 21
PAIRS = {
    "first page": "",
    "all states": "state=all",
    "the last page": "state=all&page={last}",
    "the middle page": "state=all&page={middle}",
    "rejected (1 in 100)": "state=rejected",
    "a channel (1 in 500)": "state=all&channel=page",
    "a channel (1 in 2), last page": "state=all&channel=blog&page={half}",
    "split": "state=all&split=test",
    "made": "state=all&made=edit",
    "source": "state=all&source=file-7.",
    "length": "state=all&shortest=40&longest=60",
    "unexplained facts": "state=all&facts=unexplained",
    "decided by": "state=all&by={person}",
    "added on": "state=all&since={day}&until={day}",
    "nothing matches": "state=all&channel=page&split=test&made=edit&shortest=9999",
    "six filters": "state=open&channel=blog&split=train&made=import&shortest=20&facts=unexplained",
    "longest first": "state=all&sort=longest",
    "shortest first, last page": "state=all&sort=shortest&page={last}",
    "most unexplained first": "state=all&sort=unexplained",
    "newest first, validated": "state=validated&sort=newest",
    "longest first of a channel (1 in 500)": "state=all&channel=page&sort=longest",
    "a rare word": f"state=all&q={RARE}",
    "a common word": f"state=all&q={COMMON}",
    "a common word, page 200": f"state=all&q={COMMON}&page=200",
    "a common word, longest first": f"state=all&q={COMMON}&sort=longest",
    "a common word in a channel (1 in 500)": f"state=all&q={COMMON}&channel=page",
    "two common words": "state=all&q=the and",
    "a beginning": "state=all&q=com",
    "a phrase": 'state=all&q="one of the"',
    "a word that is not there": "state=all&q=qqqq",
}
PASSAGES = {
    "first page": "",
    "the last page": "page={last}",
    "a rule (1 in 2)": "rule=space",
    "a rule (1 in 100)": "rule=email",
    "outdated": "rule=outdated",
    "a rare word": f"q={RARE}",
    "a common word": f"q={COMMON}",
    "a common word of a rule": f"q={COMMON}&rule=space",
    "a rare word of a rule": f"q={RARE}&rule=space",
    "a word that is not there": "q=qqqq",
}
SOURCE_PAGES = {"first page": "", "the last page": "page=40", "a name": "q=file-7", "no such name": "q=qqqq"}


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
        taken = time.perf_counter()
        user, voice = fill(count)
        rows = [Row(f"rows of {count:,} pairs and passages stored", time.perf_counter() - taken, "s")]
        if connection.vendor == "postgresql":
            # What autovacuum does within a minute of an import.
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
        times = 3 if quick else REPEATS
        for name, pages in (("pairs", PAIRS), ("passages", PASSAGES), ("sources", SOURCE_PAGES)):
            for what, query in pages.items():
                rows += figures(name, what, query, user, voice, count, times)
        for kind in ("median", "processor time"):
            slowest = max(row.value for row in rows if row.name.endswith(kind))
            rows.append(Row(f"the slowest of these, {kind}", slowest, "ms"))
        settings = {"database": connection.vendor, "rows": count, "sources": SOURCES, "target_ms": 100}
        connection.close()
    return settings, rows


def figures(name: str, what: str, query: str, user: Any, voice: Any, count: int, repeats: int) -> list[Row]:
    from django.test import Client as Browser
    from django.urls import reverse
    from django.utils import timezone

    last = -(-count // 50)
    known = {
        "last": last,
        "middle": last // 2,
        "half": last // 2,
        "person": user.pk,
        "day": f"{timezone.now():%Y-%m-%d}",
    }
    address = reverse(name, args=[voice.client.slug, voice.slug]) + "?" + query.format(**known)
    browser = Browser(SERVER_NAME="localhost")
    browser.force_login(user)
    taken, worked = [], []
    for _ in range(repeats + 1):
        start, began = time.perf_counter(), time.process_time()
        answer = browser.get(address)
        taken.append((time.perf_counter() - start) * 1000)
        worked.append((time.process_time() - began) * 1000)
        assert answer.status_code == 200, f"{address} answered {answer.status_code}."
    return [
        Row(f"{name}: {what}, median", round(median(taken[1:]), 1), "ms"),
        # On a busy machine the clock counts the neighbours' work as well; this does not, nor a database server's.
        Row(f"{name}: {what}, processor time", round(median(worked[1:]), 1), "ms"),
    ]


def fill(count: int) -> tuple[Any, Any]:
    """A voice with so many passages, cut from real copy, and a pair for each; and somebody who may see them."""
    from django.contrib.auth.models import User

    from reviews.models import Membership
    from training.models import Brief, Client, Pair, Passage, Source, Touch, Voice
    from voicelab.roles import Role

    client = Client.objects.create(slug="bench", name="Bench")
    voice = Voice.objects.create(client=client, slug="voice", name="Voice")
    user = User.objects.create_user(username="bench", first_name="Bea")
    Membership.objects.create(user=user, client=client, role=Role.ANNOTATOR)
    sources = Source.objects.bulk_create(
        Source(voice=voice, name=f"file-{number}.md", kind="markdown", sha256=f"{number:064x}", raw=b"x" * 3000)
        for number in range(SOURCES)
    )
    draw = random.Random(7)
    texts = copy(draw)
    done = 0
    while done < count:
        batch = list(islice(texts, min(2000, count - done)))
        passages = [
            Passage(
                source=sources[(done + number) * SOURCES // count],
                position=done + number,
                title=" ".join(text.split()[:6])[:300],
                original=text,
                text=text,
                cleaned_with="now",
                is_outdated=draw.random() < 0.001,
            )
            for number, text in enumerate(batch)
        ]
        Passage.objects.bulk_create(passages)
        Touch.objects.bulk_create(
            Touch(voice=voice, rule=rule, passage=passage)
            for passage in passages
            for rule, share in (("space", 0.5), ("email", 0.01))
            if draw.random() < share
        )
        briefs = [brief(voice, text, done + number, draw) for number, text in enumerate(batch)]
        Brief.objects.bulk_create(briefs)
        Pair.objects.bulk_create(
            pair(one, passage, text, user, draw) for one, passage, text in zip(briefs, passages, batch, strict=True)
        )
        done += len(batch)
    return user, voice


def brief(voice: Any, text: str, number: int, draw: random.Random) -> Any:
    from training.models import Brief

    [channel] = draw.choices(["blog", "social", "email", "ad", "product", "page"], [50, 25, 15, 6, 3.8, 0.2])
    [split] = draw.choices(["train", "validation", "test"], [80, 10, 10])
    words = text.split()
    facts = [" ".join(words[at : at + 3]) for at in range(0, min(len(words), 12), 6)]
    topic = " ".join(words[:9])[:400]
    return Brief(voice=voice, channel=channel, topic=topic, facts=facts, digest=f"{number:064x}", split=split)


def pair(brief: Any, passage: Any, text: str, user: Any, draw: random.Random) -> Any:
    from django.utils import timezone

    from training.models import Pair

    [status] = draw.choices(["proposed", "validated", "rejected"], [64, 35, 1])
    [made] = draw.choices(["import", "edit", "score"], [96, 3, 1])
    decided = {} if status == "proposed" else {"decided_by": user, "decided_at": timezone.now() - timedelta(days=3)}
    return Pair(
        brief=brief,
        output=text,
        voice=brief.voice,
        words=len(text.split()),
        passage=passage,
        status=status,
        made=made,
        unexplained=draw.choices([0, 1, 2, 5], [70, 20, 8, 2])[0],
        **decided,
    )


def copy(draw: random.Random) -> Iterator[str]:
    """Texts of 15 to 180 words, their sentences drawn from the real copy of three voices; one in 5,000 holds RARE."""
    files = sorted(path for path in VOICES.rglob("*") if path.suffix in (".md", ".html") and "docs" in path.parts)
    assert files, f"There is no copy under {VOICES}."
    prose = " ".join(re.sub(r"<[^>]*>|[#*_`]", " ", path.read_text(encoding="utf-8")) for path in files)
    sentences = [said for said in re.split(r"(?<=[.!?])\s+", prose) if 4 <= len(said.split()) <= 40]
    while True:
        wanted, text = draw.randint(15, 180), ""
        while len(text.split()) < wanted:
            text += f" {' '.join(draw.choice(sentences).split())}"
        yield text.strip() + (f" {RARE.title()}." if draw.random() < 1 / 5000 else "")


if __name__ == "__main__":
    main(measure, about="Times the lists of pairs, passages and sources.")
