"""Issues: the verbs, a risk that becomes one, the filters, the deadline of the owner."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts import todo
from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.actions.issue import edit_issue, open_issue, resolve_issue, risk_happened
from partnerships.deadlines import due_by
from partnerships.lifecycle import OVER, Stage
from partnerships.models import Issue
from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.papers import IssueFactory
from tests.factories.partnerships import PartnershipFactory, RiskFactory, person_as

pytestmark = pytest.mark.django_db
KEEPERS = [
    PartnershipRole.PROJECT_LEAD, PartnershipRole.PUBLIC_LEAD, PartnershipRole.THIRD_SECTOR_LEAD,
    PartnershipRole.PARTNER_MANAGER, PartnershipRole.PROCUREMENT_OFFICER,
]  # fmt: skip
OTHERS = [role for role in PartnershipRole if role not in KEEPERS]


@pytest.fixture(autouse=True)
def november():
    with clock.at(datetime(2026, 11, 2, 12, tzinfo=UTC)):
        yield


def values(partnership, **changed):
    owner = changed.pop("owner", None) or person_as(PartnershipRole.EVALUATOR, partnership)
    return {
        "title": "No minibus", "what_happened": "It broke down.", "impact": 3, "owner": owner,
        "due_on": date(2026, 12, 1),
    } | changed  # fmt: skip


@pytest.mark.parametrize("role", KEEPERS)
@pytest.mark.parametrize("stage", [Stage.DESIGN, Stage.LIVE])
def test_keepers_open_an_issue_until_the_partnership_is_over(role, stage):
    partnership = PartnershipFactory(stage=stage)
    issue = open_issue(partnership=partnership, **values(partnership), by=person_as(role, partnership))
    assert (issue.opened_on, issue.resolved_on, issue.risk, issue.colour) == (date(2026, 11, 2), None, None, "red")
    event = AuditEvent.objects.get()
    assert (event.action, event.scope) == ("issue.open", partnership.audit_scope)
    assert event.summary == "opened the issue “No minibus”, high impact"


@pytest.mark.parametrize("role", OTHERS)
def test_opening_and_editing_are_refused_to_other_roles(role):
    issue = IssueFactory()
    who, given = person_as(role, issue.partnership), values(issue.partnership)
    for attempt in (
        lambda: open_issue(partnership=issue.partnership, **given, by=who),
        lambda: edit_issue(issue=issue, **given, by=who),
        lambda: resolve_issue(issue=issue, resolution="r", by=who),
        lambda: risk_happened(risk=RiskFactory(partnership=issue.partnership), **given, by=who),
    ):
        with pytest.raises(NotPermitted, match="You may not write in the registers"):
            attempt()
    assert Issue.objects.count() == 1
    assert set(AuditEvent.objects.values_list("outcome", flat=True)) == {Outcome.REFUSED}


@pytest.mark.parametrize("stage", OVER)
def test_every_verb_is_refused_when_the_work_is_over(stage):
    issue = IssueFactory(partnership__stage=stage)
    risk = RiskFactory(partnership=issue.partnership)
    lead, given = person_as(PartnershipRole.PUBLIC_LEAD, issue.partnership), values(issue.partnership)
    for attempt in (
        lambda: open_issue(partnership=issue.partnership, **given, by=lead),
        lambda: edit_issue(issue=issue, **given, by=lead),
        lambda: resolve_issue(issue=issue, resolution="r", by=lead),
        lambda: risk_happened(risk=risk, **given, by=lead),
    ):
        with pytest.raises(NotNow, match="can be read but no longer changed"):
            attempt()
    risk.refresh_from_db()
    assert (Issue.objects.count(), risk.closed_on) == (1, None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"impact": 0}, "impact"), ({"impact": 4}, "impact"), ({"due_on": date(2026, 11, 1)}, "due_on"),
     ({"what_happened": " "}, "what_happened"), ({"owner": "stranger"}, "owner")],
)  # fmt: skip
def test_wrong_values_leave_neither_an_issue_nor_a_closed_risk_behind(wrong, field):
    risk = RiskFactory()
    wrong = {"owner": PersonFactory()} if "owner" in wrong else wrong
    given = values(risk.partnership, **wrong) | {"by": person_as(PartnershipRole.PUBLIC_LEAD, risk.partnership)}
    for attempt in (
        lambda: open_issue(partnership=risk.partnership, **given),
        lambda: risk_happened(risk=risk, **given),
    ):
        with pytest.raises(ValidationError) as refusal:
            attempt()
        assert field in refusal.value.message_dict
    risk.refresh_from_db()
    assert (Issue.objects.count(), risk.closed_on, AuditEvent.objects.count()) == (0, None, 0)


def test_a_risk_that_happened_is_closed_and_becomes_an_issue_that_links_back():
    risk = RiskFactory(title="The minibus breaks down")
    lead = person_as(PartnershipRole.PARTNER_MANAGER, risk.partnership)
    issue = risk_happened(risk=risk, **values(risk.partnership), by=lead, version=1)
    risk.refresh_from_db()
    assert (issue.risk, risk.issue, risk.closed_on) == (risk, issue, date(2026, 11, 2))
    assert risk.closing_reason == "It happened, and is now the issue “No minibus”."
    assert list(AuditEvent.objects.order_by("seq").values_list("action", flat=True)) == ["risk.happen", "risk.close"]
    with pytest.raises(NotNow, match="was closed on 2 November 2026"):
        risk_happened(risk=risk, **values(risk.partnership), by=lead)
    assert Issue.objects.count() == 1


def test_a_stale_tab_closes_no_risk():
    risk = RiskFactory(version=3)
    lead = person_as(PartnershipRole.PUBLIC_LEAD, risk.partnership)
    with pytest.raises(NotNow, match="changed this"):
        risk_happened(risk=risk, **values(risk.partnership), by=lead, version=2)
    assert not Issue.objects.exists()


def test_editing_keeps_a_passed_date_and_refuses_a_stale_tab():
    issue = IssueFactory(due_on=date(2026, 10, 1))
    lead, given = person_as(PartnershipRole.PROJECT_LEAD, issue.partnership), values(issue.partnership)
    edit_issue(issue=issue, **given | {"due_on": date(2026, 10, 1)}, by=lead, version=1)
    issue.refresh_from_db()
    assert (issue.title, issue.impact, issue.version, issue.is_late) == ("No minibus", 3, 2, True)
    with pytest.raises(NotNow, match="changed this"):
        edit_issue(issue=issue, **given, by=lead, version=1)


def test_resolving_is_for_the_owner_too_needs_words_and_ends_the_deadline():
    issue = IssueFactory(due_on=date(2026, 11, 20))
    path = reverse("partnerships:issue", args=[issue.partnership.public_id, issue.public_id])
    assert [(d.title, d.path) for d in due_by(date(2026, 12, 1))] == [(f"Resolve the issue “{issue}”", path)]
    assert [item.title for item in todo.of(issue.owner)] == [f"Resolve the issue “{issue}”"]
    assert not todo.of(person_as(PartnershipRole.OBSERVER, issue.partnership))
    with pytest.raises(ValidationError, match="Say how it was settled"):
        resolve_issue(issue=issue, resolution=" ", by=issue.owner)
    resolve_issue(issue=issue, resolution="Hired another", by=issue.owner, version=1)
    assert not list(due_by(date(2026, 12, 1)))
    assert not todo.of(issue.owner)
    with pytest.raises(NotNow, match="was resolved on 2 November 2026"):
        resolve_issue(issue=issue, resolution="Again", by=issue.owner)


def test_the_list_is_worst_first_and_filtered_by_the_address(client):
    partnership = PartnershipFactory()
    rows = [("Small", 1, 1), ("Worst", 3, 9), ("Middle, later", 2, 9), ("Middle, soon", 2, 3)]
    issues = [
        IssueFactory(partnership=partnership, title=title, impact=impact, due_on=date(2026, 12, day))
        for title, impact, day in rows
    ]
    IssueFactory(partnership=partnership, title="Over", impact=3, resolution="r", resolved_on=date(2026, 10, 1))
    IssueFactory(title="Of another partnership")
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    ordered = ["Worst", "Middle, soon", "Middle, later", "Small"]
    cases = {
        "": [*ordered, "Over"], "state=open": ordered, "state=resolved": ["Over"],
        "impact=2": ["Middle, soon", "Middle, later"], f"owner={issues[0].owner.public_id}": ["Small"],
        "impact=x&page=y": [*ordered, "Over"],
    }  # fmt: skip
    for query, titles in cases.items():
        page = client.get(f"{reverse('partnerships:issues', args=[partnership.public_id])}?{query}")
        assert [issue.title for issue in page.context["page_obj"]] == titles, query


def test_one_button_makes_an_issue_of_a_risk_in_the_browser(client):
    risk = RiskFactory(title="<b>Minibus")
    lead = person_as(PartnershipRole.PUBLIC_LEAD, risk.partnership)
    client.force_login(lead)
    where = [risk.partnership.public_id, risk.public_id]
    url = reverse("partnerships:risk_happened", args=where)
    assert url in client.get(reverse("partnerships:risk", args=where)).content.decode()
    begins = client.get(url).context["form"].initial
    assert (begins["title"], begins["owner"]) == (risk.title, risk.owner.public_id)
    data = begins | {"what_happened": "It broke down", "impact": "3", "due_on": "1/12/2026", "version": 1}
    assert client.post(url, data).status_code == 302
    issue = Issue.objects.get()
    page = client.get(reverse("partnerships:risk", args=where)).content.decode()
    assert "Became the issue" in page
    assert url not in page
    shown = client.get(reverse("partnerships:issue", args=[where[0], issue.public_id])).content.decode()
    assert "It was the risk" in shown
    assert "&lt;b&gt;Minibus" in shown
