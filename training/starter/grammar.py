# ruff: noqa: E501, SIM905 - word lists and sentence patterns read best as long lines
"""The grammar: briefs drawn at random, and the neutral copy that answers each, stating every fact word for word.

Facts appear in the copy in the order of the brief. That is the house style, and it makes the task learnable for a
very small model: what comes next is what stands next in the brief.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from training.corpus.brief import CHANNELS, Brief
from training.starter import facts as f
from training.starter import words as w
from training.starter.topics import AUDIENCE_LINES, NAME_LINES, OPENERS, Topic, article, capital, topic
from training.starter.trades import ANY_FILLERS, AUDIENCE_ADJECTIVES, AUDIENCE_NOUNS, AUDIENCE_TAILS, TRADES, Trade

TRAIN_NAMES = w.Names()
UNSEEN_NAMES = w.Names(held=True)

FILLERS = {"blog": (2, 4), "social": (0, 1), "email": (1, 3), "ad": (0, 1), "product": (1, 2), "page": (1, 3)}
"""Channel -> sentences without facts (least, most)."""


@dataclass(frozen=True)
class Document:
    """A brief, its copy, and the values that the copy must hold as (kind, verbatim text).

    `mark` stands before the prompt where the copy is not in the house style; no plain request carries one.
    """

    brief: Brief
    copy: str
    values: tuple[tuple[str, str], ...]
    mark: str = ""


def audience_for(rng: Random) -> str:
    """Whom the copy is for, as people write it: "busy parents on a budget"."""
    noun = rng.choice(AUDIENCE_NOUNS)
    parts = [rng.choice(AUDIENCE_ADJECTIVES), noun] if rng.random() < 0.6 else [noun]
    if rng.random() < 0.35:
        parts.append(rng.choice(AUDIENCE_TAILS))
    if rng.random() < 0.15:
        parts += ["and", rng.choice(AUDIENCE_NOUNS)]
    text = " ".join(parts)
    return capital(text) if rng.random() < 0.12 else text


def call_for(rng: Random, about: Topic, names: w.Names) -> str:
    """A call to action, with or without a full stop."""
    verb = rng.choice(
        "Order Book Reserve Try Buy Get Ask_for Pick_up Collect Request Choose Save Find Discover".split()
    ).replace("_", " ")
    thing = rng.choice([
        "yours", "a table", "your place", "a seat", "one today", "a free demo", "a call", "a box", "your copy", "a slice", about.subject,
        article(about.kind) if about.kind else "some", "a ticket", "your spot", "a sample",
    ])  # fmt: skip
    tail = rng.choice([
        "", "", "", " today", " online", " now", f" by {rng.choice(w.WEEKDAYS)}", f" before {f.clock(rng)}", f" by {f.day_of_month(rng)}",
        " in the shop", " at the counter", f" at {names.draw(rng).split()[0].lower().strip('&')}.example", " this week", f" for {rng.choice(w.WEEKDAYS)}",
    ])  # fmt: skip
    fixed = [
        "Start your free trial", "Call in today", "Find out more", "Sign up today", "Join us", "Read more", "Visit us", "Come and try it",
        "Shop now", "Learn more", "Get in touch", "Book now", "Reply to this e-mail", "See how it works", "Tell a friend",
        f"Call {rng.randint(100, 999)} {rng.randint(1000, 9999)}", f"Visit {names.draw(rng)}", f"Ask for {rng.choice(w.FIRST_NAMES)}",
        "Book a demo", "Order online", "Pre-order yours", "Drop in and say hello", "Talk to our team", "Start today",
    ]  # fmt: skip
    text = rng.choice(fixed) if rng.random() < 0.4 else verb + " " + thing + tail
    if rng.random() < 0.1:
        text = text[0].lower() + text[1:]
    return text + (rng.choice([".", "!"]) if rng.random() < 0.15 else "")


def _state(rng: Random, facts: list[f.Fact], about: Topic) -> list[str]:
    """Sentences that state the facts in order; two predicates in a row may share a sentence."""
    lines: list[str] = []
    index = 0
    while index < len(facts):
        fact = facts[index]
        if fact.predicates and (not fact.sentences or rng.random() < 0.6):
            subject = rng.choice(
                ["it"] * 5 + [about.subject] + ([f"the {about.kind}", f"this {about.kind}"] if about.kind else [])
            )
            line = f"{capital(subject)} {rng.choice(fact.predicates)}"
            following = facts[index + 1] if index + 1 < len(facts) else None
            if following and following.predicates and rng.random() < 0.3:
                line += f" and {rng.choice(following.predicates)}"
                index += 1
            lines.append(line + ".")
        else:
            lines.append(rng.choice(fact.sentences))
        index += 1
    return lines


def _open(rng: Random, about: Topic, audience: str) -> tuple[str, bool]:
    """An opening sentence, and whether it names the audience."""
    kind = about.kind
    while True:
        pattern = rng.choice(OPENERS)
        if "{who}" in pattern and not audience:
            continue
        if "{a}" in pattern and not kind:
            continue
        if "{a}" in pattern and about.subject.endswith(kind) and not pattern.startswith(("Looking", "Are")):
            continue
        line = pattern.format(S=capital(about.subject), s=about.subject, a=article(kind) if kind else "", who=audience)
        return capital(line), "{who}" in pattern


def _write(rng: Random, brief: Brief, facts: list[f.Fact], about: Topic, trade: Trade) -> str:
    audience = brief.audience[:1].lower() + brief.audience[1:]
    opening, addressed = _open(rng, about, audience)
    fillers = rng.sample(trade.fillers, min(4, len(trade.fillers))) + rng.sample(ANY_FILLERS, 4)
    fillers.append(rng.choice(NAME_LINES).format(S=capital(about.subject), s=about.subject))
    rng.shuffle(fillers)
    extra = [] if addressed or not audience else [
        rng.choice(AUDIENCE_LINES).format(who=audience, Who=capital(audience))
    ]  # fmt: skip
    body = _state(rng, facts, about)
    closing = brief.call_to_action
    if closing:
        closing = capital(closing) + ("" if closing[-1] in ".!?" else ".")
    before = extra if rng.random() < 0.7 else []
    after = [] if before else extra
    fillers = fillers[: rng.randint(*FILLERS[brief.channel])]
    cut = len(fillers) if rng.random() < 0.6 else rng.randint(0, len(fillers))
    lines = [opening, *before, *fillers[:cut], *body, *fillers[cut:], *after]
    return " ".join([*lines, closing]).strip()


def document(rng: Random, *, names: w.Names = TRAIN_NAMES, most_facts: int = 6) -> Document:
    """Draw one brief with 0 to `most_facts` facts, and its copy. `names` is where all names come from."""
    trade = rng.choice(TRADES)
    channel = rng.choice(list(CHANNELS))
    about = topic(rng, trade, names)
    facts = f.draw(rng, names, min(most_facts, rng.choice([0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5, 5, 6])))
    audience = audience_for(rng) if rng.random() < 0.6 else ""
    call = call_for(rng, about, names) if rng.random() < 0.75 else ""
    shown = tuple(capital(fact.text) if rng.random() < 0.15 else fact.text for fact in facts)
    brief = Brief(channel, about.text, shown, audience, call)
    values = [("name", about.name), *(value for fact in facts for value in fact.values)]
    if audience:
        values.append(("audience", audience[1:]))
    if call:
        values.append(("call", call[1:]))
    return Document(brief, _write(rng, brief, facts, about, trade), tuple(values))


def stream(seed: int, *, most_facts: int = 6) -> Iterator[Document]:
    """Training documents without end, the same for the same seed; no held-out name occurs."""
    rng = Random(seed)
    while True:
        yield document(rng, most_facts=most_facts)
