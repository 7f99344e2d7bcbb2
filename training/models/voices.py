"""Clients and their brand voices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from training.corpus.brief import Brief
from training.corpus.facts import Fact, unexplained

if TYPE_CHECKING:
    from training.models.runs import ModelVersion


class Origin(models.TextChoices):
    """Who judged or wrote: people's figures count `HUMAN` alone, or `DEMO` in a demo voice, marked as such."""

    HUMAN = "human", "People"
    DEMO = "demo", "Demo data"
    SIMULATED = "simulated", "Simulated reviewer"


class ClientQuerySet(models.QuerySet["Client"]):
    def real(self) -> Self:
        """All but those that rehearsals make for their scratch voices."""
        return self.exclude(voices__is_scratch=True)


class Client(models.Model):
    """The agency's customer; the wall between tenants."""

    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=120)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ClientQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class VoiceQuerySet(models.QuerySet["Voice"]):
    def real(self) -> Self:
        """All but the scratch voices of rehearsals."""
        return self.filter(is_scratch=False)


class Voice(models.Model):
    """One brand voice of a client."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="voices")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    guidelines = models.TextField(blank=True)
    fact_sheet = models.TextField(blank=True)
    target_pairs = models.PositiveIntegerField(default=5000)
    # Channel -> share of the target in percent; a channel that is not named has no share of its own.
    channel_mix: models.JSONField[dict[str, int], Any] = models.JSONField(default=dict, blank=True)
    alignment_target = models.FloatField(default=0.85)
    # Of the training pairs, percent that the live version may have written; the newest beyond it are left out.
    machine_share = models.PositiveSmallIntegerField(default=20)
    # Cleaning: names of rules that are off, the house style's choices, and the language ("" until the copy tells).
    rules_off: models.JSONField[list[str], Any] = models.JSONField(default=list, blank=True)
    house_style: models.JSONField[dict[str, str], Any] = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=8, blank=True)
    # The English it is written in (see `training.corpus.grammar.DIALECTS`); "" takes American and British alike.
    dialect = models.CharField(max_length=12, blank=True)
    # Its pairs' unexplained facts are counted anew from the pair after this one on; None when all are counted.
    recount_after = models.UUIDField(null=True, blank=True, editable=False)
    # A scratch voice belongs to a rehearsal: judged by a simulated reviewer, shown in no figure or list.
    is_scratch = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = VoiceQuerySet.as_manager()

    class Meta:
        ordering = ["client__name", "name"]
        constraints = [
            models.UniqueConstraint(fields=["client", "slug"], name="voice_slug_once_per_client"),
            models.CheckConstraint(
                condition=models.Q(alignment_target__gt=0, alignment_target__lte=1),
                name="alignment_target_is_a_share",
            ),
            models.CheckConstraint(
                condition=models.Q(machine_share__lte=50), name="people_wrote_half_of_the_pairs_at_least"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def brand(self) -> str:
        """What explains a name in this voice's copy: whose it is, and its guidelines."""
        return f"{self.client.name}\n{self.name}\n{self.guidelines}"

    def unexplained(self, output: str, brief: Brief) -> list[Fact]:
        """The facts of `output` that neither its brief nor this voice's fact sheet bears."""
        return unexplained(output, brief, self.fact_sheet, self.brand)

    @property
    def live(self) -> ModelVersion | None:
        """The version that writes for this voice now, if one was promoted."""
        return self.versions.filter(is_live=True).first()
