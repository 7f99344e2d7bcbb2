"""Opening the review work that a finished run asks for."""

from __future__ import annotations

import hashlib
import re
from typing import TypeVar

from django.db.models import Count
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
    """The new version's samples, and those of the versions beside it that few people have scored yet."""
    wanted = Sample.objects.filter(version__in=[version, *others]).annotate(judged=Count("scores"))
    samples = [
        sample
        for sample in wanted.select_related("brief")
        if sample.judged < 2 and (sample.brief.is_frozen or sample.version_id == version.pk)
    ]
    samples.sort(key=lambda sample: shuffled(run, sample))
    samples = mixed(samples, [sample.brief.is_frozen for sample in samples])
    if not samples:
        return
    work = Round.objects.create(voice=version.voice, run=run, purpose=Round.Purpose.SCORE, origin=origin)
    Item.objects.bulk_create(
        Item(round=work, position=position, sample=sample, wanted=work.overlap)
        for position, sample in enumerate(samples)
    )


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


def shuffled(run: Run, sample: Sample) -> str:
    """An order that tells nothing and stays the same when asked again."""
    return hashlib.sha256(f"{run.pk}{sample.pk}".encode()).hexdigest()
