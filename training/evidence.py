"""Evidence by itself: after a run, base, live and new version answer the same briefs and are measured.

Test briefs are frozen once per voice: what is judged about them is evidence and never trains. Practice
briefs are a few of the training and validation splits, others after every run: what is judged about them feeds
the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef

from training.metrics.overlap import overlap
from training.models import Brief, Measurement, ModelVersion, Pair, Sample, Voice

if TYPE_CHECKING:
    from training.engine.base import Base
    from training.engine.writing import WritingSettings, Written

PRACTICE = {"train": 2 / 3, "validation": 1 / 3}
AT_ONCE = 16
"""Texts written between two saves: a kill costs no more than these."""


def freeze_test_briefs(voice: Voice) -> None:
    """Choose the voice's test briefs: those with validated copy, spread over channels by their digests.

    A frozen brief stays frozen. While a young voice has fewer than it should, a later run adds some; the
    earlier versions answer these too.
    """
    frozen = voice.briefs.filter(is_frozen=True).count()
    if frozen < settings.TEST_BRIEFS:
        free = [brief for brief in briefs_with_copy(voice, "test") if not brief.is_frozen]
        chosen = spread(free, settings.TEST_BRIEFS - frozen)
        Brief.objects.filter(pk__in=[brief.pk for brief in chosen]).update(is_frozen=True)


def practice_briefs(voice: Voice, number: int) -> list[Brief]:
    """The next few briefs in turn for the voice's version `number`, so that each round has new ones to learn from."""
    turn = voice.versions.filter(kind=ModelVersion.Kind.ADAPTER, number__lt=number).count()
    chosen = []
    for split, share in PRACTICE.items():
        briefs = spread(briefs_with_copy(voice, split), None)
        count = min(round(settings.PRACTICE_BRIEFS * share), len(briefs))
        chosen += [briefs[(turn * count + place) % len(briefs)] for place in range(count)]
    return chosen


def briefs_with_copy(voice: Voice, split: str) -> list[Brief]:
    """Those with validated copy that the live version did not write itself: nobody learns from a mirror."""
    written = Pair.objects.validated().exclude(made=Pair.Made.CANDIDATE)
    answered = written.without_copies().filter(brief=OuterRef("pk"))
    return list(Brief.objects.filter(Exists(answered), voice=voice, split=split).order_by("digest"))


def spread(briefs: list[Brief], count: int | None) -> list[Brief]:
    """Up to `count` briefs, one channel after the other in turn; all of them without a count."""
    by_channel: dict[str, list[Brief]] = {}
    for brief in briefs:
        by_channel.setdefault(brief.channel, []).append(brief)
    chosen: list[Brief] = []
    while by_channel and len(chosen) != count:
        for channel in sorted(by_channel):
            chosen.append(by_channel[channel].pop(0))
            if not by_channel[channel]:
                del by_channel[channel]
            if len(chosen) == count:
                break
    return chosen


def base_version(voice: Voice, base: Base) -> ModelVersion:
    """The base model as a version of this voice: number 0, or the next free one after a change of base."""
    bases = voice.versions.filter(kind=ModelVersion.Kind.BASE, base_model=base.name)
    found = bases.filter(base_digest__in=["", base.digest]).first()
    if found is not None:
        return found
    last = voice.versions.aggregate(last=Max("number"))["last"]
    return ModelVersion.objects.create(
        voice=voice,
        kind=ModelVersion.Kind.BASE,
        number=0 if last is None else last + 1,
        base_model=base.name,
        base_digest=base.digest,
        total_parameters=base.parameters,
    )


def write_missing(
    version: ModelVersion, base: Base, practice: list[Brief], told: Callable[[int], None] | None = None
) -> int:
    """Write what this version has not written yet of the frozen briefs and of these. Returns the number.

    `told` hears how many are written after each few. A brief too long for the base model is left out.
    """
    from training.engine.errors import WritingError
    from training.engine.writing import WritingSettings

    frozen = list(version.voice.briefs.filter(is_frozen=True).order_by("digest"))
    done = set(Sample.objects.filter(version=version).values_list("brief", flat=True))
    missing = [brief for brief in [*frozen, *practice] if brief.pk not in done]
    how = WritingSettings()
    written = 0
    for start in range(0, len(missing), AT_ONCE):
        batch = missing[start : start + AT_ONCE]
        try:
            groups = [(batch, write_all(base, version, batch, how))]
        except WritingError:
            groups = []
            for brief in batch:
                with suppress(WritingError):
                    groups.append(([brief], write_all(base, version, [brief], how)))
        samples = [
            Sample(
                version=version,
                brief=brief,
                text=text.text,
                seed=seed_of(brief),
                tokens=text.tokens,
                settings=asdict(how),
            )
            for briefs, texts in groups
            for brief, text in zip(briefs, texts, strict=True)
        ]
        Sample.objects.bulk_create(samples, ignore_conflicts=True)
        written += len(samples)
        if told:
            told(written)
    return written


def write_all(base: Base, version: ModelVersion, briefs: list[Brief], how: WritingSettings) -> list[Written]:
    from training.engine.writing import write

    prompts, seeds = [brief.prompt() for brief in briefs], [seed_of(brief) for brief in briefs]
    return write(base, prompts, adapter=version.folder, seeds=seeds, settings=how)


def seed_of(brief: Brief) -> int:
    """The same for every version, so that two texts of one brief differ by their versions alone."""
    return int(brief.digest[:8], 16)


def measure(version: ModelVersion) -> None:
    """ROUGE and BLEU of the version's test samples against the validated copy of the same briefs."""
    samples = list(Sample.objects.filter(version=version, brief__is_frozen=True).order_by("brief__digest"))
    written = Pair.objects.validated().exclude(made=Pair.Made.CANDIDATE)
    pairs = written.filter(brief__in=[sample.brief_id for sample in samples])
    references = dict(pairs.order_by("-created_at").values_list("brief", "output"))
    both = [(sample.text, references[sample.brief_id]) for sample in samples if sample.brief_id in references]
    with transaction.atomic():
        for figure in overlap([text for text, _ in both], [reference for _, reference in both]):
            Measurement.objects.update_or_create(
                version=version,
                name=figure.name,
                split="test",
                defaults={
                    "value": figure.value,
                    "low": figure.low,
                    "high": figure.high,
                    "n": figure.n,
                    "signature": figure.signature,
                },
            )


def gather(new: ModelVersion, base: Base, told: Callable[[str, int], None] | None = None) -> None:
    """Samples and figures of the base, the live version and the new one; what is there already is kept.

    The practice briefs of this round are for the new version and the one that it will be compared with. `told` hears
    whose texts are being written, and how many of them are.
    """
    live = new.voice.live
    practice = practice_briefs(new.voice, new.number)
    others = [base_version(new.voice, base), *([live] if live and live.pk != new.pk else [])]
    for version in [*others, new]:
        if version.base_digest and version.base_digest != base.digest:
            # It was trained on another base model, which is not loaded now; its old samples stand.
            continue
        if version.kind not in (ModelVersion.Kind.BASE, ModelVersion.Kind.ADAPTER):
            continue
        hear = partial(told, version.label) if told else None
        wanted = practice if version in (others[-1], new) else []
        if write_missing(version, base, wanted, hear) or not version.measurements.exists():
            measure(version)
