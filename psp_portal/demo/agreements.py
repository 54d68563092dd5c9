"""How the demo's partners drafted their memorandum: with a pen that goes round, comments, a second version, a third."""

from datetime import date, timedelta

from accounts.models import Person
from foundation.database import clock
from partnerships.actions.drafting import add_section, comment, issue, leave_out, resolve_comment, write_section
from partnerships.actions.memorandum import sign_memorandum, write_memorandum
from partnerships.actions.pen import hand_pen, start_draft
from partnerships.models import DraftSection, Memorandum, MemorandumDraft, Partnership
from partnerships.plan import add_months
from psp_portal.demo import personas
from psp_portal.demo.clockwork import midday
from psp_portal.demo.people import person
from psp_portal.demo.plots import BEFRIENDING, TRANSPORT, Plot

REVIEWED_AFTER_MONTHS = 48
NOT_SIGNED_YET = "Kingdom Wheels"

PURPOSE = (
    "We will find out together what helps {who}, try it, and share what we learn with everyone who may one day bid "
    "for the service."
)
SECTIONS = {
    "governance": "The governance group has one person from each partner. The two leads chair it in turn. It can "
    "decide when at least one person from each sector is there.",
    "objectives": "Better services, because the people who use them and the people who provide them design them "
    "together.",
    "roles": "The health board leads the design and holds the grant. The third sector lead delivers the pilot and "
    "reports each month. The evaluators judge what came of it.",
    "decisions": "The two leads have equal rights. Decisions are made by agreement; the gates are signed by both. "
    "Whoever has an interest in a decision says so and stands aside.",
    "meetings": "Every six weeks. The project lead writes the minutes and sends them to all partners within a week.",
    "money": "The health board pays for the development officer and for the pilot. Every partner gives the time of "
    "one person. Nobody pays for another partner’s overheads.",
    "data": "Every partner shares its figures by the tenth working day. Names of people stay with the partner that "
    "works with them, unless they have agreed otherwise.",
    "disputes": "The two leads talk first. If they cannot agree within four weeks they ask the sponsor.",
    "changes": "Any partner may propose a change. A change is a new version, and every partner signs it.",
    "leaving": "A partner may leave with one month’s notice and hands its cases over.",
    "term": "From the day all partners have signed until the new service has started.",
}


def first_version(partnership: Partnership, plot: Plot, *, third: Person, on: date) -> Memorandum:
    """Drafted together where the tour goes; elsewhere in one go. Issued on the day `on`."""
    project, purpose = person(personas.PROJECT_LEAD), PURPOSE.format(who=plot.client_group.lower())
    review = add_months(on, REVIEWED_AFTER_MONTHS)
    if plot not in (BEFRIENDING, TRANSPORT):
        with midday(on):
            return write_memorandum(
                partnership=partnership, purpose=purpose, how_we_work="\n\n".join(SECTIONS.values()),
                review_on=review, by=project,
            )  # fmt: skip
    with midday(on - timedelta(days=20)):
        draft = start_draft(partnership=partnership, by=project)
        for key, text in {"purpose": purpose, **SECTIONS}.items():
            _write(draft, key, text, project)
    with midday(on - timedelta(days=15)):
        said = comment(
            section=_section(draft, "leaving"), text="One month is too short for us: we rent by the quarter.", by=third
        )
    with midday(on - timedelta(days=10)):
        _write(draft, "leaving", SECTIONS["leaving"].replace("one month’s", "three months’"), project)
        resolve_comment(comment=said, word="Changed to three months.", by=project)
    with midday(on):
        return issue(draft=draft, review_on=review, by=project)


def second_version(partnership: Partnership, *, third: Person, on: date, review_on: date) -> None:
    """In the befriending partnership, as the pilot begins. One partner has still to sign; its review is soon due."""
    project, public = person(personas.PROJECT_LEAD), person(personas.COMMISSIONER)
    with midday(on, 10):
        draft = start_draft(partnership=partnership, by=project)
        _write(draft, "meetings", SECTIONS["meetings"].replace("Every six weeks", "Every month"), project)
        _write(draft, "data", SECTIONS["data"] + " What is shared is logged, for a fair tender later.", project)
        publicity = add_section(draft=draft, heading="", key="publicity", after=_section(draft, "leaving"), by=project)
        _write(draft, publicity.key, "Leaflets carry the names of all partners, in alphabetical order.", project)
        leave_out(section=_section(draft, "objectives"), by=project)
        hand_pen(draft=draft, to=public, by=project)
    with midday(on, 15):
        memorandum = issue(draft=draft, review_on=review_on, by=public)
        # The people of three organisations sign on the day.
        for who in (public, third, person(personas.EVALUATOR)):
            partner = partnership.partners.get(organisation=who.organisation)
            sign_memorandum(memorandum=memorandum, partner=partner, by=who)


def what_is_redrafted() -> None:
    """Now: the project lead has the pen for a third version, and others have commented."""
    today, project = clock.today(), person(personas.PROJECT_LEAD)
    partnership = Partnership.objects.get(title=BEFRIENDING.title)
    third, evaluator = person(personas.MANAGER), person(personas.EVALUATOR)
    with midday(today - timedelta(days=5)):
        draft = start_draft(partnership=partnership, by=project)
        _write(draft, "money", SECTIONS["money"] + " What the extension costs comes from the change fund.", project)
    with midday(today - timedelta(days=4)):
        comment(section=_section(draft, "money"), text="Please name the sum, and until when it is granted.", by=third)
        asked = comment(section=_section(draft, "roles"), text="We also train the volunteers’ readers.", by=evaluator)
        comment(section=_section(draft, "partners"), text="One partner leaves in two months: name the day.", by=third)
    with midday(today - timedelta(days=1), 16):
        _write(draft, "roles", SECTIONS["roles"] + " They also train peer researchers.", project)
        resolve_comment(comment=asked, word="Added a sentence.", by=project)


def _section(draft: MemorandumDraft, key: str) -> DraftSection:
    return DraftSection.objects.get(draft=draft, key=key)


def _write(draft: MemorandumDraft, key: str, text: str, by: Person) -> None:
    section = _section(draft, key)
    write_section(section=section, heading=section.heading, text=text, by=by)
