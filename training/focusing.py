"""What a snapshot makes of focuses and of machine-written copy: weights for the ones, a cap for the others.

Copy that augmentation wrote (`Pair.Made.CANDIDATE`) trains a voice's next version in a small share at most, and never
stands where versions are judged: a model that learns from its own writing grows plainer with every run.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from training.corpus.focusing import shows
from training.models import Focus, FocusPair, Pair, Voice
from training.models.corpus import Split


@dataclass
class Chosen:
    """What people said about single pairs: lineages that belong to the focus, and that do not."""

    taken_in: set[uuid.UUID] = field(default_factory=set)
    taken_out: set[uuid.UUID] = field(default_factory=set)


def chosen_by_hand(focuses: Iterable[Focus]) -> dict[uuid.UUID, Chosen]:
    """Focus -> what people said. One query."""
    found = {focus.pk: Chosen() for focus in focuses}
    for focus, lineage, is_in in FocusPair.objects.filter(focus__in=found).values_list("focus", "lineage", "is_in"):
        (found[focus].taken_in if is_in else found[focus].taken_out).add(lineage)
    return found


def belongs(pair: Pair, focus: Focus, chosen: Chosen) -> bool:
    """Whether the pair, with its brief at hand, shows what the focus is about. What a person said goes first."""
    if pair.lineage in chosen.taken_in or pair.lineage in chosen.taken_out:
        return pair.lineage in chosen.taken_in
    content = pair.brief.content
    return shows(pair.output, content, rule=focus.rule, search=focus.search, channel=focus.channel)


def weights(voice: Voice, pairs: Sequence[Pair]) -> tuple[dict[uuid.UUID, float], list[str]]:
    """Pair -> weight for the training pairs that an open focus is about, and a sentence on each focus.

    Where focuses meet, the heavier one counts, so that none of them grows beyond its bound. Machine-written pairs weigh
    no more than they do, or a focus would lift them over their share.
    """
    focuses = list(voice.focuses.open().order_by("created_at", "pk"))
    if not focuses:
        return {}, []
    chosen = chosen_by_hand(focuses)
    training = [pair for pair in pairs if pair.brief.split == Split.TRAIN and pair.made != Pair.Made.CANDIDATE]
    found: dict[uuid.UUID, float] = {}
    notes = []
    for focus in focuses:
        own = [pair.pk for pair in training if belongs(pair, focus, chosen[focus.pk])]
        for key in own:
            found[key] = max(found.get(key, 1.0), focus.weight)
        some = f"{len(own):,} of {len(training):,} training pairs by people"
        notes.append(f"Focus “{focus.name}”: {some} counted {focus.weight:g} times.")
    return found, notes


def within_cap(voice: Voice, pairs: Sequence[Pair]) -> tuple[list[Pair], list[str]]:
    """The pairs without the machine-written ones that may not train, and a sentence on those that were left out.

    Out go all that are not in the training split or whose request reads as one of validation, and of the rest the
    newest beyond the voice's share of the training pairs.
    """
    machine = [pair for pair in pairs if pair.made == Pair.Made.CANDIDATE]
    if not machine:
        return list(pairs), []
    others = [pair for pair in pairs if pair.made != Pair.Made.CANDIDATE]
    held_out = {same(pair.brief.prompt()) for pair in others if pair.brief.split != Split.TRAIN}
    misplaced = [p for p in machine if p.brief.split != Split.TRAIN or same(p.brief.prompt()) in held_out]
    gone = {pair.pk for pair in misplaced}
    oldest_first = sorted((pair for pair in machine if pair.pk not in gone), key=lambda p: (p.created_at, str(p.pk)))
    human = sum(pair.brief.split == Split.TRAIN for pair in others)
    most = voice.machine_share * human // (100 - voice.machine_share)
    kept, beyond = oldest_first[:most], oldest_first[most:]
    gone |= {pair.pk for pair in beyond}
    notes = [
        f"{len(kept):,} of {human + len(kept):,} training pairs are machine-written; at most {voice.machine_share} % "
        f"may be."
    ]
    if beyond:
        notes.append(f"{len(beyond):,} machine-written pairs, the newest, are beyond that share and were left out.")
    if misplaced:
        notes.append(
            f"{len(misplaced):,} machine-written pairs answer a brief that is kept for validation; they were left out."
        )
    return [pair for pair in pairs if pair.pk not in gone], notes


def same(prompt: str) -> str:
    """Case and spacing aside."""
    return " ".join(prompt.casefold().split())
