# ruff: noqa: E501, SIM905 - word lists and sentence patterns read best as long lines
"""The topic of a brief, worded as people word it, and the opening sentences that name the product."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from training.starter import words as w
from training.starter.trades import Trade


def article(phrase: str) -> str:
    """`phrase` with "a" or "an" in front, by its sound."""
    lowered = phrase.lower()
    number = "".join(c for c in lowered.split()[0] if c.isdigit()) if lowered else ""
    if number:
        vowel = number.startswith("8") or number in ("11", "18")
    else:
        silent = lowered.startswith(("hour", "honest", "heir"))
        vowel = silent or (lowered[0] in "aeiou" and not lowered.startswith(("uni", "use", "eu", "one", "u-")))
    return f"{'an' if vowel else 'a'} {phrase}"


def capital(text: str) -> str:
    """`text` with its first letter as a capital; the rest is untouched."""
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Topic:
    """`text` stands in the brief; `name` must be in the copy; `subject` is how a sentence refers to the product.

    `kind` is empty where the topic does not tell it, as the copy must not invent it.
    """

    text: str
    name: str
    subject: str
    kind: str


def topic(rng: Random, trade: Trade, names: w.Names) -> Topic:
    """Draw what the copy is about: a proper name with its kind, or a plain product such as "lavender cupcake"."""
    kind = rng.choice(trade.kinds)
    if rng.random() < 0.3:
        modifiers = w.FLAVOURS if trade.edible else w.ADJECTIVES + w.NOUNS
        shapes = ["{m} {k}", "{m} {k}", "{m} {e} {k}", "{e} and {m} {k}"]
        common = names.until(
            lambda: rng.choice(shapes).format(
                m=rng.choice(modifiers), e=rng.choice(w.ADJECTIVES + w.NOUNS + w.FLAVOURS), k=rng.choice(trade.kinds)
            )
        )
        kind = max((k for k in trade.kinds if common.endswith(k)), key=len)
        lead, subject = rng.choice([
            ("our new ", f"our new {common}"), ("our ", f"our {common}"), ("the ", f"the {common}"), ("the new ", f"the new {common}"),
            ("", f"the {common}"), ("a ", f"the {common}"), ("this year's ", f"this year's {common}"), ("new: ", f"the new {common}"),
            ("our summer ", f"our summer {common}"), ("the launch of our ", f"our {common}"),
        ])  # fmt: skip
        return Topic(article(common) if lead == "a " else lead + common, common, subject, kind)
    if trade.name == "software" and rng.random() < 0.6:
        title = names.until(lambda: f"{rng.choice(w.ROLES)} {rng.choice(w.DEVICES)}")
        definite = rng.random() < 0.7
    else:
        title, definite = names.draw(rng), rng.random() < 0.25
    subject = f"the {title}" if definite else title
    a_kind = article(kind)
    wordings = [
        f"{subject}, {a_kind}", f"{subject}, {a_kind}", f"{subject}, our {kind}", f"{subject}, our new {kind}", f"{subject} ({kind})",
        f"{subject}: {a_kind}", subject, f"{subject}, a new {kind}", f"our {kind} {title}", f"{a_kind} called {title}",
        f"a new {kind} called {title}", f"the launch of {subject}, {a_kind}", f"the {title} {kind}", f"{title} {kind}",
        f"our new {kind}, {subject}", f"{subject} - {kind}", f"why {subject} is {a_kind} worth a look", f"{subject}, the {kind}",
        f"the {kind} {title}", f"{subject}, {article(rng.choice(w.ADJECTIVES) + ' ' + kind)}",
    ]  # fmt: skip
    wording = rng.choice(wordings)
    return Topic(wording, title, subject, kind if kind in wording else "")


OPENERS = (
    "{S} is {a}.", "{S} is here.", "Meet {s}.", "Meet {s}, {a}.", "This is {s}.", "Introducing {s}.", "{S} is now available.",
    "We are pleased to present {s}.", "{S} is {a} for {who}.", "Have you seen {s} yet?", "Say hello to {s}.", "Discover {s}.",
    "Looking for {a}? Try {s}.", "Take a look at {s}.", "{S} is {a} made for {who}.", "Made for {who}: {s}.", "Here is {s}.",
    "For {who}, there is {s}.", "We would like to tell you about {s}.", "There is something new: {s}.", "{S} has arrived.",
    "Get to know {s}.", "Today we present {s}.", "Some things are worth a closer look, and {s} is one of them.",
    "It is time for {s}.", "We have news about {s}.", "Are you looking for {a}? {S} may be right for you.",
    "Hello from our team. We would like to introduce {s}.", "With {s}, {who} get {a}.", "{S} is made for {who}.",
    "News for {who}: {s} is here.", "Dear customer, {s} is here.", "Thank you for reading. This is about {s}.",
)  # fmt: skip

AUDIENCE_LINES = (
    "It is made for {who}.", "It suits {who}.", "It is a good choice for {who}.", "It was made with {who} in mind.",
    "We made it for {who}.", "It is right for {who}.", "{Who} will like it.", "It works well for {who}.",
)  # fmt: skip

NAME_LINES = (
    "{S} is easy to like.", "With {s}, you know what you get.", "{S} is a good place to start.", "That is {s}.",
    "We are proud of {s}.", "There is a lot to like about {s}.", "You can rely on {s}.",
)  # fmt: skip
