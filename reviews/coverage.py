"""What a voice's validated pairs cover: how many there are of what, how varied and how old they are.

One pass over the pairs, kept until one of them changes; texts are read from a sample.
"""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Avg, Count, Max, Min, Q
from django.utils import timezone

from reviews.evidence import GOOD
from training.corpus.brief import CHANNELS
from training.corpus.variety import distinct, histogram, moving_average_ttr, subjects, thin
from training.metrics.learning_curve import Curve, fit
from training.models import Origin, Pair, Run, Sample, Source, Voice

SAMPLE = 2_000
SUBJECTS = 12
EDGES = (1, 21, 41, 61, 81, 111)
"""Words at which the steps of the histogram begin."""
PACE_DAYS = 28
KEPT_SECONDS = 3600


@dataclass
class Channel:
    """One channel's share of the corpus. `wanted` is None where no mix is set."""

    key: str
    label: str
    validated: int = 0
    to_decide: int = 0
    wanted: int | None = None
    words: int = 0  # median
    calls: int = 0  # pairs whose brief asks for something to be done
    on_voice: int = 0
    scored: int = 0

    @property
    def missing(self) -> int:
        return max(0, (self.wanted or 0) - self.validated)


class Share(NamedTuple):
    """A source and how much of the validated pairs it gave."""

    source: uuid.UUID | None
    name: str
    pairs: int
    share: float  # percent


@dataclass
class Coverage:
    """All that the coverage page shows of the pairs themselves."""

    validated: int = 0
    to_decide: int = 0
    pace: int = 0  # validated in the last 28 days
    channels: list[Channel] = field(default_factory=list)
    lengths: list[tuple[int, int | None, int]] = field(default_factory=list)
    sources: list[Share] = field(default_factory=list)
    years: list[tuple[int, int]] = field(default_factory=list)
    undated: int = 0
    copies: int = 0  # near-copies that wait beside the text that is kept
    subjects: list[tuple[str, int]] = field(default_factory=list)  # most frequent in the topics, with their pairs
    unexplained: int = 0  # pairs with facts that their briefs do not bear
    machine: int = 0  # pairs whose copy a model wrote first
    read: int = 0  # texts that the variety is measured on
    ttr: float | None = None
    distinct: float | None = None
    thin: list[tuple[str, int, int]] = field(default_factory=list)


def coverage_of(voice: Voice) -> Coverage:
    """The voice's coverage, counted anew when a pair has changed since the last time."""
    pairs = voice.pairs.current()
    stamp = pairs.aggregate(
        validated=Count("pk", filter=Q(status=Pair.Status.VALIDATED)),
        to_decide=Count("pk", filter=Q(status__in=[Pair.Status.DRAFT, Pair.Status.PROPOSED])),
        decided=Max("decided_at"),
        made=Max("created_at"),
    )
    depends = (*stamp.values(), sorted(voice.channel_mix.items()), voice.target_pairs, timezone.now().date())
    key = f"coverage:{voice.pk}:{hashlib.sha256(repr(depends).encode()).hexdigest()}"
    found: Coverage | None = cache.get(key)
    if found is None:
        found = count(voice, stamp["validated"], stamp["to_decide"])
        cache.set(key, found, KEPT_SECONDS)
    judged(voice, found)
    return found


def count(voice: Voice, validated: int, to_decide: int) -> Coverage:
    found = Coverage(validated=validated, to_decide=to_decide)
    rows = voice.pairs.validated().order_by()
    fields = ("brief__channel", "words", "brief__call_to_action", "passage__source", "passage__published", "made")
    words: dict[str, list[int]] = defaultdict(list)
    calls: Counter[str] = Counter()
    sources: Counter[uuid.UUID | None] = Counter()
    years: Counter[int] = Counter()
    for channel, length, call, source, published, made in rows.values_list(*fields).iterator(chunk_size=5000):
        words[channel].append(length)
        calls[channel] += bool(call)
        sources[source] += 1
        found.machine += made in (Pair.Made.SCORE, Pair.Made.EDIT, Pair.Made.CANDIDATE)
        if published:
            years[published.year] += 1
    waiting = dict(voice.pairs.open().order_by().values_list("brief__channel").annotate(count=Count("pk")))
    for key, name in CHANNELS.items():
        label = name.split(" ", 1)[1].capitalize()
        share = voice.channel_mix.get(key)
        found.channels.append(
            Channel(
                key,
                label,
                validated=len(words[key]),
                to_decide=waiting.get(key, 0),
                wanted=round(voice.target_pairs * share / 100) if share else None,
                words=round(median(words[key])) if words[key] else 0,
                calls=calls[key],
            )
        )
    found.to_decide = sum(waiting.values())  # near-copies wait for no decision
    found.lengths = histogram([length for lengths in words.values() for length in lengths], EDGES)
    names = dict(
        Source.objects.filter(pk__in=[pk for pk, _ in sources.most_common(10) if pk]).values_list("pk", "name")
    )
    found.sources = [
        Share(pk, names[pk] if pk else "No source: written or edited here", number, 100 * number / validated)
        for pk, number in sources.most_common(10)
        if pk is None or pk in names
    ]
    found.years = sorted(years.items())
    found.undated = validated - sum(years.values())
    found.copies = voice.copies.filter(kept__isnull=False).count()
    found.unexplained = rows.filter(unexplained__gt=0).count()
    since = timezone.now() - timedelta(days=PACE_DAYS)
    found.pace = rows.filter(decided_at__gte=since).count()
    # Keys are random, so the first of them are a sample.
    texts = list(rows.order_by("pk").values_list("output", flat=True)[:SAMPLE])
    found.read, found.ttr, found.distinct = len(texts), moving_average_ttr(texts), distinct(texts)
    asked = voice.briefs.filter(Q(is_frozen=True) | Q(samples__isnull=False)).distinct().order_by("pk")
    held = list(rows.order_by("pk").values_list("brief__topic", flat=True)[: 5 * SAMPLE])
    found.subjects = subjects(held).most_common(SUBJECTS)
    found.thin = thin(asked.values_list("topic", flat=True)[:SAMPLE], held) if validated <= 5 * SAMPLE else []
    return found


def judged(voice: Voice, found: Coverage) -> None:
    """How people rated the live version on each channel: scored texts, and how many of them are on voice."""
    live = voice.live
    if live is None:
        return
    origins = [Origin.HUMAN, *([Origin.DEMO] if voice.client.is_demo else [])]
    means = (
        Sample.objects.filter(version=live, brief__is_frozen=True, scores__origin__in=origins)
        .values("pk", "brief__channel")
        .annotate(rating=Avg("scores__brand_voice"))
    )
    for channel in found.channels:
        ratings = [row["rating"] for row in means if row["brief__channel"] == channel.key]
        channel.scored, channel.on_voice = len(ratings), sum(rating >= GOOD for rating in ratings)


def learning_curve(voice: Voice, base_model: str) -> Curve | None:
    """The curve through the voice's finished runs on this base: training pairs and best validation loss of each."""
    runs = voice.runs.filter(state=Run.State.FINISHED, base_model=base_model)
    supervised = Q(losses__stage="supervised", losses__validation_loss__isnull=False)
    measured = runs.annotate(best=Min("losses__validation_loss", filter=supervised)).exclude(best=None)
    return fit(
        (counts.get("supervised_train", 0), best) for counts, best in measured.values_list("snapshot__counts", "best")
    )
