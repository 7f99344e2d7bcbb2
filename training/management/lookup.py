"""Finding a voice by what a person types on the command line."""

from __future__ import annotations

from django.core.management.base import CommandError

from training.models import Voice


def find_voice(name: str) -> Voice:
    """The voice named `voice` or `client/voice`. Raises `CommandError` listing the choices."""
    client, _, slug = name.rpartition("/")
    found = Voice.objects.filter(slug=slug).select_related("client")
    if client:
        found = found.filter(client__slug=client)
    voices = list(found)
    if len(voices) == 1:
        return voices[0]
    choices = ", ".join(f"{voice.client.slug}/{voice.slug}" for voice in Voice.objects.select_related("client"))
    problem = "more than one voice has this name" if voices else "there is no such voice"
    raise CommandError(f"{name}: {problem}. Choose one of: {choices or 'none yet; create one first'}.")
