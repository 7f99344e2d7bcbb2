"""Real copy in: files become sources, passages and proposed pairs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from django.db import transaction

from training.cleaning import clean_passage, is_copy, settings_of
from training.corpus import brief as corpus_brief
from training.corpus.passages import pieces
from training.corpus.propose import propose
from training.corpus.read import KINDS, ReadError, kind_of, read
from training.corpus.splits import split_of
from training.models import Brief, Pair, Passage, Source, Touch, Voice

MAXIMUM_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class Imported:
    """What became of one file: passages made, or the reason why there are none."""

    name: str
    passages: int = 0
    problem: str = ""


def files_under(path: Path) -> Iterator[tuple[str, bytes]]:
    """The readable files of a folder, or the one file. Raises `ReadError` when the path does not exist."""
    if path.is_file():
        yield path.name, path.read_bytes()
    elif path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.is_file() and file.suffix.lower() in KINDS:
                yield str(file.relative_to(path)), file.read_bytes()
    else:
        raise ReadError(f"{path}: no such file or folder.")


def import_files(
    voice: Voice, files: Iterable[tuple[str, bytes]], *, licence: str = "", status: str = Pair.Status.PROPOSED
) -> Iterator[Imported]:
    """Import each file by itself: one that cannot be read stops none of the others."""
    for name, raw in files:
        try:
            yield Imported(name, import_file(voice, name, raw, licence=licence, status=status))
        except ReadError as error:
            yield Imported(name, problem=str(error))


@transaction.atomic
def import_file(voice: Voice, name: str, raw: bytes, *, licence: str = "", status: str = Pair.Status.PROPOSED) -> int:
    """Store one file whole and what was read from it; all of it or nothing. Returns the number of pairs proposed.

    Raises `ReadError` for a file that is too large, unreadable, empty, or here already.
    """
    if len(raw) > MAXIMUM_BYTES:
        raise ReadError(f"it has {len(raw) // 2**20} MB; the limit is {MAXIMUM_BYTES // 2**20} MB. Split it.")
    digest = hashlib.sha256(raw).hexdigest()
    if known := Source.objects.filter(voice=voice, sha256=digest).first():
        raise ReadError(f"it is here already, as {known.name}.")
    kind = kind_of(name)
    documents = read(name, raw)
    source = Source.objects.create(
        voice=voice, name=name[:400], kind=kind, sha256=digest, raw=raw, licence=licence[:200]
    )
    kept = settings_of(voice)
    passages: list[Passage] = []
    touches: list[Touch] = []
    proposed: list[tuple[Passage, corpus_brief.Brief]] = []
    seen: set[str] = set()
    for number, document in enumerate(documents):
        for piece in pieces(document):
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
                content = propose(name, kind, document, replace(piece, text=passage.text))
                proposed.append((passage, content))
    if not passages:
        raise ReadError("no piece of it has the length of copy (12 words or more).")
    Passage.objects.bulk_create(passages)
    Touch.objects.bulk_create(touches, batch_size=500)
    rows = briefs_for(voice, [content for _, content in proposed])
    Pair.objects.bulk_create(
        Pair(voice=voice, brief=rows[content.digest()], passage=passage, output=passage.text, status=status)
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
