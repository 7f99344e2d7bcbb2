import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('training', '0007_suggestions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Focus',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('looks_for', models.TextField(blank=True)),
                ('came_from', models.CharField(choices=[('hand', 'By hand'), ('tag', 'Tags on samples'), ('comment', "Reviewers' comments"), ('reason', 'Reasons of rejection'), ('score', 'Low ratings'), ('edit', 'What editors change')], default='hand', max_length=10)),
                ('evidence', models.CharField(blank=True, max_length=400)),
                ('rule', models.CharField(blank=True, max_length=20)),
                ('search', models.CharField(blank=True, max_length=200)),
                ('channel', models.CharField(blank=True, choices=[('blog', 'blog'), ('social', 'social'), ('email', 'email'), ('ad', 'ad'), ('product', 'product'), ('page', 'page')], max_length=20)),
                ('weight', models.FloatField(default=2.0, validators=[django.core.validators.MinValueValidator(1.5), django.core.validators.MaxValueValidator(4.0)])),
                ('wanted', models.PositiveIntegerField(default=50)),
                ('is_open', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-is_open', '-created_at'],
            },
        ),
        migrations.CreateModel(
            name='FocusPair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lineage', models.UUIDField()),
                ('is_in', models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name='Writing',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('briefs', models.JSONField(default=list)),
                ('written', models.PositiveIntegerField(default=0)),
                ('made', models.PositiveIntegerField(default=0)),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Running'), ('finished', 'Finished'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='queued', max_length=10)),
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
        migrations.AddField(
            model_name='run',
            name='data_notes',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='voice',
            name='machine_share',
            field=models.PositiveSmallIntegerField(default=20),
        ),
        migrations.AlterField(
            model_name='pair',
            name='made',
            field=models.CharField(choices=[('import', 'Imported copy'), ('written', 'Written by hand'), ('edit', 'Edited draft'), ('score', 'Well-scored sample'), ('demo', 'Demo data'), ('candidate', 'Written by the live version'), ('rebrief', 'Second brief')], default='import', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='voice',
            constraint=models.CheckConstraint(condition=models.Q(('machine_share__lte', 50)), name='people_wrote_half_of_the_pairs_at_least'),
        ),
        migrations.AddField(
            model_name='focus',
            name='created_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='focus',
            name='voice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='focuses', to='training.voice'),
        ),
        migrations.AddField(
            model_name='focuspair',
            name='focus',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chosen', to='training.focus'),
        ),
        migrations.AddField(
            model_name='focuspair',
            name='user',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='writing',
            name='focus',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='writings', to='training.focus'),
        ),
        migrations.AddField(
            model_name='writing',
            name='requested_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='writing',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='training.modelversion'),
        ),
        migrations.AddField(
            model_name='writing',
            name='voice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='writings', to='training.voice'),
        ),
        migrations.AddConstraint(
            model_name='focus',
            constraint=models.UniqueConstraint(condition=models.Q(('is_open', True)), fields=('voice', 'name'), name='open_focus_name_once_per_voice'),
        ),
        migrations.AddConstraint(
            model_name='focus',
            constraint=models.CheckConstraint(condition=models.Q(('weight__gte', 1.5), ('weight__lte', 4.0)), name='focus_weight_is_bounded'),
        ),
        migrations.AddConstraint(
            model_name='focuspair',
            constraint=models.UniqueConstraint(fields=('focus', 'lineage'), name='pair_once_per_focus'),
        ),
        migrations.AddConstraint(
            model_name='writing',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['queued', 'running'])), fields=('voice',), name='one_unfinished_writing_per_voice'),
        ),
    ]
