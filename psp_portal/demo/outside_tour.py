"""The tour's pages of what leads out of the portal: calendars, and the webhooks as a lead and an operator see them."""

from collections.abc import Iterator

from django.urls import reverse

from partnerships.calendars import FeedKind
from partnerships.models import CalendarFeed, Partnership
from psp_portal.demo import personas
from psp_portal.demo.personas import Persona
from psp_portal.demo.plots import BEFRIENDING


def stops() -> Iterator[tuple[str, Persona, str]]:
    """The name of the picture, who looks, and the address."""
    who, here = personas.COMMISSIONER, Partnership.objects.get(title=BEFRIENDING.title)
    feed = CalendarFeed.objects.open().filter(partnership=here)[0]
    yield "calendars", who, reverse("calendars")
    yield "calendar-make", who, reverse("calendar_make", args=[FeedKind.PERSON])
    yield "calendar-make-again", who, reverse("calendar_make_for", args=[here.public_id])
    yield "calendar-take-back", who, reverse("calendar_revoke", args=[feed.public_id])
    yield "webhooks", who, reverse("partnerships:webhooks", args=[here.public_id])
    yield "webhooks-everywhere", personas.ADMINISTRATOR, reverse("webhooks")
