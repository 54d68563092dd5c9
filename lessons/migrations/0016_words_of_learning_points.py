"""The learning points that were published before get their text for the search (migration 0015), as `in_one_text` writes it."""

from importlib import import_module

from django.db import migrations

words_of = import_module("lessons.migrations.0014_search_of_profiles").words_of
LISTED = ("published", "revised")


def tell(apps, schema_editor):
    """What was published before gets its text, and its words are learned for mistyped searches."""
    known = set()
    for point in apps.get_model("lessons", "LearningPoint").objects.exclude(published_at=None):
        lines = point.lines.values_list("text", flat=True)
        learned = point.learned.values_list("lesson__title", "text", "lesson__advice", "lesson__state")
        gone = "This lesson was withdrawn."
        said = (f"{title}\n{text or (gone if state == 'withdrawn' else advice)}" for title, text, advice, state in learned)
        texts = (point.abbreviation, point.about, point.known_already, *lines, *said)
        point.told = "\n".join(text for text in texts if text)
        point.save(update_fields=["told"])
        known |= words_of(f"{point.title} {point.told}") if point.state in LISTED else set()
    LibraryWord = apps.get_model("lessons", "LibraryWord")
    LibraryWord.objects.bulk_create(
        [LibraryWord(word=word, first=word[0], length=len(word)) for word in sorted(known)], ignore_conflicts=True
    )


class Migration(migrations.Migration):
    dependencies = [("lessons", "0015_search_of_learning_points")]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop, elidable=False)]
