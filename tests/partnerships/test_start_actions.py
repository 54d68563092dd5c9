"""The start moves: what is open is offered with it, what is done stays, and the old dates remain to be seen."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from foundation.audit.models import AuditEvent
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.actions.dependency import fingerprint_of
from partnerships.actions.milestone import add_milestone, complete_milestone
from partnerships.actions.start import move_start, offers_with_start
from partnerships.lifecycle import Stage
from partnerships.models import Milestone, MilestoneMove, Partnership
from partnerships.roles import PartnershipRole
from tests.factories.partnerships import MilestoneFactory, PartnershipFactory, person_as

pytestmark = pytest.mark.django_db

DATES = [date(2026, 5, 1), date(2026, 10, 1), date(2028, 10, 31)]


@pytest.fixture
def partnership():
    partnership = PartnershipFactory()
    for due_on in DATES:
        MilestoneFactory(partnership=partnership, due_on=due_on)
    return partnership


@pytest.fixture
def lead(client, partnership):
    person = person_as(PartnershipRole.PUBLIC_LEAD, partnership)
    client.force_login(person)
    return person


def due(partnership):
    return list(Milestone.objects.filter(partnership=partnership).values_list("due_on", flat=True))


def everything(partnership, months):
    return [offer.milestone.public_id for offer in offers_with_start(partnership, months)]


def test_s03_the_start_moves_by_2_months_all_later_dates_are_offered_and_the_old_ones_remain(client, partnership, lead):
    url = reverse("partnerships:plan_start", args=[partnership.public_id])
    page = client.post(url, {"months": "2", "reason": "The grant came late", "version": 1})
    assert "from 1 October 2026 to 1 December 2026" in page.content.decode()
    assert due(partnership) == DATES, "nothing has moved before the lead confirms"
    form = page.context["form"]
    answer = {name: form[name].value() for name in ("months", "reason", "seen", "version", "along", "form_token")}
    for _ in range(2):
        assert client.post(url, answer).status_code == 302
    partnership.refresh_from_db()
    assert partnership.starts_on == partnership.stage_since == date(2026, 6, 1)
    assert due(partnership) == [date(2026, 7, 1), date(2026, 12, 1), date(2028, 12, 31)]
    assert list(MilestoneMove.objects.values_list("moved_from", flat=True)) == DATES
    assert {m.reason for m in MilestoneMove.objects.all()} == {"The grant came late"}
    assert (
        "moved 1 time, 61 days later"
        in client.get(reverse("partnerships:plan", args=[partnership.public_id])).content.decode()
    )


def test_completed_milestones_stay_and_unticked_ones_keep_their_date(partnership, lead):
    done, kept, moved = Milestone.objects.filter(partnership=partnership)
    complete_milestone(milestone=done, evidence="", by=lead)
    assert everything(partnership, 2) == [kept.public_id, moved.public_id]
    move_start(partnership=partnership, months=2, reason="r", by=lead, along=[moved.public_id])
    assert due(partnership) == [DATES[0], DATES[1], date(2028, 12, 31)]
    event = AuditEvent.objects.get(action="plan.move_start")
    assert "and 1 of 2 open milestones with it" in event.summary


def test_the_start_moves_to_an_earlier_month_too(partnership, lead):
    move_start(partnership=partnership, months=-3, reason="r", by=lead, along=everything(partnership, -3))
    partnership.refresh_from_db()
    assert (partnership.starts_on, due(partnership)[0]) == (date(2026, 1, 1), date(2026, 2, 1))


def test_an_open_milestone_left_before_the_new_start_is_named_and_nothing_moves(partnership, lead):
    first = Milestone.objects.filter(partnership=partnership).first()
    with pytest.raises(ValidationError) as refusal:
        move_start(partnership=partnership, months=2, reason="r", by=lead)
    assert first.title in refusal.value.message_dict["along"][0]
    assert (due(partnership), MilestoneMove.objects.count()) == (DATES, 0)


@pytest.mark.parametrize(("months", "field"), [(0, "months"), (61, "months"), (-61, "months")])
def test_an_impossible_number_of_months_is_refused_beside_the_field(partnership, lead, months, field):
    with pytest.raises(ValidationError) as refusal:
        move_start(partnership=partnership, months=months, reason="r", by=lead)
    assert field in refusal.value.message_dict


def test_a_reason_is_needed(partnership, lead):
    with pytest.raises(ValidationError) as refusal:
        move_start(partnership=partnership, months=2, reason=" ", by=lead, along=everything(partnership, 2))
    assert "reason" in refusal.value.message_dict


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in (Stage.PROPOSED, Stage.DESIGN)])
def test_the_start_is_history_after_design(client, stage):
    partnership = PartnershipFactory(stage=stage)
    lead = person_as(PartnershipRole.PUBLIC_LEAD, partnership)
    with pytest.raises(NotNow, match=r"history|closed|stopped"):
        move_start(partnership=partnership, months=2, reason="r", by=lead)
    client.force_login(lead)
    page = client.get(reverse("partnerships:plan_start", args=[partnership.public_id]))
    assert page.status_code == 200
    assert "<form" not in page.content.decode().split("<main", 1)[1].split("</main", 1)[0]


def test_after_gate_g0_the_start_moves_and_the_day_on_which_design_began_stays(lead, partnership):
    since = date(2026, 3, 20)
    Partnership.objects.filter(pk=partnership.pk).update(stage_since=since)
    move_start(partnership=partnership, months=2, reason="r", by=lead, along=everything(partnership, 2))
    partnership.refresh_from_db()
    assert (partnership.starts_on, partnership.stage_since) == (date(2026, 6, 1), since)


def test_the_start_is_history_in_the_second_design(lead, partnership):
    Partnership.objects.filter(pk=partnership.pk).update(design=2)
    with pytest.raises(NotNow, match="history"):
        move_start(partnership=partnership, months=2, reason="r", by=lead)


@pytest.mark.parametrize("role", [PartnershipRole.OBSERVER, PartnershipRole.SPONSOR])
def test_the_start_is_moved_only_by_those_who_change_the_plan(partnership, role):
    with pytest.raises(NotPermitted, match="You may not change the plan"):
        move_start(partnership=partnership, months=2, reason="r", by=person_as(role, partnership))


def test_a_stale_preview_is_refused(partnership, lead):
    seen, along = fingerprint_of(offers_with_start(partnership, 2)), everything(partnership, 2)
    add_milestone(partnership=partnership, title="New", block="design", due_on=date(2026, 9, 1), owner=None, by=lead)
    with pytest.raises(NotNow, match="The plan has changed"):
        move_start(partnership=partnership, months=2, reason="r", by=lead, along=along, seen=seen)
    assert not MilestoneMove.objects.exists()
