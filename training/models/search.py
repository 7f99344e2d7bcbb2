"""What lists are searched and filtered by: one narrow row for each pair and passage, and an index of their words.

The database keeps both by triggers (see `training.listing`), so that no way of writing a pair can forget them: nothing
in Python writes here. A row's key follows the order in which the rows came.
"""

from __future__ import annotations

from typing import Self, TypeVar

from django.conf import settings
from django.db import connections, models
from django.db.models.expressions import RawSQL

from training.corpus import searching
from training.models.corpus import Pair
from training.models.duplicates import Copy
from training.models.sources import Passage, Source
from training.models.voices import Voice

LISTED = ("state", "channel", "split", "made", "words", "unexplained", "decided_by", "added_at")
M = TypeVar("M", bound=models.Model)
QUERIES = {
    "sqlite": ("SELECT rowid FROM {table} WHERE {table} MATCH %s", searching.as_fts5),
    "postgresql": ("SELECT id FROM {table} WHERE terms @@ to_tsquery('simple', %s)", searching.as_tsquery),
}


class EntryQuerySet(models.QuerySet[M]):
    def matching(self, typed: str) -> Self:
        """Those that have all the words and "phrases in quotes" that were typed; see `training.corpus.searching`."""
        looked_for = searching.terms(typed)
        if not looked_for:
            return self.none()
        query, said = QUERIES[connections[self.db].vendor]
        table = self.model.WORDS  # type: ignore[attr-defined]
        return self.filter(pk__in=RawSQL(query.format(table=table), [said(looked_for)]))  # noqa: S611


class PairEntryQuerySet(EntryQuerySet["PairEntry"]):
    """Near-copies are few beside the entries, so they are looked up from their own side."""

    def left_out(self, voice: Voice) -> Self:
        """Those of the voice whose text is a near-copy of one that is kept in its place; see `Pair.without_copies`."""
        return self.filter(pk__in=left_out_of(voice))

    def without_copies(self, voice: Voice) -> Self:
        return self.exclude(pk__in=left_out_of(voice))


def left_out_of(voice: Voice) -> models.QuerySet[PairEntry, int]:
    """Keys of entries, by their passages or their own lineages."""
    copies, rows = Copy.objects.filter(voice=voice).left_out(), PairEntry.objects.values_list("pk", flat=True)
    passages, lineages = copies.exclude(passage=None).values("passage"), copies.exclude(lineage=None).values("lineage")
    return rows.filter(pair__passage__in=passages).union(rows.filter(pair__lineage__in=lineages))


class PairEntry(models.Model):
    """The newest revision of a pair, as lists look it up."""

    WORDS = "training_pairwords"

    class State(models.TextChoices):
        OPEN = "open", "To decide"
        VALIDATED = "validated", "Validated"
        REJECTED = "rejected", "Rejected"

    # Triggers delete the row with its pair, so Django has nothing to cascade.
    pair = models.OneToOneField(Pair, on_delete=models.DO_NOTHING, related_name="entry")
    voice = models.ForeignKey(Voice, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=State.choices)
    channel = models.CharField(max_length=20)
    split = models.CharField(max_length=10)
    made = models.CharField(max_length=10)
    source = models.ForeignKey(
        Source, null=True, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    words = models.PositiveIntegerField()
    unexplained = models.PositiveIntegerField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    added_at = models.DateTimeField()

    objects = PairEntryQuerySet.as_manager()

    class Meta:
        # One index that has all that is asked for: any filters together, in any order, are one pass over it, and never
        # a look at the rows themselves. 100,000 entries take it about 10 ms.
        indexes = [models.Index(fields=["voice", "id", *LISTED, "source"], name="pair_entry_in_order")]

    def __str__(self) -> str:
        return str(self.pair_id)


class PassageEntry(models.Model):
    """A passage, as lists look it up."""

    WORDS = "training_passagewords"

    passage = models.OneToOneField(Passage, on_delete=models.DO_NOTHING, related_name="entry")
    voice = models.ForeignKey(Voice, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    is_outdated = models.BooleanField()

    objects = EntryQuerySet["PassageEntry"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["voice", "id", "is_outdated"], name="passage_entry_in_order")]

    def __str__(self) -> str:
        return str(self.passage_id)
