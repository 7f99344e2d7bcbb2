import json

from django.conf import settings
from django.db import migrations

FILES = ("supervised_train.jsonl", "supervised_validation.jsonl")


def keep_members(apps, schema_editor):
    """Which pairs the snapshots from before hold, as their files tell."""
    Snapshot, Member = apps.get_model("training", "Snapshot"), apps.get_model("training", "SnapshotPair")
    for snapshot in Snapshot.objects.filter(members=None):
        paths = [settings.SNAPSHOTS / snapshot.digest / name for name in FILES]
        lines = [line for path in paths if path.is_file() for line in path.open(encoding="utf-8") if line.strip()]
        named = {json.loads(line)["pair"] for line in lines}
        there = apps.get_model("training", "Pair").objects.filter(voice_id=snapshot.voice_id)
        held = [pk for pk in there.values_list("pk", flat=True) if str(pk) in named]
        Member.objects.bulk_create((Member(snapshot=snapshot, pair_id=pk) for pk in held), batch_size=500)


class Migration(migrations.Migration):

    dependencies = [("training", "0013_dataset_jobs")]

    operations = [migrations.RunPython(keep_members, migrations.RunPython.noop)]
