"""Full-text search over the learning points' words, kept by the database as it keeps the lessons' (migration 0002).

What a learning point says lies in several tables, so the verbs that publish and revise it write it into one column.

A later migration that alters `lessons_learningpoint` on SQLite rebuilds the table and so drops its triggers: run
`build` again after it (`tests/lessons/test_search_learning_points.py` fails when somebody forgets).
"""

from importlib import import_module

from django.db import migrations, models

index = import_module("lessons.migrations.0002_search_index")

_FORGET = """INSERT INTO lessons_learningpoint_words (lessons_learningpoint_words, rowid, title, told)
    VALUES ('delete', old.id, old.title, old.told);"""
_LEARN = "INSERT INTO lessons_learningpoint_words (rowid, title, told) VALUES (new.id, new.title, new.told);"

SQLITE_BUILD = (
    """CREATE VIRTUAL TABLE IF NOT EXISTS lessons_learningpoint_words USING fts5(
        title, told, content='lessons_learningpoint', content_rowid='id',
        tokenize='porter unicode61 remove_diacritics 2')""",
    f"""CREATE TRIGGER IF NOT EXISTS lessons_learningpoint_words_added AFTER INSERT ON lessons_learningpoint
        BEGIN {_LEARN} END""",
    f"""CREATE TRIGGER IF NOT EXISTS lessons_learningpoint_words_removed AFTER DELETE ON lessons_learningpoint
        BEGIN {_FORGET} END""",
    f"""CREATE TRIGGER IF NOT EXISTS lessons_learningpoint_words_changed
        AFTER UPDATE OF id, title, told ON lessons_learningpoint BEGIN {_FORGET} {_LEARN} END""",
    "INSERT INTO lessons_learningpoint_words (lessons_learningpoint_words) VALUES ('rebuild')",
)
SQLITE_DROP = (
    "DROP TRIGGER IF EXISTS lessons_learningpoint_words_added",
    "DROP TRIGGER IF EXISTS lessons_learningpoint_words_removed",
    "DROP TRIGGER IF EXISTS lessons_learningpoint_words_changed",
    "DROP TABLE IF EXISTS lessons_learningpoint_words",
)
POSTGRESQL_BUILD = (
    """ALTER TABLE lessons_learningpoint ADD COLUMN words tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('lessons_english', title), 'A') ||
        setweight(to_tsvector('lessons_english', told), 'C')) STORED""",
    "CREATE INDEX lessons_learningpoint_words ON lessons_learningpoint USING gin (words)",
)
POSTGRESQL_DROP = ("ALTER TABLE lessons_learningpoint DROP COLUMN IF EXISTS words",)


def build(apps, schema_editor):
    index.run(schema_editor, {"sqlite": SQLITE_BUILD, "postgresql": POSTGRESQL_BUILD})


def drop(apps, schema_editor):
    index.run(schema_editor, {"sqlite": SQLITE_DROP, "postgresql": POSTGRESQL_DROP})


class Migration(migrations.Migration):
    dependencies = [("lessons", "0014_search_of_profiles")]

    operations = [
        # A learning point's PDF is found by what it is made of, as every format is.
        migrations.RemoveField("learningpoint", "pdf_job"),
        migrations.AddField(
            "learningpoint",
            "told",
            models.TextField(
                blank=True,
                default="",
                editable=False,
                help_text="All it says, in one text for the search: written when it is published.",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(build, drop, elidable=False),
    ]
