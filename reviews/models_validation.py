"""Validation by sampling: lots of accepted pairs, which of them are read, and what their readers found.

A lot's sample is a round like any other: its items hold a pair in place of a sample, and the queue hands them out.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from training.metrics.acceptance import Plan
from training.models import Pair, Voice


class Verdict(models.TextChoices):
    """What an expert says of a pair: good, or the kind of its worst defect."""

    GOOD = "good", "Good as it is"
    WRONG_FACT = "wrong_fact", "Wrong fact"
    OFF_VOICE = "off_voice", "Off voice"
    BRIEF = "brief", "Brief does not match"
    BOILERPLATE = "boilerplate", "Boilerplate left in"
    PERSONAL = "personal", "Personal data"
    BROKEN = "broken", "Broken text"
    OTHER = "other", "Something else"


class Lot(models.Model):
    """Accepted pairs that stand or go back together, by what a random sample of them shows."""

    class State(models.TextChoices):
        OPEN = "open", "Being read"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"
        GIVEN_UP = "given_up", "Given up"

    # The key of the form that draws it: a second post of the same one is the same lot.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="lots")
    number = models.PositiveIntegerField()
    round = models.OneToOneField("reviews.Round", on_delete=models.CASCADE, related_name="lot")
    # What it was drawn from, in words: {"Source": "blog.zip", "Channel": "Email"}.
    drawn_from: models.JSONField[dict[str, str], Any] = models.JSONField(default=dict)
    size = models.PositiveIntegerField()
    sample_size = models.PositiveIntegerField()
    # The acceptance number: so many defects in the sample still pass.
    limit = models.PositiveIntegerField()
    acceptable = models.FloatField()
    rejectable = models.FloatField()
    producers_risk = models.FloatField()
    consumers_risk = models.FloatField()
    # `random.Random(seed).sample` of the lot's pairs in the order of their keys gives the sample again.
    seed = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    # As they stood when it was closed.
    read = models.PositiveIntegerField(default=0)
    defects = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0)
    # Pairs that should have gone back, but were mended or decided anew while the lot was read.
    overtaken = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["voice", "number"], name="lot_number_once_per_voice"),
            models.CheckConstraint(
                condition=Q(sample_size__gte=1, sample_size__lte=F("size"), limit__lt=F("sample_size")),
                name="lot_sample_lies_in_the_lot",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "accepted", "rejected", "given_up"]), name="lot_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Lot {self.number}"

    @property
    def plan(self) -> Plan:
        return Plan(
            self.size,
            self.sample_size,
            self.limit,
            self.acceptable,
            self.rejectable,
            self.producers_risk,
            self.consumers_risk,
        )


class LotPair(models.Model):
    """One pair of a lot as it was when the lot was drawn: this revision, accepted by this person at this time."""

    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, related_name="lot_pairs")
    pair = models.ForeignKey(Pair, on_delete=models.PROTECT, related_name="lot_pairs")
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # When it came, for one that came in accepted.
    accepted_at = models.DateTimeField()
    # For those in the sample: where the round hands it out, and how many experts are to read it.
    item = models.OneToOneField(
        "reviews.Item", null=True, blank=True, on_delete=models.CASCADE, related_name="lot_pair"
    )
    wanted = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["lot", "pair"], name="pair_once_per_lot"),
            models.CheckConstraint(
                condition=Q(item__isnull=True, wanted=0) | Q(item__isnull=False, wanted__gte=1),
                name="lot_pair_in_the_sample_is_read",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot}: {self.pair}"


class Reading(models.Model):
    """What one expert found in one pair of a lot's sample."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lot_pair = models.ForeignKey(LotPair, on_delete=models.CASCADE, related_name="readings")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="readings")
    task = models.OneToOneField(
        "reviews.Task", null=True, blank=True, on_delete=models.SET_NULL, related_name="reading"
    )
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["lot_pair", "reader"], name="reading_once_per_pair_and_reader"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="reading_verdict_is_known"),
            models.CheckConstraint(condition=~Q(verdict="other", note=""), name="reading_of_another_kind_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: {self.lot_pair}"

    @property
    def is_good(self) -> bool:
        return self.verdict == Verdict.GOOD
