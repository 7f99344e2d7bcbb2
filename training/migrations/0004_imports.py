import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('training', '0003_corpus_columns'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key', models.UUIDField(default=uuid.uuid4)),
                ('origin', models.CharField(choices=[('files', 'Files'), ('pasted', 'Pasted text'), ('url', 'Web page'), ('feed', 'Feed'), ('sitemap', 'Sitemap'), ('api', 'API'), ('command', 'Command line')], default='files', max_length=10)),
                ('licence', models.CharField(blank=True, max_length=200)),
                ('address', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Running'), ('finished', 'Finished'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='queued', max_length=10)),
                ('claim', models.UUIDField(blank=True, null=True)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('cancel_requested', models.BooleanField(default=False)),
                ('progress', models.JSONField(default=dict)),
                ('error', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('voice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='imports', to='training.voice')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='ImportFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField()),
                ('name', models.CharField(max_length=400)),
                ('url', models.TextField(blank=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('imported', 'Imported'), ('refused', 'Refused'), ('known', 'Here already'), ('opened', 'Opened'), ('cancelled', 'Cancelled')], default='waiting', max_length=10)),
                ('pairs', models.PositiveIntegerField(default=0)),
                ('reason', models.TextField(blank=True)),
                ('rows_left_out', models.PositiveIntegerField(default=0)),
                ('left_out', models.JSONField(default=list)),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='training.import')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='children', to='training.importfile')),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='imported_by', to='training.source')),
            ],
            options={
                'ordering': ['job', 'position'],
            },
        ),
        migrations.AddIndex(
            model_name='import',
            index=models.Index(fields=['state', 'lease_until'], name='training_im_state_e9b832_idx'),
        ),
        migrations.AddIndex(
            model_name='import',
            index=models.Index(fields=['voice', '-created_at'], name='training_im_voice_i_050e4e_idx'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.UniqueConstraint(fields=('voice', 'key'), name='import_once_per_key'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'running')), fields=('voice',), name='one_running_import_per_voice'),
        ),
        migrations.AddIndex(
            model_name='importfile',
            index=models.Index(fields=['job', 'state', 'position'], name='training_im_job_id_5674fc_idx'),
        ),
        migrations.AddConstraint(
            model_name='importfile',
            constraint=models.UniqueConstraint(fields=('job', 'position'), name='import_file_position_once'),
        ),
    ]
