import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

PROTECT, CASCADE, SET_NULL = (
    django.db.models.deletion.PROTECT,
    django.db.models.deletion.CASCADE,
    django.db.models.deletion.SET_NULL,
)
VERDICTS = [
    ("good", "Good as it is"),
    ("wrong_fact", "Wrong fact"),
    ("off_voice", "Off voice"),
    ("brief", "Brief does not match"),
    ("boilerplate", "Boilerplate left in"),
    ("personal", "Personal data"),
    ("broken", "Broken text"),
    ("other", "Something else"),
]


def person():
    return models.ForeignKey(
        blank=True, null=True, on_delete=SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
    )


class Migration(migrations.Migration):

    dependencies = [
        ("reviews", "0008_holds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="item",
            name="sample",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=PROTECT, related_name="+", to="training.sample"
            ),
        ),
        migrations.AddField(
            model_name="item",
            name="pair",
            field=models.ForeignKey(blank=True, null=True, on_delete=PROTECT, related_name="+", to="training.pair"),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=Q(sample__isnull=False, pair__isnull=True)
                | Q(sample__isnull=True, other__isnull=True, pair__isnull=False),
                name="item_holds_samples_or_a_pair",
            ),
        ),
        migrations.CreateModel(
            name="Lot",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("drawn_from", models.JSONField(default=dict)),
                ("size", models.PositiveIntegerField()),
                ("sample_size", models.PositiveIntegerField()),
                ("limit", models.PositiveIntegerField()),
                ("acceptable", models.FloatField()),
                ("rejectable", models.FloatField()),
                ("producers_risk", models.FloatField()),
                ("consumers_risk", models.FloatField()),
                ("seed", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Being read"),
                            ("accepted", "Accepted"),
                            ("rejected", "Rejected"),
                            ("given_up", "Given up"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("read", models.PositiveIntegerField(default=0)),
                ("defects", models.PositiveIntegerField(default=0)),
                ("returned", models.PositiveIntegerField(default=0)),
                ("overtaken", models.PositiveIntegerField(default=0)),
                ("closed_by", person()),
                ("drawn_by", person()),
                (
                    "round",
                    models.OneToOneField(on_delete=CASCADE, related_name="lot", to="reviews.round"),
                ),
                ("voice", models.ForeignKey(on_delete=CASCADE, related_name="lots", to="training.voice")),
            ],
            options={
                "ordering": ["-created_at"],
                "constraints": [
                    models.UniqueConstraint(fields=("voice", "number"), name="lot_number_once_per_voice"),
                    models.CheckConstraint(
                        condition=Q(sample_size__gte=1, sample_size__lte=F("size"), limit__lt=F("sample_size")),
                        name="lot_sample_lies_in_the_lot",
                    ),
                    models.CheckConstraint(
                        condition=Q(state__in=["open", "accepted", "rejected", "given_up"]),
                        name="lot_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LotPair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("accepted_at", models.DateTimeField()),
                ("wanted", models.PositiveSmallIntegerField(default=0)),
                ("annotator", person()),
                (
                    "item",
                    models.OneToOneField(
                        blank=True, null=True, on_delete=CASCADE, related_name="lot_pair", to="reviews.item"
                    ),
                ),
                ("lot", models.ForeignKey(on_delete=CASCADE, related_name="lot_pairs", to="reviews.lot")),
                ("pair", models.ForeignKey(on_delete=PROTECT, related_name="lot_pairs", to="training.pair")),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("lot", "pair"), name="pair_once_per_lot"),
                    models.CheckConstraint(
                        condition=Q(item__isnull=True, wanted=0) | Q(item__isnull=False, wanted__gte=1),
                        name="lot_pair_in_the_sample_is_read",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("verdict", models.CharField(choices=VERDICTS, max_length=12)),
                ("note", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "lot_pair",
                    models.ForeignKey(on_delete=CASCADE, related_name="readings", to="reviews.lotpair"),
                ),
                (
                    "reader",
                    models.ForeignKey(on_delete=PROTECT, related_name="readings", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "task",
                    models.OneToOneField(
                        blank=True, null=True, on_delete=SET_NULL, related_name="reading", to="reviews.task"
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("lot_pair", "reader"), name="reading_once_per_pair_and_reader"),
                    models.CheckConstraint(
                        condition=Q(verdict__in=[key for key, _ in VERDICTS]), name="reading_verdict_is_known"
                    ),
                    models.CheckConstraint(
                        condition=~Q(verdict="other", note=""), name="reading_of_another_kind_has_words"
                    ),
                ],
            },
        ),
    ]
