"""Evidence by itself: after a run, base, live and new version answer the same briefs and are measured.

Test briefs are frozen once per voice: what is judged about them is evidence and never trains. Practice
briefs are a few of the training and validation splits: what is judged about them feeds the next run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from training.metrics.overlap import overlap
from training.models import Brief, Measurement, ModelVersion, Pair, Sample, Voice

if TYPE_CHECKING:
    from training.engine.base import Base

PRACTICE = {"train": 16, "validation": 8}


def freeze_test_briefs(voice: Voice) -> None:
    """Choose the voice's test briefs, once: those with validated copy, spread over channels by their digests."""
    if voice.briefs.filter(is_frozen=True).exists():
        return
    chosen = spread(briefs_with_copy(voice, "test"), settings.TEST_BRIEFS)
    Brief.objects.filter(pk__in=[brief.pk for brief in chosen]).update(is_frozen=True)


def practice_briefs(voice: Voice) -> list[Brief]:
    """The same few briefs after every run, so that versions can be compared on them."""
    return [brief for split, count in PRACTICE.items() for brief in spread(briefs_with_copy(voice, split), count)]


def briefs_with_copy(voice: Voice, split: str) -> list[Brief]:
    answered = Pair.objects.validated().filter(voice=voice, brief__split=split).values("brief")
    return list(Brief.objects.filter(pk__in=answered).order_by("digest"))


def spread(briefs: list[Brief], count: int) -> list[Brief]:
    """Up to `count` briefs, one channel after the other in turn."""
    by_channel: dict[str, list[Brief]] = {}
    for brief in briefs:
        by_channel.setdefault(brief.channel, []).append(brief)
    chosen: list[Brief] = []
    while by_channel and len(chosen) < count:
        for channel in sorted(by_channel):
            chosen.append(by_channel[channel].pop(0))
            if not by_channel[channel]:
                del by_channel[channel]
            if len(chosen) == count:
                break
    return chosen


def base_version(voice: Voice, base: Base) -> ModelVersion:
    """The base model as a version of this voice. Another base model is another row's base, so it is said."""
    version, _ = ModelVersion.objects.get_or_create(
        voice=voice,
        number=0,
        defaults={
            "kind": ModelVersion.Kind.BASE,
            "base_model": base.name,
            "base_digest": base.digest,
            "total_parameters": base.parameters,
        },
    )
    return version


def write_missing(version: ModelVersion, base: Base) -> int:
    """Write what this version has not written yet of the frozen and practice briefs. Returns the number."""
    from training.engine.writing import WritingSettings, write

    frozen = list(version.voice.briefs.filter(is_frozen=True).order_by("digest"))
    written = set(Sample.objects.filter(version=version).values_list("brief", flat=True))
    missing = [brief for brief in [*frozen, *practice_briefs(version.voice)] if brief.pk not in written]
    if not missing:
        return 0
    seeds = [int(brief.digest[:8], 16) for brief in missing]
    how = WritingSettings()
    texts = write(base, [brief.prompt() for brief in missing], adapter=version.folder, seeds=seeds, settings=how)
    with transaction.atomic():
        Sample.objects.bulk_create(
            [
                Sample(
                    version=version,
                    brief=brief,
                    text=text.text,
                    seed=seed,
                    tokens=text.tokens,
                    settings={"temperature": how.temperature, "top_k": how.top_k},
                )
                for brief, text, seed in zip(missing, texts, seeds, strict=True)
            ],
            ignore_conflicts=True,
        )
    return len(missing)


def measure(version: ModelVersion) -> None:
    """ROUGE and BLEU of the version's test samples against the validated copy of the same briefs."""
    samples = list(Sample.objects.filter(version=version, brief__is_frozen=True).order_by("brief__digest"))
    pairs = Pair.objects.validated().filter(brief__in=[sample.brief_id for sample in samples])
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


def gather(new: ModelVersion, base: Base) -> None:
    """Samples and figures of the base, the live version and the new one; what is there already is kept."""
    live = new.voice.live
    for version in [base_version(new.voice, base), *([live] if live and live.pk != new.pk else []), new]:
        if version.base_digest and version.base_digest != base.digest:
            # It was trained on another base model, which is not loaded now; its old samples stand.
            continue
        if write_missing(version, base) or not version.measurements.exists():
            measure(version)
