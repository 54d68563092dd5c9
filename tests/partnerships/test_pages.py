"""The pages of a partnership: who sees them, how many queries they take, what bad input gets."""

import re
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.audit.models import AuditEvent
from foundation.database import clock
from partnerships.actions.decision import propose_decision
from partnerships.actions.memorandum import write_memorandum
from partnerships.lifecycle import GateOutcome, Stage
from partnerships.models import BudgetLine, Milestone, MilestoneWait, Partnership, PlanBlock
from partnerships.plan import Block
from partnerships.roles import PartnershipRole
from tests.factories.accounts import OrganisationFactory, PersonFactory
from tests.factories.partnerships import (
    MemberFactory,
    MilestoneFactory,
    PartnerFactory,
    PartnershipFactory,
    both_leads_as_partners,
    person_as,
)

pytestmark = pytest.mark.django_db

READING = ["partnership", "plan", "partners", "memorandum", "budget", "gate", "history"]
WRITING = [
    "edit",
    "plan_change",
    "plan_start",
    "milestone_add",
    "partner_add",
    "member_add",
    "budget_add",
]
HOSTILE = ["", "x" * 5001, "\x00", "a\x07b", "\u202eevil", "<script>alert(1)</script>", "{{ 7|add:7 }}", "1e309"]


def address(name, *args):
    return reverse(f"partnerships:{name}", args=args)


@pytest.fixture
def lead(client, partnership):
    """The public lead, signed in."""
    person = person_as(PartnershipRole.PUBLIC_LEAD, partnership, organisation=partnership.public_lead)
    client.force_login(person)
    return person


@pytest.mark.parametrize("name", READING)
def test_an_observer_reads_every_page_and_gets_no_button(client, partnership, name):
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    page = client.get(address(name, partnership.public_id))
    assert page.status_code == 200
    main = page.content.decode().split("<main", 1)[1].split("</main", 1)[0]
    assert "ds_button" not in re.sub(r'<form method="get".*?</form>', "", main, flags=re.DOTALL), (
        "a filter is no button"
    )


@pytest.mark.parametrize("name", READING + WRITING)
def test_nobody_without_a_part_learns_that_it_exists(client, partnership, name):
    for person in (PersonFactory(), PersonFactory(administrator=True), PersonFactory(commissioner=True)):
        client.force_login(person)
        page = client.get(address(name, partnership.public_id))
        assert page.status_code == 404
        assert partnership.title not in page.content.decode()


@pytest.mark.parametrize("name", READING + WRITING)
def test_a_visitor_is_sent_to_sign_in(client, partnership, name):
    page = client.get(address(name, partnership.public_id))
    assert page.status_code == 302
    assert page.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", WRITING)
def test_an_observer_is_told_which_roles_may(client, partnership, name):
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    page = client.get(address(name, partnership.public_id))
    assert page.status_code == 403
    assert "These roles may" in page.content.decode()


@pytest.mark.parametrize("name", WRITING)
def test_writing_pages_open_for_the_lead_and_an_empty_form_comes_back_with_messages(client, partnership, lead, name):
    url = address(name, partnership.public_id)
    assert client.get(url).status_code == 200
    before = AuditEvent.objects.count()
    page = client.post(url, {})
    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()
    assert AuditEvent.objects.count() == before


def test_titles_and_owners_are_text_in_the_plans_table(client, partnership, lead):
    owner = PersonFactory(name="<b>owner</b>")
    first = MilestoneFactory(partnership=partnership, title="<i>first</i> \"&'", owner=owner)
    MilestoneWait.objects.create(milestone=MilestoneFactory(partnership=partnership), waits_for=first)
    client.force_login(lead)
    page = client.get(reverse("partnerships:plan", args=[partnership.public_id])).content.decode()
    assert "<i>first" not in page
    assert "<b>owner" not in page
    table = page[page.index("<caption>Milestones</caption>") :]
    assert table.count("&lt;i&gt;first&lt;/i&gt; &quot;&amp;&#x27;") == 2  # itself, and what another one waits for
    assert "&lt;b&gt;owner&lt;/b&gt;" in table


