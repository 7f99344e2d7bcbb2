"""The database itself refuses to rewrite the log. Rows go only with the client or voice that they belong to."""

from django.db import migrations

COLUMNS = "action, data, created_at, client_id, voice_id"
FORWARDS = {
    "sqlite": f"""
        CREATE TRIGGER log_is_append_only BEFORE UPDATE OF {COLUMNS} ON reviews_logentry
        BEGIN SELECT RAISE(ABORT, 'The log is append-only.'); END
    """,
    "postgresql": f"""
        CREATE FUNCTION log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'The log is append-only.' USING ERRCODE = 'integrity_constraint_violation'; END $$;
        CREATE TRIGGER log_is_append_only BEFORE UPDATE OF {COLUMNS} ON reviews_logentry
        FOR EACH ROW EXECUTE FUNCTION log_is_append_only()
    """,
}
BACKWARDS = {
    "sqlite": "DROP TRIGGER log_is_append_only",
    "postgresql": "DROP TRIGGER log_is_append_only ON reviews_logentry; DROP FUNCTION log_is_append_only()",
}


def forwards(apps, schema_editor):
    schema_editor.execute(FORWARDS[schema_editor.connection.vendor])


def backwards(apps, schema_editor):
    schema_editor.execute(BACKWARDS[schema_editor.connection.vendor])


class Migration(migrations.Migration):
    dependencies = [("reviews", "0002_attempt")]
    operations = [migrations.RunPython(forwards, backwards)]
