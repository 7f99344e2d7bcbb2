from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("training", "0010_formats")]

    operations = [
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
