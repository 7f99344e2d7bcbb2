"""Opening the review work that a finished run asks for."""

from __future__ import annotations

import hashlib
import re
from typing import TypeVar

from django.db.models import Count, Model
from django.utils import timezone

from reviews.models import Gate, Item, Round
from training.models import ModelVersion, Origin, Run, Sample

T = TypeVar("T")
LEAK = re.compile(r"\b(?:base model|version \d+|adapter|language model|as an AI)\b", re.IGNORECASE)


def open_rounds(run: Run) -> None:
    """Open a score and a compare round for a finished run's version; called again it changes nothing.

    Runs in the transaction that ends the run. Rounds of earlier runs close: what they asked is settled by newer
    samples. Rounds that people opened by themselves stay open.
    """
    version = ModelVersion.objects.filter(run=run).select_related("voice").first()
    if version is None or Round.objects.filter(run=run).exists():
        return
    voice = version.voice
    Round.objects.filter(voice=voice, is_open=True, run__isnull=False).update(is_open=False, closed_at=timezone.now())
    live = voice.live
    base = voice.versions.filter(kind=ModelVersion.Kind.BASE).first()
    against = live if live and live.pk != version.pk else base
    Gate.objects.get_or_create(
        version=version, defaults={"against": against, "alignment_target": voice.alignment_target}
    )
    origin = Origin.SIMULATED if voice.is_scratch else Origin.HUMAN
    open_score_round(run, version, [one for one in (against, base) if one], origin)
    if against is not None:
        open_compare_round(run, version, against, origin)


def open_score_round(run: Run, version: ModelVersion, others: list[ModelVersion], origin: str) -> None:
    """The new version's text of every brief, each beside one other text of the same brief.

    So neither a brief nor a count tells who wrote a text: of each brief, test or practice, one text in two is the
    new version's. The other is the one judged least of those that the live version and the base wrote, so both
    get scores and nobody scores three texts a brief; that some are scored again also shows whether people's
    severity has moved since. A brief whose new text two people have scored is done with, and left out whole.
    """
    written = Sample.objects.filter(version__in=[version, *others]).select_related("brief").order_by("version")
    judged = dict(written.order_by().values_list("pk").annotate(Count("scores")))
    theirs: dict[object, list[Sample]] = {}
    for sample in written.exclude(version=version):
        theirs.setdefault(sample.brief_id, []).append(sample)
    blocks = []
    for sample in written.filter(version=version):
        if judged[sample.pk] < 2:
            found = [other for other in theirs.get(sample.brief_id, []) if other.text != sample.text]
            least = min((judged[other.pk] for other in found), default=0)
            blocks.append([sample, *(other for other in found if judged[other.pk] == least)])
    if not blocks:
        return
    work = Round.objects.create(voice=version.voice, run=run, purpose=Round.Purpose.SCORE, origin=origin)
    Item.objects.bulk_create(
        Item(round=work, position=position, sample=sample, wanted=work.overlap)
        for position, sample in enumerate(in_two_halves(run, blocks))
    )


def in_two_halves(run: Run, blocks: list[list[Sample]]) -> list[Sample]:
    """Each brief once in the first half and, with its other text, once in the second, as far apart as can be.

    `blocks` holds the new text of a brief and the others to choose one from. Lots decide which text comes first
    and who wrote the other, evenly: wherever people stop, each version has had its share.
    """
    halves: tuple[list[Sample], list[Sample]] = ([], [])
    blocks = sorted(blocks, key=lambda block: (block[0].brief.is_frozen, shuffled(run, block[0], "lot")))
    for lot, (new, *others) in enumerate(blocks):
        # Two lots at once, or who comes first would tell which of the others it is.
        chosen = others[lot // 2 % len(others)] if others else None
        pair = [new] if chosen is None else [new, chosen] if lot % 2 else [chosen, new]
        for half, sample in zip(halves, pair, strict=False):
            half.append(sample)
    order = []
    for half in halves:
        half.sort(key=lambda sample: shuffled(run, sample.brief))
        order += mixed(half, [sample.brief.is_frozen for sample in half])
    return order


def open_compare_round(run: Run, version: ModelVersion, against: ModelVersion, origin: str) -> None:
    """The new version against the live one (else the base) on every brief that both answered differently."""
    theirs = {sample.brief_id: sample for sample in against.samples.all()}
    pairs = [
        (sample, theirs[sample.brief_id])
        for sample in version.samples.select_related("brief")
        if sample.brief_id in theirs
        and sample.text != theirs[sample.brief_id].text
        and not LEAK.search(sample.text)
        and not LEAK.search(theirs[sample.brief_id].text)
    ]
    if not pairs:
        return
    # A preference on a training brief is what the next run learns from; one on a validation brief only checks it.
    pairs.sort(key=lambda pair: (pair[0].brief.split == "validation", shuffled(run, pair[0])))
    pairs = mixed(pairs, [sample.brief.is_frozen for sample, _ in pairs])
    work = Round.objects.create(voice=version.voice, run=run, purpose=Round.Purpose.COMPARE, origin=origin)
    Item.objects.bulk_create(
        Item(round=work, position=position, sample=sample, other=other, wanted=work.overlap)
        for position, (sample, other) in enumerate(pairs)
    )


def mixed(items: list[T], tested: list[bool]) -> list[T]:
    """One of a practice brief, two of test briefs, and so on: each sitting feeds the next run and the evidence."""
    practice = [item for item, is_test in zip(items, tested, strict=True) if not is_test]
    test = [item for item, is_test in zip(items, tested, strict=True) if is_test]
    order: list[tuple[float, T]] = [(place, item) for place, item in enumerate(practice)]
    order += [(place // 2 + 0.5, item) for place, item in enumerate(test)]
    return [item for _, item in sorted(order, key=lambda one: one[0])]


def shuffled(run: Run, row: Model, what: str = "") -> str:
    """An order that tells nothing and stays the same when asked again."""
    return hashlib.sha256(f"{run.pk}{row.pk}{what}".encode()).hexdigest()
