"""Near-copies: which texts of a voice are copies of which, and what people decided about them.

A text is a passage, or a pair that came without one (by its lineage, so that a new revision is the same text).
"""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from training.models.sources import Passage
from training.models.voices import Voice

ONE_TEXT = Q(passage__isnull=False, lineage__isnull=True) | Q(passage__isnull=True, lineage__isnull=False)


class CopyQuerySet(models.QuerySet["Copy"]):
    def kept(self) -> Self:
        """One of each cluster: the text that stays at work and in training."""
        return self.filter(kept__isnull=True)

    def left_out(self) -> Self:
        return self.filter(kept__isnull=False)

    def holding(self, words: str) -> Self:
        """Kept ones of the clusters with a text that holds these words."""
        from training.models.corpus import Pair

        pairs = Pair.objects.current().filter(lineage=OuterRef("lineage"), output__icontains=words)
        held = self.filter(Q(passage__text__icontains=words) | Exists(pairs))
        return self.kept().filter(Q(pk__in=held.values("pk")) | Q(pk__in=held.values("kept")))


class Copy(models.Model):
    """A text that has near-copies. It is the kept one of its cluster, or points to it.

    Made anew by `training.deduplication`. When the kept text goes, so do these rows: the others are copies of nothing
    until the next look.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="copies")
    passage = models.OneToOneField(Passage, null=True, blank=True, on_delete=models.CASCADE, related_name="copy")
    lineage = models.UUIDField(null=True, blank=True, unique=True)
    kept = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="copies")
    # Jaccard similarity to the kept text; 1 for that itself.
    similarity = models.FloatField(default=1.0)
    # Texts of the cluster, told by the kept one.
    size = models.PositiveIntegerField(default=0)

    objects = CopyQuerySet.as_manager()

    class Meta:
        ordering = ["-size", "id"]
        indexes = [models.Index(fields=["voice", "kept", "-size"], name="copy_clusters_by_size")]
        constraints = [
            models.CheckConstraint(condition=ONE_TEXT, name="copy_is_of_one_text"),
            models.CheckConstraint(condition=Q(similarity__gte=0, similarity__lte=1), name="similarity_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.similarity:.0%} of {self.kept_id or 'itself'}"


class CopyDecision(models.Model):
    """A person said that texts are no copies, or which of a cluster to keep; every later look heeds it."""

    class Kind(models.TextChoices):
        APART = "apart", "No copies"
        KEEP = "keep", "Keep this one"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="copy_decisions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-decided_at", "id"]
        indexes = [models.Index(fields=["voice", "kind"])]

    def __str__(self) -> str:
        return self.get_kind_display()


class DecidedText(models.Model):
    """One text of a decision. Texts on different sides are no copies; one kept stands alone on its side."""

    decision = models.ForeignKey(CopyDecision, on_delete=models.CASCADE, related_name="texts")
    passage = models.ForeignKey(Passage, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    lineage = models.UUIDField(null=True, blank=True, db_index=True)
    side = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["decision", "side", "id"]
        constraints = [models.CheckConstraint(condition=ONE_TEXT, name="decision_is_of_one_text")]

    def __str__(self) -> str:
        return f"side {self.side}"
