"""Adapter folders on disk: written beside, then renamed, with a manifest of what they hold.

    root/VERSION/adapter_config.json          PEFT's own format
    root/VERSION/adapter_model.safetensors
    root/VERSION/manifest.json                configuration, hashes, versions, losses

A folder is either whole or not there. Nothing is ever unpickled.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
import re
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
ADAPTER_FILES = ("adapter_config.json", "adapter_model.safetensors")


class StoreError(Exception):
    """A stored folder that is missing, damaged or taken; the message names it."""


@dataclass(frozen=True)
class Stored:
    """A stored adapter. `digest` is a SHA-256 over the names and bytes of its adapter files."""

    path: Path
    digest: str


def adapter_folder(root: Path, version_id: int | str) -> Path:
    """Where the adapter of a model version lies. Raises `StoreError` for an id that is no plain name."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", str(version_id)):
        raise StoreError(f"{version_id!r} cannot name an adapter; use letters, digits, - and _.")
    return root / str(version_id)


def save_adapter(root: Path, version_id: int | str, source: Path, manifest: Mapping[str, Any]) -> Stored:
    """Copy the adapter in `source` to its place under `root`, with `manifest` and the files' hashes.

    Saving the same weights again is allowed and changes nothing, so a job may be repeated.
    Raises `StoreError` when `source` is incomplete or other weights already lie there.
    """
    final = adapter_folder(root, version_id)
    missing = [name for name in ADAPTER_FILES if not (source / name).is_file()]
    if missing:
        raise StoreError(f"{source.name} is no adapter: {' and '.join(missing)} missing. Train again.")
    hashes = {name: file_digest(source / name) for name in ADAPTER_FILES}
    digest = _digest_of(hashes)
    if final.exists():
        return _already_stored(final, digest)
    with written_beside(final) as folder:
        for name in ADAPTER_FILES:
            shutil.copyfile(source / name, folder / name)
        text = json.dumps({**manifest, "files": hashes, "digest": digest}, indent=2, sort_keys=True)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return Stored(final, digest)


def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest of a stored adapter folder. Raises `StoreError` when there is none to read."""
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StoreError(f"Adapter {path.name} has no {MANIFEST}; restore it or train again.") from None
    except ValueError as error:
        raise StoreError(f"The {MANIFEST} of adapter {path.name} cannot be read: {error}.") from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise StoreError(f"The {MANIFEST} of adapter {path.name} names no files; restore it or train again.")
    return manifest


def verify(path: Path) -> Stored:
    """Compare each file with the hash in the manifest. Raises `StoreError` naming the file that differs."""
    files: dict[str, str] = read_manifest(path)["files"]
    for name in ADAPTER_FILES:
        if name not in files:
            raise StoreError(f"The manifest of adapter {path.name} has no hash for {name}; train again.")
        if not (path / name).is_file():
            raise StoreError(f"{name} of adapter {path.name} is missing; restore it or train again.")
        if file_digest(path / name) != files[name]:
            raise StoreError(
                f"{name} of adapter {path.name} is not the file that was stored; restore it or train again."
            )
    extra = sorted(entry.name for entry in path.iterdir() if entry.name not in {*ADAPTER_FILES, MANIFEST})
    if extra:
        raise StoreError(f"Adapter {path.name} holds {', '.join(extra)}, which was never stored; remove it.")
    return Stored(path, _digest_of(files))


def remove_stale(root: Path, older_than: float = 3600.0) -> list[Path]:
    """Remove the temporary folders that an interrupted write left, once `older_than` seconds old."""
    now, removed = time.time(), []
    for folder in sorted(root.glob(".*.new")):
        if now - folder.stat().st_mtime >= older_than:
            shutil.rmtree(folder, ignore_errors=True)
            removed.append(folder)
    return removed


def package_versions() -> dict[str, str]:
    """Versions of Python and of the packages that shape an adapter, for a manifest."""
    names = ("torch", "transformers", "peft", "tokenizers", "safetensors")
    versions = {"python": platform.python_version()}
    for name in names:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return versions


@contextmanager
def written_beside(final: Path) -> Iterator[Path]:
    """Give a temporary folder beside `final`; on success flush it to disk and rename it to `final`.

    After a failure nothing is left. After a kill only the temporary folder is (`remove_stale`).
    Raises OSError when `final` has come to exist meanwhile.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    temporary = final.parent / f".{final.name}.{secrets.token_hex(4)}.new"
    temporary.mkdir()
    try:
        yield temporary
        for path in (*temporary.iterdir(), temporary):
            _flush(path)
        os.rename(temporary, final)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    _flush(final.parent)


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _already_stored(final: Path, digest: str) -> Stored:
    stored = verify(final)
    if stored.digest != digest:
        raise StoreError(f"Version {final.name} already has another adapter; save this one as a new version.")
    return stored


def _digest_of(hashes: Mapping[str, str]) -> str:
    lines = "".join(f"{name} {hashes[name]}\n" for name in sorted(hashes))
    return hashlib.sha256(lines.encode()).hexdigest()


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
