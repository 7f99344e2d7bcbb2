"""ZIP archives: how large they may become, their files one by one, and EPUB books, which are ones."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from training.corpus.reading.detect import DAMAGE
from training.corpus.reading.document import MAXIMUM_BYTES, Block, Document, ReadError, plain
from training.corpus.reading.pages import fragment

MAXIMUM_UNPACKED = 500 * 2**20
MAXIMUM_FILES = 20_000
LEFT_ALONE = ("__MACOSX/", ".DS_Store", "Thumbs.db")


def check_archive(raw: bytes) -> None:
    """Raise `ReadError` before anything is unpacked that would fill the memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
    except DAMAGE as error:
        raise ReadError("it is a ZIP archive (Office files are ones, too) that is cut off or damaged.") from error
    if len(entries) > MAXIMUM_FILES:
        raise ReadError(f"it holds {len(entries):,} files; the limit is {MAXIMUM_FILES:,}.")
    size = sum(entry.file_size for entry in entries)
    if size > MAXIMUM_UNPACKED:
        raise ReadError(f"it would unpack to {size // 2**20:,} MB; the limit is {MAXIMUM_UNPACKED // 2**20} MB.")


def members(raw: bytes) -> Iterator[tuple[str, bytes | ReadError]]:
    """Each file of an archive with its bytes, or with the reason why it has none."""
    check_archive(raw)
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for entry in archive.infolist():
            if entry.is_dir() or entry.filename.startswith(LEFT_ALONE) or entry.filename.endswith(LEFT_ALONE):
                continue
            try:
                yield entry.filename, unpacked(archive, entry)
            except ReadError as error:
                yield entry.filename, error


def unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.file_size > MAXIMUM_BYTES:
        size, limit = entry.file_size // 2**20, MAXIMUM_BYTES // 2**20
        raise ReadError(f"it would unpack to {size:,} MB; the limit is {limit} MB.")
    if entry.flag_bits & 1:
        raise ReadError("it is locked with a password; unpack it first.")
    try:
        return archive.read(entry)
    except DAMAGE as error:
        raise ReadError("its part of the archive is damaged.") from error


def read_epub(raw: bytes, name: str) -> Iterator[Document]:
    """The chapters in the order of the book's spine, each a document."""
    from lxml import etree

    check_archive(raw)
    parser = etree.XMLParser(resolve_entities=False, no_network=True)

    def parsed(path: str) -> Any:
        return etree.fromstring(unpacked(archive, archive.getinfo(path)), parser)

    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        package_path = next(node.get("full-path", "") for node in parsed("META-INF/container.xml").iter("{*}rootfile"))
        package = parsed(package_path)
        book = plain(next((node.text or "" for node in package.iter("{*}title")), "")) or name
        date = plain(next((node.text or "" for node in package.iter("{*}date")), ""))
        files = {item.get("id"): item.get("href", "") for item in package.iter("{*}item")}
        for reference in package.iter("{*}itemref"):
            href = unquote(files.get(reference.get("idref"), ""))
            path = posixpath.normpath(posixpath.join(posixpath.dirname(package_path), href))
            blocks = chapter(unpacked(archive, archive.getinfo(path)))
            heading = next((block.text for block in blocks if block.kind == "heading"), "")
            if blocks:
                yield Document(heading or book, blocks, changes=["XHTML taken off"], date=date)


def chapter(raw: bytes) -> list[Block]:
    from training.corpus.reading.encodings import decode

    return fragment(decode(raw)[0]) if raw.strip() else []
