"""The tour's pages of what is sent and what waits: tasks, week, inbox, how mails come, the gallery of mails."""

from collections.abc import Iterator

from django.urls import reverse

from foundation.database import clock
from foundation.delivery.choosing import token_for
from foundation.delivery.models import OutboxMail
from psp_portal.demo import personas
from psp_portal.demo.people import person
from psp_portal.demo.personas import Persona


def stops() -> Iterator[tuple[str, Persona | None, str]]:
    """What is pictured, who looks, and the address."""
    who = personas.MANAGER
    yield ("tasks", who, reverse("accounts:tasks"))
    yield ("tasks-of-one-kind", personas.COMMISSIONER, reverse("accounts:tasks") + "?kind=Signatures")
    yield ("week", who, reverse("accounts:week"))
    yield ("inbox", who, reverse("accounts:inbox"))
    mine = OutboxMail.objects.inbox_of(person(who), clock.now())
    yield ("inbox-mail", who, reverse("accounts:inbox_mail", args=[mine[0].public_id]))
    yield ("mail-choices", who, reverse("accounts:mail_choices"))
    token = token_for(person(who).public_id, "reminder")
    yield ("mail-how", None, reverse("accounts:mail_how", args=[token]))
    yield ("mail-gallery", personas.ADMINISTRATOR, reverse("mail_gallery"))
    yield ("mail-example", personas.ADMINISTRATOR, reverse("mail_example", args=["accounts", "week"]))
