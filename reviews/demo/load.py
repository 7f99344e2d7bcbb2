"""The demo: two clients that could not sound less alike, with what a first week of work leaves behind.

The texts of the pairs are in this folder. `evidence/` holds what `manage.py build_demo` made on them for real:
a first adapter, its samples and the base's, figures and losses. The judgements are made up by a simulated
reviewer and marked as demo data wherever they show.
"""

from __future__ import annotations

import json
import re
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from reviews.models import Comparison, Item, Membership, Round, Score, Task
from reviews.rounds import open_rounds
from training import retraining
from training.corpus.brief import Brief as Content
from training.importing import briefs_for
from training.models import (
    Brief,
    Client,
    LossPoint,
    Measurement,
    ModelVersion,
    Origin,
    Pair,
    Run,
    Sample,
    Snapshot,
    Voice,
)
from voicelab.roles import Role

FOLDER = Path(__file__).resolve().parent
PASSWORD = "pear-tree-lamp"


@dataclass(frozen=True)
class DemoClient:
    slug: str
    voice: str
    file: str


CLIENTS = (DemoClient("bakery", "bakery", "bakery"), DemoClient("workflow", "workflow", "workflow"))


@dataclass(frozen=True)
class DemoPerson:
    email: str
    name: str
    role: Role


PEOPLE = (
    DemoPerson("lead@voicelab.example", "Lena Lead", Role.LEAD),
    DemoPerson("writer@voicelab.example", "Will Writer", Role.COPYWRITER),
    DemoPerson("second@voicelab.example", "Wanda Writer", Role.COPYWRITER),
    DemoPerson("annotator@voicelab.example", "Anna Annotator", Role.ANNOTATOR),
    DemoPerson("manager@voicelab.example", "Max Manager", Role.ACCOUNT_MANAGER),
)


def people() -> list[tuple[str, str, str]]:
    """(e-mail address, password, role) of the demo people that exist, for the lines that `up` prints."""
    known = set(User.objects.filter(username__in=[one.email for one in PEOPLE]).values_list("username", flat=True))
    return [(one.email, PASSWORD, one.role.label) for one in PEOPLE if one.email in known]


def guidelines(name: str) -> tuple[str, str, str]:
    """(name of the client, guidelines, fact sheet) from the Markdown file beside this module."""
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    title = re.match(r"#\s+(.+)", text)
    head, _, facts = text.partition("## Fact sheet")
    return (title[1].strip() if title else name), head.partition("## Guidelines")[2].strip(), facts.strip()


