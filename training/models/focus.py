"""A focus: what a voice's next version should do more of, the pairs that show it, and copy written for it."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from training.corpus import brief as corpus_brief
from training.corpus.focusing import RULES
from training.models.jobs import UNFINISHED, Job, JobQuerySet
from training.models.runs import ModelVersion
from training.models.voices import Voice

LEAST, MOST = 1.5, 4.0
"""What a pair of a focus may weigh: below it makes no difference, above a few texts would be learnt by heart."""


class FocusQuerySet(models.QuerySet["Focus"]):
    def open(self) -> Self:
        return self.filter(is_open=True)


class Focus(models.Model):
    """One thing to do more of. Pairs show it by a rule and by words searched for, or because somebody chose them."""

    class Origin(models.TextChoices):
        """What told that it is wanted."""

        HAND = "hand", "By hand"
        TAG = "tag", "Tags on samples"
        COMMENT = "comment", "Reviewers' comments"
        REASON = "reason", "Reasons of rejection"
        SCORE = "score", "Low ratings"
        EDIT = "edit", "What editors change"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="focuses")
    name = models.CharField(max_length=120)
    # For people: what to look for in copy that shows it.
    looks_for = models.TextField(blank=True)
    came_from = models.CharField(max_length=10, choices=Origin.choices, default=Origin.HAND)
    # The figures that suggested it, as they were then.
    evidence = models.CharField(max_length=400, blank=True)
    rule = models.CharField(max_length=20, blank=True)
    search = models.CharField(max_length=200, blank=True)
    # "" for all of them.
    channel = models.CharField(max_length=20, blank=True, choices=[(key, key) for key in corpus_brief.CHANNELS])
    # A pair that shows it counts in training as if it were there so many times.
    weight = models.FloatField(default=2.0, validators=[MinValueValidator(LEAST), MaxValueValidator(MOST)])
    # Validated pairs that should show it; what is missing of them is asked for.
    wanted = models.PositiveIntegerField(default=50)
    is_open = models.BooleanField(default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = FocusQuerySet.as_manager()

    class Meta:
        ordering = ["-is_open", "-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["voice", "name"], condition=Q(is_open=True), name="open_focus_name_once_per_voice"
            ),
            models.CheckConstraint(condition=Q(weight__gte=LEAST, weight__lte=MOST), name="focus_weight_is_bounded"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def that(self) -> str:
        """What copy does that shows it, to go on from "pairs that"."""
        told = [RULES[self.rule].that] if self.rule in RULES else []
        told += [f"have the words “{self.search}”"] if self.search else []
        return " and ".join(told) or f"show “{self.name}”"

    @property
    def finds(self) -> bool:
        """Whether it finds pairs by itself; otherwise people choose them."""
        return bool(self.rule or self.search)


class FocusPair(models.Model):
    """A pair that somebody chose for a focus, or took out of it, whatever the rule says. It holds for each revision."""

    focus = models.ForeignKey(Focus, on_delete=models.CASCADE, related_name="chosen")
    lineage = models.UUIDField()
    is_in = models.BooleanField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["focus", "lineage"], name="pair_once_per_focus")]

    def __str__(self) -> str:
        return f"{self.lineage} {'in' if self.is_in else 'out of'} {self.focus}"


class Writing(Job):
    """One job: the live version writes candidates for these briefs. Each text becomes a draft pair, once."""

    # The worker renews it while its child process writes.
    LEASE_SECONDS = 60

    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="writings")
    focus = models.ForeignKey(Focus, null=True, blank=True, on_delete=models.SET_NULL, related_name="writings")
    version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="+")
    # Briefs as `training.corpus.brief.Brief.as_dict` gives them, in the order that they are written in.
    briefs: models.JSONField[list[dict[str, Any]], Any] = models.JSONField(default=list)
    # Briefs that were written for, and pairs that came of it: an empty or a copied text makes none.
    written = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)

    objects = JobQuerySet["Writing"].as_manager()

    class Meta(Job.Meta):
        constraints = [
            models.UniqueConstraint(fields=["voice"], condition=UNFINISHED, name="one_unfinished_writing_per_voice")
        ]

    def __str__(self) -> str:
        return f"{self.voice}: candidates of {self.created_at:%d %b %Y %H:%M}"
