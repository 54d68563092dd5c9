"""The demo's profiles: one that is published, and one that its leads have just begun."""

from datetime import timedelta

from foundation.database import clock
from lessons.actions.profile import edit_profile, publish_profile, start_profile
from lessons.actions.review import ask_partners, check, comment, sign_off
from lessons.models import Profile
from partnerships.models import Partnership
from psp_portal.demo import personas
from psp_portal.demo.clockwork import midday
from psp_portal.demo.people import person
from psp_portal.demo.plots import BEFRIENDING, DRIFTING

WORDS = {
    "title": "Company for people who live alone",
    "money": "£180,000 in money: a grant for the first year, and the board’s own budget.\n"
    "Help worth £12,400 without money: two rooms on three days a week.",
    "learned": "Give volunteers a first visit in pairs: since then none has stopped in the first month.\n"
    "Plan the step to the tender in the first year, while there is time to move a date.",
}


def tell() -> None:
    """Told after the lessons: the lead writes it, the partners sign it off, and it is published."""
    today, partnership = clock.today(), Partnership.objects.get(title=BEFRIENDING.title)
    lead, publisher = person(personas.PROJECT_LEAD), person(personas.PUBLISHER)
    with midday(today - timedelta(days=20)):
        profile = start_profile(partnership=partnership, by=lead)
        profile = edit_profile(profile=profile, texts=WORDS, story=profile.story, by=lead)
    with midday(today - timedelta(days=19)):
        item = ask_partners(item=profile, until=today - timedelta(days=5), by=publisher)
    with midday(today - timedelta(days=15)):
        for signer in (lead, person(personas.COMMISSIONER)):
            if waiting := item.contributors.filter(organisation=signer.organisation, signed_at=None).first():
                comment(item=item, part="", text=f"Fine by {waiting}.", by=signer)
                sign_off(item=item, by=signer)
    with midday(today - timedelta(days=3)):
        item = check(item=item, names_may_stay=True, by=publisher)
        assert isinstance(item, Profile)
        publish_profile(profile=item, by=publisher)
        start_profile(partnership=Partnership.objects.get(title=DRIFTING.title), by=publisher)
