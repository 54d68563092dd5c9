"""Full-text search over the profiles' words, kept by the database as it keeps the lessons' (migration 0002).

A later migration that alters `lessons_profile` on SQLite rebuilds the table and so drops its triggers: run `build`
again after it (`tests/lessons/test_search_profiles.py` fails when somebody forgets).

Two more things of what was published before: its words are learned for mistyped searches, and whatever was withdrawn
takes the day of it from the audit trail.
"""

import re
import unicodedata
from importlib import import_module

from django.db import migrations

index = import_module("lessons.migrations.0002_search_index")
WORD = re.compile(r"[^\W\d_]{3,40}")
LISTED = ("published", "revised")
WORDS = ("title", "what", "who", "where", "partners", "dates", "money", "reached", "learned", "contact")


def _quoted(before="", between=", "):
    """`where` is a word of SQL."""
    return between.join(f'{before}"{name}"' for name in WORDS)


_FORGET = f"""INSERT INTO lessons_profile_words (lessons_profile_words, rowid, {_quoted()})
    VALUES ('delete', old.id, {_quoted("old.")});"""
_LEARN = f"INSERT INTO lessons_profile_words (rowid, {_quoted()}) VALUES (new.id, {_quoted('new.')});"

SQLITE_BUILD = (
    f"""CREATE VIRTUAL TABLE IF NOT EXISTS lessons_profile_words USING fts5(
        {_quoted()}, content='lessons_profile', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2')""",
    f"""CREATE TRIGGER IF NOT EXISTS lessons_profile_words_added AFTER INSERT ON lessons_profile
        BEGIN {_LEARN} END""",
    f"""CREATE TRIGGER IF NOT EXISTS lessons_profile_words_removed AFTER DELETE ON lessons_profile
        BEGIN {_FORGET} END""",
    f"""CREATE TRIGGER IF NOT EXISTS lessons_profile_words_changed AFTER UPDATE OF id, {_quoted()} ON lessons_profile
        BEGIN {_FORGET} {_LEARN} END""",
    "INSERT INTO lessons_profile_words (lessons_profile_words) VALUES ('rebuild')",
)
SQLITE_DROP = (
    "DROP TRIGGER IF EXISTS lessons_profile_words_added",
    "DROP TRIGGER IF EXISTS lessons_profile_words_removed",
    "DROP TRIGGER IF EXISTS lessons_profile_words_changed",
    "DROP TABLE IF EXISTS lessons_profile_words",
)

_BODY = " || ' ' || ".join(f'"{name}"' for name in WORDS[1:])
POSTGRESQL_BUILD = (
    f"""ALTER TABLE lessons_profile ADD COLUMN words tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('lessons_english', title), 'A') ||
        setweight(to_tsvector('lessons_english', {_BODY}), 'C')) STORED""",
    "CREATE INDEX lessons_profile_words ON lessons_profile USING gin (words)",
)
POSTGRESQL_DROP = ("ALTER TABLE lessons_profile DROP COLUMN IF EXISTS words",)


def build(apps, schema_editor):
    index.run(schema_editor, {"sqlite": SQLITE_BUILD, "postgresql": POSTGRESQL_BUILD})


def drop(apps, schema_editor):
    index.run(schema_editor, {"sqlite": SQLITE_DROP, "postgresql": POSTGRESQL_DROP})


def learn(apps, schema_editor):
    words = set()
    for texts in apps.get_model("lessons", "Profile").objects.filter(state__in=LISTED).values_list(*WORDS):
        words |= words_of(" ".join(texts))
    LibraryWord = apps.get_model("lessons", "LibraryWord")
    LibraryWord.objects.bulk_create(
        [LibraryWord(word=word, first=word[0], length=len(word)) for word in sorted(words)], ignore_conflicts=True
    )


def words_of(text):
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return set(WORD.findall(plain))


def remember(apps, schema_editor):
    """The day of each withdrawal. Without an event of it the day stays empty, and the page does without."""
    events = apps.get_model("audit", "AuditEvent").objects.filter(outcome="allowed")
    for model, verb in (("Lesson", "lesson"), ("LearningPoint", "learning_point"), ("Profile", "profile")):
        for item in apps.get_model("lessons", model).objects.filter(state="withdrawn", withdrawn_at=None):
            event = events.filter(action=f"{verb}.withdraw", object_id=item.public_id).order_by("-at").first()
            if event:
                item.withdrawn_at = event.at
                item.save(update_fields=["withdrawn_at"])


class Migration(migrations.Migration):
    dependencies = [("lessons", "0013_withdrawals_editions_and_contributors"), ("audit", "0001_initial")]

    operations = [
        migrations.RunPython(build, drop, elidable=False),
        # Learned words do no harm, and the days go with their column: going back leaves both.
        migrations.RunPython(learn, migrations.RunPython.noop, elidable=False),
        migrations.RunPython(remember, migrations.RunPython.noop, elidable=False),
    ]
