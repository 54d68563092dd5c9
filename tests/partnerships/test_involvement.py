"""The involvement diary: its two verbs, the gate that asks for it, and the page to print."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships import gates
from partnerships.actions.involvement import FACTS, edit_involvement, log_involvement
from partnerships.involvement import Standard
from partnerships.lifecycle import OVER, Gate, Stage
from partnerships.models import Involvement
from partnerships.permissions import ABILITIES, Ability
from partnerships.roles import PartnershipRole
from tests.factories.partnerships import InvolvementFactory, PartnershipFactory, person_as

pytestmark = pytest.mark.django_db
KEEPERS = [role for role in PartnershipRole if Ability.KEEP_REGISTERS in ABILITIES[role]]
MISSING = "The involvement diary has no activity with people who use services yet."


@pytest.fixture(autouse=True)
def november():
    with clock.at(datetime(2026, 11, 2, 12, tzinfo=UTC)):
        yield


def values(**changed):
    return {
        "held_on": date(2026, 10, 5), "kind": "workshop", "about": "Design workshop", "people": 12,
        "standard": "working_together", "access_needs": "A signer", "expenses_paid": True, "heard": "Evenings",
        "we_did": "", "we_could_not": "",
    } | changed  # fmt: skip


def item(partnership):
    return next(found for found in gates.evidence(Gate.G1, partnership) if found.name == "Co-production")


def test_there_are_seven_standards():
    assert [standard.label for standard in Standard] == [
        "Inclusion", "Support", "Planning", "Working together", "Methods", "Communication", "Impact",
    ]  # fmt: skip


def test_s09_a_workshop_with_12_people_counts_as_co_production_under_its_standard():
    partnership = PartnershipFactory()
    assert (item(partnership).met, item(partnership).sentence) == (False, MISSING)
    assert MISSING in gates.blockers(Gate.G1, partnership)
    InvolvementFactory()  # of another partnership: counts for nothing here
    assert not item(partnership).met
    log_involvement(partnership=partnership, **values(), by=person_as(PartnershipRole.PROJECT_LEAD, partnership))
    assert item(partnership).met
    assert item(partnership).sentence == (
        "1 activity with people who use services, 12 taking part, under the National Standard Working together."
    )
    InvolvementFactory(partnership=partnership, people=3, standard=Standard.INCLUSION)
    assert item(partnership).sentence == (
        "2 activities with people who use services, 15 taking part, under the National Standards Inclusion and Working "
        "together."
    )


@pytest.mark.parametrize("role", KEEPERS)
@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in OVER])
def test_keepers_log_and_edit_until_the_partnership_closes(role, stage):
    partnership = PartnershipFactory(stage=stage)
    by = person_as(role, partnership)
    entry = log_involvement(partnership=partnership, **values(), by=by)
    edit_involvement(entry=entry, **values(we_did="We meet at seven"), by=by, version=1)
    entry.refresh_from_db()
    assert (entry.we_did, entry.version) == ("We meet at seven", 2)
    first, second = AuditEvent.objects.filter(scope=partnership.audit_scope).order_by("seq")
    assert first.summary == "logged the workshop “Design workshop” with 12 people who use services"
    assert (second.before["we_did"], second.after["we_did"]) == ("", "We meet at seven")


@pytest.mark.parametrize("role", [role for role in PartnershipRole if role not in KEEPERS])
def test_other_roles_are_refused_and_the_refusal_is_recorded(role):
    entry = InvolvementFactory()
    by = person_as(role, entry.partnership)
    with pytest.raises(NotPermitted):
        log_involvement(partnership=entry.partnership, **values(), by=by)
    with pytest.raises(NotPermitted):
        edit_involvement(entry=entry, **values(), by=by)
    entry.refresh_from_db()
    assert (Involvement.objects.count(), entry.version) == (1, 1)
    assert [event.outcome for event in AuditEvent.objects.all()] == [Outcome.REFUSED] * 2


def test_a_closed_partnership_refuses_with_the_reason():
    entry = InvolvementFactory(partnership__closed=True)
    lead = person_as(PartnershipRole.PUBLIC_LEAD, entry.partnership)
    with pytest.raises(NotNow, match="partnership is closed"):
        log_involvement(partnership=entry.partnership, **values(), by=lead)
    with pytest.raises(NotNow, match="partnership is closed"):
        edit_involvement(entry=entry, **values(), by=lead)
    assert Involvement.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("held_on", date(2026, 11, 3)), ("kind", "party"), ("people", 0), ("standard", "eighth"), ("heard", " ")],
)
def test_wrong_values_are_told_beside_the_field_and_leave_nothing_behind(field, value):
    partnership = PartnershipFactory()
    lead = person_as(PartnershipRole.PUBLIC_LEAD, partnership)
    with pytest.raises(ValidationError) as refusal:
        log_involvement(partnership=partnership, **values(**{field: value}), by=lead)
    assert list(refusal.value.message_dict) == [field]
    entry = InvolvementFactory(partnership=partnership)
    with pytest.raises(ValidationError):
        edit_involvement(entry=entry, **values(**{field: value}), by=lead)
    entry.refresh_from_db()
    assert (Involvement.objects.count(), entry.version) == (1, 1)
    assert not AuditEvent.objects.exists()


def test_a_stale_tab_is_told():
    entry = InvolvementFactory()
    lead = person_as(PartnershipRole.PUBLIC_LEAD, entry.partnership)
    edit_involvement(entry=entry, **values(), by=lead, version=1)
    with pytest.raises(NotNow, match="changed this"):
        edit_involvement(entry=entry, **values(), by=lead, version=1)


def test_from_the_form_to_the_page_that_is_printed(client):
    partnership = PartnershipFactory()
    client.force_login(person_as(PartnershipRole.PARTNER_MANAGER, partnership))
    log = reverse("partnerships:involvement_log", args=[partnership.public_id])
    typed = values(held_on="5/10/2026", expenses_paid="no", heard="<b>Evenings")
    for wrong in ({"people": "0"}, {"people": "many"}, {"people": "1e5"}, {"held_on": "5/10/2027"}, {"standard": "x"}):
        assert client.post(log, typed | wrong).status_code == 200
    assert client.post(log, typed).status_code == 302
    entry = Involvement.objects.get()
    assert (entry.expenses_paid, entry.people) == (False, 12)
    edit = reverse("partnerships:involvement_edit", args=[partnership.public_id, entry.public_id])
    form = client.get(edit).context["form"]
    assert {name: form[name].value() for name in FACTS} == {
        name: getattr(entry, name) for name in FACTS
    } | {"expenses_paid": "no"}  # fmt: skip
    came_of_it = typed | {"we_did": "We meet at seven", "we_could_not": "Sundays, because of the rota", "version": 1}
    assert client.post(edit, came_of_it).status_code == 302
    assert client.post(edit, came_of_it).status_code == 200, "a stale tab"
    page = client.get(reverse("partnerships:you_said", args=[partnership.public_id])).content.decode()
    for told in ("&lt;b&gt;Evenings", "We meet at seven", "Sundays, because of the rota"):
        assert told in page
