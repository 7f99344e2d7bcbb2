import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('training', '0013_import_channel'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='pair',
            name='training_pa_voice_i_246498_idx',
        ),
        migrations.AddIndex(
            model_name='pair',
            index=models.Index(fields=['voice', 'status', 'is_current', 'id', 'decided_at', 'created_at', 'made', 'origin'], name='pair_by_status'),
        ),
        migrations.RemoveField(
            model_name='dataset',
            name='started_at',
        ),
        migrations.CreateModel(
            name='DataSetJob',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Running'), ('finished', 'Finished'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='queued', max_length=10)),
                ('claim', models.UUIDField(blank=True, null=True)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('error', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('kind', models.CharField(choices=[('look', 'Look'), ('import', 'Import')], max_length=10)),
                ('channel', models.CharField(blank=True, max_length=20)),
                ('mapping', models.JSONField(blank=True, null=True)),
                ('trust', models.BooleanField(default=False)),
                ('progress', models.JSONField(default=dict)),
                ('data_set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='jobs', to='training.dataset')),
                ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['queued', 'running'])), fields=('data_set',), name='one_unfinished_job_per_data_set')],
            },
        ),
    ]
