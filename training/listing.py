"""The database's own part of search: the indexes of words, and the triggers that keep them and the entries.

Triggers, because pairs are written in a dozen ways (one by one, in bulk, by conditional updates, by cascades) and every
one of them must show in the lists. Django does not know them, and on SQLite an altered table is made anew without its
triggers; so they are taken away before a migration and put back after it, with all entries made anew. That is what
`before_migrations` and `after_migrations` are, and the one place where this project listens to a signal.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from training.models import PairEntry, PassageEntry

PAIRS, PASSAGES = PairEntry.WORDS, PassageEntry.WORDS
STATE = "CASE p.status WHEN 'validated' THEN 'validated' WHEN 'rejected' THEN 'rejected' ELSE 'open' END"
COLUMNS = "voice_id, state, channel, split, made, source_id, words, unexplained, decided_by_id, added_at"
VALUES = (
    f"p.voice_id, {STATE}, b.channel, b.split, p.made, s.source_id, p.words, p.unexplained, p.decided_by_id,"
    " p.created_at FROM training_pair p JOIN training_brief b ON b.id = p.brief_id"
    " LEFT JOIN training_passage s ON s.id = p.passage_id"
)
NEW_PAIR = f"INSERT INTO training_pairentry (pair_id, {COLUMNS}) SELECT p.id, {VALUES} WHERE p.is_current"
NEW_PASSAGE = (
    "INSERT INTO training_passageentry (passage_id, voice_id, is_outdated)"
    " SELECT p.id, s.voice_id, p.is_outdated FROM training_passage p JOIN training_source s ON s.id = p.source_id"
)
WITH_TEXT = (
    "FROM training_pairentry e JOIN training_pair p ON p.id = e.pair_id JOIN training_brief b ON b.id = p.brief_id"
)
LISTED = ("status", "made", "brief_id", "passage_id", "words", "unexplained", "decided_by_id", "voice_id", "created_at")


class Words(NamedTuple):
    """How one kind of database keeps its words: the tables, and what adds, changes and drops a row's words."""

    tables: tuple[str, ...]
    drops: tuple[str, ...]
    pair: str
    passage: str
    forget: str
    differs: str
    names: str


