"""Roles × ownership, over every address of a partnership: the policy table says who may, and the pages keep to it.

One partnership has one of everything, and a second one too. An address without an object here fails the test, so a
new page cannot be forgotten.
"""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction
from django.urls import get_resolver, reverse

from foundation.policy.table import Rule
from foundation.webhooks.models import Webhook
from partnerships.lifecycle import Gate, GateOutcome, Stage
from partnerships.models import GateDecision, Memorandum, MemorandumDraft, Partnership, PilotExtension
from partnerships.permissions import ABILITIES
from partnerships.policy import POLICY
from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.gates import given
from tests.factories.papers import DocumentFactory, IssueFactory, TrainingFactory
from tests.factories.partnerships import (
    ActionPointFactory,
    BudgetLineFactory,
    FundFactory,
    IdeaFactory,
    InstalmentFactory,
    InterestFactory,
    InvolvementFactory,
    MeetingDecisionFactory,
    MeetingFactory,
    MemberFactory,
    MilestoneFactory,
    PartnershipFactory,
    PublicPageFactory,
    RiskFactory,
    SharingEntryFactory,
    both_leads_as_partners,
    person_as,
)

pytestmark = pytest.mark.django_db

# One name, two registers: which object an address with `entry_id` or `decision_id` means.
ELSEWHERE = {"involvement_edit": {"entry_id": "involvement"}, "dissent_note": {"decision_id": "meeting_decision"}}
# Not there before somebody has asked for it, or it has a second version.
NOT_YET = ("gate_pack_progress", "gate_pack_download", "memorandum_pdf", "memorandum_progress", "document_file",
           "partner_hand_over")  # fmt: skip


def world() -> tuple[Partnership, dict[str, str]]:
    """A partnership in its pilot with one of everything, and what stands in the addresses for each."""
    partnership = PartnershipFactory(in_pilot=True)
    _, third = both_leads_as_partners(partnership)
    lead = person_as(PartnershipRole.PUBLIC_LEAD, partnership, organisation=partnership.public_lead)
    memorandum = Memorandum.objects.create(
        partnership=partnership, number=1, review_on=date(2030, 1, 1), written_by=lead
    )
    Memorandum.objects.create(partnership=partnership, number=2, review_on=date(2030, 1, 1), written_by=lead)
    draft = MemorandumDraft.objects.create(partnership=partnership, started_by=lead, pen=lead, based_on=memorandum)
    section = draft.sections.create(key="money", heading="Money", text="Paid monthly.", position=1)
    meeting = MeetingFactory(partnership=partnership)
    fund = FundFactory(partnership=partnership)
    PublicPageFactory(partnership=partnership)
    given(partnership, Gate.G2, "feedback")
    decision = GateDecision.objects.create(
        partnership=partnership, gate=Gate.G2, outcome=GateOutcome.NOT_YET, leaves=Stage.PILOT, enters=Stage.PILOT,
        reason="More to do.", proposed_by=lead,
    )  # fmt: skip
    extension = PilotExtension.objects.create(
        partnership=partnership, months=6, reason="More to learn.", amount=1, source="The board", proposed_by=lead,
        ended_on=date(2030, 4, 1), ends_on=date(2030, 10, 1),
    )  # fmt: skip
    hook = Webhook.objects.create(
        scope=partnership.audit_scope, name="Chat", address="https://chat.example/", made_by=lead, seen=0
    )
    things = {
        "webhook_id": hook, "message_id": hook.messages.create(action="x", body="{}"),
        "milestone_id": MilestoneFactory(partnership=partnership), "partner_id": third, "line_id": BudgetLineFactory(
            partnership=partnership), "fund_id": fund, "instalment_id": InstalmentFactory(fund=fund),
        "member_id": MemberFactory(partnership=partnership), "section_id": section,
        "comment_id": section.comments.create(text="How often?", made_by=lead),
        "risk_id": RiskFactory(partnership=partnership), "issue_id": IssueFactory(partnership=partnership),
        "entry_id": SharingEntryFactory(partnership=partnership), "meeting_id": meeting,
        "point_id": ActionPointFactory(meeting=meeting), "document_id": DocumentFactory(partnership=partnership),
        "training_id": TrainingFactory(partnership=partnership), "decision_id": decision,
        "extension_id": extension, "interest_id": InterestFactory(partnership=partnership),
        "idea_id": IdeaFactory(partnership=partnership), "involvement": InvolvementFactory(partnership=partnership),
        "meeting_decision": MeetingDecisionFactory(meeting=meeting),
    }  # fmt: skip
    values = {name: thing.public_id for name, thing in things.items()}
    values |= {
        "partnership_id": partnership.public_id, "number": str(memorandum.number), "before": "1", "after": "2",
        "gate": "G2", "key": "feedback", "kind": "csv",
    }  # fmt: skip
    return partnership, values


