"""The photos of notes that were set aside before this: their rows go, and the daily sweep removes their bytes.

Backwards there is nothing to do: nobody could look at them any more.
"""

from django.db import migrations


def delete(apps, editor):
    notes = apps.get_model("pilots", "Note").objects.filter(set_aside_at__isnull=False, photo__isnull=False)
    files = list(notes.values_list("photo", flat=True))
    notes.update(photo=None)
    apps.get_model("files", "StoredFile").objects.filter(pk__in=files).delete()


class Migration(migrations.Migration):

    dependencies = [("pilots", "0010_a_photo_set_aside_is_deleted")]

    operations = [migrations.RunPython(delete, migrations.RunPython.noop)]
