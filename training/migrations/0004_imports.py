from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("training", "0003_corpus_columns")]

    operations = []
