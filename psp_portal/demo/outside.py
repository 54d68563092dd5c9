"""What leads out of the portal: the commissioner's calendars. Webhooks are off, as they are everywhere at first."""

from partnerships.actions.feed import make_feed
from partnerships.calendars import FeedKind
from partnerships.models import Partnership
from psp_portal.demo import personas
from psp_portal.demo.people import person
from psp_portal.demo.plots import BEFRIENDING


def calendars() -> None:
    commissioner = person(personas.COMMISSIONER)
    make_feed(kind=FeedKind.PORTFOLIO, by=commissioner)
    here = Partnership.objects.get(title=BEFRIENDING.title)
    make_feed(kind=FeedKind.PARTNERSHIP, partnership=here, by=commissioner)
