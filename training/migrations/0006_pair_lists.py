import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """What lists look up. The words' indexes and the triggers that fill all of it are made after every migration."""

    dependencies = [
        ('training', '0005_duplicates'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PairEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('open', 'To decide'), ('validated', 'Validated'), ('rejected', 'Rejected')], max_length=10)),
                ('channel', models.CharField(max_length=20)),
                ('split', models.CharField(max_length=10)),
                ('made', models.CharField(max_length=10)),
                ('words', models.PositiveIntegerField()),
                ('unexplained', models.PositiveIntegerField()),
                ('added_at', models.DateTimeField()),
                ('decided_by', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pair', models.OneToOneField(on_delete=django.db.models.deletion.DO_NOTHING, related_name='entry', to='training.pair')),
                ('source', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='training.source')),
                ('voice', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='training.voice')),
            ],
            options={
                'indexes': [models.Index(fields=['voice', 'id', 'state', 'channel', 'split', 'made', 'words', 'unexplained', 'decided_by', 'added_at', 'source'], name='pair_entry_in_order')],
            },
        ),
        migrations.CreateModel(
            name='PassageEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_outdated', models.BooleanField()),
                ('passage', models.OneToOneField(on_delete=django.db.models.deletion.DO_NOTHING, related_name='entry', to='training.passage')),
                ('voice', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='training.voice')),
            ],
            options={
                'indexes': [models.Index(fields=['voice', 'id', 'is_outdated'], name='passage_entry_in_order')],
            },
        ),
    ]
