"""Briefs and the copy that answers them: what a run trains on."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from training.corpus import brief as corpus_brief
from training.corpus.facts import distinct
from training.models.sources import Passage
from training.models.voices import Origin, Voice

if TYPE_CHECKING:
    from training.models.duplicates import CopyQuerySet


MAXIMUM_COUNT = 32_767
"""What a small integer holds."""


class Split(models.TextChoices):
    TRAIN = "train", "Training"
    VALIDATION = "validation", "Validation"
    TEST = "test", "Test"


class Brief(models.Model):
    """What a writer is asked for. One row per content, so all that answers it is in one split."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="briefs")
    channel = models.CharField(max_length=20, choices=[(key, key) for key in corpus_brief.CHANNELS])
    topic = models.CharField(max_length=400)
    facts = models.JSONField(default=list)
    audience = models.CharField(max_length=300, blank=True)
    call_to_action = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=64)
    split = models.CharField(max_length=10, choices=Split.choices)
    # Test briefs that every version answers after its run; fixed once, so that versions stay comparable.
    is_frozen = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["voice", "split"])]
        constraints = [
            models.UniqueConstraint(fields=["voice", "digest"], name="brief_in_one_split"),
            models.CheckConstraint(condition=Q(split__in=Split.values), name="brief_split_is_known"),
            models.CheckConstraint(
                condition=Q(is_frozen=False) | Q(split="test"), name="frozen_briefs_are_test_briefs"
            ),
        ]

    def __str__(self) -> str:
        return self.topic

    @property
    def content(self) -> corpus_brief.Brief:
        return corpus_brief.Brief(
            channel=self.channel,
            topic=self.topic,
            facts=tuple(self.facts),
            audience=self.audience,
            call_to_action=self.call_to_action,
        )

    def prompt(self) -> str:
        return self.content.prompt()


class PairQuerySet(models.QuerySet["Pair"]):
    def current(self) -> Self:
        """The newest revision of each pair."""
        return self.filter(is_current=True)

    def validated(self) -> Self:
        return self.current().filter(status=Pair.Status.VALIDATED)

    def open(self) -> Self:
        return self.current().filter(status__in=[Pair.Status.DRAFT, Pair.Status.PROPOSED]).without_copies()

    def without_copies(self) -> Self:
        """Those whose text is no near-copy of one that is kept in its place."""
        of_passage, of_pair = (rows.left_out() for rows in copies_of_pair())
        return self.exclude(Exists(of_passage)).exclude(Exists(of_pair))

    def having_copies(self) -> Self:
        """Those whose text has near-copies, the kept ones among them."""
        of_passage, of_pair = copies_of_pair()
        return self.filter(Exists(of_passage) | Exists(of_pair))


def copies_of_pair() -> tuple[CopyQuerySet, CopyQuerySet]:
    """A pair's row among the near-copies: by its passage, or by its own lineage."""
    from training.models.duplicates import Copy

    return Copy.objects.filter(passage=OuterRef("passage")), Copy.objects.filter(lineage=OuterRef("lineage"))


