"""The bank holidays in Scotland of any year, worked out: pure functions.

Source: Banking and Financial Dealings Act 1971, section 1 and schedule 1, with the days that are proclaimed every year
since (2 January, Early May, Boxing Day) and St Andrew's Day Bank Holiday (Scotland) Act 2007. Easter Monday is not one.
A fixed day on a week-end is replaced by the next weekday that is no holiday itself. One-off days are added by hand.
"""

from datetime import date, timedelta

DAY = timedelta(days=1)


def easter_sunday(year: int) -> date:
    """Western Easter, years 1583 onwards (the anonymous Gregorian computus, Nature 13, 1876). 2027: 28 March."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leap, left = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * left + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


def bank_holidays_of(year: int) -> dict[date, str]:
    """Each statutory day of `year` with its name, substitutes included: Monday 4 January 2027 stands for the 2nd."""
    fixed = [
        (date(year, 1, 1), "New Year’s Day"),
        (date(year, 1, 2), "2nd January"),
        (date(year, 11, 30), "St Andrew’s Day"),
        (date(year, 12, 25), "Christmas Day"),
        (date(year, 12, 26), "Boxing Day"),
    ]
    days = {
        easter_sunday(year) - 2 * DAY: "Good Friday",
        _first_monday(year, 5): "Early May bank holiday",
        _first_monday(year, 6) - 7 * DAY: "Spring bank holiday",
        _first_monday(year, 8): "Summer bank holiday",
    }
    days |= {day: name for day, name in fixed if day.weekday() < 5}
    for day, name in fixed:
        if day.weekday() >= 5:
            while day.weekday() >= 5 or day in days:
                day += DAY
            days[day] = f"{name} (substitute day)"
    return days


def _first_monday(year: int, month: int) -> date:
    day = date(year, month, 1)
    return day + timedelta(days=-day.weekday() % 7)
