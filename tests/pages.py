"""Where a voice's pages are, and what they say, for tests that read them as a person does."""

from django.urls import reverse


def where(name, voice, *more):
    return reverse(name, args=[voice.client.slug, voice.slug, *more])


def text(answer):
    """The page with every run of white space as one space, and nothing of what only holds words together."""
    return " ".join(answer.content.decode().replace("&nbsp;", " ").replace("\N{WORD JOINER}", "").split())