def of_a_partnership() -> Iterator[tuple[str, Rule, list[str]]]:
    """Name, rule and parts of every address below a partnership that is not public."""
    for name, rule in POLICY.items():
        short = name.removeprefix("partnerships:")
        found = get_resolver().namespace_dict["partnerships"][1].reverse_dict.getlist(short)
        parts = list(found[0][0][0][1])
        if "partnership_id" in parts and not rule.public:
            yield short, rule, parts


ADDRESSES = list(of_a_partnership())


def address(short: str, parts: list[str], values: dict[str, str], **other: str) -> str:
    named = {part: values[ELSEWHERE.get(short, {}).get(part, part)] for part in parts}
    if short == "partner_hand_over":
        named |= {"kind": "milestones", "key": values["milestone_id"]}
    return reverse(f"partnerships:{short}", kwargs=named | other)


def asked(client, rule: Rule, path: str) -> int:
    """The answer's status; whatever was changed is undone."""
    with transaction.atomic():
        answer = client.post(path) if "GET" not in rule.methods else client.get(path)
        transaction.set_rollback(True)
    return answer.status_code


def keeps_to(rule: Rule, role: PartnershipRole, status: int) -> bool:
    """Whether the answer is what the rule says for the role. With a further condition the role alone is not enough."""
    may = not rule.abilities or not ABILITIES[role].isdisjoint(rule.abilities)
    on_top = re.search(r", (and|or|for|on) (?!a role)|; ", rule.needs)
    if not may:
        return status in (403, 404) or rule.or_own
    return status < 500 if on_top else status in (200, 302, 409)


@pytest.fixture
def here():
    return world()


@pytest.mark.parametrize("role", PartnershipRole)
def test_each_role_may_exactly_what_the_table_says(client, here, role):
    partnership, values = here
    client.force_login(person_as(role, partnership, organisation=partnership.public_lead))
    wrong = []
    reads_all = role in (PartnershipRole.OBSERVER, PartnershipRole.PUBLIC_LEAD)  # reading is the same for every role
    for short, rule, parts in ADDRESSES:
        if not rule.abilities and not reads_all:
            continue
        status = asked(client, rule, address(short, parts, values))
        if not keeps_to(rule, role, status) and (status, short) not in [(404, name) for name in NOT_YET]:
            wrong.append((short, status))
    assert not wrong, wrong


@pytest.mark.parametrize("who", ["stranger", "administrator", "commissioner"])
def test_nobody_without_a_part_learns_that_any_of_it_exists(client, here, who):
    client.force_login(PersonFactory(**({} if who == "stranger" else {who: True})))
    _, values = here
    answers = {short: asked(client, rule, address(short, parts, values)) for short, rule, parts in ADDRESSES}
    assert {short: status for short, status in answers.items() if status != 404} == {}


def test_a_visitor_is_asked_to_sign_in_everywhere(client, here):
    _, values = here
    answers = {short: asked(client, rule, address(short, parts, values)) for short, rule, parts in ADDRESSES}
    assert {short: status for short, status in answers.items() if status != 302} == {}


def test_a_lead_of_one_cannot_reach_what_is_another_ones(client, here):
    """The address says my partnership, the thing is of another: as good as not there."""
    partnership, mine = here
    _, theirs = world()
    client.force_login(person_as(PartnershipRole.PUBLIC_LEAD, partnership, organisation=partnership.public_lead))
    found = []
    for short, rule, parts in ADDRESSES:
        foreign = [part for part in parts if part.endswith("_id") and part != "partnership_id"]
        if not foreign or (rule.abilities and ABILITIES[PartnershipRole.PUBLIC_LEAD].isdisjoint(rule.abilities)):
            continue
        path = address(short, parts, theirs, partnership_id=mine["partnership_id"])
        if (status := asked(client, rule, path)) != 404:
            found.append((short, status))
    assert found == []
