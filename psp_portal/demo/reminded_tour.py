"""The tour's pages about reminders and working days."""

from collections.abc import Iterator

from django.urls import reverse

from foundation.database import clock
from foundation.delivery.models import OutboxMail
from partnerships.models import ReminderPause
from psp_portal.demo import personas
from psp_portal.demo.people import person
from psp_portal.demo.personas import Persona


def stops() -> Iterator[tuple[str, Persona, str]]:
    """What is pictured, who looks, and the address."""
    who, administrator = personas.PROJECT_LEAD, personas.ADMINISTRATOR
    yield ("reminders-mine", who, reverse("partnerships:reminders_mine"))
    yield ("reminder-rule-mine", who, reverse("partnerships:reminder_rule_mine"))
    pauses = ReminderPause.objects.quiet(clock.today()).select_related("partnership")
    for pause in pauses[:1]:
        here = pause.partnership.public_id
        yield ("reminders", who, reverse("partnerships:reminders", args=[here]))
        yield ("reminder-rule", who, reverse("partnerships:reminder_rule", args=[here]))
    others = OutboxMail.objects.filter(kind="reminder", to=person(who)).exclude(
        context__deadline__in=list(pauses.values_list("deadline", flat=True))
    )
    for mail in others[:1]:
        yield ("reminder-put-off", who, reverse("partnerships:reminder_put_off", args=[mail.public_id]))
    yield ("reminder-rules", administrator, reverse("partnerships:reminder_rules"))
    yield ("working-days", personas.COMMISSIONER, reverse("accounts:working_days"))
    yield ("working-day-add", administrator, reverse("accounts:working_day_add"))
