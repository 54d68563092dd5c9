"""Milestones that wait for others: the links, the preview, and one move of everything ticked."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from foundation.audit.models import AuditEvent, Outcome
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.actions.dependency import STALE_PREVIEW, fingerprint_of, offers_after, wait_for
from partnerships.actions.milestone import complete_milestone, move_milestone
from partnerships.lifecycle import Stage
from partnerships.models import Member, Milestone, MilestoneMove, MilestoneWait
from partnerships.roles import PartnershipRole
from tests.factories.partnerships import MilestoneFactory, PartnershipFactory, person_as

pytestmark = pytest.mark.django_db

LATER = date(2026, 10, 31)


@pytest.fixture
def lead(client):
    person = person_as(PartnershipRole.PROJECT_LEAD, PartnershipFactory())
    client.force_login(person)
    return person


@pytest.fixture
def chain(lead):
    """“Report” waits for “Survey”, “Vote” for “Report”; “Party” waits for nothing."""
    partnership = Member.objects.get(person=lead).partnership
    survey, report, vote, party = (
        MilestoneFactory(partnership=partnership, title=title, due_on=due_on)
        for title, due_on in (
            ("Survey", date(2026, 10, 1)),
            ("Report", date(2026, 10, 11)),
            ("Vote", date(2026, 12, 1)),
            ("Party", date(2026, 10, 2)),
        )
    )
    wait_for(milestone=report, others=[survey], by=lead)
    wait_for(milestone=vote, others=[report], by=lead)
    return [Milestone.objects.get(pk=row.pk) for row in (survey, report, vote, party)]


def due(*rows):
    return [Milestone.objects.get(pk=row.pk).due_on for row in rows]


def test_waiting_is_recorded_and_can_be_taken_back(lead, chain):
    survey, report, *_ = chain
    assert [row.waits_for for row in report.waits.all()] == [survey]
    event = AuditEvent.objects.filter(action="milestone.wait").first()
    assert (event.outcome, event.scope) == (Outcome.ALLOWED, survey.partnership.audit_scope)
    wait_for(milestone=report, others=[], by=lead, version=report.version)
    assert not report.waits.exists()


@pytest.mark.parametrize("role", [PartnershipRole.OBSERVER, PartnershipRole.SPONSOR, PartnershipRole.PARTNER_MANAGER])
def test_waiting_is_refused_to_other_roles(chain, role):
    survey, _, _, party = chain
    with pytest.raises(NotPermitted, match="You may not change the plan"):
        wait_for(milestone=party, others=[survey], by=person_as(role, survey.partnership))
    assert not party.waits.exists()


def test_waiting_is_refused_for_what_is_done_or_closed_and_against_a_stale_tab(lead, chain):
    survey, report, _, party = chain
    with pytest.raises(NotNow, match="changed this"):
        wait_for(milestone=report, others=[], by=lead, version=report.version - 1)
    complete_milestone(milestone=party, evidence="", by=lead)
    with pytest.raises(NotNow, match="was completed on"):
        wait_for(milestone=party, others=[survey], by=lead)
    closed = MilestoneFactory(partnership__stage=Stage.CLOSED)
    with pytest.raises(NotNow, match="closed"):
        wait_for(milestone=closed, others=[], by=person_as(PartnershipRole.PUBLIC_LEAD, closed.partnership))


def test_a_circle_another_partnership_itself_and_a_later_date_are_refused_in_words(lead, chain):
    survey, report, vote, party = chain
    refusals = {
        vote: "“Vote” waits for “Survey” already, directly or through others: neither could ever start.",
        survey: "A milestone cannot wait for itself.",
        MilestoneFactory(title="Elsewhere"): "“Elsewhere” belongs to another partnership.",
        party: "“Party” is due 1 day after “Survey”. Move one of them first.",
    }
    for other, sentence in refusals.items():
        with pytest.raises(ValidationError) as refusal:
            wait_for(milestone=survey, others=[other], by=lead)
        assert refusal.value.message_dict == {"others": [sentence]}
    assert not survey.waits.exists()
    late = MilestoneFactory(partnership=survey.partnership, due_on=vote.due_on)
    with pytest.raises(ValidationError, match="due 51 days after"):
        wait_for(milestone=report, others=[survey, late], by=lead)
    assert [row.waits_for for row in report.waits.all()] == [survey], "a refusal leaves the old links"


def test_the_preview_names_who_would_be_early_and_offers_the_same_days(chain):
    survey, report, *_ = chain
    [offer] = offers_after(survey, LATER)
    assert (offer.milestone, offer.days_early, offer.to) == (report, 20, date(2026, 11, 10))


def test_everything_ticked_moves_with_one_reason_in_one_event(lead, chain):
    survey, report, vote, party = chain
    offers = offers_after(survey, date(2026, 12, 30))
    move_milestone(
        milestone=survey, due_on=date(2026, 12, 30), reason="Fewer answers than hoped", by=lead,
        along=[o.milestone.public_id for o in offers], seen=fingerprint_of(offers),
    )  # fmt: skip
    assert due(survey, report, vote, party) == [
        date(2026, 12, 30), date(2027, 1, 9), date(2027, 3, 1), date(2026, 10, 2),
    ]  # fmt: skip
    assert set(MilestoneMove.objects.values_list("reason", flat=True)) == {"Fewer answers than hoped"}
    event = AuditEvent.objects.get(action="milestone.move")
    assert "and with it 2 that wait for it" in event.summary


def test_what_is_not_ticked_stays_and_the_plan_says_it_is_too_early(client, lead, chain):
    survey, report, *_ = chain
    move_milestone(milestone=survey, due_on=LATER, reason="Later", by=lead)
    assert due(report) == [date(2026, 10, 11)]
    plan = client.get(reverse("partnerships:plan", args=[survey.partnership.public_id])).content.decode()
    assert "20 days too early for what it waits for" in plan


def test_moving_before_what_it_waits_for_is_refused(lead, chain):
    _, report, *_ = chain
    with pytest.raises(ValidationError) as refusal:
        move_milestone(milestone=report, due_on=date(2026, 9, 30), reason="Sooner", by=lead)
    assert refusal.value.message_dict == {
        "due_on": ["It waits for “Survey”, due 1 October 2026: choose that day or a later one."]
    }


def test_a_stale_preview_is_refused_and_nothing_moves(lead, chain):
    survey, report, vote, party = chain
    offers = offers_after(survey, LATER)
    wait_for(milestone=party, others=[survey], by=lead)
    before = due(*chain)
    for along in ([report.public_id], [vote.public_id], ["nobody"]):
        with pytest.raises(NotNow, match="The plan has changed"):
            move_milestone(
                milestone=survey, due_on=LATER, reason="r", by=lead, along=along, seen=fingerprint_of(offers)
            )
    assert due(*chain) == before
    assert not MilestoneMove.objects.exists()


def test_in_the_browser_the_preview_comes_first_and_the_ticks_decide(client, lead, chain):
    survey, report, vote, _ = chain
    url = reverse("partnerships:milestone_move", args=[survey.partnership.public_id, survey.public_id])
    typed = {"due_on": "30/12/2026", "reason": "Fewer answers <b>", "version": survey.version}
    page = client.post(url, typed)
    text = page.content.decode()
    assert (page.status_code, due(survey)) == (200, [date(2026, 10, 1)])
    assert "Nothing has been moved yet" in text
    assert "“Report”: from 11 October 2026 to 9 January 2027 (it would be 80 days too early)" in text
    assert "<b>" not in text.split("<main", 1)[1]
    form = page.context["form"]
    answer = {name: form[name].value() for name in ("due_on", "reason", "seen", "version", "form_token")}
    assert answer["reason"] == "Fewer answers <b>"
    answer |= {"due_on": "30/12/2026", "along": [report.public_id]}
    for _ in range(2):  # the second click finds what the first one did
        assert client.post(url, answer).status_code == 302
    assert due(survey, report, vote) == [date(2026, 12, 30), date(2027, 1, 9), date(2026, 12, 1)]
    assert MilestoneMove.objects.count() == 2


def test_in_the_browser_a_stale_preview_is_drawn_afresh_with_the_reason(client, lead, chain):
    survey, report, _, party = chain
    url = reverse("partnerships:milestone_move", args=[survey.partnership.public_id, survey.public_id])
    form = client.post(url, {"due_on": "31/10/2026", "reason": "r", "version": survey.version}).context["form"]
    wait_for(milestone=party, others=[survey], by=lead)
    answer = {"due_on": "31/10/2026", "reason": "r", "version": survey.version, "along": [report.public_id]}
    page = client.post(url, answer | {"seen": form["seen"].value()})
    assert STALE_PREVIEW.split(":")[0] in page.content.decode()
    assert "“Party”" in page.content.decode()
    assert due(survey) == [date(2026, 10, 1)]
    fresh = page.context["form"]["seen"].value()
    assert client.post(url, answer | {"seen": fresh}).status_code == 302
    assert due(survey, party) == [LATER, date(2026, 10, 2)]


@pytest.mark.parametrize("hostile", ["", "x" * 5000, "\x00", "<script>alert(1)</script>"])
def test_hostile_previews_and_ticks_get_a_message(client, lead, chain, hostile):
    survey = chain[0]
    where = [survey.partnership.public_id, survey.public_id]
    data = {"due_on": "31/10/2026", "reason": "r", "version": survey.version, "along": hostile, "seen": hostile}
    page = client.post(reverse("partnerships:milestone_move", args=where), data)
    assert page.status_code == 200
    assert "<script>alert(1)" not in page.content.decode()
    page = client.post(reverse("partnerships:milestone_waits", args=where), {"others": hostile, "version": hostile})
    assert page.status_code == 200
    assert due(survey) == [date(2026, 10, 1)]


def test_waiting_is_ticked_in_the_browser_by_those_who_may(client, lead, chain):
    survey, _, _, party = chain
    url = reverse("partnerships:milestone_waits", args=[survey.partnership.public_id, party.public_id])
    assert client.get(url).status_code == 200
    data = {"others": [survey.public_id], "version": party.version}
    assert client.post(url, data).status_code == 302
    assert MilestoneWait.objects.filter(milestone=party, waits_for=survey).exists()
    page = client.get(reverse("partnerships:milestone", args=[survey.partnership.public_id, survey.public_id]))
    assert "These wait for it" in page.content.decode()
    other = MilestoneFactory()
    assert client.post(url, {"others": [other.public_id], "version": party.version + 1}).status_code == 200
    client.force_login(person_as(PartnershipRole.OBSERVER, survey.partnership))
    assert client.get(url).status_code == 403
    client.force_login(person_as(PartnershipRole.PROJECT_LEAD, other.partnership))
    assert client.get(url).status_code == 404
