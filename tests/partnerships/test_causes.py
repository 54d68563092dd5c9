"""Why a partnership stands as it does: the sentence in its summary row, and that each change and the sweep keep it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from foundation.database import clock
from partnerships.actions.decision import propose_decision, sign_decision, withdraw_decision
from partnerships.actions.extension import propose_extension, withdraw_extension
from partnerships.actions.memorandum import sign_memorandum, write_memorandum
from partnerships.actions.milestone import complete_milestone, move_milestone
from partnerships.actions.notice import leave, take_back_notice
from partnerships.actions.partner import add_partner
from partnerships.actions.pause import pause, resume
from partnerships.actions.summary import health_sources, refresh
from partnerships.causes import NOTHING_TO_MEASURE
from partnerships.health import Cause, Health, worst_cause
from partnerships.lifecycle import GateOutcome, Stage
from partnerships.models import Partnership
from partnerships.plan import Block
from partnerships.roles import PartnerPart, PartnershipRole
from partnerships.tasks import refresh_health
from tests.factories.accounts import OrganisationFactory
from tests.factories.partnerships import (
    MilestoneFactory,
    PartnershipFactory,
    both_leads_as_partners,
    person_as,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def june():
    with clock.at(datetime(2026, 6, 12, 12, tzinfo=UTC)):
        yield


def told(partnership: Partnership) -> tuple[str, str]:
    partnership.refresh_from_db()
    return partnership.health, partnership.health_because


def on_track(**fields) -> Partnership:
    partnership = PartnershipFactory(**fields)
    MilestoneFactory(partnership=partnership, due_on=date(2027, 1, 1))
    return partnership


def leads(partnership):
    return [
        person_as(role, partnership, organisation=organisation)
        for role, organisation in (
            (PartnershipRole.PUBLIC_LEAD, partnership.public_lead),
            (PartnershipRole.THIRD_SECTOR_LEAD, partnership.third_sector_lead),
        )
    ]


@pytest.mark.parametrize(
    ("baseline_on", "due_on", "health", "because"),
    [
        (date(2026, 5, 2), date(2026, 5, 2), "red", "“Recruit co-ordinator” is 41 days late"),
        (date(2026, 6, 11), date(2026, 6, 11), "amber", "“Recruit co-ordinator” is 1 day late"),
        (date(2026, 6, 12), date(2026, 6, 12), "green", ""),
        (date(2026, 7, 1), date(2026, 8, 30), "red", "“Recruit co-ordinator” has moved: 60 days later than agreed"),
        # Late by 3 days, yet off track because its date had moved by 60.
        (date(2026, 4, 10), date(2026, 6, 9), "red", "“Recruit co-ordinator” has moved: 60 days later than agreed"),
        (date(2026, 9, 1), date(2026, 8, 1), "green", ""),
    ],
)
def test_the_worst_milestone_says_why(baseline_on, due_on, health, because):
    partnership = on_track()
    MilestoneFactory(partnership=partnership, title="Slightly late", due_on=date(2027, 2, 1))
    MilestoneFactory(partnership=partnership, title="Recruit co-ordinator", baseline_on=baseline_on, due_on=due_on)
    refresh(partnership)
    assert told(partnership) == (health, because)


def test_of_equally_bad_causes_the_first_is_told_and_a_worse_one_wins(monkeypatch):
    assert worst_cause(Cause(Health.RED, "a"), Cause(Health.RED, "b"), Cause(Health.AMBER, "c")).because == "a"
    assert worst_cause() == Cause(Health.GREY)
    partnership = PartnershipFactory()
    MilestoneFactory(partnership=partnership, due_on=date(2026, 6, 1))
    monkeypatch.setitem(health_sources, "test", lambda p: Cause(Health.RED, "Everything is wrong"))
    refresh(partnership)
    assert told(partnership) == ("red", "Everything is wrong")


def test_a_gate_that_waits_for_a_signature_is_told_until_it_is_signed_or_withdrawn():
    partnership = on_track()
    first, second = leads(partnership)
    decision = propose_decision(partnership=partnership, outcome=GateOutcome.NOT_YET, reason="Early", by=first)
    assert told(partnership) == ("green", "G1 has waited for its second signature since 12 June 2026")
    withdraw_decision(decision=decision, reason="Wrong", by=second)
    assert told(partnership) == ("green", "")
    decision = propose_decision(partnership=partnership, outcome=GateOutcome.NOT_YET, reason="Early", by=first)
    sign_decision(decision=decision, by=second)
    assert told(partnership) == ("green", "")


def test_a_late_milestone_is_told_before_a_gate_that_waits():
    partnership = on_track()
    late = MilestoneFactory(partnership=partnership, title="Vision", due_on=date(2026, 6, 2))
    first, _ = leads(partnership)
    propose_decision(partnership=partnership, outcome=GateOutcome.NOT_YET, reason="Early", by=first)
    assert told(partnership) == ("amber", "“Vision” is 10 days late")
    complete_milestone(milestone=late, evidence="Minutes", by=first)
    assert told(partnership)[1].startswith("G1 has waited")


def test_the_memorandum_counts_signatures_of_the_partners_of_today():
    partnership = on_track()
    mine, theirs = both_leads_as_partners(partnership)
    first, second = leads(partnership)
    text = {"purpose": "p", "how_we_work": "h", "review_on": date(2027, 6, 1)}
    memorandum = write_memorandum(partnership=partnership, **text, by=first)
    assert told(partnership)[1] == "MoU: 0 of 2 signed"
    sign_memorandum(memorandum=memorandum, partner=mine, by=first)
    assert told(partnership)[1] == "MoU: 1 of 2 signed"
    sign_memorandum(memorandum=memorandum, partner=theirs, by=second)
    assert told(partnership)[1] == ""
    late = add_partner(
        partnership=partnership, organisation=OrganisationFactory(), part=PartnerPart.PROVIDER,
        joined_on=clock.today(), by=first,
    )  # fmt: skip
    assert told(partnership)[1] == "MoU: 2 of 3 signed"
    leave(partner=late, left_on=clock.today(), reason="Closing", by=first)
    assert told(partnership)[1] == "MoU: 2 of 3 signed"  # its last day still counts
    with clock.at(datetime(2026, 6, 13, 12, tzinfo=UTC)):
        assert refresh_health() == 1
    assert told(partnership)[1] == ""
    late.refresh_from_db()
    take_back_notice(partner=late, reason="It stays", by=first)
    assert told(partnership)[1] == "MoU: 2 of 3 signed"


def test_a_pause_is_told_until_it_is_lifted():
    partnership = on_track()
    first, _ = leads(partnership)
    pause(partnership=partnership, reason="No money", by=first)
    assert told(partnership)[1] == "Paused since 12 June 2026"
    resume(partnership=partnership, reason="Money", by=first)
    assert told(partnership)[1] == ""


def test_an_extension_that_waits_is_told_until_it_is_withdrawn():
    partnership = on_track(in_pilot=True)
    MilestoneFactory(partnership=partnership, block=Block.PARTNERSHIP, ends_block=True, due_on=date(2028, 4, 1))
    first, _ = leads(partnership)
    extension = propose_extension(
        partnership=partnership, months=6, reason="r", amount=Decimal(1), source="Council", by=first
    )
    assert told(partnership)[1] == "An extension of the pilot has waited for signatures since 12 June 2026"
    withdraw_extension(extension=extension, reason="r", by=first)
    assert told(partnership)[1] == ""


@pytest.mark.parametrize(
    ("stage", "since", "because"),
    [
        (Stage.PILOT, date(2023, 11, 12), "In pilot for 31 months; the usual is 24"),
        (Stage.PILOT, date(2024, 6, 12), ""),
        (Stage.DESIGN, date(2025, 6, 1), ""),  # 12 months are the upper end
        (Stage.DESIGN, date(2025, 5, 1), "In design for 13 months; the usual is 6 to 12"),
        (Stage.LIVE, date(2016, 6, 12), ""),
    ],
)
def test_a_stage_that_lasts_longer_than_usual_is_told(stage, since, because):
    partnership = on_track(stage=stage, stage_since=since)
    refresh(partnership)
    assert told(partnership) == ("green", because)


def test_nothing_to_measure_is_said_and_what_is_over_waits_for_nothing():
    for stage, because in (
        (Stage.DESIGN, NOTHING_TO_MEASURE),
        (Stage.LIVE, ""),
        (Stage.CLOSED, "Closed since 1 June 2026"),
    ):
        partnership = PartnershipFactory(stage=stage, stage_since=date(2026, 6, 1))
        refresh(partnership)
        assert told(partnership) == ("grey", because), stage


def test_the_sentence_follows_the_calendar_by_the_sweep_and_the_milestone_by_its_move():
    partnership = on_track()
    milestone = MilestoneFactory(partnership=partnership, title="Vision", due_on=date(2026, 6, 11))
    refresh(partnership)
    with clock.at(datetime(2026, 6, 20, 12, tzinfo=UTC)):
        assert told(partnership)[1] == "“Vision” is 1 day late"
        refresh_health()
        assert told(partnership)[1] == "“Vision” is 9 days late"
        lead = leads(partnership)[0]
        move_milestone(milestone=milestone, due_on=date(2026, 6, 25), reason="Ill", by=lead)
        assert told(partnership)[1] == "“Vision” has moved: 14 days later than agreed"


def test_the_sentence_stands_on_the_portfolio_the_overview_and_in_the_file_as_text(client):
    partnership = PartnershipFactory(health=Health.RED, health_because="“<b>Vision</b>” is 41 days late")
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    for page in ("portfolio", "partnership"):
        address = reverse(f"partnerships:{page}", args=[partnership.public_id] if page == "partnership" else [])
        assert "“&lt;b&gt;Vision&lt;/b&gt;” is 41 days late" in client.get(address).content.decode(), page
    lines = b"".join(client.get(reverse("partnerships:export", args=["csv"]))).decode("utf-8-sig").splitlines()
    assert lines[0].split(",")[3:5] == ["Health", "Why"]
    assert lines[1].split(",")[3:5] == ["Off track", "“<b>Vision</b>” is 41 days late"]
