"""What a person types on the command line: the voice that is meant, and a run's settings."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandError

from training.models import Voice


def find_voice(name: str, *, even_scratch: bool = False) -> Voice:
    """The voice named `voice` or `client/voice`. Raises `CommandError` listing the choices."""
    client, _, slug = name.rpartition("/")
    among = Voice.objects.all() if even_scratch else Voice.objects.real()
    found = among.filter(slug=slug).select_related("client")
    if client:
        found = found.filter(client__slug=client)
    voices = list(found)
    if len(voices) == 1:
        return voices[0]
    choices = ", ".join(f"{voice.client.slug}/{voice.slug}" for voice in Voice.objects.real().select_related("client"))
    problem = "more than one voice has this name" if voices else "there is no such voice"
    raise CommandError(f"{name}: {problem}. Choose one of: {choices or 'none yet; create one first'}.")


def settings_in(typed: list[str]) -> dict[str, Any]:
    """Each NAME=NUMBER as a setting of a run; whether it will do, `LoraRun` knows. Raises `CommandError`."""
    config: dict[str, Any] = {}
    for setting in typed:
        name, _, value = setting.partition("=")
        try:
            config[name] = json.loads(value)
        except json.JSONDecodeError as error:
            raise CommandError(f"--set {setting}: write NAME=NUMBER.") from error
    return config
