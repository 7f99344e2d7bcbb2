from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("training", "0012_coverage")]

    operations = [
        migrations.AddField(model_name="import", name="channel", field=models.CharField(blank=True, max_length=20)),
    ]
