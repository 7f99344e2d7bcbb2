"""Second briefs for copy that has one: the same facts asked for in other words, so that a model learns the copy's
voice and not one way of asking.

What the copy needs explained stays asked for, and nothing is asked for that the copy does not bear.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from training.corpus.brief import LONGEST, Brief
from training.corpus.facts import distinct, unexplained
from training.corpus.focusing import borne
from training.corpus.keyphrases import keyphrases
from training.corpus.phrases import phrases
from training.corpus.propose import MAXIMUM_FACTS, audience_of, call_of
from training.corpus.topics import topic_of
from training.corpus.values import values

MOST = 2
"""Second briefs of one copy: with more of them it would be learnt by heart."""
TURNS = 4


@dataclass(frozen=True)
class Where:
    """What is known of the copy beside its text: its document's title and text, its heading, the voice's own facts."""

    title: str = ""
    heading: str = ""
    document: str = ""
    fact_sheet: str = ""
    brand: str = ""


def second_briefs(output: str, first: Brief, where: Where, *, taken: Collection[Brief] = ()) -> Iterator[Brief]:
    """Other briefs that this copy could have answered, best first; none of them is `first` or one of those `taken`."""
    known = {brief.digest() for brief in (first, *taken)}
    least = distinct(unexplained(output, first, where.fact_sheet, where.brand))
    for turn, topic in enumerate(topics(output, first, where, {brief.topic for brief in taken})):
        brief = asked(output, first, where, topic, turn)
        rest = distinct(unexplained(output, brief, where.fact_sheet, where.brand))
        if brief.digest() not in known and rest <= least and fits(output, brief):
            known.add(brief.digest())
            yield brief


def topics(output: str, first: Brief, where: Where, taken: Collection[str]) -> Iterator[str]:
    """The copy's other names, by its heading and keyphrases, and last its first one again."""
    used = [first.topic, *taken]
    for _ in range(TURNS):
        topic = topic_of(where.title, where.heading, output, document=where.document or output, taken=used)
        if "(part " in topic:
            break
        used.append(topic)
        yield topic
    yield first.topic


def asked(output: str, first: Brief, where: Where, topic: str, turn: int) -> Brief:
    """One brief on this topic. Every other one names an audience, in the other order, with a detail more."""
    call = first.call_to_action if borne((first.call_to_action,), output) else ""
    call = (call or call_of(output))[: LONGEST["call_to_action"]]
    audience = first.audience or audience_of(output, where.heading, where.title)
    if bool(first.audience) != bool(turn % 2):
        audience = ""
    bare = Brief(first.channel, topic, (), audience, call)
    needed = phrases(output, unexplained(output, bare, where.fact_sheet, where.brand), MAXIMUM_FACTS)
    facts = [" ".join(phrase.split()) for phrase in needed]
    facts = facts[::-1] if turn % 2 else facts[1:] + facts[:1]
    said = " ".join((topic, *facts, call)).casefold()
    details = [one for one in keyphrases(output, where.document, 6) if one.casefold() not in said]
    if turn % 2 == 0 and details and len(facts) < MAXIMUM_FACTS:
        facts.append(details[0])
    return Brief(first.channel, topic, tuple(dict.fromkeys(facts)), audience, call)


def fits(output: str, brief: Brief) -> bool:
    """Whether the copy bears all that the brief asks for, the figures of its topic included."""
    wanted = tuple(one for one in (*brief.facts, brief.call_to_action) if one)
    figures = tuple(brief.topic[value.start : value.end] for value in values(brief.topic))
    return borne(wanted, output) == wanted and borne(figures, output) == figures