@pytest.mark.parametrize("name", WRITING)
@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_input_never_breaks_a_page_and_is_escaped(client, partnership, lead, name, value):
    url = address(name, partnership.public_id)
    fields = client.get(url).context["form"].fields
    page = client.post(url, dict.fromkeys(fields, value))
    assert page.status_code in (200, 302)
    assert "<script>alert(1)" not in page.content.decode()


def test_what_was_typed_is_still_there_after_a_refusal(client, partnership, lead):
    page = client.post(
        address("milestone_add", partnership.public_id),
        {"title": "Evaluation report", "kind": "review", "block": "evaluation", "due_on": "1/1/2020", "owner": ""},
    )
    assert 'value="Evaluation report"' in page.content.decode()
    assert "The partnership starts on 1 April 2026" in page.content.decode()
    assert not Milestone.objects.exists()


@pytest.mark.parametrize("typed", ["31/2/2027", "2027", "tomorrow", "0001-01-01", "10000-01-01", "32/13/2027"])
def test_an_impossible_date_gets_a_message_and_no_milestone(client, partnership, lead, typed):
    data = {"title": "A", "kind": "other", "block": "design", "due_on": typed, "owner": ""}
    assert client.post(address("milestone_add", partnership.public_id), data).status_code == 200
    assert not Milestone.objects.exists()


def test_a_milestone_is_added_moved_and_completed_in_the_browser(client, partnership, lead):
    data = {"title": "Report", "kind": "review", "block": "evaluation", "due_on": "27/3/2027", "owner": lead.public_id}
    assert client.post(address("milestone_add", partnership.public_id), data).status_code == 302
    milestone = Milestone.objects.get()
    assert (milestone.due_on, milestone.owner) == (date(2027, 3, 27), lead)
    where = (partnership.public_id, milestone.public_id)
    assert "Report" in client.get(address("milestone", *where)).content.decode()
    client.post(address("milestone_move", *where), {"due_on": "27/4/2027", "reason": "Late data", "version": 1})
    assert (
        "moved 1 time, 31 days later than first planned"
        in client.get(address("plan", partnership.public_id)).content.decode()
    )
    client.post(
        address("milestone_edit", *where), {"title": "Final report", "kind": "deliverable", "owner": "", "version": 2}
    )
    client.post(address("milestone_complete", *where), {"evidence": "Minutes", "version": 3})
    milestone.refresh_from_db()
    assert (milestone.title, milestone.kind, milestone.done_on is not None) == ("Final report", "deliverable", True)


def test_the_plan_is_filtered_by_kind_and_its_drawing_keeps_every_milestone(client, partnership, lead):
    MilestoneFactory(partnership=partnership, title="First grant", kind="payment")
    MilestoneFactory(partnership=partnership, title="Board vote", kind="decision")
    url = address("plan", partnership.public_id)
    for query, titles in {
        "": ["Board vote", "First grant"],
        "kind=payment": ["First grant"],
        "kind=review": [],
        "kind=nonsense": ["Board vote", "First grant"],
        "kind=%00": ["Board vote", "First grant"],
    }.items():
        page = client.get(f"{url}?{query}")
        assert sorted(row["milestone"].title for row in page.context["rows"]) == titles, query
        assert [row[0] for row in page.context["twin"].rows] == ["First grant", "Board vote"], query
    assert "No milestone of this kind" in client.get(f"{url}?kind=review").content.decode()


BEFORE_THE_TENDER = (Stage.PROPOSED, Stage.DESIGN, Stage.PILOT, Stage.REDESIGN)


@pytest.mark.parametrize("stage", list(Stage))
def test_the_tender_is_planned_back_from_the_first_day_until_it_begins(client, stage):
    partnership = PartnershipFactory(stage=stage)
    PlanBlock.objects.create(partnership=partnership, block=Block.CONTRACT, months=6)
    MilestoneFactory(partnership=partnership, block=Block.CONTRACT, ends_block=True, due_on=date(2087, 10, 1))
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    text = client.get(address("plan", partnership.public_id)).content.decode()
    assert ("Contract notice" in text) == (stage in BEFORE_THE_TENDER)
    assert "Too late for that start" not in text
    Milestone.objects.update(due_on=date(2026, 12, 1))
    with clock.at(datetime(2026, 11, 1, 12, tzinfo=UTC)):
        text = client.get(address("plan", partnership.public_id)).content.decode()
    assert ("Too late for that start" in text) == (stage in BEFORE_THE_TENDER)


