"""What people do: memberships, rounds of review work, judgements, and the log of it all."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import timezone

from reviews import models_lists, models_validation  # noqa: F401 - Django finds models from here
from training.models import Client, ModelVersion, Origin, Pair, Run, Sample, Voice
from voicelab.roles import Role

COMMAND_LINE = "Command line"
RATING = [(value, str(value)) for value in range(1, 6)]


class Membership(models.Model):
    """One role of one person for one client. A deactivated one opens nothing and is kept for the record."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["client", "user", "role"]
        constraints = [
            models.UniqueConstraint(fields=["user", "client", "role"], name="membership_once_per_role"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role} for {self.client}"


class Attempt(models.Model):
    """One try to sign in or to get a password link, kept for as long as it counts against the next."""

    class Kind(models.TextChoices):
        SIGN_IN = "sign_in", "Sign in"
        LINK = "link", "Ask for a password link"
        TOKEN = "token", "Use an API token"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    # SHA-256 of what was typed as the address; people type passwords there, too.
    name = models.CharField(max_length=64)
    # The network address, or the browser where this person signed in before.
    place = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "name", "created_at"]),
            models.Index(fields=["kind", "place", "created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} from {self.place}"


class Token(models.Model):
    """A key with which a program acts for a person. The key itself is shown once and kept nowhere."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    # SHA-256 of the key.
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="token_name_once_per_person")]

    def __str__(self) -> str:
        return self.name


class Round(models.Model):
    """A batch of review work with one purpose."""

    class Purpose(models.TextChoices):
        SCORE = "score", "Score"
        COMPARE = "compare", "Compare"
        EDIT = "edit", "Edit"
        VALIDATE = "validate", "Validate"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="rounds")
    run = models.ForeignKey(Run, null=True, blank=True, on_delete=models.SET_NULL, related_name="rounds")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    overlap = models.PositiveIntegerField(default=1)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.HUMAN)
    is_open = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["run", "purpose"], name="round_once_per_run_and_purpose"),
            models.CheckConstraint(condition=Q(overlap__gte=1), name="round_overlap_at_least_one"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.voice}"


class Item(models.Model):
    """One thing to judge in a round: a sample, two samples of one brief to compare, or a pair to validate."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    # Null in rounds that validate alone, whose items hold a pair; all else reads it without asking.
    sample: models.ForeignKey[Any, Sample] = models.ForeignKey(  # type: ignore[misc]
        Sample, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    pair = models.ForeignKey(Pair, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Sample, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Judgements still wanted; kept in the same transaction as the judgement, so that "next" is one index look-up.
    wanted = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["round", "position"]
        indexes = [models.Index(fields=["round", "wanted", "position"])]
        constraints = [
            models.UniqueConstraint(fields=["round", "position"], name="item_position_once_per_round"),
            models.CheckConstraint(
                condition=Q(other__isnull=True) | ~Q(other=models.F("sample")),
                name="item_compares_two_samples",
            ),
            models.CheckConstraint(
                condition=Q(sample__isnull=False, pair__isnull=True)
                | Q(sample__isnull=True, other__isnull=True, pair__isnull=False),
                name="item_holds_samples_or_a_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.position}"


class TaskQuerySet(models.QuerySet["Task"]):
    def live(self) -> Self:
        """Leased and not yet expired."""
        return self.filter(state=Task.State.LEASED, expires_at__gt=timezone.now())


class Task(models.Model):
    """One item for one reviewer, with its lease."""

    class State(models.TextChoices):
        LEASED = "leased", "Taken"
        DONE = "done", "Done"
        SKIPPED = "skipped", "Skipped"
        FLAGGED = "flagged", "Flagged"

    # The key of the form: a second post of the same one is the same judgement.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="tasks")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tasks")
    state = models.CharField(max_length=10, choices=State.choices, default=State.LEASED)
    # Whether `item.other` stands on the left for this reviewer; drawn when the task is handed out.
    is_swapped = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["reviewer", "state", "expires_at"]),
            models.Index(fields=["item", "state", "expires_at"]),
            models.Index(fields=["state", "expires_at"]),
        ]
        constraints = [models.UniqueConstraint(fields=["item", "reviewer"], name="one_lease_per_item_and_reviewer")]

    def __str__(self) -> str:
        return f"{self.item} for {self.reviewer}"


def between_one_and_five(field: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{field}__gte": 1, f"{field}__lte": 5}), name=f"score_{field}_from_1_to_5"
    )


class Score(models.Model):
    """One reviewer's ratings of one sample."""

    CRITERIA = ("brand_voice", "accuracy", "creativity", "overall")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="scores")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="scores")
    task = models.OneToOneField(Task, null=True, blank=True, on_delete=models.SET_NULL, related_name="score")
    brand_voice = models.PositiveSmallIntegerField(choices=RATING)
    accuracy = models.PositiveSmallIntegerField(choices=RATING)
    creativity = models.PositiveSmallIntegerField(choices=RATING)
    overall = models.PositiveSmallIntegerField(choices=RATING)
    comment = models.TextField(blank=True)
    # [{"start": characters, "end": characters, "tag": word}]
    highlights = models.JSONField(default=list)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.HUMAN)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["sample", "origin"])]
        constraints = [
            between_one_and_five("brand_voice"),
            between_one_and_five("accuracy"),
            between_one_and_five("creativity"),
            between_one_and_five("overall"),
        ]

    def __str__(self) -> str:
        return f"{self.overall} for {self.sample}"


