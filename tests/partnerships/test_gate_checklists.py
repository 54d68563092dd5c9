"""Versions of a gate's checklist: which one is asked, and who publishes the next."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.roles import PortalRole
from foundation.audit.models import AuditEvent
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships import gates
from partnerships.actions.checklist import publish_checklist
from partnerships.actions.decision import propose_decision, sign_decision
from partnerships.checklist import Item, ItemKind, Variant, shipped
from partnerships.checklists import all_versions, applying_to, in_force_everywhere
from partnerships.lifecycle import Gate, GateOutcome, Stage
from partnerships.models import Checklist, ChecklistItem
from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.gates import given
from tests.factories.partnerships import PartnershipFactory, person_as

pytestmark = pytest.mark.django_db

ONE = Item("wanted", "Wanted and fundable", "Why, and who pays.", ItemKind.STATEMENT, fresh_months=3)


@pytest.fixture
def administrator():
    return PersonFactory(portal_role=PortalRole.ADMINISTRATOR)


def publish(by, gate=Gate.G1, items=(ONE,), **changes):
    facts = {"in_force_from": clock.today(), "why": "We learned from three pilots."}
    return publish_checklist(gate=gate, items=list(items), **facts | changes, by=by)


def test_an_administrator_publishes_and_partnerships_that_enter_the_stage_from_that_day_on_are_asked(administrator):
    begun = PartnershipFactory(stage_since=clock.today() - timedelta(days=1))
    begins = PartnershipFactory(stage_since=clock.today())
    before = applying_to(Gate.G1, begun)
    checklist = publish(administrator)
    assert (checklist.number, checklist.published_by) == (2, administrator)
    assert applying_to(Gate.G1, begun) == before
    assert [item.key for item in gates.evidence(Gate.G1, begins)] == ["wanted"]
    assert in_force_everywhere(clock.today())[Gate.G1].number == 2
    assert in_force_everywhere(clock.today() - timedelta(days=1))[Gate.G1].number == 1
    event = AuditEvent.objects.get(action="checklist.publish")
    assert (event.scope, event.reason) == ("checklists", "We learned from three pilots.")
    assert len(event.before["items"]) == len(shipped()[Gate.G1].items)


def test_what_was_given_counts_in_the_next_version_and_the_decision_keeps_the_versions_number(administrator):
    publish(administrator)
    partnership = PartnershipFactory(stage_since=clock.today())
    given(partnership, Gate.G1, "wanted")
    public, third = (
        person_as(role, partnership) for role in (PartnershipRole.PUBLIC_LEAD, PartnershipRole.THIRD_SECTOR_LEAD)
    )
    decision = propose_decision(partnership=partnership, outcome=GateOutcome.PASS, reason="x", by=public)
    sign_decision(decision=decision, by=third)
    decision.refresh_from_db()
    partnership.refresh_from_db()
    assert (decision.checklist, partnership.stage) == (2, Stage.PILOT)
    assert [item["key"] for item in decision.evidence] == ["wanted"]


def test_a_version_for_a_later_day_waits_for_it(administrator):
    day = clock.today() + timedelta(days=30)
    publish(administrator, in_force_from=day)
    partnership = PartnershipFactory(stage_since=clock.today())
    assert applying_to(Gate.G1, partnership).number == 1
    assert [version.number for version in all_versions(Gate.G1)] == [1, 2]
    with pytest.raises(ValidationError) as refusal:
        publish(administrator, items=[replace(ONE, fresh_months=4)])
    assert "choose that day or a later one" in refusal.value.message_dict["in_force_from"][0]


@pytest.mark.parametrize("role", [role for role in PortalRole if role != PortalRole.ADMINISTRATOR])
def test_nobody_else_publishes(role):
    with pytest.raises(NotPermitted, match="publish what a gate asks for"):
        publish(PersonFactory(portal_role=role))
    assert not Checklist.objects.exists()


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("in_force_from", {"in_force_from": date(2020, 1, 1)}),
        ("why", {"why": " "}),
        ("name_0", {"items": [replace(ONE, asks=" ")]}),
        ("name_1", {"items": [ONE, ONE]}),
        ("source_0", {"items": [replace(ONE, source="partnerships.budget")]}),
        ("source_0", {"items": [replace(ONE, kind=ItemKind.FACT, fresh_months=None)]}),
        ("source_0", {"items": [replace(ONE, kind=ItemKind.FACT, source="made.up", fresh_months=None)]}),
        ("source_0", {"items": [replace(ONE, kind=ItemKind.DOCUMENT, source="made_up")]}),
        ("fresh_months_0", {"items": [replace(ONE, fresh_months=61)]}),
        ("fresh_months_0", {"items": [replace(ONE, kind=ItemKind.FACT, source="partnerships.budget")]}),
        ("variants_0", {"items": [replace(ONE, variants=())]}),
        ("__all__", {"items": []}),
        ("__all__", {"items": shipped()[Gate.G1].items}),
    ],
)
def test_a_checklist_that_makes_no_sense_is_refused_beside_its_box_and_nothing_is_kept(administrator, field, changes):
    with pytest.raises(ValidationError) as refusal:
        publish(administrator, **changes)
    told = refusal.value.message_dict if hasattr(refusal.value, "error_dict") else {"__all__": refusal.value.messages}
    assert field in told
    assert (Checklist.objects.count(), ChecklistItem.objects.count()) == (0, 0)


def test_two_administrators_do_not_publish_over_each_other(administrator):
    publish(administrator, number=1)
    with pytest.raises(NotNow, match="changed this"):
        publish(administrator, items=[replace(ONE, fresh_months=4)], number=1)
    assert Checklist.objects.count() == 1


def test_an_item_is_asked_only_of_its_kinds_of_partnership(administrator):
    publish(administrator, items=[ONE, replace(ONE, key="more", name="More", variants=(Variant.STRATEGIC,))])
    for variant, keys in ((Variant.SHORT, ["wanted"]), (Variant.STRATEGIC, ["wanted", "more"])):
        partnership = PartnershipFactory(variant=variant, stage_since=clock.today())
        assert [item.key for item in gates.evidence(Gate.G1, partnership)] == keys


def test_a_fact_that_an_upper_floor_no_longer_offers_is_missing_in_words(administrator, monkeypatch):
    publish(administrator, items=[replace(ONE, kind=ItemKind.FACT, source="pilots.spend", fresh_months=None)])
    monkeypatch.setattr(gates, "_facts", {})
    partnership = PartnershipFactory(stage_since=clock.today())
    assert "A portal administrator publishes a new checklist" in gates.blockers(Gate.G1, partnership)[0]


def test_the_checklists_are_read_by_everybody_who_is_signed_in_and_published_in_the_browser(client, administrator):
    assert client.get(reverse("checklists")).status_code == 302
    client.force_login(PersonFactory())
    page = client.get(reverse("checklists")).content.decode()
    for gate in Gate:
        assert gate.label in page
    assert "Publish a new version" not in client.get(reverse("checklist", args=[Gate.G2])).content.decode()
    url = reverse("checklist_publish", args=[Gate.G2])
    assert client.get(url).status_code == 403
    assert client.get(reverse("checklist", args=["G9"])).status_code == 404
    client.force_login(administrator)
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in data.items() if value not in (None, "")}
    data |= {"name_0": "", "fresh_months_4": "4", "in_force_from": f"{clock.today():%d/%m/%Y}", "why": "Fewer"}
    refused = client.post(url, data | {"fresh_months_3": "4"}).content.decode()
    assert "What the portal works out is of today" in refused
    assert client.post(url, data).status_code == 302
    newest = all_versions(Gate.G2)[-1]
    first = shipped()[Gate.G2].items
    assert [item.key for item in newest.items] == [item.key for item in first[1:]], "an empty name leaves an item out"
    assert newest.items[3].fresh_months == 4
    page = client.get(reverse("checklist", args=[Gate.G2])).content.decode()
    assert "Version 2" in page
    assert "Version 1" in page


@pytest.mark.parametrize("name", ["checklists", "checklist"])
def test_the_pages_take_the_same_few_queries_with_1_and_with_20_versions(
    client, administrator, name, django_assert_num_queries
):
    address = reverse(name, args=[] if name == "checklists" else [Gate.G1])
    client.force_login(PersonFactory())
    counts = set()
    for versions in (1, 19):
        for number in range(versions):
            publish(administrator, items=[replace(ONE, asks=f"{versions} {number}")])
        with django_assert_num_queries(3) as captured:
            client.get(address)
        counts.add(len(captured))
    assert counts == {3}
