"""Learning point 1 tells how formats are asked for since its page has “Ask for it”; not where somebody changed the text."""

from importlib import import_module

from django.db import migrations

OLD = import_module("lessons.migrations.0004_first_learning_point").TEXTS["other_formats"]
NEW = (
    "Under “Formats” on the page of this learning point you find what it comes in. If you need another format or "
    "another language, choose “Ask for it” there: you need no account."
)


def _first(apps):
    points = apps.get_model("lessons", "LearningPoint").objects
    return points.filter(number=1, added_by=None, series__name="Learning points")


def tell(apps, schema_editor):
    _first(apps).filter(other_formats=OLD).update(other_formats=NEW)


def take_back(apps, schema_editor):
    _first(apps).filter(other_formats=NEW).update(other_formats=OLD)


class Migration(migrations.Migration):
    dependencies = [("lessons", "0016_words_of_learning_points")]

    operations = [migrations.RunPython(tell, take_back, elidable=False)]
