"""Reading settings from the environment: a value that cannot be used is one sentence, from every command.

The sentences name the setting, the value and what to write. Addresses that may hold a password are not repeated.
"""

from __future__ import annotations

import os
import re
import secrets
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

DATABASES = ("django.db.backends.sqlite3", "django.db.backends.postgresql")
ZONES = Path("/usr/share/zoneinfo")


def env_text(name: str, default: str) -> str:
    return os.environ.get(name) or default


def env_bool(name: str, default: bool) -> bool:
    value = env_text(name, "").strip().lower()
    if value == "":
        return default
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; write yes or no.")


def env_int(name: str, default: int, *, minimum: int = 0, maximum: int) -> int:
    value = env_text(name, "").strip()
    if value == "":
        return default
    if not re.fullmatch("[0-9]{1,9}", value) or not minimum <= int(value) <= maximum:
        raise ImproperlyConfigured(f"{name} is {value!r}; write a whole number from {minimum} to {maximum:,}.")
    return int(value)


def env_list(name: str, default: list[str]) -> list[str]:
    return [part.strip() for part in env_text(name, "").split(",") if part.strip()] or default


def env_hosts(name: str, default: list[str]) -> list[str]:
    """Host names, with a dot in front for all below one, or * for any."""
    hosts = env_list(name, default)
    for host in hosts:
        if not re.fullmatch(r"\*|\[[0-9A-Fa-f:.]+\]|\.?[\w.-]+", host):
            raise ImproperlyConfigured(
                f"{name} has {host!r}; write host names alone, as voicelab.example.com, with commas between them."
            )
    return hosts


def env_origins(name: str, default: list[str]) -> list[str]:
    """Scheme and host, and a port where it is not the scheme's own."""
    origins = env_list(name, default)
    for origin in origins:
        if not re.fullmatch(r"https?://(\*\.)?[^\s/@*]+", origin):
            raise ImproperlyConfigured(
                f"{name} has {origin!r}; write scheme and host, as https://voicelab.example.com, with commas between "
                "them."
            )
    return origins


def env_zone(name: str, default: str) -> str:
    """A time zone that both Python and Django find."""
    value = env_text(name, default)
    try:
        ZoneInfo(value)
        known = not ZONES.exists() or (ZONES / value).is_file()
    except (KeyError, ValueError, OSError):  # a zone that is not there, a path, a folder of zones
        known = False
    if not known:
        raise ImproperlyConfigured(
            f"{name} is {value!r}, which is no time zone of this machine; write one like UTC or Europe/London."
        )
    return value


def env_sender(name: str, default: str) -> str:
    value = env_text(name, default)
    address = parseaddr(value)[1]
    if "\n" in value or not re.fullmatch(r"[^\s@]+@[^\s@]+", address):
        raise ImproperlyConfigured(f"{name} is {value!r}; write it as VoiceLab <voicelab@example.com>.")
    return value


def env_redis(name: str) -> str:
    """The address of a Redis, or nothing: `make up` starts one of its own then."""
    value = env_text(name, "")
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        place = parts.path if parts.scheme == "unix" else parts.hostname
        known = parts.scheme in ("redis", "rediss", "unix") and bool(place) and parts.port != 0
    except ValueError:  # a port that is no number
        known = False
    if not known:
        raise ImproperlyConfigured(f"{name} names no Redis; write redis://user:password@host:6379/0.")
    return value


def env_database(name: str, default: str) -> dj_database_url.DBConfig:
    try:
        found = dj_database_url.parse(env_text(name, default), conn_max_age=60, conn_health_checks=True)
    except ValueError:
        found = {}
    if found.get("ENGINE") not in DATABASES:
        raise ImproperlyConfigured(f"{name} names no database; write postgres://user:password@host/name.") from None
    return found


def env_secret_key(name: str, folder: Path) -> str:
    """This setting, else a key made once and kept in the folder, readable by its owner only."""
    if value := env_text(name, ""):
        return value
    path = folder / "secret_key"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            key = path.read_text().strip()
        else:
            key = secrets.token_urlsafe(50)
            with os.fdopen(handle, "w") as file:
                file.write(key)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise ImproperlyConfigured(f"Cannot use {path} ({why}). Point VOICELAB_VAR at a folder of your own.") from error
    if not key:
        raise ImproperlyConfigured(f"{path} is empty. Delete it; VoiceLab makes a new key, and people sign in again.")
    return key
