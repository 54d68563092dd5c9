"""The demo's reminders: a rule of one partnership, days on which nobody works, and one put off with a reason."""

from datetime import date, timedelta

from accounts.actions.working_day import add_holiday
from foundation.database import clock
from foundation.delivery.models import OutboxMail
from foundation.workdays.arithmetic import is_working_day
from foundation.workdays.models import Sort, holidays
from partnerships.actions.reminder import set_own_rule, set_partnership_rule, snooze
from partnerships.models import Partnership
from partnerships.reminding import USUAL, Rule
from partnerships.tasks import plan_reminders
from psp_portal.demo import personas
from psp_portal.demo.people import person
from psp_portal.demo.plots import BEFRIENDING
from psp_portal.demo.posted import what_went_out

WHY = "Waiting for the minutes of the steering group, which meets next week."


def how_people_are_reminded() -> None:
    what_went_out()  # first: today’s reminders are what waits when the worker starts
    today = clock.today()
    add_holiday(
        on=_working_day_from(today + timedelta(days=120)), name="Spring holiday of the board", sort=Sort.OWN,
        by=person(personas.COMMISSIONER),
    )  # fmt: skip
    add_holiday(
        on=_working_day_from(today + timedelta(days=200)), name="Moving house: the portal’s office is closed",
        sort=Sort.PORTAL, by=person(personas.ADMINISTRATOR),
    )  # fmt: skip
    set_partnership_rule(
        partnership=Partnership.objects.get(title=BEFRIENDING.title), kind="pilots.returns",
        rule=Rule((5, 1), True, True, 3, 8), from_on=today, by=person(personas.PROJECT_LEAD),
        reason="A month of figures is written in a week: an earlier mail only worries people.",
    )  # fmt: skip
    set_own_rule(kind="partnerships.risks", rule=Rule((7,), USUAL.on_the_day, USUAL.weekly), from_on=today,
                 by=person(personas.PROJECT_LEAD))  # fmt: skip
    plan_reminders()
    lead = person(personas.PROJECT_LEAD)
    mine = OutboxMail.objects.filter(kind="reminder", to=lead, context__legal=False)
    if mail := mine.order_by("pk").last():
        partnership = Partnership.objects.get(public_id=mail.scope.partition(":")[2])
        snooze(partnership=partnership, mail=mail, until_on=today + timedelta(days=9), reason=WHY, by=lead)


def _working_day_from(day: date) -> date:
    while not is_working_day(day, holidays()):
        day += timedelta(days=1)
    return day
