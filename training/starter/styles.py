# ruff: noqa: E501, SIM905 - word lists and sentence patterns read best as long lines
"""Copy in no settled voice: loose everyday English around facts in any order, under a marked request.

The plain request never shows it, so the house style stays bland. It gives the model the words, contractions and
sentence shapes that an adapter needs to find there: an adapter of a few hundred pairs cannot teach a language.
"""

from __future__ import annotations

from random import Random

from training.corpus.brief import CHANNELS, Brief
from training.starter import facts as f
from training.starter import words as w
from training.starter.everyday import MORE, PATTERNS, loose
from training.starter.grammar import TRAIN_NAMES, Document, audience_for, call_for
from training.starter.topics import capital, topic
from training.starter.trades import TRADES

MARK = "In another voice.\n"
"""Stands before the prompt of these documents, and of no other."""

CARRIERS = """{S}: {f}.|{S} - {f}.|{S}, {f}.|{f}. That's {s}.|It's {f}.|{f}.|{F}. {F}.|Yours: {f}.|All you need to know: {f}.|You'll find {s} ({f}).|{S} ({f}) {v}s.|Here's the deal: {f}.|{f}, and not a {n} more.|We've got {s}, {f}.|In short: {f}.|{S} {v}s {l}: {f}.|Expect {f}.|The facts: {f}.|Think {f}.|{f}, {v} it or {v} it.|Because {f}.|Ask for {s}: {f}.""".split(
    "|"
)
ASKS = "{c}.|{c}.|{c}!|{c}. We'll {v}.|{c}, {l}.|{c} (bring a {n}).|{c} before the {n} {v}s.|Go on: {k}.|So {k}.|Psst, {k}.|{c} and {v}.|Now {k}.|{c} - the {n} won't {v}.".split(
    "|"
)
MARKS = ["😀", "🎉", "☕", "✨", "❤️", "👀", "🥐", "🍞", "🙂", "😉", "🎂", "…", "–", "—"]


def _aside(rng: Random) -> str:
    """A sentence without facts."""
    return loose(rng, rng.choice(PATTERNS if rng.random() < 0.4 else MORE))


def _said(rng: Random, fact: f.Fact) -> str:
    """A fact as a phrase that can stand in a list: the brief's words, most often without the label."""
    return fact.text if rng.random() < 0.15 else fact.text.split(": ", 1)[-1]


def styled(rng: Random, names: w.Names = TRAIN_NAMES) -> Document:
    """One document in no settled voice: facts in any order, in lists, brackets and fragments."""
    trade = rng.choice(TRADES)
    about = topic(rng, trade, names)
    facts = f.draw(rng, names, rng.choice([0, 1, 2, 2, 3, 3, 4, 5]))
    audience = audience_for(rng) if rng.random() < 0.6 else ""
    call = call_for(rng, about, names) if rng.random() < 0.75 else ""
    brief = Brief(rng.choice(list(CHANNELS)), about.text, tuple(fact.text for fact in facts), audience, call)
    rest = rng.sample(facts, len(facts)) if rng.random() < 0.6 else list(facts)
    lines: list[str] = []
    named = False
    while rest:
        size = rng.choice([1, 1, 2, 3])
        first = rest[0]
        said, rest = [_said(rng, fact) for fact in rest[:size]], rest[size:]
        joined = said[0] if len(said) == 1 else ", ".join(said[:-1]) + rng.choice([" and ", ", ", " & "]) + said[-1]
        pattern = rng.choice(CARRIERS)
        if size == 1 and first.predicates and rng.random() < 0.3:
            pattern, joined = (
                rng.choice(["It {f}.", "{S} {f}.", "It {f}, and {s} {v}s {l}."]),
                rng.choice(first.predicates),
            )
        if "{F}" in pattern:
            pattern = ". ".join(capital(one) for one in said) + "."
        named = named or "{s}" in pattern or "{S}" in pattern
        pattern = pattern.replace("{f}", joined).replace("{s}", about.subject).replace("{S}", capital(about.subject))
        lines.append(loose(rng, pattern))
    if not named:
        lines.insert(
            rng.choice([0, 0, len(lines)]),
            loose(
                rng,
                rng.choice(["Say hello to {s}.", "{S} {v}s {l}.", "Oh, {s}.", "{S}? {L}.", "It's {s}, {l}."])
                .replace("{s}", about.subject)
                .replace("{S}", capital(about.subject)),
            ),
        )
    if audience and rng.random() < 0.6:
        lines.insert(
            rng.randint(0, len(lines)),
            rng.choice(["For {w}.", "{W}, this one's yours.", "We know {w}.", "Dear {w}, hello."]).format(
                w=audience, W=capital(audience)
            ),
        )
    for _ in range(rng.randint(0, 5)):
        lines.insert(rng.randint(0, len(lines)), _aside(rng))
    if call:
        bare = call.rstrip(".!")
        lines.append(
            loose(rng, rng.choice(ASKS).replace("{c}", capital(bare)).replace("{k}", bare[0].lower() + bare[1:]))
        )
    if rng.random() < 0.15:
        lines[-1] += " " + rng.choice(MARKS)
    if rng.random() < 0.25:
        spot = rng.randrange(len(lines))
        lines[spot] = f"{lines[spot][:-1]} ({_aside(rng).lower().rstrip('.')})."
    text = lines[0]
    for line in lines[1:]:
        text += rng.choice([" "] * 6 + ["\n\n", "\n"] if len(lines) > 4 else [" "]) + line
    if rng.random() < 0.12:
        text = f"Subject: {_aside(rng).rstrip('.')}\n\n{text}"
    values = [("name", about.name)] + [value for fact in facts for value in fact.values if value[1] in text]
    return Document(brief, text, tuple(values), MARK)
