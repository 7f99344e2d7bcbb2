"""A prompt read back as the brief that it was made of, and a brief for a request that VoiceLab did not write."""

from __future__ import annotations

import re

from training.corpus.brief import CHANNELS, LONGEST, Brief, BriefError

CUE = "\n\nCopy:\n"
"""How `Brief.prompt` ends. Chat and alpaca rows leave it out."""
FIRST = re.compile(rf"Write ({'|'.join(map(re.escape, CHANNELS.values()))}) about (.+)\.")
CHANNEL_OF = {words: channel for channel, words in CHANNELS.items()}
WORDS = {
    "email": r"e-?mail|newsletter",
    "social": r"social|instagram|facebook|tweet|linkedin|caption",
    "ad": r"ad|ads|advert|advertisement|banner",
    "product": r"product",
    "page": r"page|website",
    "blog": r"blog|article|post",
}
ORDER = re.compile(
    r"(?:please )?(?:write|create|draft|compose|generate|produce)(?: me| us)? (?:an? |the |some )?"
    r"([\w'’ -]{2,60}?) (?:about|on|for|announcing) (.+)",
    re.IGNORECASE | re.DOTALL,
)


def parse(prompt: str) -> Brief | None:
    """The brief whose prompt this is, to the letter, with or without its last line; None for any other text."""
    whole = prompt if prompt.endswith(CUE) else prompt.rstrip("\n") + CUE
    lines = whole.removesuffix(CUE).split("\n")
    first = FIRST.fullmatch(lines.pop(0))
    if first is None:
        return None
    facts: list[str] = []
    if lines and lines[0] == "Mention:":
        lines.pop(0)
        while lines and lines[0].startswith("- "):
            facts.append(lines.pop(0)[2:])
    audience = lines.pop(0)[10:] if lines and lines[0].startswith("Audience: ") else ""
    call = lines.pop(0)[16:] if lines and lines[0].startswith("Call to action: ") else ""
    try:
        brief = Brief(CHANNEL_OF[first[1]], first[2], tuple(facts), audience, call)
    except BriefError:
        return None
    return brief if not lines and brief.prompt() == whole else None


def brief_of_request(request: str, channel: str) -> Brief:
    """A brief for somebody else's prompt: what it asks for as the topic, cut at a word where it is too long.

    `channel` is for a request that names none. Raises `BriefError` when there is nothing to make a topic of.
    """
    plain = " ".join(request.removesuffix(CUE).split())
    order = ORDER.fullmatch(plain)
    if order:
        named = order[1].lower()
        channel = next((key for key, words in WORDS.items() if re.search(rf"\b(?:{words})\b", named)), channel)
        plain = order[2]
    longest = LONGEST["topic"]
    if len(plain) > longest:
        plain = plain[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
    return Brief(channel=channel, topic=plain)
