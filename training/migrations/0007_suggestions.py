import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Suggestions of spelling and grammar, the voice's own words, and the job that looks for them."""

    dependencies = [
        ('training', '0006_pair_lists'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Proofreading',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Running'), ('finished', 'Finished'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='queued', max_length=10)),
                ('passages', models.PositiveIntegerField(default=0)),
                ('claim', models.UUIDField(blank=True, null=True)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('error', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('start', models.PositiveIntegerField()),
                ('end', models.PositiveIntegerField()),
                ('words', models.CharField(max_length=200)),
                ('key', models.CharField(max_length=200)),
                ('before', models.CharField(blank=True, max_length=16)),
                ('after', models.CharField(blank=True, max_length=16)),
                ('replacements', models.JSONField(default=list)),
                ('replacement', models.CharField(blank=True, max_length=200)),
                ('state', models.CharField(choices=[('open', 'Open'), ('accepted', 'Accepted'), ('dismissed', 'Dismissed'), ('known', 'A word of the voice')], default='open', max_length=10)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('act', models.UUIDField(blank=True, db_index=True, null=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80)),
                ('text', models.CharField(max_length=80)),
                ('is_ours', models.BooleanField(default=True)),
                ('origin', models.CharField(choices=[('person', 'Somebody said so'), ('told', 'In the guidelines, the fact sheet or a name'), ('copy', 'In many documents')], default='person', max_length=10)),
                ('documents', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['key'],
            },
        ),
        migrations.AddField(
            model_name='passage',
            name='proofread_with',
            field=models.CharField(blank=True, max_length=16),
        ),
        migrations.AddField(
            model_name='voice',
            name='dialect',
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AddIndex(
            model_name='passage',
            index=models.Index(fields=['source', 'proofread_with', 'language'], name='passage_proofread_with'),
        ),
        migrations.AddField(
            model_name='proofreading',
            name='requested_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='proofreading',
            name='voice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proofreadings', to='training.voice'),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='passage',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suggestions', to='training.passage'),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='voice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suggestions', to='training.voice'),
        ),
        migrations.AddField(
            model_name='word',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='word',
            name='voice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='words', to='training.voice'),
        ),
        migrations.AddConstraint(
            model_name='proofreading',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['queued', 'running'])), fields=('voice',), name='one_unfinished_proofreading_per_voice'),
        ),
        migrations.AddIndex(
            model_name='suggestion',
            index=models.Index(fields=['voice', 'state', 'kind', 'key'], name='suggestion_by_word'),
        ),
        migrations.AddIndex(
            model_name='suggestion',
            index=models.Index(fields=['passage', 'state'], name='suggestion_of_passage'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.UniqueConstraint(fields=('passage', 'kind', 'start', 'end'), name='suggestion_once_per_place'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='suggestion_has_words'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'accepted'), ('replacement', ''), _connector='OR'), name='only_accepted_suggestions_replace'),
        ),
        migrations.AddConstraint(
            model_name='word',
            constraint=models.UniqueConstraint(fields=('voice', 'key'), name='word_once_per_voice'),
        ),
    ]
