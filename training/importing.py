"""Real copy in: files become sources, passages and proposed pairs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from django.db import transaction

from training.cleaning import clean_passage, clean_title, is_copy, settings_of
from training.corpus import brief as corpus_brief
from training.corpus.passages import pieces
from training.corpus.propose import channel_of, propose
from training.corpus.reading.child import read_files
from training.corpus.reading.detect import COPY_COLUMNS
from training.corpus.reading.document import MAXIMUM_ARCHIVE, ReadError, Reading
from training.corpus.splits import split_of
from training.models import Brief, Pair, Passage, Source, Touch, Voice
from training.sides import number_parts, sides_for


@dataclass(frozen=True)
class Imported:
    """What became of one file: passages made and rows left out, or the reason why there are none."""

    name: str
    passages: int = 0
    problem: str = ""
    left_out: tuple[str, ...] = ()


def files_under(path: Path) -> Iterator[tuple[str, bytes]]:
    """All files of a folder but the hidden ones, or the one file. Raises `ReadError` when the path does not exist."""
    for name, file in paths_under(path).items():
        yield name, bytes_of(file)


def paths_under(path: Path) -> dict[str, Path]:
    """Name -> path, in order, of all files of a folder but the hidden ones, or of the one file.

    What a file is, its content tells: nothing is passed over for its name, so that nothing is left out unsaid.
    Raises `ReadError` when the path does not exist.
    """
    if path.is_file():
        return {shown(path.name): path}
    if not path.is_dir():
        raise ReadError(f"{path}: no such file or folder.")
    found = {}
    for file in sorted(path.rglob("*")):
        name = file.relative_to(path)
        if not any(part.startswith(".") for part in name.parts) and file.is_file():
            found[shown(str(name))] = file
    return found


def shown(name: str) -> str:
    """A file's name as text that every database takes, whatever bytes the disk or the sender wrote."""
    return name.encode(errors="backslashreplace").decode().replace("\0", "")


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


def import_reading(
    voice: Voice, reading: Reading, *, licence: str = "", url: str = "", status: str = Pair.Status.PROPOSED
) -> int:
    """Store one file whole and what was read from it; all of it or nothing. Returns the number of pairs proposed.

    Raises `ReadError` for a file that was refused, holds no copy, or is here already.
    """
    prepared = prepare(voice, reading, licence=licence, url=url)
    store(voice, prepared, status=status)
    return len(prepared.proposed)


class HereAlready(ReadError):
    """The same bytes were imported before."""

    def __init__(self, source: Source) -> None:
        super().__init__(f"it is here already, as {source.name}.")
        self.source = source


@dataclass
class Prepared:
    """One file's rows, ready to be stored."""

    source: Source
    passages: list[Passage]
    touches: list[Touch]
    proposed: list[tuple[Passage, corpus_brief.Brief]]


def prepare(voice: Voice, reading: Reading, *, licence: str = "", channel: str = "", url: str = "") -> Prepared:
    """Clean and cut up what was read. Writes nothing, so that nobody waits for the database meanwhile.

    `channel` is that of the documents that do not tell theirs; "" guesses it from their names.

    Raises `ReadError` for a file that was refused, holds no copy, or is here already.
    """
    if reading.reason:
        raise ReadError(reading.reason)
    digest = hashlib.sha256(reading.raw).hexdigest()
    if known := voice.sources.filter(sha256=digest).defer("raw").first():
        raise HereAlready(known)
    source = Source(
        voice=voice,
        sha256=digest,
        name=reading.name[:400],
        kind=reading.kind,
        raw=reading.raw,
        licence=licence[:200],
        url=url,
    )
    found = Prepared(source, [], [], [])
    kept = settings_of(voice)
    seen: set[str] = set()
    for number, document in enumerate(reading.documents):
        document.title = clean_title(document.title)
        document.channel = document.channel or channel
        topics: list[str] = []
        for piece in pieces(document, channel_of(reading.name, reading.kind, document.channel)):
            piece = replace(piece, heading=clean_title(piece.heading))
            folded = " ".join(piece.text.casefold().split())
            if folded in seen:
                continue
            seen.add(folded)
            passage = Passage(
                source=source,
                document=number,
                position=len(found.passages),
                title=(piece.heading or document.title)[:300],
                document_title=document.title[:300],
                channel=document.channel[:40],
                original=piece.text,
                changes=list(piece.changes),
                published=day_of(document.date),
            )
            found.touches += clean_passage(voice, passage, kept)
            found.passages.append(passage)
            if is_copy(passage):
                piece = replace(piece, text=passage.text)
                content = propose(reading.name, reading.kind, document, piece, taken=topics, brand=voice.brand)
                topics.append(content.topic)
                found.proposed.append((passage, content))
    if not found.passages:
        if not any(document.has_copy for document in reading.documents):
            raise ReadError(f"it has no column for the copy; name it one of {', '.join(COPY_COLUMNS)}.")
        raise ReadError("no piece of it has the length of copy (12 words or more).")
    return found


@transaction.atomic
def store(voice: Voice, prepared: Prepared, *, status: str = Pair.Status.PROPOSED) -> None:
    """Raises `HereAlready` when somebody else has stored the same bytes since they were read."""
    source = prepared.source
    fields = ("id", "name", "kind", "raw", "licence", "url")
    kept, is_new = Source.objects.defer("raw").get_or_create(
        voice=voice, sha256=source.sha256, defaults={field: getattr(source, field) for field in fields}
    )
    if not is_new:
        raise HereAlready(kept)
    number_parts(prepared.passages)
    Passage.objects.bulk_create(prepared.passages)
    Touch.objects.bulk_create(prepared.touches, batch_size=500)
    sides = sides_for(voice, prepared.proposed)
    rows = briefs_for(voice, [content for _, content in prepared.proposed], sides)
    Pair.objects.bulk_create(
        Pair.answering(rows[content.digest()], passage.text, voice=voice, passage=passage, status=status)
        for passage, content in prepared.proposed
    )


def day_of(written: str) -> date | None:
    """The day of an ISO 8601 date or time, as it stands there; None for anything else."""
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)(?!\d)", written)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def briefs_for(
    voice: Voice, contents: Iterable[corpus_brief.Brief], sides: Mapping[str, str] | None = None
) -> dict[str, Brief]:
    """Digest -> row, made where it is missing. A brief that is known keeps its split.

    A new one is in the split that `sides` gives for its digest, or else in the one that its content decides.
    """
    wanted = {content.digest(): content for content in contents}
    sides = sides or {}
    Brief.objects.bulk_create(
        (
            Brief(voice=voice, digest=digest, split=sides.get(digest) or split_of(digest), **content.as_dict())
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
