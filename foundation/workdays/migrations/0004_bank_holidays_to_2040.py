"""Bank holidays in Scotland 2031-2040: a partnership that starts today ends its first contract in them."""

from datetime import date

from django.db import migrations

from foundation.workdays.bank_holidays import bank_holidays_of

YEARS = range(2031, 2041)


def load(apps, schema_editor):
    Holiday = apps.get_model("workdays", "Holiday")
    days = {day: name for year in YEARS for day, name in bank_holidays_of(year).items()}
    Holiday.objects.filter(on__in=days, scope="").update(statutory=True)
    known = set(Holiday.objects.filter(on__in=days, scope="").values_list("on", flat=True))
    Holiday.objects.bulk_create(
        Holiday(on=day, name=name, statutory=True) for day, name in sorted(days.items()) if day not in known
    )


def unload(apps, schema_editor):
    rows = apps.get_model("workdays", "Holiday").objects.filter(statutory=True, added_by=None)
    rows.filter(on__range=(date(YEARS.start, 1, 1), date(YEARS.stop - 1, 12, 31))).delete()


class Migration(migrations.Migration):
    dependencies = [("workdays", "0003_days_that_buyers_add")]
    operations = [migrations.RunPython(load, unload)]
