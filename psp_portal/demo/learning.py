"""How the demo's lessons came into the library, what was made of them, and one that waits for a partner's signature."""

from datetime import timedelta

from accounts.models import Organisation, Person
from foundation.database import clock
from lessons.actions.contributor import name_contributor
from lessons.actions.learning_point import learning_points_series, start_learning_point
from lessons.actions.lesson import LessonText, add_lesson, publish_lesson
from lessons.actions.review import ask_partners, check, comment, partners_of, sign_off
from lessons.actions.use import follow_themes, judge_use, use_lesson
from lessons.models import Lesson
from lessons.notifications import SIGNING
from partnerships.models import Member, Partnership
from psp_portal.demo import personas, profiled, reading
from psp_portal.demo.clockwork import midday
from psp_portal.demo.people import person
from psp_portal.demo.plots import BEFRIENDING, DRIFTING

WAITING: LessonText = {
    "title": "Give volunteers a first visit in pairs",
    "what_happened": "Three new volunteers stopped after their first visit alone.",
    "why": "A first visit is hard, and nobody had shown them how one goes.",
    "advice": "Send each new volunteer with an experienced one for the first visit, and pay the travel of both.",
    "evidence": "Since visits began in pairs no volunteer has stopped in the first month.",
    "cost": "Volunteers who are trained and checked leave before they begin.",
    "stage": "pilot",
    "theme": "people",
    "kind_of_service": "older-people",
    "audience": "third-sector",
}


def publish(draft: Lesson) -> None:
    """As it goes: the partners sign it off, it is checked, and it is published."""
    publisher = person(personas.PUBLISHER)
    signers = {organisation: _signer(draft.partnership, organisation) for organisation in partners_of(draft)}
    asked = [organisation for organisation, signer in signers.items() if signer]
    item = ask_partners(item=draft, until=clock.today() + timedelta(days=14), organisations=asked, by=publisher)
    for contributor in item.contributors.filter(signed_at=None).select_related("organisation"):
        if signer := signers[contributor.organisation]:
            sign_off(item=item, by=signer)
    item = check(item=item, names_may_stay=True, by=publisher)
    assert isinstance(item, Lesson)
    publish_lesson(lesson=item, by=publisher)


def library() -> None:
    """Told near the end: a lesson that waits, lessons that were used, and a reader who follows two themes."""
    today, befriending = clock.today(), Partnership.objects.get(title=BEFRIENDING.title)
    lead, publisher = person(personas.PROJECT_LEAD), person(personas.PUBLISHER)
    with midday(today - timedelta(days=6)):
        waiting = add_lesson(partnership=befriending, by=lead, **WAITING)
    with midday(today - timedelta(days=4)):
        asked = ask_partners(item=waiting, until=today + timedelta(days=10), by=publisher)
        contributor = asked.contributors.filter(signed_at=None).select_related("organisation").first()
        signer = _signer(befriending, contributor.organisation) if contributor else None
    if signer:
        with midday(today - timedelta(days=2)):
            comment(item=asked, part="What to do", text="Say that the travel is claimed on one form.", by=signer)
            sign_off(item=asked, by=signer)
    for number, occasion, worked in ((8, "gate", True), (15, "risk", None), (2, "date", True)):
        _used(befriending, number, occasion, worked, by=lead)
    drifting = Partnership.objects.get(title=DRIFTING.title)
    _used(drifting, 8, "gate", False, by=_member(drifting))
    follow_themes(themes=["people", "sustainability"], by=person(personas.COMMISSIONER))
    chosen = list(Lesson.objects.published().filter(number__in=[2, 8, 15]).order_by("number"))
    point = start_learning_point(
        series=learning_points_series(), title="Keeping volunteers", abbreviation="", lessons=chosen, by=publisher
    )
    interviews = "what volunteers said in interviews"
    evaluators = Organisation.objects.get(name=personas.EVALUATORS)
    name_contributor(point=point, organisation=evaluators, contributed=interviews, by=publisher)
    reading.correct_and_read()
    profiled.tell()


def _used(partnership: Partnership, number: int, occasion: str, worked: bool | None, *, by: Person | None) -> None:
    if by is None:
        return
    lesson = Lesson.objects.get(number=number)
    use = use_lesson(lesson=lesson, partnership=partnership, occasion=occasion, by=by)
    if worked is not None:
        note = "" if worked else "The letter of commitment came, and the money did not."
        judge_use(use=use, worked=worked, note=note, by=by)


def _signer(partnership: Partnership | None, organisation: Organisation) -> Person | None:
    """Somebody of the organisation who may sign in this partnership."""
    members = Member.objects.current().filter(
        partnership=partnership, role__in=SIGNING, person__organisation=organisation
    )
    found = members.select_related("person").first()
    return found.person if found else None


def _member(partnership: Partnership) -> Person | None:
    found = Member.objects.current().filter(partnership=partnership, role__in=SIGNING).select_related("person").first()
    return found.person if found else None
