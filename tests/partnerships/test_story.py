"""The history as a story: sentences by stage and month, filters, and the whole list one click away."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.audit.events import record
from foundation.audit.models import Outcome
from foundation.database import clock
from partnerships.actions.meeting import add_meeting_decision
from partnerships.actions.memorandum import write_memorandum
from partnerships.actions.milestone import move_milestone
from partnerships.actions.notice import leave
from partnerships.actions.partner import add_partner
from partnerships.actions.partnership import start_partnership
from partnerships.actions.pause import pause, resume
from partnerships.actions.risk import add_risk
from partnerships.models import GateDecision, Milestone
from partnerships.roles import PartnerPart, PartnershipRole
from tests.factories.accounts import OrganisationFactory, PersonFactory
from tests.factories.partnerships import MeetingFactory, PartnershipFactory, both_leads_as_partners, person_as

pytestmark = pytest.mark.django_db


def at(month, day=1):
    return clock.at(datetime(2026, month, day, 12, tzinfo=UTC))


def decide(partnership, lead, leaves, enters, outcome="pass"):
    """The row and the event that a decision in effect leaves behind."""
    decision = GateDecision.objects.create(
        partnership=partnership, gate="G1", outcome=outcome, leaves=leaves, enters=enters, reason="It is good",
        proposed_by=lead, decided_at=clock.now(),
    )  # fmt: skip
    record("decision.take", on=decision, by=lead, summary=f"decided {decision}", reason="It is good",
           before={"stage": leaves}, after={"stage": enters, "evidence": ["not for the story"]})  # fmt: skip


@pytest.fixture
def told():
    """A partnership with something of every kind, from April to October 2026."""
    body = OrganisationFactory(public=True)
    lead = PersonFactory(commissioner=True, organisation=body, name="Morag Sinclair")
    with at(4):
        partnership = start_partnership(
            title="Good company", need="n", client_group="c", area="fife", sponsor="s", public_lead=body,
            third_sector_lead=OrganisationFactory(name="Silver Thread"), starts_on=date(2026, 4, 1), by=lead,
        )  # fmt: skip
        partner = add_partner(
            partnership=partnership, organisation=OrganisationFactory(name="Kingdom Wheels"), part=PartnerPart.PROVIDER,
            joined_on=date(2026, 4, 1), by=lead,
        )  # fmt: skip
    with at(5):
        write_memorandum(partnership=partnership, purpose="p", how_we_work="h", review_on=date(2027, 1, 1), by=lead)
        milestone = Milestone.objects.get(partnership=partnership, block="design")
        move_milestone(milestone=milestone, due_on=date(2026, 11, 1), reason="The hall was taken", by=lead)
        add_risk(partnership=partnership, title="Drivers leave", likelihood=1, impact=1, mitigation="m", owner=lead,
                 review_on=date(2026, 12, 1), by=lead)  # fmt: skip
        meeting = MeetingFactory(partnership=partnership, held_on=date(2026, 4, 20))
        add_meeting_decision(meeting=meeting, what="Fares are paid in cash.", reasons="r", who="", noted="", by=lead)
    with at(6):
        decide(partnership, lead, "design", "design", "not_yet")
    with at(9):
        decide(partnership, lead, "design", "pilot")
        leave(partner=partner, left_on=date(2026, 12, 31), reason="It merges", by=lead)
    with at(10):
        pause(partnership=partnership, reason="Snow", by=lead)
        resume(partnership=partnership, reason="Thaw", by=lead)
        record("partner.add", on=partner, by=lead, summary="tried", outcome=Outcome.REFUSED)
    return partnership, lead


def chapters(client, partnership, query=""):
    page = client.get(reverse("partnerships:history", args=[partnership.public_id]) + query)
    assert page.status_code == 200
    return [(c.stage, c.month, [line.sentence for line in c.lines]) for c in page.context["chapters"]]


def test_it_is_told_in_sentences_by_stage_and_month_newest_first(client, told):
    partnership, lead = told
    client.force_login(lead)
    newest = chapters(client, partnership)
    assert newest == [
        ("Pilot", "October 2026", ["The partnership was resumed.", "The partnership was paused."]),
        ("Pilot", "September 2026", [
            "Kingdom Wheels gave notice and leaves on 31 December 2026.",
            "The stage moved from design to pilot. Decided at the gate: G1 Design to pilot: Pass.",
        ]),
        ("Design", "June 2026", [
            "Decided at the gate: G1 Design to pilot: Not yet: stay in this stage. The stage stayed design.",
        ]),
        ("Design", "May 2026", [
            "A meeting decided: “Fares are paid in cash”.",
            "“Design agreed and ready to pilot” moved from 1 October 2026 to 1 November 2026.",
            "Version 1 of the memorandum for signature.",
        ]),
        ("Design", "April 2026", ["Kingdom Wheels joined as provider.", "The partnership was proposed."]),
    ]  # fmt: skip
    oldest = chapters(client, partnership, "?order=oldest")
    assert [sentence for _, _, lines in oldest for sentence in lines] == [
        sentence for _, _, lines in reversed(newest) for sentence in reversed(lines)
    ]


@pytest.mark.parametrize(
    ("kind", "sentences"),
    [
        ("stages", ["The partnership was proposed.", "The stage moved", "The partnership was paused.",
                    "The partnership was resumed."]),
        ("decisions", ["A meeting decided", "Decided at the gate", "The stage moved"]),
        ("dates", ["“Design agreed"]),
        ("partners", ["Kingdom Wheels joined", "Kingdom Wheels gave notice"]),
        ("agreements", ["Version 1 of the memorandum"]),
    ],
)  # fmt: skip
def test_each_kind_can_be_read_alone(client, told, kind, sentences):
    partnership, lead = told
    client.force_login(lead)
    found = [line for _, _, lines in chapters(client, partnership, f"?kind={kind}&order=oldest") for line in lines]
    assert len(found) == len(sentences), found
    assert all(line.startswith(start) for line, start in zip(found, sentences, strict=True))


def test_who_when_why_and_before_and_after_are_folded_behind_the_sentence(client, told):
    partnership, lead = told
    client.force_login(lead)
    page = client.get(reverse("partnerships:history", args=[partnership.public_id])).content.decode()
    for words in ("<details", "Morag Sinclair, 1 May 2026, 13:00", "Before: date 1 October 2026.",
                  "After: date 1 November 2026.", "Reason: The hall was taken", "Before: stage design."):  # fmt: skip
        assert words in page
    assert "not for the story" not in page


def test_every_change_and_refusal_is_one_click_away(client, told):
    partnership, _ = told
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    story = client.get(reverse("partnerships:history", args=[partnership.public_id])).content.decode()
    everything = reverse("partnerships:history_all", args=[partnership.public_id])
    assert everything in story
    assert "Drivers leave" not in story
    page = client.get(everything).content.decode()
    assert "Drivers leave" in page
    assert "Refused" in page
    client.force_login(PersonFactory())
    assert client.get(everything).status_code == 404


def test_nonsense_in_the_address_is_everything_and_nothing_is_said_kindly(client):
    partnership = PartnershipFactory()
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    url = reverse("partnerships:history", args=[partnership.public_id])
    assert "will be told here" in client.get(url).content.decode()
    assert "Nothing of this kind" in client.get(f"{url}?kind=dates").content.decode()
    assert client.get(f"{url}?kind=x&order=%00&page=-3").status_code == 200


def test_the_story_takes_the_same_few_queries_at_1_3_and_300_events(client):
    partnership = PartnershipFactory()
    _, third = both_leads_as_partners(partnership)
    lead = person_as(PartnershipRole.PUBLIC_LEAD, partnership)
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    counts = []
    for rows in (1, 2, 297):
        for _ in range(rows):
            record("partner.add", on=third, by=lead, summary="added", after={"organisation": "X", "part": "provider"})
        with CaptureQueriesContext(connection) as captured:
            assert chapters(client, partnership)
        counts.append(len(captured))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 12
