from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("training", "0011_editing")]

    operations = [
        migrations.AddField(
            model_name="voice", name="channel_mix", field=models.JSONField(blank=True, default=dict)
        ),
        migrations.AddField(
            model_name="source", name="withdrawn_at", field=models.DateTimeField(blank=True, null=True)
        ),
    ]
