"""Real copy in: files become sources, passages and proposed pairs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from django.db import transaction

from training.cleaning import clean_passage, clean_title, is_copy, settings_of
from training.corpus import brief as corpus_brief
from training.corpus.passages import pieces
from training.corpus.propose import propose
from training.corpus.reading.child import read_files
from training.corpus.reading.detect import COPY_COLUMNS
from training.corpus.reading.document import MAXIMUM_ARCHIVE, ReadError, Reading
from training.corpus.splits import split_of
from training.models import Brief, Pair, Passage, Source, Touch, Voice


@dataclass(frozen=True)
class Imported:
    """What became of one file: passages made and rows left out, or the reason why there are none."""

    name: str
    passages: int = 0
    problem: str = ""
    left_out: tuple[str, ...] = ()


def files_under(path: Path) -> Iterator[tuple[str, bytes]]:
    """All files of a folder but the hidden ones, or the one file. Raises `ReadError` when the path does not exist.

    What a file is, its content tells: nothing is passed over for its name, so that nothing is left out unsaid.
    """
    if path.is_file():
        yield path.name, bytes_of(path)
    elif path.is_dir():
        for file in sorted(path.rglob("*")):
            name = file.relative_to(path)
            if file.is_file() and not any(part.startswith(".") for part in name.parts):
                yield str(name), bytes_of(file)
    else:
        raise ReadError(f"{path}: no such file or folder.")


def bytes_of(path: Path) -> bytes:
    """Enough of a file to read it, or to see that it is too large."""
    with path.open("rb") as file:
        return file.read(MAXIMUM_ARCHIVE + 1)


def import_files(
    voice: Voice, files: Iterable[tuple[str, bytes]], *, licence: str = "", status: str = Pair.Status.PROPOSED
) -> Iterator[Imported]:
    """Import each file by itself: one that cannot be read stops none of the others. An archive's files count each."""
    for reading in read_files(files):
        left_out = tuple(str(problem) for problem in reading.problems)
        try:
            passages = import_reading(voice, reading, licence=licence, status=status)
            yield Imported(reading.name, passages, left_out=left_out)
        except ReadError as error:
            yield Imported(reading.name, problem=str(error), left_out=left_out)


@transaction.atomic
def import_reading(voice: Voice, reading: Reading, *, licence: str = "", status: str = Pair.Status.PROPOSED) -> int:
    """Store one file whole and what was read from it; all of it or nothing. Returns the number of pairs proposed.

    Raises `ReadError` for a file that was refused, holds no copy, or is here already.
    """
    if reading.reason:
        raise ReadError(reading.reason)
    digest = hashlib.sha256(reading.raw).hexdigest()
    # A second click may bring the same bytes while the first are still being stored.
    source, is_new = Source.objects.defer("raw").get_or_create(
        voice=voice,
        sha256=digest,
        defaults={"name": reading.name[:400], "kind": reading.kind, "raw": reading.raw, "licence": licence[:200]},
    )
    if not is_new:
        raise ReadError(f"it is here already, as {source.name}.")
    kept = settings_of(voice)
    passages: list[Passage] = []
    touches: list[Touch] = []
    proposed: list[tuple[Passage, corpus_brief.Brief]] = []
    seen: set[str] = set()
    for number, document in enumerate(reading.documents):
        document.title = clean_title(document.title)
        for piece in pieces(document):
            piece = replace(piece, heading=clean_title(piece.heading))
            folded = " ".join(piece.text.casefold().split())
            if folded in seen:
                continue
            seen.add(folded)
            passage = Passage(
                source=source,
                document=number,
                position=len(passages),
                title=(piece.heading or document.title)[:300],
                original=piece.text,
                changes=list(piece.changes),
            )
            touches += clean_passage(voice, passage, kept)
            passages.append(passage)
            if is_copy(passage):
                content = propose(reading.name, reading.kind, document, replace(piece, text=passage.text))
                proposed.append((passage, content))
    if not passages:
        if not any(document.has_copy for document in reading.documents):
            raise ReadError(f"it has no column for the copy; name it one of {', '.join(COPY_COLUMNS)}.")
        raise ReadError("no piece of it has the length of copy (12 words or more).")
    Passage.objects.bulk_create(passages)
    Touch.objects.bulk_create(touches, batch_size=500)
    rows = briefs_for(voice, [content for _, content in proposed])
    Pair.objects.bulk_create(
        Pair.answering(rows[content.digest()], passage.text, voice=voice, passage=passage, status=status)
        for passage, content in proposed
    )
    return len(proposed)


def briefs_for(voice: Voice, contents: Iterable[corpus_brief.Brief]) -> dict[str, Brief]:
    """Digest -> row, made where it is missing. A brief that is known keeps its split."""
    wanted = {content.digest(): content for content in contents}
    Brief.objects.bulk_create(
        (
            Brief(voice=voice, digest=digest, split=split_of(digest), **content.as_dict())
            for digest, content in wanted.items()
        ),
        ignore_conflicts=True,
        batch_size=500,
    )
    found: dict[str, Brief] = {}
    digests = list(wanted)
    for start in range(0, len(digests), 500):
        for row in Brief.objects.filter(voice=voice, digest__in=digests[start : start + 500]):
            found[row.digest] = row
    return found
