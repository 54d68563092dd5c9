"""Bank holidays in Scotland 2024-2030 under the 1971 Act, with substitute days, and the one-off of 15 June 2026.

Easter Monday is not among them. Good Friday is computed; a substitute is the next weekday that is not itself a holiday.
"""

from datetime import date, timedelta

from django.db import migrations

GOOD_FRIDAYS = {
    2024: (3, 29), 2025: (4, 18), 2026: (4, 3), 2027: (3, 26), 2028: (4, 14), 2029: (3, 30), 2030: (4, 19),
}  # fmt: skip
ONE_OFF = {date(2026, 6, 15): "World Cup bank holiday"}


def monday(year: int, month: int, *, last: bool = False) -> date:
    if last:
        day = date(year, month + 1, 1) - timedelta(days=1)
        return day - timedelta(days=day.weekday())
    day = date(year, month, 1)
    return day + timedelta(days=-day.weekday() % 7)


def of_year(year: int) -> dict[date, str]:
    fixed = [
        (date(year, 1, 1), "New Year’s Day"),
        (date(year, 1, 2), "2nd January"),
        (date(year, 11, 30), "St Andrew’s Day"),
        (date(year, 12, 25), "Christmas Day"),
        (date(year, 12, 26), "Boxing Day"),
    ]
    days = {
        date(year, *GOOD_FRIDAYS[year]): "Good Friday",
        monday(year, 5): "Early May bank holiday",
        monday(year, 5, last=True): "Spring bank holiday",
        monday(year, 8): "Summer bank holiday",
    }
    days |= {day: name for day, name in fixed if day.weekday() < 5}
    for day, name in fixed:
        if day.weekday() >= 5:
            while day.weekday() >= 5 or day in days:
                day += timedelta(days=1)
            days[day] = f"{name} (substitute day)"
    return days


def load(apps, schema_editor):
    Holiday = apps.get_model("workdays", "Holiday")
    days = {day: name for year in GOOD_FRIDAYS for day, name in of_year(year).items()} | ONE_OFF
    Holiday.objects.bulk_create(Holiday(on=day, name=name, statutory=True) for day, name in sorted(days.items()))


def unload(apps, schema_editor):
    apps.get_model("workdays", "Holiday").objects.filter(statutory=True).delete()


class Migration(migrations.Migration):
    dependencies = [("workdays", "0001_initial")]
    operations = [migrations.RunPython(load, unload)]
