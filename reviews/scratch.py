"""The scratch voice of a rehearsal: made, filled with real copy but for the judge's share, and deleted whole.

While a rehearsal lives it holds the lock of a file named after its scratch voice. The kernel lets go of the lock
when the process ends in any way: a file without a holder is what a kill left, and whoever finds it clears up.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from reviews.models import Comparison, Edit, Gate, Item, LogEntry, Round, Score, Task
from training.corpus.passages import pieces
from training.corpus.reading.child import read_files
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
    return texts_of(files_under(path))


def texts_of(files: Iterable[tuple[str, bytes]]) -> list[str]:
    found = (document for reading in read_files(files) for document in reading.documents)
    return [piece.text for document in found for piece in pieces(document)]


@contextmanager
def scratch(name: str, *, keep: bool) -> Iterator[Voice]:
    """A scratch voice of this name; unless it is kept it goes at the end, whatever becomes of this process."""
    slug = f"rehearsal-{uuid.uuid4().hex[:8]}"
    if keep:
        yield make(slug, name)
        return
    settings.WORK.mkdir(parents=True, exist_ok=True)
    path = held(slug)
    beside = path.with_suffix(".part")
    with beside.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        beside.rename(path)  # so that nobody sees the file without its holder
        voice = make(slug, name)
        try:
            yield voice
        finally:
            remove(voice)
            path.unlink(missing_ok=True)


@transaction.atomic
def make(slug: str, name: str) -> Voice:
    client = Client.objects.create(slug=slug, name="Rehearsal")
    return Voice.objects.create(client=client, slug=slug, name=name, is_scratch=True)


def clear_left_over() -> int:
    """Delete the scratch voices whose rehearsals were killed. Returns their number."""
    cleared = 0
    for path in sorted(settings.WORK.glob("rehearsal-*.held")):
        try:
            with path.open("r+") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                for voice in Voice.objects.filter(is_scratch=True, slug=path.stem):
                    remove(voice)
                    cleared += 1
                path.unlink(missing_ok=True)
        except (BlockingIOError, FileNotFoundError):  # its rehearsal lives, or it was cleared meanwhile
            continue
    return cleared


def kept() -> list[Voice]:
    """The scratch voices that stay until somebody drops them."""
    return [voice for voice in Voice.objects.filter(is_scratch=True) if not held(voice.slug).exists()]


def held(slug: str) -> Path:
    path: Path = settings.WORK / f"{slug}.held"
    return path


def new_reviewer(voice: Voice, number: int) -> User:
    """An account that nobody can sign in to, for a simulated reviewer."""
    return User.objects.create_user(
        username=f"{voice.slug}-{number}", first_name=f"Simulated {number + 1}", is_active=False
    )


def fill_from_folder(voice: Voice, path: Path, limit: int) -> list[str]:
    """Import a folder's files but for the judge's share. Returns the judge's passages."""
    ours = ((name, raw) for name, raw in files_under(path) if not for_judge(name))
    list(import_files(voice, ours, status=Pair.Status.VALIDATED))
    thin(voice, limit)
    return texts_of((name, raw) for name, raw in files_under(path) if for_judge(name))


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
        Pair.answering(briefs[pair.brief.digest], pair.output, voice=voice, status="validated", made=pair.made)
        for pair in taken
    )
    thin(voice, limit)
    return kept


def thin(voice: Voice, limit: int) -> None:
    """Keep at most `limit` pairs, chosen by their briefs' digests."""
    chosen = voice.pairs.order_by("brief__digest", "id").values_list("pk", flat=True)[:limit]
    voice.pairs.exclude(pk__in=list(chosen)).delete()


def remove(voice: Voice) -> None:
    """Delete the scratch voice with its files, and all that hangs on it. Files first: their names are in the rows."""
    for digest in Snapshot.objects.filter(voice=voice).values_list("digest", flat=True):
        if not Snapshot.objects.filter(digest=digest).exclude(voice=voice).exists():
            shutil.rmtree(settings.SNAPSHOTS / digest, ignore_errors=True)
    for run in Run.objects.filter(voice=voice).values_list("pk", flat=True):
        for place in (settings.MODELS, settings.WORK):
            shutil.rmtree(place / str(run), ignore_errors=True)
        (settings.WORK / f"{run}.lock").unlink(missing_ok=True)
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
        User.objects.filter(username__startswith=f"{voice.slug}-").delete()