def test_a_double_click_adds_one_milestone(client, partnership, lead):
    url = address("milestone_add", partnership.public_id)
    token = client.get(url).context["form"]["form_token"].value()
    data = {
        "title": "Report",
        "kind": "other",
        "block": "design",
        "due_on": "27/3/2027",
        "owner": "",
        "form_token": token,
    }
    for _ in range(2):
        assert client.post(url, data).status_code == 302
    assert Milestone.objects.count() == 1


def test_a_stale_tab_is_told_and_keeps_the_text(client, partnership, lead):
    url = address("edit", partnership.public_id)
    data = {
        "title": "First",
        "need": "n",
        "service": "",
        "client_group": "c",
        "area": "fife",
        "sponsor": "s",
        "variant": "short",
        "version": 1,
    }
    assert client.post(url, data).status_code == 302
    page = client.post(url, data | {"title": "Second"})
    assert "changed this" in page.content.decode()
    assert 'value="Second"' in page.content.decode()
    assert Partnership.objects.get().title == "First"


def test_another_partnerships_milestone_is_not_found_under_this_one(client, partnership, lead):
    other = MilestoneFactory()
    for name in ("milestone", "milestone_move", "milestone_complete", "milestone_edit"):
        assert client.get(address(name, partnership.public_id, other.public_id)).status_code == 404


def test_s16_the_address_of_the_tender_is_refused_in_design(client, partnership, lead):
    page = client.get(reverse("procurement:tender_of", args=[partnership.public_id]))
    assert page.status_code == 409
    assert "a stage cannot be skipped" in page.content.decode()


def test_starting_in_the_browser_leads_to_the_new_partnership(client):
    commissioner = PersonFactory(commissioner=True)
    charity = OrganisationFactory()
    client.force_login(commissioner)
    data = {
        "title": "Befriending", "need": "n", "client_group": "c", "area": "fife", "sponsor": "s",
        "third_sector_lead": charity.pk, "starts_on": "1/4/2026", "variant": "standard",
    }  # fmt: skip
    page = client.post(address("start"), data, follow=True)
    assert page.redirect_chain == [(Partnership.objects.get().get_absolute_url(), 302)]
    assert "Befriending" in page.content.decode()


def test_only_commissioners_reach_the_start_page(client):
    client.force_login(PersonFactory())
    assert client.get(address("start")).status_code == 403


def test_the_memorandum_is_written_and_signed_in_the_browser(client, partnership, lead):
    assert client.post(address("draft_start", partnership.public_id)).status_code == 302
    draft = partnership.drafts.get()
    purpose = draft.sections.get(key="purpose")
    data = {"heading": "Purpose", "text": "Nobody is alone", "version": purpose.version}
    assert client.post(address("section_write", partnership.public_id, purpose.public_id), data).status_code == 302
    data = {"review_on": "1/1/2090", "version": 2}
    assert client.post(address("draft_issue", partnership.public_id), data).status_code == 302
    client.post(address("memorandum_sign", partnership.public_id, 1))
    page = client.get(address("memorandum", partnership.public_id)).content.decode()
    assert "1 of 2 partners signed" in page
    assert "Nobody is alone" in page
    assert client.get(address("memorandum_version", partnership.public_id, 9)).status_code == 404
    assert client.get(address("memorandum_sign", partnership.public_id, 1)).status_code == 405


def test_the_gate_page_names_what_is_missing_and_carries_a_decision(client, partnership, lead):
    page = client.get(address("gate_at", partnership.public_id, "G1")).content.decode()
    assert "The memorandum of understanding is not written yet" in page
    url = address("decision_propose", partnership.public_id, "G1")
    page = client.post(url, {"outcome": "pass", "reason": "Ready", "version": 1})
    assert "The memorandum of understanding is not written yet" in page.content.decode()
    assert client.post(url, {"outcome": "not_yet", "reason": "Wait", "version": 1}).status_code == 302
    decision = partnership.decisions.get()
    third = person_as(PartnershipRole.THIRD_SECTOR_LEAD, partnership, organisation=partnership.third_sector_lead)
    client.force_login(third)
    where = (partnership.public_id, decision.public_id)
    assert client.get(address("decision_sign", *where)).status_code == 200
    assert client.post(address("decision_sign", *where), {}).status_code == 302
    decision.refresh_from_db()
    assert decision.decided_at is not None


