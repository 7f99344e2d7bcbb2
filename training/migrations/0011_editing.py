import uuid

from django.db import migrations, models


START = uuid.UUID(int=0)


def count_facts_again(apps, schema_editor):
    """Mark every voice: the worker counts the unexplained facts of its pairs in small pieces."""
    apps.get_model("training", "Voice").objects.update(recount_after=START)


class Migration(migrations.Migration):

    dependencies = [("training", "0010_formats")]

    operations = [
        migrations.AddField(
            model_name="voice",
            name="recount_after",
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="passage",
            name="document_title",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="passage",
            name="channel",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.RunPython(count_facts_again, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="pair",
            index=models.Index(
                condition=models.Q(("is_current", True), ("status__in", ["draft", "proposed"])),
                fields=["voice", "created_at", "id"],
                name="pair_open_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="pair",
            index=models.Index(
                condition=models.Q(("is_current", True)), fields=["voice", "created_at", "id"], name="pair_in_order"
            ),
        ),
    ]