def rows_of(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


@transaction.atomic
def load() -> None:
    """Put the demo into an empty database; all of it or nothing."""
    users = [
        User.objects.create_user(username=one.email, email=one.email, password=PASSWORD, first_name=one.name)
        for one in PEOPLE
    ]
    for demo in CLIENTS:
        voice = load_voice(demo)
        for one, user in zip(PEOPLE, users, strict=True):
            Membership.objects.create(user=user, client=voice.client, role=one.role)
        evidence = FOLDER / "evidence" / demo.file
        if (evidence / "evidence.json").exists():
            load_evidence(voice, evidence, users)


def load_voice(demo: DemoClient) -> Voice:
    """The client, its voice and its validated pairs."""
    name, guide, facts = guidelines(demo.file)
    client = Client.objects.create(slug=demo.slug, name=name, is_demo=True)
    voice = Voice.objects.create(client=client, slug=demo.voice, name=name, guidelines=guide, fact_sheet=facts)
    rows = rows_of(demo.file)
    contents = [Content.from_dict(row) for row in rows]
    briefs = briefs_for(voice, contents)
    Pair.objects.bulk_create(
        Pair.answering(
            briefs[content.digest()],
            row["output"],
            voice=voice,
            # The same in every database, so that a run can tell that it would repeat the shipped one.
            id=uuid.uuid5(uuid.NAMESPACE_URL, f"{demo.slug}/{content.digest()}/{row['output']}"),
            status=Pair.Status.VALIDATED,
            made=Pair.Made.DEMO,
            origin=Origin.DEMO,
        )
        for content, row in zip(contents, rows, strict=True)
    )
    return voice


def load_evidence(voice: Voice, folder: Path, users: list[User]) -> None:
    """The first run with its adapter, samples, figures and demo judgements; then the round that is open now."""
    kept = json.loads((folder / "evidence.json").read_text(encoding="utf-8"))
    briefs = {brief.digest: brief for brief in Brief.objects.filter(voice=voice)}
    frozen = [digest for digest in kept["frozen"] if digest in briefs]
    Brief.objects.filter(voice=voice, digest__in=frozen).update(is_frozen=True)
    snapshot = Snapshot.objects.create(
        voice=voice, digest=kept["snapshot"]["digest"], counts=kept["snapshot"]["counts"]
    )
    retraining.keep_members(snapshot, retraining.rows_of(voice))
    now = timezone.now()
    run = Run.objects.create(
        voice=voice,
        snapshot=snapshot,
        state=Run.State.FINISHED,
        origin=Origin.DEMO,
        started_at=now,
        finished_at=now,
        **kept["run"],
    )
    LossPoint.objects.bulk_create(LossPoint(run=run, **point) for point in kept["losses"])
    samples: dict[str, Sample] = {}
    for data in kept["versions"]:
        written, figures = data.pop("samples"), data.pop("measurements")
        is_adapter = data["kind"] == ModelVersion.Kind.ADAPTER
        if is_adapter:
            data["adapter"] = str(run.pk)
            shutil.copytree(folder / "adapter", settings.MODELS / data["adapter"], dirs_exist_ok=True)
        version = ModelVersion.objects.create(voice=voice, run=run if is_adapter else None, is_live=is_adapter, **data)
        Measurement.objects.bulk_create(Measurement(version=version, **figure) for figure in figures)
        for row in written:
            key, brief = row.pop("key"), briefs[row.pop("brief")]
            samples[key] = Sample(version=version, brief=brief, **row)
    Sample.objects.bulk_create(samples.values())
    past = {
        purpose: Round.objects.create(
            voice=voice, purpose=purpose, origin=Origin.DEMO, is_open=False, closed_at=now, overlap=2
        )
        for purpose in ("score", "compare")
    }
    load_scores(past["score"], kept["scores"], samples, users)
    load_comparisons(past["compare"], kept["comparisons"], samples, users)
    open_rounds(run)


def load_scores(past: Round, rows: list[dict[str, Any]], samples: dict[str, Sample], users: list[User]) -> None:
    items: dict[str, Item] = {}
    for row in rows:
        sample, user = samples[row.pop("sample")], users[row.pop("reviewer")]
        item = items.get(str(sample.pk)) or Item.objects.create(
            round=past, position=len(items), sample=sample, wanted=0
        )
        items[str(sample.pk)] = item
        task = done(item, user)
        Score.objects.create(sample=sample, reviewer=user, task=task, origin=Origin.DEMO, **row)


def load_comparisons(past: Round, rows: list[dict[str, Any]], samples: dict[str, Sample], users: list[User]) -> None:
    items: dict[tuple[str, str], Item] = {}
    for row in rows:
        left, right, user = samples[row["left"]], samples[row["right"]], users[row["reviewer"]]
        pair = (min(row["left"], row["right"]), max(row["left"], row["right"]))
        if pair not in items:
            items[pair] = Item.objects.create(
                round=past, position=len(items), sample=samples[pair[0]], other=samples[pair[1]], wanted=0
            )
        task = done(items[pair], user)
        Comparison.objects.create(
            left=left, right=right, reviewer=user, task=task, verdict=row["verdict"], origin=Origin.DEMO
        )


def done(item: Item, user: User) -> Task:
    now = timezone.now()
    return Task.objects.create(item=item, reviewer=user, state=Task.State.DONE, expires_at=now, done_at=now)