SQLITE = Words(
    tables=tuple(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {table} USING fts5({columns},"
        " tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')"
        for table, columns in ((PAIRS, "topic, facts, copy"), (PASSAGES, "title, copy"))
    ),
    drops=(f"DROP TABLE IF EXISTS {PAIRS}", f"DROP TABLE IF EXISTS {PASSAGES}"),
    pair=f"INSERT OR REPLACE INTO {PAIRS} (rowid, topic, facts, copy) SELECT e.id, b.topic,"
    f" (SELECT group_concat(value, ' ') FROM json_each(b.facts)), p.output {WITH_TEXT}",
    passage=f"INSERT OR REPLACE INTO {PASSAGES} (rowid, title, copy) SELECT e.id, p.title, p.text"
    " FROM training_passageentry e JOIN training_passage p ON p.id = e.passage_id",
    forget="DELETE FROM {table} WHERE rowid = OLD.id",
    differs="OLD.{0} IS NOT NEW.{0}",
    names="SELECT name FROM sqlite_master WHERE type = 'trigger'",
)
# Accents and signs go here as in Python, so that PostgreSQL's parser finds words, never addresses or signed numbers; it
# takes no more than a megabyte, hence the cut.
FOLDED = r"""
CREATE OR REPLACE FUNCTION training_words(given text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
    SELECT to_tsvector('simple', lower(regexp_replace(
        regexp_replace(normalize(left(given, 100000), NFD), '[\u0300-\u036f]', '', 'g'),
        '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7'
        '\u2000-\u206f\u20a0-\u20cf\u2120-\u2122\u2190-\u2bff\u3000-\u303f]', ' ', 'g')))
$$"""
POSTGRESQL = Words(
    tables=(
        FOLDED,
        *(
            statement
            for table in (PAIRS, PASSAGES)
            for statement in (
                f"CREATE TABLE IF NOT EXISTS {table} (id bigint PRIMARY KEY, terms tsvector NOT NULL)",
                f"CREATE INDEX IF NOT EXISTS {table}_terms ON {table} USING gin (terms)",
            )
        ),
    ),
    drops=(
        f"DROP TABLE IF EXISTS {PAIRS}",
        f"DROP TABLE IF EXISTS {PASSAGES}",
        "DROP FUNCTION IF EXISTS training_words",
    ),
    pair=f"INSERT INTO {PAIRS} (id, terms) SELECT e.id, training_words(concat_ws(' ', b.topic,"
    " (SELECT string_agg(value, ' ') FROM jsonb_array_elements_text("
    f"CASE jsonb_typeof(b.facts) WHEN 'array' THEN b.facts ELSE '[]' END)), p.output)) {WITH_TEXT}",
    passage=f"INSERT INTO {PASSAGES} (id, terms) SELECT e.id, training_words(concat_ws(' ', p.title, p.text))"
    " FROM training_passageentry e JOIN training_passage p ON p.id = e.passage_id",
    forget="DELETE FROM {table} WHERE id = OLD.id",
    differs="OLD.{0} IS DISTINCT FROM NEW.{0}",
    names="SELECT tgname FROM pg_trigger",
)
ANEW = " ON CONFLICT (id) DO UPDATE SET terms = excluded.terms"
VENDORS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


class Trigger(NamedTuple):
    name: str
    event: str
    table: str
    when: str
    act: str


def triggers(vendor: str) -> list[Trigger]:
    """All of them. A row that leaves a list takes its words along; a text that changes is read anew."""
    words = VENDORS[vendor]
    anew = ANEW if vendor == "postgresql" else ""

    def differs(*columns: str) -> str:
        return "(" + " OR ".join(words.differs.format(column) for column in columns) + ")"

    stays = "OLD.is_current AND NEW.is_current"
    change = f"UPDATE training_pairentry SET ({COLUMNS}) = (SELECT {VALUES} WHERE p.id = NEW.id) WHERE pair_id = NEW.id"
    answering = "pair_id IN (SELECT id FROM training_pair WHERE brief_id = NEW.id)"
    return [
        Trigger("pair_listed", "INSERT", "training_pair", "NEW.is_current", f"{NEW_PAIR} AND p.id = NEW.id"),
        Trigger(
            "pair_listed_again",
            "UPDATE",
            "training_pair",
            "NEW.is_current AND NOT OLD.is_current",
            f"{NEW_PAIR} AND p.id = NEW.id",
        ),
        Trigger("pair_changed", "UPDATE", "training_pair", f"{stays} AND {differs(*LISTED)}", change),
        Trigger(
            "pair_reworded",
            "UPDATE",
            "training_pair",
            f"{stays} AND {differs('output', 'brief_id')}",
            f"{words.pair} WHERE p.id = NEW.id{anew}",
        ),
        Trigger(
            "pair_left",
            "UPDATE",
            "training_pair",
            "OLD.is_current AND NOT NEW.is_current",
            "DELETE FROM training_pairentry WHERE pair_id = OLD.id",
        ),
        Trigger(
            "pair_deleted",
            "DELETE",
            "training_pair",
            "OLD.is_current",
            "DELETE FROM training_pairentry WHERE pair_id = OLD.id",
        ),
        Trigger(
            "brief_moved",
            "UPDATE",
            "training_brief",
            differs("channel", "split"),
            f"UPDATE training_pairentry SET channel = NEW.channel, split = NEW.split WHERE {answering}",
        ),
        Trigger(
            "brief_reworded",
            "UPDATE",
            "training_brief",
            differs("topic", "facts"),
            f"{words.pair} WHERE b.id = NEW.id{anew}",
        ),
        Trigger(
            "passage_listed",
            "INSERT",
            "training_passage",
            "",
            f"{NEW_PASSAGE} WHERE p.id = NEW.id",
        ),
        Trigger(
            "passage_changed",
            "UPDATE",
            "training_passage",
            differs("is_outdated"),
            "UPDATE training_passageentry SET is_outdated = NEW.is_outdated WHERE passage_id = NEW.id",
        ),
        Trigger(
            "passage_reworded",
            "UPDATE",
            "training_passage",
            differs("title", "text"),
            f"{words.passage} WHERE p.id = NEW.id{anew}",
        ),
        Trigger(
            "passage_deleted",
            "DELETE",
            "training_passage",
            "",
            "DELETE FROM training_passageentry WHERE passage_id = OLD.id",
        ),
        Trigger("pair_entry_added", "INSERT", "training_pairentry", "", f"{words.pair} WHERE e.id = NEW.id{anew}"),
        Trigger("pair_entry_deleted", "DELETE", "training_pairentry", "", words.forget.format(table=PAIRS)),
        Trigger(
            "passage_entry_added",
            "INSERT",
            "training_passageentry",
            "",
            f"{words.passage} WHERE e.id = NEW.id{anew}",
        ),
        Trigger("passage_entry_deleted", "DELETE", "training_passageentry", "", words.forget.format(table=PASSAGES)),
    ]


def create(trigger: Trigger, vendor: str) -> list[str]:
    name, when = f"training_{trigger.name}", f"WHEN ({trigger.when})" if trigger.when else ""
    begin = f"CREATE TRIGGER {name} AFTER {trigger.event} ON {trigger.table} FOR EACH ROW {when}"
    if vendor == "sqlite":
        return [f"{begin} BEGIN {trigger.act}; END"]
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {trigger.act}; RETURN NULL; END $$",
        f"{begin} EXECUTE FUNCTION {name}()",
    ]


