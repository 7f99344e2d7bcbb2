from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("reviews", "0005_task_note_whole"), ("training", "0003_corpus_columns")]

    operations = []
