"""The scratch voice of a rehearsal: made, filled with real copy but for the judge's share, and deleted whole."""

from __future__ import annotations

import hashlib
import shutil
import uuid
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from reviews.models import Comparison, Edit, Gate, Item, LogEntry, Round, Score, Task
from training.corpus.passages import pieces
from training.corpus.read import ReadError, read
from training.importing import briefs_for, files_under, import_files
from training.models import (
    Brief,
    Client,
    Measurement,
    ModelVersion,
    Pair,
    Passage,
    Preference,
    Run,
    Sample,
    Snapshot,
    Source,
    Voice,
)

JUDGE_SHARE = 30  # of a hundred files (or pairs): copy that fits the judge and that training never sees


def for_judge(key: str) -> bool:
    """Whether this file or brief belongs to the judge alone."""
    return int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % 100 < JUDGE_SHARE


def texts_under(path: Path) -> list[str]:
    """The passages of a folder's readable files."""
    found = []
    for name, raw in files_under(path):
        try:
            found += [piece.text for document in read(name, raw) for piece in pieces(document)]
        except ReadError:
            continue
    return found


@transaction.atomic
def scratch_voice(name: str) -> Voice:
    client = Client.objects.create(slug=f"rehearsal-{uuid.uuid4().hex[:8]}", name="Rehearsal")
    return Voice.objects.create(client=client, slug=f"rehearsal-{uuid.uuid4().hex[:8]}", name=name, is_scratch=True)


def fill_from_folder(voice: Voice, path: Path, limit: int) -> list[str]:
    """Import a folder's files but for the judge's share. Returns the judge's passages."""
    kept: list[str] = []
    for name, raw in files_under(path):
        if for_judge(name):
            try:
                kept += [piece.text for document in read(name, raw) for piece in pieces(document)]
            except ReadError:
                continue
        else:
            list(import_files(voice, [(name, raw)], status=Pair.Status.VALIDATED))
    thin(voice, limit)
    return kept


def fill_from_voice(voice: Voice, original: Voice, limit: int) -> list[str]:
    """Copy another voice's validated pairs but for the judge's share. Returns the judge's copy."""
    kept: list[str] = []
    taken: list[Pair] = []
    for pair in original.pairs.validated().select_related("brief"):
        if for_judge(pair.brief.digest):
            kept.append(pair.output)
        else:
            taken.append(pair)
    briefs = briefs_for(voice, [pair.brief.content for pair in taken])
    Pair.objects.bulk_create(
        Pair(
            voice=voice,
            brief=briefs[pair.brief.digest],
            output=pair.output,
            status="validated",
            made=pair.made,
        )
        for pair in taken
    )
    thin(voice, limit)
    return kept


def thin(voice: Voice, limit: int) -> None:
    """Keep at most `limit` pairs, chosen by their briefs' digests."""
    chosen = voice.pairs.order_by("brief__digest", "id").values_list("pk", flat=True)[:limit]
    voice.pairs.exclude(pk__in=list(chosen)).delete()


def remove(voice: Voice, users: list[User]) -> None:
    """Delete the scratch voice with all that hangs on it, and its files."""
    versions = list(ModelVersion.objects.filter(voice=voice))
    digests = list(Snapshot.objects.filter(voice=voice).values_list("digest", flat=True))
    runs_made = [str(pk) for pk in Run.objects.filter(voice=voice).values_list("pk", flat=True)]
    with transaction.atomic():
        samples = Q(sample__version__voice=voice)
        Score.objects.filter(samples).delete()
        Edit.objects.filter(samples).delete()
        Comparison.objects.filter(left__version__voice=voice).delete()
        Task.objects.filter(item__round__voice=voice).delete()
        Item.objects.filter(round__voice=voice).delete()
        Round.objects.filter(voice=voice).delete()
        Gate.objects.filter(version__voice=voice).delete()
        LogEntry.objects.filter(voice=voice).delete()
        Preference.objects.filter(voice=voice).delete()
        Pair.objects.filter(voice=voice).delete()
        Sample.objects.filter(version__voice=voice).delete()
        Measurement.objects.filter(version__voice=voice).delete()
        ModelVersion.objects.filter(voice=voice).delete()
        Run.objects.filter(voice=voice).delete()
        Snapshot.objects.filter(voice=voice).delete()
        Brief.objects.filter(voice=voice).delete()
        Passage.objects.filter(source__voice=voice).delete()
        Source.objects.filter(voice=voice).delete()
        voice.client.delete()
        User.objects.filter(pk__in=[user.pk for user in users]).delete()
    for version in versions:
        if version.folder:
            shutil.rmtree(version.folder, ignore_errors=True)
    for digest in digests:
        if not Snapshot.objects.filter(digest=digest).exists():
            shutil.rmtree(settings.SNAPSHOTS / digest, ignore_errors=True)
    for run in runs_made:
        shutil.rmtree(settings.WORK / run, ignore_errors=True)
        (settings.WORK / f"{run}.lock").unlink(missing_ok=True)
