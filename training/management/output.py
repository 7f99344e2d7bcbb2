"""Files that commands write: whole under their own name, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from django.core.management.base import CommandError


@contextmanager
def written(path: Path) -> Iterator[TextIO]:
    """Write beside the file, and put it in its place when all went well; what was there before stands until then.

    Enter it before long work, so that a file which cannot be written is said at once, as a `CommandError`.
    A pipe or a device is written straight away.
    """
    is_plain = path.is_file() or not path.exists()
    target = path.resolve() if is_plain else path  # a link goes on pointing to its file
    if target.is_dir() or not target.parent.is_dir():
        raise CommandError(f"{path}: {'a folder' if target.is_dir() else 'no such folder'}. Choose another file.")
    beside = target.with_name(target.name + ".part") if is_plain else target
    try:
        with beside.open("w", encoding="utf-8", errors="replace") as file:
            yield file
        if is_plain:
            os.replace(beside, target)
    except OSError as error:
        where = path if error.filename in (None, str(beside)) else error.filename  # or within the work
        raise CommandError(f"{where}: {error.strerror or error}. Choose another file.") from error
    finally:
        if is_plain:
            beside.unlink(missing_ok=True)
