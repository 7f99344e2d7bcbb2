"""Suggestions of spelling and grammar, what people made of them, the voice's own words, and the job that looks."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from training.corpus.cleaning.corrections import CONTEXT, Correction
from training.corpus.grammar import IN_WORDS, QUIET
from training.models.jobs import UNFINISHED, Job, JobQuerySet
from training.models.sources import Passage
from training.models.voices import Voice


class Word(models.Model):
    """A word that no dictionary has, and whether it is one of the voice. A person may decide anew; that holds."""

    class Origin(models.TextChoices):
        PERSON = "person", "Somebody said so"
        TOLD = "told", "In the guidelines, the fact sheet or a name"
        COPY = "copy", "In many documents"

    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="words")
    # Folded; `text` is the word as it was met first.
    key = models.CharField(max_length=80)
    text = models.CharField(max_length=80)
    is_ours = models.BooleanField(default=True)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.PERSON)
    # Of the voice's documents, those that have it, as counted by the last look.
    documents = models.PositiveIntegerField(default=0)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["key"]
        constraints = [models.UniqueConstraint(fields=["voice", "key"], name="word_once_per_voice")]

    def __str__(self) -> str:
        return self.text


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def open(self) -> Self:
        return self.filter(state=Suggestion.State.OPEN)

    def loud(self) -> Self:
        """Those that the page shows without being asked."""
        return self.exclude(kind__in=QUIET)

    def of_word(self, key: str) -> Self:
        """Those that a dictionary answers, for this word."""
        return self.filter(kind__in=IN_WORDS, key=key)


class Suggestion(models.Model):
    """One place in a passage, and what could stand there instead. Never applied by itself.

    `start` and `end` count characters of the passage as cleaning left it before any correction; the accepted ones are
    the last of the cleaning rules, so they hold when the passage is cleaned again.
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ACCEPTED = "accepted", "Accepted"
        DISMISSED = "dismissed", "Dismissed"
        KNOWN = "known", "A word of the voice"

    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="suggestions")
    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="suggestions")
    kind = models.CharField(max_length=12)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    words = models.CharField(max_length=200)
    # The words folded: places with the same key and kind are decided together.
    key = models.CharField(max_length=200)
    # What stands around it, to find the place again when cleaning has changed the text.
    before = models.CharField(max_length=CONTEXT, blank=True)
    after = models.CharField(max_length=CONTEXT, blank=True)
    replacements: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    # What was accepted.
    replacement = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    # What was decided together is taken back together.
    act = models.UUIDField(null=True, blank=True, db_index=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["voice", "state", "kind", "key"], name="suggestion_by_word"),
            models.Index(fields=["passage", "state"], name="suggestion_of_passage"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["passage", "kind", "start", "end"], name="suggestion_once_per_place"),
            models.CheckConstraint(condition=Q(end__gt=models.F("start")), name="suggestion_has_words"),
            models.CheckConstraint(
                condition=Q(state="accepted") | Q(replacement=""), name="only_accepted_suggestions_replace"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.words}: {', '.join(self.replacements)}"

    @property
    def correction(self) -> Correction:
        return Correction(self.start, self.words, self.replacement, self.before, self.after)


class Proofreading(Job):
    """One look at all of a voice's copy. What is looked at stands with the passages: a new one goes on from there."""

    # Longer than a batch, or the last look at a voice's words, takes.
    LEASE_SECONDS = 120

    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="proofreadings")
    # Passages to look at when it was asked for.
    passages = models.PositiveIntegerField(default=0)

    objects = JobQuerySet["Proofreading"].as_manager()

    class Meta(Job.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["voice"], condition=UNFINISHED, name="one_unfinished_proofreading_per_voice"
            )
        ]

    def __str__(self) -> str:
        return f"{self.voice}: proofreading of {self.created_at:%d %b %Y %H:%M}"