class Comparison(models.Model):
    """One blind vote between two samples of one brief, as the reviewer saw them."""

    class Verdict(models.TextChoices):
        LEFT = "left", "Left is better"
        RIGHT = "right", "Right is better"
        EQUAL = "equal", "Equally good"
        BOTH_BAD = "both_bad", "Both bad"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    left = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="comparisons_left")
    right = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="comparisons_right")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comparisons")
    task = models.OneToOneField(Task, null=True, blank=True, on_delete=models.SET_NULL, related_name="comparison")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    comment = models.TextField(blank=True)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.HUMAN)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(left=models.F("right")), name="comparison_has_two_samples"),
            models.CheckConstraint(
                condition=Q(verdict__in=["left", "right", "equal", "both_bad"]),
                name="comparison_verdict_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict}: {self.left} / {self.right}"


class Edit(models.Model):
    """What a person made of a sample."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="edits")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="edits")
    task = models.ForeignKey(Task, null=True, blank=True, on_delete=models.SET_NULL, related_name="edits")
    text = models.TextField()
    # Levenshtein distance in characters between draft and final, and seconds of work where they were measured.
    distance = models.PositiveIntegerField()
    active_seconds = models.FloatField(null=True, blank=True)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.HUMAN)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="edit_has_text")]

    def __str__(self) -> str:
        return self.text[:60]


class Gate(models.Model):
    """The promotion rule of a voice, frozen when a run's rounds open, and its verdict."""

    class Verdict(models.TextChoices):
        PROMOTE = "promote", "Promote"
        KEEP = "keep", "Keep the live version"
        EQUAL = "equal", "Equal"
        NOT_YET = "not_yet", "Not yet decided"

    version = models.OneToOneField(ModelVersion, on_delete=models.CASCADE, related_name="gate")
    against = models.ForeignKey(ModelVersion, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    alignment_target = models.FloatField()
    minimum_scores = models.PositiveIntegerField(default=20)
    minimum_comparisons = models.PositiveIntegerField(default=20)
    accuracy_margin = models.FloatField(default=0.25)
    frozen_at = models.DateTimeField(auto_now_add=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.NOT_YET)
    decided_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.version}: {self.get_verdict_display()}"


class HoldQuerySet(models.QuerySet["Hold"]):
    def live(self) -> Self:
        return self.filter(expires_at__gt=timezone.now())


class Hold(models.Model):
    """Who works on the pairs of a passage now, so that nobody else begins on them. It ends by itself."""

    # The passage's key, or the lineage's of a pair that comes from none.
    key = models.UUIDField(primary_key=True, editable=False)
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="holds")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="holds")
    expires_at = models.DateTimeField()

    objects = HoldQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["voice", "expires_at"], name="hold_of_voice")]

    def __str__(self) -> str:
        return f"{self.key} with {self.user}"

    @property
    def who(self) -> str:
        return self.user.first_name or self.user.get_username()


class Draft(models.Model):
    """What a person typed into the fields of a pair and has not decided on. It is theirs alone."""

    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    # Field of the form -> what stands in it.
    fields: models.JSONField[dict[str, str], Any] = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pair", "user"], name="draft_once_per_pair_and_person")]

    def __str__(self) -> str:
        return f"{self.user}: {self.pair}"


class LogEntry(models.Model):
    """One act of a person, written in the transaction of the change. Append-only."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="log")
    voice = models.ForeignKey(Voice, null=True, blank=True, on_delete=models.CASCADE, related_name="log")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # "run.started", "version.promoted", "membership.invited" ...
    action = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["client", "-created_at"]),
            # One person's last decisions, however long the log of all.
            models.Index(fields=["voice", "user", "-created_at"], name="log_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.data}"

    @property
    def who(self) -> str:
        """For people: a person's name, or the command line, where nobody signs in."""
        if self.user:
            return self.user.first_name or self.user.get_username()
        return str(self.data.get("via", "A deleted account"))


def record(action: str, *, client: Client, user: User | None, voice: Voice | None = None, **data: Any) -> LogEntry:
    """Append to the log. Call it inside the transaction of the change that it tells of.

    Without a user the act came from the command line, and the row says so.
    """
    if user is None:
        data["via"] = COMMAND_LINE
    return LogEntry.objects.create(action=action, client=client, user=user, voice=voice, data=data)
