import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('training', '0004_imports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='passage',
            name='part',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name='CopyDecision',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('apart', 'No copies'), ('keep', 'Keep this one')], max_length=10)),
                ('decided_at', models.DateTimeField(auto_now_add=True)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('voice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='copy_decisions', to='training.voice')),
            ],
            options={
                'ordering': ['-decided_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='DecidedText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lineage', models.UUIDField(blank=True, db_index=True, null=True)),
                ('side', models.PositiveIntegerField(default=0)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='training.copydecision')),
                ('passage', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='training.passage')),
            ],
            options={
                'ordering': ['decision', 'side', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Copy',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('lineage', models.UUIDField(blank=True, null=True, unique=True)),
                ('similarity', models.FloatField(default=1.0)),
                ('size', models.PositiveIntegerField(default=0)),
                ('kept', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='copies', to='training.copy')),
                ('passage', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='copy', to='training.passage')),
                ('voice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='copies', to='training.voice')),
            ],
            options={
                'ordering': ['-size', 'id'],
                'indexes': [models.Index(fields=['voice', 'kept', '-size'], name='copy_clusters_by_size')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('lineage__isnull', True), ('passage__isnull', False)), models.Q(('lineage__isnull', False), ('passage__isnull', True)), _connector='OR'), name='copy_is_of_one_text'), models.CheckConstraint(condition=models.Q(('similarity__gte', 0), ('similarity__lte', 1)), name='similarity_is_a_share')],
            },
        ),
        migrations.AddIndex(
            model_name='copydecision',
            index=models.Index(fields=['voice', 'kind'], name='training_co_voice_i_37728d_idx'),
        ),
        migrations.AddConstraint(
            model_name='decidedtext',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lineage__isnull', True), ('passage__isnull', False)), models.Q(('lineage__isnull', False), ('passage__isnull', True)), _connector='OR'), name='decision_is_of_one_text'),
        ),
    ]