def test_withdrawing_in_the_browser(client, partnership, lead):
    decision = propose_decision(partnership=partnership, outcome=GateOutcome.NOT_YET, reason="x", by=lead)
    url = address("decision_withdraw", partnership.public_id, decision.public_id)
    assert client.post(url, {"reason": ""}).status_code == 200
    assert client.post(url, {"reason": "Changed my mind"}).status_code == 302


def test_budget_lines_in_the_browser(client, partnership, lead):
    data = {"heading": "training", "amount": "1250.50", "note": "", "version": 0}
    assert client.post(address("budget_add", partnership.public_id), data).status_code == 302
    line = BudgetLine.objects.get()
    where = (partnership.public_id, line.public_id)
    assert "£1,250.50" in client.get(address("budget", partnership.public_id)).content.decode()
    assert client.post(address("budget_change", *where), data | {"amount": "2", "version": 1}).status_code == 302
    assert client.post(address("budget_remove", *where), {}).status_code == 302
    assert client.get(address("budget_remove", *where)).status_code == 404


@pytest.mark.parametrize("amount", ["0", "-5", "1e309", "NaN", "Infinity", "12.345", "9" * 20, "twelve"])
def test_an_impossible_amount_gets_a_message(client, partnership, lead, amount):
    data = {"heading": "training", "amount": amount, "note": "", "version": 0}
    assert client.post(address("budget_add", partnership.public_id), data).status_code == 200
    assert not BudgetLine.objects.exists()


def test_a_partner_and_a_person_are_added_in_the_browser(client, partnership, lead):
    charity = OrganisationFactory()
    data = {"organisation": charity.pk, "part": "provider", "joined_on": "1/5/2026"}
    assert client.post(address("partner_add", partnership.public_id), data).status_code == 302
    partner = partnership.partners.get(organisation=charity)
    person = {"name": "Ailsa", "email": "ailsa@example.org", "organisation": charity.pk, "role": "partner_manager"}
    assert client.post(address("member_add", partnership.public_id), person).status_code == 302
    member = partnership.members.get(role="partner_manager")
    client.force_login(member.person)
    where = (partnership.public_id, partner.public_id)
    assert client.post(address("contingency_plan", *where), {"plan": "Reserves", "version": 1}).status_code == 302
    client.force_login(lead)
    leave = {"left_on": "1/6/2027", "reason": "r", "version": 2}
    assert client.post(address("partner_leave", *where), leave).status_code == 302
    assert client.post(address("member_remove", partnership.public_id, member.public_id), {}).status_code == 302


def _fill(partnership, count):
    made = MilestoneFactory.create_batch(count, partnership=partnership, owner=PersonFactory())
    MilestoneWait.objects.bulk_create(MilestoneWait(milestone=b, waits_for=a) for a, b in pairwise(made))
    PartnerFactory.create_batch(count, partnership=partnership)
    MemberFactory.create_batch(count, partnership=partnership)


def test_every_page_takes_the_same_few_queries_at_1_3_and_300_rows(client):
    partnership = PartnershipFactory()
    both_leads_as_partners(partnership)
    lead = person_as(PartnershipRole.PUBLIC_LEAD, partnership, organisation=partnership.public_lead)
    write_memorandum(partnership=partnership, purpose="p", how_we_work="h", review_on=date(2090, 1, 1), by=lead)
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    counts = {name: [] for name in READING}
    for rows in (1, 2, 297):
        _fill(partnership, rows)
        for name in READING:
            with CaptureQueriesContext(connection) as captured:
                client.get(address(name, partnership.public_id))
            counts[name].append(len(captured))
    assert {name: seen for name, seen in counts.items() if len(set(seen)) > 1 or seen[0] > 20} == {}


def test_get_never_writes(client, partnership, lead):
    with CaptureQueriesContext(connection) as captured:
        for name in READING + WRITING:
            client.get(address(name, partnership.public_id))
    writes = [q["sql"] for q in captured if q["sql"].split(" ")[0] in ("INSERT", "UPDATE", "DELETE")]
    assert writes == []
