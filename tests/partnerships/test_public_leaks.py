"""Nothing from the inside of a partnership is on any page that a visitor may read."""

from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.db import connection, models
from django.urls import reverse
from django.utils.html import escape

from foundation.audit.append_only import guards_lifted
from foundation.database import clock
from partnerships.lifecycle import Gate, GateOutcome, Stage
from partnerships.models import (
    BudgetLine,
    DecisionCondition,
    Dissent,
    Document,
    GateDecision,
    Idea,
    Involvement,
    Member,
    Memorandum,
    MemorandumDraft,
    Milestone,
    MilestoneMove,
    Partnership,
    PilotExtension,
    PublicPage,
)
from partnerships.plan import Block
from partnerships.roles import PartnershipRole
from tests.factories.lessons import LessonFactory
from tests.factories.partnerships import (
    ActionPointFactory,
    IdeaFactory,
    InterestFactory,
    InvolvementFactory,
    MeetingDecisionFactory,
    MeetingFactory,
    MilestoneFactory,
    PartnershipFactory,
    PublicPageFactory,
    RiskFactory,
    SharingEntryFactory,
    both_leads_as_partners,
    person_as,
)
from tests.factories.pilots import EvaluationFactory, IndicatorFactory, ReturnFactory
from tests.factories.procurement import TenderFactory

pytestmark = pytest.mark.django_db
R = PartnershipRole


@pytest.fixture(autouse=True)
def november():
    with clock.at(datetime(2026, 11, 2, 12, tzinfo=UTC)):
        yield


def address(name, *args):
    return reverse(f"partnerships:{name}", args=args)


def full_partnership():
    """One with something in every register and a text in every box."""
    partnership = PartnershipFactory(
        in_pilot=True, service="s" * 9, vision="v" * 9, vision_agreed_on=date(2026, 5, 1), paused_on=date(2026, 10, 1),
        paused_because="p" * 9, extensions=1, extended_months=6, next_due_title="n" * 9,
    )  # fmt: skip
    _, third = both_leads_as_partners(partnership)
    third.contingency_plan, third.contingency_plan_on, third.leaves_because = "c" * 9, date(2026, 5, 1), "l" * 9
    third.save()
    people = {role: person_as(role, partnership) for role in R}
    lead = people[R.PUBLIC_LEAD]
    IdeaFactory(partnership=partnership, name="n" * 9, email="sender@example.org", access_needs="a" * 9)
    IdeaFactory(partnership=partnership, decided=True, we_did="w" * 9)
    IdeaFactory(partnership=partnership, published=True, we_could_not="w" * 9)
    InvolvementFactory(partnership=partnership, access_needs="a" * 9, we_did="w" * 9)
    InvolvementFactory(partnership=partnership, access_needs="a" * 9, we_did="w" * 9, we_could_not="c", is_public=True)
    for stage in (Stage.DESIGN, Stage.PILOT):
        MilestoneFactory(
            partnership=partnership, ends_block=True, block=list(Block)[stage == Stage.PILOT], evidence="e" * 9
        )
    MilestoneMove.objects.create(
        milestone=Milestone.objects.first(), moved_from=date(2026, 9, 1), moved_to=date(2026, 10, 1), reason="r" * 9,
        moved_by=lead,
    )  # fmt: skip
    RiskFactory(partnership=partnership, closed_on=date(2026, 10, 1), closing_reason="c" * 9)
    SharingEntryFactory(partnership=partnership)
    meeting = MeetingFactory(partnership=partnership, agenda="a" * 9, minutes="m" * 9)
    ActionPointFactory(meeting=meeting)
    decision = MeetingDecisionFactory(meeting=meeting)
    Dissent.objects.create(decision=decision, who="w" * 9, noted="n" * 9, noted_by=lead)
    InterestFactory(partnership=partnership)
    gate = GateDecision.objects.create(
        partnership=partnership, gate=Gate.G1, outcome=GateOutcome.PASS, leaves=Stage.DESIGN, enters=Stage.PILOT,
        reason="r" * 9, proposed_by=lead, decided_at=clock.now(),
    )  # fmt: skip
    DecisionCondition.objects.create(decision=gate, text="t" * 9, owner=lead, due_on=date(2027, 1, 1))
    PilotExtension.objects.create(
        partnership=partnership, months=6, reason="r" * 9, amount="12345.67", source="s" * 9, proposed_by=lead,
        ended_on=date(2027, 4, 1), ends_on=date(2027, 10, 1), effective_at=clock.now(),
    )  # fmt: skip
    BudgetLine.objects.create(partnership=partnership, heading="other", note="n" * 9, amount="98765.43")
    memorandum = Memorandum.objects.create(
        partnership=partnership, number=1, review_on=date(2027, 1, 1), written_by=lead
    )
    memorandum.sections.create(key="money", heading="h" * 9, text="t" * 9, position=1)
    draft = MemorandumDraft.objects.create(partnership=partnership, started_by=lead)
    section = draft.sections.create(key="money", heading="h" * 9, text="t" * 9, position=1)
    section.comments.create(text="c" * 9, made_by=lead)
    Document.objects.create(
        partnership=partnership, category="other", title="t" * 9, information_class="partnership",
        confirmed_on=date(2026, 5, 1),
    )  # fmt: skip
    LessonFactory(partnership=partnership)
    LessonFactory(partnership=partnership, published=True)
    TenderFactory(partnership=partnership)
    IndicatorFactory(partnership=partnership)
    ReturnFactory(partnership=partnership)
    EvaluationFactory(partnership=partnership)
    PublicPageFactory(partnership=partnership, published=True, take_part="t" * 9, sponsor_post="s" * 9)
    return partnership


