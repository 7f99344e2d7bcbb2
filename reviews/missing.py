"""What a corpus lacks, as requests that a person can act on: figures in, sentences out."""

from __future__ import annotations

from typing import NamedTuple

from reviews.coverage import Channel, Coverage
from reviews.findings import plural
from reviews.focusing import Showing, asked_for, showing
from training.metrics.intervals import wilson
from training.models import Focus, Voice

ASKING = ("ad", "email", "social")
"""Channels whose copy mostly asks for something to be done."""
FEW_CALLS, ONE_SOURCE, MACHINE, OLD_YEARS, OLD_SHARE = 0.3, 50, 0.2, 5, 0.5


class Request(NamedTuple):
    """What to get, and why; `filters` finds the pairs it is about in the list of pairs, where there are such.

    `focus` is the one that asks for it.
    """

    ask: str
    why: str
    filters: str = ""
    focus: Focus | None = None


def focus_requests(voice: Voice) -> list[Request]:
    """What the open focuses still ask for, the most wanted first; the counts fall as such pairs are validated."""
    focuses = list(voice.focuses.open())
    shown = showing(voice, focuses)
    asking = [focus for focus in focuses if shown[focus.pk].missing(focus)]
    return [focus_request(focus, shown[focus.pk]) for focus in sorted(asking, key=lambda f: -shown[f.pk].missing(f))]


def focus_request(focus: Focus, shown: Showing) -> Request:
    there, waiting = len(shown.validated), len(shown.waiting)
    why = f"{there:,} of the {focus.wanted:,} wanted for “{focus.name}” {'is' if there == 1 else 'are'} validated"
    why += f"; {waiting:,} more {'waits' if waiting == 1 else 'wait'} for a decision." if waiting else "."
    return Request(f"{asked_for(focus, shown)}.", why, focus=focus)


def requests(found: Coverage, target: int, alignment: float, year: int) -> list[Request]:
    """Concrete requests, the most pressing first. `alignment` is the voice's target share, 0-1."""
    asked = [one for one in found.channels if one.missing]
    made = [channel_request(one) for one in sorted(asked, key=lambda one: -one.missing)]
    if not any(one.wanted for one in found.channels) and found.validated < target:
        made.append(
            Request(
                f"Validate {plural(target - found.validated, 'more pair')}.",
                f"{found.validated:,} of {target:,} are there. Say below which channels they should come from.",
                "state=open" if found.to_decide else "",
            )
        )
    made += [weak_request(one, alignment) for one in found.channels if is_weak(one, alignment)]
    if found.thin:
        named = ", ".join(f"{word} ({pairs})" for word, _, pairs in found.thin)
        made.append(
            Request(
                f"Find copy about: {named}.",
                "Briefs ask for these subjects again and again; the figure is how many validated pairs have them.",
            )
        )
    made += [calls_request(one) for one in found.channels if one.key in ASKING and lacks_calls(one)]
    if found.unexplained:
        made.append(
            Request(
                f"Mend the briefs of {plural(found.unexplained, 'pair')}.",
                "Their copy has a number, price, date or name that no brief or fact sheet gives. "
                "A model trained on that learns to invent.",
                "state=validated&unexplained=1",
            )
        )
    return made + balance(found, year)


def channel_request(one: Channel) -> Request:
    why = f"{one.validated:,} of the {one.wanted:,} wanted are validated"
    waiting = f"; {one.to_decide:,} more wait for a decision." if one.to_decide else ", and none waits for a decision."
    return Request(
        f"{one.label}: {plural(one.missing, 'pair')} to go.",
        why + waiting,
        f"state=open&channel={one.key}" if one.to_decide else "",
    )


def is_weak(one: Channel, alignment: float) -> bool:
    """Whether the interval of its share on voice, not the share alone, lies under the target."""
    return wilson(one.on_voice, one.scored)[1] < alignment


def weak_request(one: Channel, alignment: float) -> Request:
    return Request(
        f"{one.label}: get more of the client's best.",
        f"Of the live version's {plural(one.scored, 'scored text')} there, {one.on_voice} are on voice; "
        f"the target is {round(100 * alignment)} %.",
    )


def lacks_calls(one: Channel) -> bool:
    return one.validated >= 20 and one.calls / one.validated < FEW_CALLS


def calls_request(one: Channel) -> Request:
    return Request(
        f"{one.label}: get copy that asks for something to be done.",
        f"{one.calls:,} of {one.validated:,} briefs have a call to action; a model seldom writes what it seldom read.",
        f"state=validated&channel={one.key}",
    )


def balance(found: Coverage, year: int) -> list[Request]:
    """What comes too much from one place, one pen or one time."""
    made = []
    if found.sources and found.sources[0].source and found.validated >= 100 and found.sources[0].share > ONE_SOURCE:
        top = found.sources[0]
        made.append(
            Request("Import from other sources.", f"{top.share:.0f} % of the validated pairs come from {top.name}.")
        )
    if found.validated and found.machine / found.validated > MACHINE:
        made.append(
            Request(
                "Add copy that people wrote.",
                f"A model wrote the first draft of {plural(found.machine, 'pair')} of {found.validated:,}. "
                "Trained on its own writing, it grows plainer with every run.",
            )
        )
    dated = sum(pairs for _, pairs in found.years)
    old = sum(pairs for one, pairs in found.years if one <= year - OLD_YEARS)
    if dated and old / dated > OLD_SHARE:
        made.append(
            Request("Get this year's copy.", f"{old:,} of {dated:,} dated pairs are {OLD_YEARS} years old or older.")
        )
    return made
