"""The demo's public pages: three are published, and people without an account have sent ideas."""

from dataclasses import dataclass
from datetime import timedelta

from accounts.models import Person
from foundation.database import clock
from partnerships.actions.idea import send_idea
from partnerships.actions.involvement import FACTS, edit_involvement
from partnerships.actions.moderation import keep_idea_private, publish_idea, reject_idea
from partnerships.actions.public_page import publish_page, write_public_page
from partnerships.models import Involvement, Partnership
from partnerships.moderation import IdeaKind, Rejection
from psp_portal.demo import personas
from psp_portal.demo.clockwork import midday
from psp_portal.demo.people import person
from psp_portal.demo.plots import BEFRIENDING, RECOVERY, WELLBEING, Plot


@dataclass(frozen=True)
class Words:
    plot: Plot
    summary: str
    take_part: str = ""


PAGES = (
    Words(
        BEFRIENDING,
        "Many older people in Fife live alone and can go for days without a conversation. Trained volunteers visit or "
        "phone them every week. When people feel ready, volunteers walk with them back into a local group.",
        "Come to the open afternoon on the first Tuesday of each month, at two o’clock in the library. There is tea, a "
        "lift and a hearing loop. Tell us with the form below what else you need.",
    ),
    Words(
        RECOVERY,
        "After treatment, the first months at home are the hardest. In recovery cafés people meet others who have been "
        "there. Nobody has to book, and nobody has to tell their story.",
    ),
    Words(
        WELLBEING,
        "Anyone who is low or anxious can drop in, without a letter from a doctor. Somebody listens the same day, and "
        "knows what else is near by.",
        "The people who use the centre meet on the last Friday of the month. Everybody can come.",
    ),
)


def open_up() -> None:
    """Three pages, a fortnight ago; what was sent since."""
    lead, project = person(personas.COMMISSIONER), person(personas.PROJECT_LEAD)
    for words in PAGES:
        _publish(words, lead)
    befriending = Partnership.objects.get(title=BEFRIENDING.title)
    _mark_the_diary(befriending, project)
    _ideas(befriending, project)


def _publish(words: Words, lead: Person) -> None:
    partnership = Partnership.objects.get(title=words.plot.title)
    with midday(clock.today() - timedelta(days=14)):
        page = write_public_page(
            partnership=partnership, summary=words.summary, who_for=words.plot.client_group, take_part=words.take_part,
            sponsor_post="Director of partnerships", shows_vision=True, takes_ideas=True, by=lead,
        )  # fmt: skip
        publish_page(partnership=partnership, by=lead, version=page.version)


def _mark_the_diary(partnership: Partnership, writer: Person) -> None:
    workshop = Involvement.objects.filter(partnership=partnership).order_by("held_on")[0]
    values = {name: getattr(workshop, name) for name in FACTS} | {"is_public": True}
    with midday(clock.today() - timedelta(days=13)):
        edit_involvement(entry=workshop, by=writer, **values)


def _ideas(partnership: Partnership, moderator: Person) -> None:
    """Two wait, two are published with their answers, one is kept private, one rejected."""
    with midday(clock.today() - timedelta(days=9)):
        evenings, sundays, thanks, offer = (
            send_idea(partnership=partnership, kind=kind, text=text, sender=sender, by=None)
            for kind, text, sender in (
                (IdeaKind.IDEA, "Phone in the evening, please. The evenings are the longest.", "192.0.2.11"),
                (IdeaKind.IDEA, "Could somebody come on a Sunday? That is when I would go to church.", "192.0.2.12"),
                (IdeaKind.COMMENT, "My visitor was late twice. Apart from that I am glad of her.", "192.0.2.13"),
                (IdeaKind.COMMENT, "Best prices for stair lifts, ring now!", "198.51.100.9"),
            )
        )
    with midday(clock.today() - timedelta(days=6), 15):
        publish_idea(
            idea=evenings, shown=evenings.text, we_could_not="", by=moderator,
            we_did="From this month four volunteers phone between six and eight in the evening.",
        )  # fmt: skip
        publish_idea(
            idea=sundays, shown="Could somebody come on a Sunday?", we_did="We asked two churches to fetch people.",
            we_could_not="Visits on Sundays, because nobody is on call if a visitor needs help.", by=moderator,
        )  # fmt: skip
        keep_idea_private(idea=thanks, by=moderator)
        reject_idea(idea=offer, reason=Rejection.ADVERT, by=moderator)
    with midday(clock.today() - timedelta(days=1), 11):
        send_idea(
            partnership=partnership, kind=IdeaKind.IDEA, sender="192.0.2.14", name="Jessie", by=None,
            text="Bring the volunteers’ photographs, so that I know whom to let in.",
            email="jessie@visitor.example", access_needs="Large print",
        )  # fmt: skip
        send_idea(
            partnership=partnership, kind=IdeaKind.COMMENT, sender="192.0.2.15", by=None,
            text="The library’s lift is out of order on Tuesdays.",
        )  # fmt: skip
