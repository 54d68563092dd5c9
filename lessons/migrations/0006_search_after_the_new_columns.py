"""SQLite rebuilt `lessons_lesson` for its new columns and dropped the search triggers: they are built again.

PostgreSQL keeps its generated column. On both, the words of what is published are learned, so that a mistyped word of a
search can be told from a strange one.
"""

import re
import unicodedata
from importlib import import_module

from django.db import migrations

index = import_module("lessons.migrations.0002_search_index")
WORD = re.compile(r"[^\W\d_]{3,40}")


def words_of(text):
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return set(WORD.findall(plain))


def build(apps, schema_editor):
    index.run(schema_editor, {"sqlite": index.SQLITE_BUILD, "postgresql": ()})
    words = set()
    for texts in apps.get_model("lessons", "Lesson").objects.filter(state="published").values_list(*index.WORDS):
        words |= words_of(" ".join(texts))
    LibraryWord = apps.get_model("lessons", "LibraryWord")
    LibraryWord.objects.bulk_create(
        [LibraryWord(word=word, first=word[0], length=len(word)) for word in sorted(words)], ignore_conflicts=True
    )


def drop(apps, schema_editor):
    """Going back rebuilds the table too, and migration 0002 is still applied: its triggers stay as they are."""
    apps.get_model("lessons", "LibraryWord").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("lessons", "0005_review_use_and_words")]

    operations = [migrations.RunPython(build, drop, elidable=False)]
