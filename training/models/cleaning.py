"""What cleaning found: which rules touched which passages, and which lines a voice's documents share."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from training.models.sources import Passage
from training.models.voices import Voice


class Touch(models.Model):
    """One rule that changed or flagged one passage; made anew whenever the passage is cleaned."""

    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="touches")
    rule = models.CharField(max_length=20)
    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="touches")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["voice", "rule"])]
        constraints = [models.UniqueConstraint(fields=["passage", "rule"], name="touch_once_per_passage_and_rule")]

    def __str__(self) -> str:
        return self.rule


class RecurringLineQuerySet(models.QuerySet["RecurringLine"]):
    def going(self) -> RecurringLineQuerySet:
        return self.filter(goes=True)


class RecurringLine(models.Model):
    """A line that many documents of a voice share, whether cleaning takes it out, and why. A person may decide anew."""

    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="recurring_lines")
    key = models.CharField(max_length=16)
    text = models.TextField()
    documents = models.PositiveIntegerField()
    goes = models.BooleanField()
    reason = models.CharField(max_length=200)
    is_decided = models.BooleanField(default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = RecurringLineQuerySet.as_manager()

    class Meta:
        ordering = ["-documents", "id"]
        constraints = [models.UniqueConstraint(fields=["voice", "key"], name="recurring_line_once_per_voice")]

    def __str__(self) -> str:
        return self.text[:60]