def drop(trigger: Trigger, vendor: str) -> str:
    on = f" ON {trigger.table}" if vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS training_{trigger.name}{on}"


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away; the entries stay as they are."""
    with connection.cursor() as cursor:
        for trigger in triggers(connection.vendor):
            cursor.execute(drop(trigger, connection.vendor))


def install(connection: BaseDatabaseWrapper) -> None:
    """Put tables and triggers in place and make every entry anew, oldest first; all of it or nothing."""
    words = VENDORS[connection.vendor]
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        uninstall(connection)
        for statement in (*words.drops, *words.tables):
            cursor.execute(statement)
        cursor.execute("DELETE FROM training_pairentry")
        cursor.execute("DELETE FROM training_passageentry")
        cursor.execute(f"{NEW_PAIR} ORDER BY p.created_at, p.id")
        cursor.execute(f"{NEW_PASSAGE} ORDER BY s.imported_at, s.id, p.position")
        cursor.execute(words.pair)
        cursor.execute(words.passage)
        for trigger in triggers(connection.vendor):
            for statement in create(trigger, connection.vendor):
                cursor.execute(statement)


def is_installed(connection: BaseDatabaseWrapper) -> bool:
    table = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger",
    }
    with connection.cursor() as cursor:
        cursor.execute(table[connection.vendor])
        there = {name for (name,) in cursor.fetchall()}
    return all(f"training_{trigger.name}" in there for trigger in triggers(connection.vendor))


def before_migrations(using: str, plan: Any = (), **kwargs: Any) -> None:
    if plan:
        uninstall(connections[using])


def after_migrations(using: str, plan: Any = (), **kwargs: Any) -> None:
    """Also after a flush, where nothing was migrated and everything is in its place."""
    connection = connections[using]
    tables = connection.introspection.table_names()
    if PairEntry._meta.db_table not in tables:
        with connection.cursor() as cursor:
            for statement in VENDORS[connection.vendor].drops:
                cursor.execute(statement)
    elif plan or not is_installed(connection):
        install(connection)
