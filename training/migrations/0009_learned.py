import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("training", "0008_focus")]

    operations = [
        migrations.CreateModel(
            name="PairLoss",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("loss", models.FloatField()),
                (
                    "pair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="losses", to="training.pair"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pair_losses", to="training.run"
                    ),
                ),
            ],
            options={
                "ordering": ["run", "-loss"],
                "indexes": [models.Index(fields=["run", "loss"], name="training_pa_run_id_a2c3d0_idx")],
                "constraints": [models.UniqueConstraint(fields=("run", "pair"), name="pair_loss_once_per_run")],
            },
        ),
        migrations.CreateModel(
            name="SnapshotPair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "pair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="training.pair"
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="training.snapshot"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("snapshot", "pair"), name="pair_once_per_snapshot")],
            },
        ),
    ]