MEANT_FOR_ALL = {
    "Partnership.title", "Partnership.vision", "PublicPage.summary", "PublicPage.who_for", "PublicPage.take_part",
    "PublicPage.sponsor_post", "Organisation.name",
    # Only of what is marked or published; the other rows' texts are internal.
    "Involvement.about", "Involvement.heard", "Involvement.we_did", "Involvement.we_could_not",
    "Idea.shown", "Idea.we_did", "Idea.we_could_not", "Lesson.title",
}  # fmt: skip


def is_open_to_all(row):
    return {
        Partnership: lambda: PublicPage.objects.filter(partnership=row).exists(),
        Involvement: lambda: row.is_public, Idea: lambda: row.state == "published",
    }.get(type(row), lambda: type(row).__name__ != "Lesson" or row.state == "published")()  # fmt: skip


def texts(row):
    """The filled free-text fields of a row."""
    for field in row._meta.fields:
        free = isinstance(field, models.CharField | models.TextField) and not field.choices and not field.unique
        if free and not isinstance(field, models.EmailField | models.SlugField) and getattr(row, field.attname):
            yield field


def plant_canaries():
    """Another word into every free-text box of every row: (field, is it meant for all) by word."""
    planted = {}
    with guards_lifted(connection):
        for app in ("accounts", "partnerships", "pilots", "procurement", "lessons"):
            for model in apps.get_app_config(app).get_models():
                rows = model._base_manager.filter(number__gte=1000) if model.__name__ == "Lesson" else None
                if app == "lessons" and rows is None:
                    continue  # the starter library belongs to no partnership
                for row in rows if rows is not None else model._base_manager.all():
                    for field in texts(row):
                        if field.max_length and field.max_length < 8:
                            continue
                        word = f"zq{len(planted)}zq"
                        name = f"{model.__name__}.{field.name}"
                        planted[word] = (name, name in MEANT_FOR_ALL and is_open_to_all(row))
                        model._base_manager.filter(pk=row.pk).update(**{field.attname: word})
    return planted


def test_nothing_from_the_inside_is_on_any_public_page(client):
    partnership = full_partnership()
    planted = plant_canaries()
    fields = {name for name, _ in planted.values()}
    assert len(fields) >= 60, "hardly any box was filled, so this proves nothing"
    partnership.refresh_from_db()
    pages = {
        name: client.get(url)
        for name, url in {
            "page": address("public_page", partnership.public_id), "list": address("in_public"),
            "said": address("public_said", partnership.public_id), "sent": address("idea_sent", partnership.public_id),
        }.items()
    }  # fmt: skip
    assert {page.status_code for page in pages.values()} == {200}
    everything = "".join(page.content.decode() for page in pages.values())
    leaked = {name for word, (name, open_) in planted.items() if word in everything and not open_}
    assert leaked == set()
    missing = {name for word, (name, open_) in planted.items() if open_ and word not in everything}
    assert missing - {"Organisation.name"} == set(), "what is meant for all is not shown, so the search finds nothing"
    assert partnership.public_lead.name in everything
    for secret in ("12345", "12,345", "98765", "98,765", "sender@", "Paused because"):
        assert secret not in everything
    assert "@" not in everything.replace("name@example.org", "")
    for person in [member.person for member in Member.objects.select_related("person")]:
        assert escape(person.name) not in everything
