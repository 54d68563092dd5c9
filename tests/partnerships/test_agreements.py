"""What waits in the papers: the memorandum's review, comments on its draft, contingency plans in design."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import todo
from foundation.database import clock
from partnerships import agreements
from partnerships.actions.drafting import comment, resolve_comment
from partnerships.actions.memorandum import write_memorandum
from partnerships.actions.pen import put_down_pen, start_draft
from partnerships.deadlines import due_by
from partnerships.lifecycle import Stage
from partnerships.roles import PartnershipRole
from tests.factories.accounts import OrganisationFactory
from tests.factories.partnerships import PartnerFactory, PartnershipFactory, person_as

pytestmark = pytest.mark.django_db
REVIEW = date(2027, 11, 20)


@pytest.fixture
def lead():
    with clock.at(datetime(2026, 11, 2, 12, tzinfo=UTC)):
        yield person_as(PartnershipRole.PUBLIC_LEAD, PartnershipFactory(), name="Morag Sinclair")


@pytest.fixture
def partnership(lead):
    return lead.memberships.get().partnership


def waits_for(person):
    person.__dict__.pop("_held", None)
    return [item.title for item in todo.of(person)]


def write(partnership, by, review_on=REVIEW):
    return write_memorandum(partnership=partnership, purpose="p", how_we_work="h", review_on=review_on, by=by)


def test_the_review_waits_from_a_month_before_for_those_who_may_write_until_the_next_version(lead, partnership):
    write(partnership, lead)
    observer = person_as(PartnershipRole.OBSERVER, partnership)
    title = "Review the memorandum, version 1"
    for day, waits in ((19, False), (20, True)):
        with clock.at(datetime(2027, 10, day, 12, tzinfo=UTC)):
            assert (title in waits_for(lead)) == waits
            assert title not in waits_for(observer)
    with clock.at(datetime(2027, 12, 1, 12, tzinfo=UTC)):
        assert title in waits_for(lead), "overdue"
        write(partnership, lead, date(2030, 1, 1))
        assert not [one for one in waits_for(lead) if one.startswith("Review")]


def reviews(last):
    return [(d.title, d.owner, d.due_on) for d in due_by(last) if d.key.startswith("memorandum:")]


def test_one_person_is_reminded_of_the_review_the_project_lead_first(lead, partnership):
    write(partnership, lead)
    told = ("Review the memorandum, version 1", lead, REVIEW)
    assert reviews(date(2027, 11, 19)) == []
    assert reviews(REVIEW) == [told]
    project = person_as(PartnershipRole.PROJECT_LEAD, partnership)
    assert reviews(REVIEW) == [(told[0], project, REVIEW)]
    partnership.stage = Stage.CLOSED
    partnership.save(update_fields=["stage"])
    assert reviews(REVIEW) == []
    assert "Review the memorandum, version 1" not in waits_for(lead)


def test_open_comments_wait_for_the_pen_and_without_one_for_those_who_may_take_it(lead, partnership):
    draft = start_draft(partnership=partnership, by=lead)
    project = person_as(PartnershipRole.PROJECT_LEAD, partnership)
    said = [comment(section=draft.sections.all()[n], text="Why?", by=project) for n in range(2)]
    assert "Answer 2 comments on the draft of the memorandum" in waits_for(lead)
    assert waits_for(project) == []
    resolve_comment(comment=said[0], word="Said.", by=lead)
    put_down_pen(draft=draft, by=lead)
    for person in (lead, project):
        assert "Answer 1 comment on the draft of the memorandum" in waits_for(person)
    assert waits_for(person_as(PartnershipRole.PARTNER_MANAGER, partnership)) == []
    resolve_comment(comment=said[1], word="Said.", by=project)
    assert waits_for(project) == []


def test_a_missing_contingency_plan_waits_for_the_partners_own_people_in_design_only(partnership):
    third, public = PartnerFactory(partnership=partnership), PartnerFactory(
        partnership=partnership, organisation=OrganisationFactory(public=True)
    )  # fmt: skip
    own, other = (
        person_as(PartnershipRole.PARTNER_MANAGER, partnership, organisation=partner.organisation)
        for partner in (third, public)
    )
    title = "Write your contingency plan"
    assert title in waits_for(own)
    assert title not in waits_for(other), "a public body does not bid"
    assert title not in waits_for(person_as(PartnershipRole.OBSERVER, partnership, organisation=third.organisation))
    third.contingency_plan, third.contingency_plan_on = "Reserves.", date(2026, 11, 2)
    third.save()
    assert title not in waits_for(own)
    third.contingency_plan, third.contingency_plan_on = "", None
    third.save()
    partnership.stage = Stage.PILOT
    partnership.save(update_fields=["stage"])
    assert title not in waits_for(own)


def test_the_lists_take_one_query_each_however_much_waits(lead, partnership):
    counts = []
    for _ in range(2):
        for _ in range(3):
            other = PartnershipFactory()
            other.members.create(person=lead, role=PartnershipRole.PUBLIC_LEAD, joined_on=date(2020, 1, 1))
            write(other, lead, date(2026, 11, 20))
            draft = start_draft(partnership=other, by=lead)
            comment(section=draft.sections.all()[0], text="?", by=lead)
        lead.__dict__.pop("_held", None)
        with CaptureQueriesContext(connection) as captured:
            found = [*agreements.reviews(lead), *agreements.comments(lead), *agreements.contingency_plans(lead)]
        counts.append((len(captured), len(found)))
    assert counts == [(4, 6), (4, 12)], "who holds what, and one for each list"
