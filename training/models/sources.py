"""A client's published copy: the assets as they came, and the passages that were read from them."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef

from training.models.voices import Voice


class Source(models.Model):
    """One imported asset, its raw bytes kept as they came."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="sources")
    name = models.CharField(max_length=400)
    kind = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    raw = models.BinaryField()
    licence = models.CharField(max_length=200, blank=True)
    # The address that it was fetched from; "" for a file or pasted text.
    url = models.TextField(blank=True)
    imported_at = models.DateTimeField(auto_now_add=True)
    # When its pairs were taken out of training, for instance because the permission ended.
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["voice", "sha256"], name="source_bytes_once_per_voice")]

    def __str__(self) -> str:
        return self.name


class PassageQuerySet(models.QuerySet["Passage"]):
    def of(self, voice: Voice) -> Self:
        return self.filter(source__voice=voice)

    def settled(self) -> Self:
        """Those with a validated pair: somebody has read them as they are, so cleaning changes them no more."""
        from training.models.corpus import Pair

        return self.filter(Exists(Pair.objects.validated().filter(passage=OuterRef("pk"))))


class Passage(models.Model):
    """One piece of a source: as it was read (`original`), and as cleaning left it (`text`).

    `changes` says what reading did to the whole document, `trace` what each cleaning rule did to this piece: a list of
    rule, before, after, at (see `training.corpus.cleaning.engine.Change`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="passages")
    # Which of the source's documents it is from: a row of a table, an entry of a feed, a message of a mailbox.
    document = models.PositiveIntegerField(default=0)
    # Which stretch of 20 passages of a long document it is in; a shorter one is all in 0. Each is in one split.
    part = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=300, blank=True)
    # What its document is called and which channel it names, so that a brief can be proposed anew.
    document_title = models.CharField(max_length=300, blank=True)
    channel = models.CharField(max_length=40, blank=True)
    original = models.TextField(blank=True)
    text = models.TextField(blank=True)
    changes = models.JSONField(default=list)
    trace: models.JSONField[list[dict[str, Any]], Any] = models.JSONField(default=list)
    # When it was published, where its document tells.
    published = models.DateField(null=True, blank=True)
    # ISO 639, or "" where it is in doubt.
    language = models.CharField(max_length=8, blank=True)
    # The digest of the settings that it was cleaned with last; "" for one to clean again.
    cleaned_with = models.CharField(max_length=16, blank=True)
    # Its pair is validated, so it stayed as it was; the settings of today would make another text.
    is_outdated = models.BooleanField(default=False)
    # What it was proofread with last (`training.corpus.grammar.digest`); "" for one to look at.
    proofread_with = models.CharField(max_length=16, blank=True)

    objects = PassageQuerySet.as_manager()

    class Meta:
        ordering = ["source", "position"]
        indexes = [
            models.Index(fields=["source", "cleaned_with", "is_outdated"], name="passage_cleaned_with"),
            models.Index(fields=["source", "proofread_with", "language"], name="passage_proofread_with"),
        ]
        constraints = [models.UniqueConstraint(fields=["source", "position"], name="passage_position_once_per_source")]

    def __str__(self) -> str:
        return self.title or self.text[:60]
