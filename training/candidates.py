"""Candidates: copy that the live version writes for briefs of a focus, as draft pairs for an annotator to mend.

What comes of it is marked for ever (`Pair.Made.CANDIDATE`), lies in the training split, and trains within the voice's
cap alone (`training.focusing`). Each text is stored once, whatever is killed and begun again.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from training.corpus.brief import Brief as Content
from training.deduplication import find_duplicates
from training.engine.errors import EngineError, WritingError
from training.importing import briefs_for
from training.models import Origin, Pair, Writing
from training.models.corpus import Split

if TYPE_CHECKING:
    from training.engine.base import Base
    from training.engine.writing import Written

AT_ONCE = 4
"""Texts written between two saves: a kill costs no more than these."""
FEWEST_WORDS = 5


class Lost(Exception):
    """The job was cancelled, or another worker has it."""


def write_candidates(job: Writing, claim: uuid.UUID) -> None:
    """Write what is not written yet, then look for copies of what is there: a model repeats what it has read.

    Raises `EngineError` for a person, and `Lost`.
    """
    if job.written < len(job.briefs):
        write_rest(job, claim)
    if job.made:
        find_duplicates(job.voice)


def write_rest(job: Writing, claim: uuid.UUID) -> None:
    """A few texts at a time. Needs torch: it runs in a process of its own."""
    import torch

    from training.engine.base import load_base
    from training.engine.run import choose_threads

    version = job.version
    if version.folder and not version.folder.is_dir():
        raise EngineError(f"{version} has lost its files, {version.folder}. Bring them back, or retrain.")
    base = load_base(version.base_model)
    if version.base_digest and version.base_digest != base.digest:
        raise EngineError(
            f"{version} was trained on another {version.base_model} than the one that is there now. Bring that one "
            "back, or retrain."
        )
    torch.set_num_threads(choose_threads(settings.TRAINING_THREADS, base.parameters))
    while job.written < len(job.briefs):
        places = range(job.written, min(job.written + AT_ONCE, len(job.briefs)))
        contents = [Content.from_dict(job.briefs[place]) for place in places]
        texts = written(base, job, contents, [seed_of(job, place) for place in places])
        store(job, claim, list(zip(places, contents, texts, strict=True)))


def written(base: Base, job: Writing, contents: list[Content], seeds: list[int]) -> list[Written | None]:
    """A text for each brief; None for one that is too long for the base model."""
    from training.engine.writing import write

    prompts = [content.prompt() for content in contents]
    try:
        return list(write(base, prompts, adapter=job.version.folder, seeds=seeds))
    except WritingError:
        if len(contents) == 1:
            return [None]
        return [written(base, job, [one], [seed])[0] for one, seed in zip(contents, seeds, strict=True)]


def seed_of(job: Writing, place: int) -> int:
    """Another one for each job, so that a second try writes something else."""
    return (job.pk.int + place) % 2**31


@transaction.atomic
def store(job: Writing, claim: uuid.UUID, texts: list[tuple[int, Content, Written | None]]) -> int:
    """Draft pairs of these texts, with how far the job has come. Raises `Lost` when it is not this claim's any more."""
    made = [pair for place, content, text in texts if text and (pair := candidate(job, place, content, text))]
    job.written, job.made = texts[-1][0] + 1, job.made + len(made)
    if not job.renew(claim, written=job.written, made=job.made):
        raise Lost
    Pair.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def candidate(job: Writing, place: int, content: Content, text: Written) -> Pair | None:
    """None for a text that broke off, that is hardly one, that is there already, or whose brief is held out."""
    said, voice = text.text.replace("\0", "").strip(), job.voice
    if not text.finished or len(said.split()) < FEWEST_WORDS:
        return None
    if voice.pairs.filter(words=len(said.split()), output=said).exists():
        return None
    digest = content.digest()
    brief = briefs_for(voice, [content], {digest: Split.TRAIN})[digest]
    if brief.split != Split.TRAIN:
        return None
    by = {"written_by": str(job.version), "version": str(job.version_id), "seed": seed_of(job, place)}
    return Pair.answering(
        brief,
        said,
        voice=voice,
        status=Pair.Status.DRAFT,
        made=Pair.Made.CANDIDATE,
        origin=Origin.DEMO if voice.client.is_demo else Origin.HUMAN,
        provenance=f"candidate:{job.pk}:{place}",
        extra={**by, "focus": str(job.focus or "")},
    )
