"""Full-text search over the lessons' words, kept right by the database itself on both engines.

SQLite: an FTS5 table whose content is `lessons_lesson`, with three triggers. PostgreSQL: a generated tsvector column
with a GIN index, under an English configuration that ignores accents.

A later migration that alters `lessons_lesson` on SQLite rebuilds the table and so drops its triggers: run
`build` again after it (`tests/lessons/test_search.py` fails when somebody forgets).
"""

from django.db import migrations

WORDS = ("title", "what_happened", "why", "advice", "evidence")
_COLUMNS = ", ".join(WORDS)
_OLD = ", ".join(f"old.{name}" for name in WORDS)
_NEW = ", ".join(f"new.{name}" for name in WORDS)
_FORGET = f"INSERT INTO lessons_words (lessons_words, rowid, {_COLUMNS}) VALUES ('delete', old.id, {_OLD});"
_LEARN = f"INSERT INTO lessons_words (rowid, {_COLUMNS}) VALUES (new.id, {_NEW});"

SQLITE_BUILD = (
    f"""CREATE VIRTUAL TABLE IF NOT EXISTS lessons_words USING fts5(
        {_COLUMNS}, content='lessons_lesson', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2')""",
    f"CREATE TRIGGER IF NOT EXISTS lessons_words_added AFTER INSERT ON lessons_lesson BEGIN {_LEARN} END",
    f"CREATE TRIGGER IF NOT EXISTS lessons_words_removed AFTER DELETE ON lessons_lesson BEGIN {_FORGET} END",
    f"""CREATE TRIGGER IF NOT EXISTS lessons_words_changed AFTER UPDATE OF id, {_COLUMNS} ON lessons_lesson
        BEGIN {_FORGET} {_LEARN} END""",
    "INSERT INTO lessons_words (lessons_words) VALUES ('rebuild')",
)
SQLITE_DROP = (
    "DROP TRIGGER IF EXISTS lessons_words_added",
    "DROP TRIGGER IF EXISTS lessons_words_removed",
    "DROP TRIGGER IF EXISTS lessons_words_changed",
    "DROP TABLE IF EXISTS lessons_words",
)

_BODY = " || ' ' || ".join(WORDS[1:])
POSTGRESQL_BUILD = (
    "CREATE EXTENSION IF NOT EXISTS unaccent",
    "CREATE TEXT SEARCH CONFIGURATION lessons_english (COPY = english)",
    """ALTER TEXT SEARCH CONFIGURATION lessons_english
        ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem""",
    f"""ALTER TABLE lessons_lesson ADD COLUMN words tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('lessons_english', title), 'A') ||
        setweight(to_tsvector('lessons_english', {_BODY}), 'C')) STORED""",
    "CREATE INDEX lessons_lesson_words ON lessons_lesson USING gin (words)",
)
POSTGRESQL_DROP = (  # the extension stays: others may use it
    "ALTER TABLE lessons_lesson DROP COLUMN IF EXISTS words",
    "DROP TEXT SEARCH CONFIGURATION IF EXISTS lessons_english",
)


def build(apps, schema_editor):
    run(schema_editor, {"sqlite": SQLITE_BUILD, "postgresql": POSTGRESQL_BUILD})


def drop(apps, schema_editor):
    run(schema_editor, {"sqlite": SQLITE_DROP, "postgresql": POSTGRESQL_DROP})


def run(schema_editor, by_vendor):
    for statement in by_vendor[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("lessons", "0001_models_of_lessons")]

    operations = [migrations.RunPython(build, drop, elidable=False)]