class Pair(models.Model):
    """A brief and the copy that answers it. Text is never edited in place: a change is a new revision."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PROPOSED = "proposed", "Proposed"
        VALIDATED = "validated", "Validated"
        REJECTED = "rejected", "Rejected"

    class Made(models.TextChoices):
        """Where the copy comes from."""

        IMPORT = "import", "Imported copy"
        WRITTEN = "written", "Written by hand"
        EDIT = "edit", "Edited draft"
        SCORE = "score", "Well-scored sample"
        DEMO = "demo", "Demo data"
        # It stays so through every revision: see `training.focusing`.
        CANDIDATE = "candidate", "Written by the live version"
        REBRIEF = "rebrief", "Second brief"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lineage = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    revision = models.PositiveIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="pairs")
    brief = models.ForeignKey(Brief, on_delete=models.PROTECT, related_name="pairs")
    passage = models.ForeignKey(Passage, null=True, blank=True, on_delete=models.SET_NULL, related_name="pairs")
    output = models.TextField()
    words = models.PositiveIntegerField(default=0)
    # Facts of the copy that neither its brief nor the voice's fact sheet bears.
    unexplained = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED)
    made = models.CharField(max_length=10, choices=Made.choices, default=Made.IMPORT)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.HUMAN)
    # "edit:<id>" or "score:<id>": what judgement made it; a second hand-over of the same one changes nothing.
    provenance = models.CharField(max_length=80, null=True, blank=True, unique=True)
    reject_reason = models.CharField(max_length=300, blank=True)
    # What an imported row carried that has no field here: its own id, its prompt as it came, its labels.
    extra: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PairQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            # With all that counting pairs of lots asks for: of 100,000 pairs that reads no pair itself.
            models.Index(
                fields=["voice", "status", "is_current", "id", "decided_at", "created_at", "made", "origin"],
                name="pair_by_status",
            ),
            # "The next to decide" and "the one before" are look-ups, however many are decided already.
            models.Index(
                fields=["voice", "created_at", "id"],
                condition=Q(is_current=True, status__in=["draft", "proposed"]),
                name="pair_open_in_order",
            ),
            models.Index(fields=["voice", "created_at", "id"], condition=Q(is_current=True), name="pair_in_order"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["lineage", "revision"], name="pair_revision_once"),
            models.UniqueConstraint(fields=["lineage"], condition=Q(is_current=True), name="one_current_revision"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="pair_revision_counts_from_one"),
            models.CheckConstraint(condition=~Q(output=""), name="pair_has_copy"),
        ]

    def __str__(self) -> str:
        return self.output[:60]

    @property
    def machine_mark(self) -> str:
        """What to say beside copy that augmentation wrote; "" for all other."""
        if self.made != self.Made.CANDIDATE:
            return ""
        return "Machine-written, edited" if self.revision > 1 else "Machine-written"

    @classmethod
    def answering(cls, brief: Brief, output: str, *, voice: Voice, **fields: Any) -> Self:
        """A pair, not stored yet, with what is counted once and looked up often. All pairs are made by this."""
        counted = min(distinct(voice.unexplained(output, brief.content)), MAXIMUM_COUNT)
        return cls(brief=brief, output=output, voice=voice, words=len(output.split()), unexplained=counted, **fields)


class PreferenceQuerySet(models.QuerySet["Preference"]):
    def for_training(self) -> Self:
        """Those on training and validation briefs: what answers a test brief is evidence, never training data."""
        return self.exclude(brief__split=Split.TEST)


class Preference(models.Model):
    """Chosen over rejected for one brief, with where it came from and how strong it is (0-1)."""

    class Source(models.TextChoices):
        COMPARISON = "comparison", "Blind comparison"
        SCORES = "scores", "Two scored samples"
        EDIT = "edit", "Edited over draft"
        IMPORT = "import", "Imported preference"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="preferences")
    brief = models.ForeignKey(Brief, on_delete=models.PROTECT, related_name="preferences")
    chosen = models.TextField()
    rejected = models.TextField()
    source = models.CharField(max_length=12, choices=Source.choices)
    provenance = models.CharField(max_length=160, unique=True)
    strength = models.FloatField()
    # As of a pair: what an imported row carried beside its texts.
    extra: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.HUMAN)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(strength__gt=0, strength__lte=1), name="preference_strength_is_a_share"),
            models.CheckConstraint(condition=~Q(chosen=models.F("rejected")), name="preference_has_two_texts"),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()}: {self.chosen[:40]}"


class Snapshot(models.Model):
    """An immutable, hashed set of pairs and preferences that a run trains on, kept as JSONL files."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="snapshots")
    digest = models.CharField(max_length=64)
    # File name of JSONL -> number of rows.
    counts: models.JSONField[dict[str, int], Any] = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["voice", "digest"], name="snapshot_once_per_content")]

    def __str__(self) -> str:
        return self.digest[:12]


class SnapshotPair(models.Model):
    """One pair of a snapshot: from here one finds which snapshots, runs and versions a pair or a source went into.

    The snapshot's files hold the texts; a row goes when its pair is deleted, they never do.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="members")
    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["snapshot", "pair"], name="pair_once_per_snapshot")]

    def __str__(self) -> str:
        return f"{self.pair_id} in {self.snapshot}"
