"""Since when each source says that a deadline has its date: no reminder before that day was ever to be sent."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.database import clock
from partnerships import deadlines
from partnerships.actions.meeting import add_action_point
from partnerships.actions.milestone import move_to
from partnerships.actions.notice import leave
from partnerships.actions.risk import review_risk
from partnerships.actions.skills import assess_skills
from partnerships.deadlines import latest_day
from partnerships.roles import PartnershipRole
from partnerships.skills import Topic
from tests.factories.papers import IssueFactory
from tests.factories.partnerships import MeetingFactory, MilestoneFactory, PartnerFactory, RiskFactory, person_as
from tests.factories.pilots import ReturnFactory

R = PartnershipRole
MADE, LATER = date(2026, 11, 2), date(2026, 11, 20)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.fixture
def made():
    """The clock stands at the day on which things are made."""
    with clock.at(noon(MADE)):
        yield


def since(kind: str) -> set[date | None]:
    return {d.since for d in deadlines.due_by(date(2028, 1, 1)) if d.kind == f"partnerships.{kind}"}


def test_the_last_of_several_moments_counts_as_a_day_in_scotland():
    half_past_midnight = datetime(2026, 6, 10, 23, 30, tzinfo=UTC)
    assert latest_day(None, date(2026, 6, 10), half_past_midnight) == date(2026, 6, 11)
    assert latest_day(None) is None


@pytest.mark.django_db
@pytest.mark.usefixtures("made")
class TestEachSource:
    def test_a_risk_since_it_was_added_then_since_its_last_review(self):
        risk = RiskFactory()
        assert since("risks") == {MADE}
        for day in (LATER, date(2026, 11, 10)):
            with clock.at(noon(day)):
                review_risk(
                    risk=risk, note="Seen", likelihood=3, impact=3, review_on=date(2027, 1, 4), by=risk.owner
                )  # fmt: skip
        assert since("risks") == {LATER}

    def test_all_sources_together_ask_the_same_of_one_row_of_each_and_of_many(self):
        def grow():
            risk, meeting, partner = RiskFactory(), MeetingFactory(), PartnerFactory()
            lead = person_as(R.PROJECT_LEAD, meeting.partnership)
            theirs = person_as(R.PARTNER_MANAGER, partner.partnership, organisation=partner.organisation)
            row = MilestoneFactory(partnership=partner.partnership, owner=theirs)
            review_risk(risk=risk, note="Seen", likelihood=3, impact=3, review_on=LATER, by=risk.owner)
            add_action_point(meeting=meeting, what="Ask the board", owner=lead, due_on=LATER, by=lead)
            move_to(row, LATER, "Later", theirs)
            person_as(R.PROJECT_LEAD, partner.partnership)
            with CaptureQueriesContext(connection) as asked:
                found = list(deadlines.due_by(date(2028, 1, 1)))
            return len(asked), len(found)

        (few, one), (many, four) = grow(), [grow() for _ in range(3)][-1]
        assert (many, four) == (few, 4 * one)

    def test_an_issue_since_it_was_opened(self):
        issue = IssueFactory(opened_on=MADE)
        person_as(R.PROJECT_LEAD, issue.partnership)
        assert since("issues") == {MADE}

    def test_an_action_point_since_the_meeting_gave_it_out_on_the_portal(self):
        meeting = MeetingFactory(held_on=date(2026, 10, 20))
        lead = person_as(R.PROJECT_LEAD, meeting.partnership)
        add_action_point(meeting=meeting, what="Ask the board", owner=lead, due_on=LATER, by=lead)
        assert since("action_points") == {MADE}

    def test_a_self_assessment_since_the_partner_was_added_then_since_the_last_one(self):
        partner = PartnerFactory(joined_on=date(2026, 4, 1))
        manager = person_as(R.PARTNER_MANAGER, partner.partnership, organisation=partner.organisation)
        assert since("skills") == {MADE}
        with clock.at(noon(LATER)):
            assess_skills(partner=partner, scores=dict.fromkeys(Topic.values, 2), by=manager)
        assert since("skills") == {LATER}

    def test_what_a_partner_leaves_behind_since_its_notice(self):
        partner = PartnerFactory()
        lead = person_as(R.PROJECT_LEAD, partner.partnership)
        theirs = person_as(R.PARTNER_MANAGER, partner.partnership, organisation=partner.organisation)
        MilestoneFactory(partnership=partner.partnership, owner=theirs, due_on=date(2027, 12, 1))
        with clock.at(noon(LATER)):
            leave(partner=partner, left_on=date(2027, 1, 31), reason="No money", by=lead)
        assert since("leavers") == {LATER}

    def test_a_return_since_it_was_planned(self):
        row = ReturnFactory()
        person_as(R.PROJECT_LEAD, row.partnership)
        found = [d for d in deadlines.due_by(date(2028, 1, 1)) if d.key.startswith("return:")]
        assert [d.since for d in found] == [MADE]
