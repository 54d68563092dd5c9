"""Who may read a document: the change of class, the sharing log, and papers from the joining date (scenario 22)."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.actions.document import add_document, add_version
from partnerships.actions.release import change_class, grant_document, is_narrower, late_partners
from partnerships.categories import DocumentCategory
from partnerships.information import InformationClass
from partnerships.lifecycle import Stage
from partnerships.models import Document, DocumentGrant, DocumentVersion, SharingEntry
from partnerships.roles import PartnershipRole
from partnerships.shelf import SHELVES, missing, needed_by
from tests.factories.accounts import OrganisationFactory
from tests.factories.papers import DocumentFactory, VersionFactory
from tests.factories.partnerships import (
    PartnerFactory,
    SharingEntryFactory,
    person_as,
)

pytestmark = pytest.mark.django_db
JOINED = date(2027, 1, 4)  # month 9 of a partnership that began on 1 April 2026


@pytest.fixture(autouse=True)
def february():
    with clock.at(datetime(2027, 2, 1, 12, tzinfo=UTC)):
        yield


def manager_of(partner, role=PartnershipRole.PARTNER_MANAGER):
    return person_as(role, partner.partnership, organisation=partner.organisation)


def upload(content=b"What we mean to do\n", name="plan.txt"):
    return SimpleUploadedFile(name, content)


def values(**changed):
    return {
        "category": DocumentCategory.PILOT_PLAN, "title": "Pilot plan", "partner": None, "log": True,
        "information_class": InformationClass.PARTNERSHIP, "file": upload(),
    } | changed  # fmt: skip


def seen(person):
    return set(Document.objects.visible_to(person).values_list("title", flat=True))


# Changing the class


def test_a_wider_class_is_given_by_the_side_whose_document_it_is(partnership, public, third):
    partner = partnership.partners.get(organisation=partnership.third_sector_lead)
    document = DocumentFactory(
        partnership=partnership, information_class=InformationClass.PARTNER, partner=partner, title="Costs"
    )
    given = {"information_class": "partnership", "reason": "For all to plan with", "stays_known": False, "log": True}
    with pytest.raises(NotPermitted, match="whose it is may"):
        change_class(document=document, **given, by=public)
    change_class(document=document, **given, by=third, version=1)
    document.refresh_from_db()
    assert (document.information_class, document.partner, document.class_since) == (
        "partnership", None, date(2027, 2, 1),
    )  # fmt: skip
    change = document.class_changes.get()
    assert (change.before, change.after, change.reason) == ("partner", "partnership", "For all to plan with")
    assert SharingEntry.objects.get().given_to.get() == partnership.public_lead
    event = AuditEvent.objects.get(action="document.change_class", outcome=Outcome.ALLOWED)
    assert event.scope == partnership.audit_scope


def test_a_narrower_class_says_that_it_can_have_been_read(partnership, public, third):
    document = DocumentFactory(partnership=partnership)
    given = {"information_class": "authority", "reason": "It names the ceiling", "log": True, "by": public}
    with pytest.raises(ValidationError) as refusal:
        change_class(document=document, **given, stays_known=False)
    assert "stays_known" in refusal.value.message_dict
    change_class(document=document, **given, stays_known=True)
    assert seen(third) == set()
    assert not SharingEntry.objects.exists()
    event = AuditEvent.objects.get()
    assert event.scope == partnership.audit_scope, "those who could read it are told"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"information_class": "partnership"}, "information_class"), ({"information_class": "x"}, "information_class"),
     ({"reason": " "}, "reason"), ({"information_class": "partner"}, "stays_known")],
)  # fmt: skip
def test_a_change_of_class_needs_a_new_class_and_a_reason(partnership, public, wrong, field):
    document = DocumentFactory(partnership=partnership)
    given = {"information_class": "public", "reason": "r", "stays_known": False, "log": False} | wrong
    with pytest.raises(ValidationError) as refusal:
        change_class(document=document, **given, by=public)
    assert field in refusal.value.message_dict
    assert not document.class_changes.exists()


def test_narrower_is_whatever_fewer_people_read():
    order = ["public", "partnership", "partner", "authority"]
    for n, before in enumerate(order):
        assert [is_narrower(before, after) for after in order] == [m > n for m in range(4)]


# The information-sharing log


def test_releasing_a_document_writes_the_information_sharing_log_at_once(partnership, third):
    late = PartnerFactory(partnership=partnership)
    document = add_document(partnership=partnership, **values(), by=third)
    entry = SharingEntry.objects.get()
    assert set(entry.given_to.all()) == {partnership.public_lead, late.organisation}
    assert (entry.what, entry.shared_by, entry.information_class) == (
        "Document “Pilot plan”, version 1", third, "partnership",
    )  # fmt: skip
    add_version(document=document, file=upload(), note="Costs", log=True, by=third)
    assert SharingEntry.objects.filter(what="Document “Pilot plan”, version 2").count() == 1
    add_version(document=document, file=upload(), note="Commas", log=False, by=third)
    assert SharingEntry.objects.count() == 2


def test_the_log_follows_the_class(partnership, public):
    partner = PartnerFactory(partnership=partnership)
    costs = values(information_class=InformationClass.PARTNER, partner=partner)
    add_document(partnership=partnership, **costs, by=public)
    assert SharingEntry.objects.get().given_to.get() == partner.organisation
    for of_class in (InformationClass.AUTHORITY, InformationClass.PUBLIC):
        add_document(partnership=partnership, **values(information_class=of_class), by=public)
    assert SharingEntry.objects.count() == 1


# Joining later (scenario 22)


def test_s22_a_partner_that_joins_in_month_9_reads_shared_papers_from_that_day_on(partnership, public, third):
    early = DocumentFactory(partnership=partnership, title="Early")
    document = DocumentFactory(partnership=partnership, title="Kept up")
    VersionFactory(document=document, number=2, added_at=datetime(2027, 1, 4, 9, tzinfo=UTC))
    DocumentFactory(partnership=partnership, title="Open", information_class=InformationClass.PUBLIC)
    widened = DocumentFactory(partnership=partnership, title="Widened", class_since=date(2027, 1, 20))
    partner = PartnerFactory(partnership=partnership, joined_on=JOINED)
    theirs, observer = manager_of(partner), manager_of(partner, PartnershipRole.OBSERVER)
    for person in (theirs, observer):
        assert seen(person) == {"Kept up", "Open", "Widened"}
        mine = DocumentVersion.objects.visible_to(person)
        assert [v.number for v in mine.filter(document=document)] == [2]
    for lead in (public, third, person_as(PartnershipRole.EVALUATOR, partnership)):
        assert seen(lead) == {"Early", "Kept up", "Open", "Widened"}
    assert late_partners(early) == late_partners(document) == [partner]
    assert late_partners(widened) == []


def test_s22_earlier_papers_are_granted_with_a_reason_that_the_document_tells(client, partnership, public):
    document = DocumentFactory(partnership=partnership, title="Early")
    partner = PartnerFactory(partnership=partnership, joined_on=JOINED)
    person, other = manager_of(partner), manager_of(PartnerFactory(partnership=partnership, joined_on=JOINED))
    client.force_login(public)
    url = reverse("partnerships:document_grant", args=[partnership.public_id, document.public_id])
    answer = client.post(url, {"partner": partner.public_id, "reason": "It takes over the drivers", "log": "on"})
    assert answer.status_code == 302
    assert (seen(person), seen(other)) == ({"Early"}, set())
    entry = SharingEntry.objects.get()
    assert entry.given_to.get() == partner.organisation
    page = client.get(reverse("partnerships:document", args=[partnership.public_id, document.public_id]))
    assert "It takes over the drivers" in page.content.decode()
    event = AuditEvent.objects.get(action="document.grant")
    assert (event.reason, event.after) == ("It takes over the drivers", {"partner": str(partner)})


def test_s22_its_access_is_logged(client, partnership):
    partner = PartnerFactory(partnership=partnership, joined_on=JOINED)
    document = DocumentFactory(partnership=partnership, class_since=JOINED)
    person = manager_of(partner)
    client.force_login(person)
    url = reverse("partnerships:document_file", args=[partnership.public_id, document.public_id, 1])
    assert client.get(url).status_code == 302
    assert client.post(url).status_code == 200
    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.scope) == ("document.read", person, partnership.audit_scope)


def test_s22_the_sharing_log_begins_for_it_on_the_day_it_joined(partnership, public):
    partner = PartnerFactory(partnership=partnership, joined_on=JOINED)
    early = SharingEntryFactory(partnership=partnership, shared_on=date(2027, 1, 3))
    later = SharingEntryFactory(partnership=partnership, shared_on=JOINED)
    given = SharingEntryFactory(partnership=partnership, shared_on=date(2027, 1, 3), given_to=[partner.organisation])
    assert set(SharingEntry.objects.visible_to(manager_of(partner))) == {later, given}
    assert set(SharingEntry.objects.visible_to(public)) == {early, later, given}


def test_a_member_of_no_partner_counts_from_the_first_day_of_its_organisation(partnership):
    DocumentFactory(partnership=partnership, title="Early")
    organisation = OrganisationFactory()
    person = person_as(PartnershipRole.EVALUATOR, partnership, organisation=organisation)
    partnership.members.filter(person=person).update(joined_on=JOINED)
    assert seen(person) == set()
    colleague = person_as(PartnershipRole.EVALUATOR, partnership, organisation=organisation)
    partnership.members.filter(person=colleague).update(joined_on=date(2026, 5, 4), left_on=date(2026, 12, 1))
    assert seen(person) == {"Early"}


@pytest.mark.parametrize("role", [PartnershipRole.PARTNER_MANAGER, PartnershipRole.SPONSOR, PartnershipRole.OBSERVER])
def test_granting_is_for_those_who_add_partners(partnership, role):
    document, partner = DocumentFactory(partnership=partnership), PartnerFactory(
        partnership=partnership, joined_on=JOINED
    )  # fmt: skip
    with pytest.raises(NotPermitted, match="add partners and people"):
        grant_document(document=document, partner=partner, reason="r", log=False, by=person_as(role, partnership))
    assert not DocumentGrant.objects.exists()


def test_what_cannot_be_granted_says_why(partnership, public):
    document = DocumentFactory(partnership=partnership)
    given = {"reason": "r", "log": False, "by": public}
    with pytest.raises(NotNow, match="Every partner can read all versions"):
        grant_document(document=document, partner=partnership.partners.first(), **given)
    partner = PartnerFactory(partnership=partnership, joined_on=JOINED)
    with pytest.raises(ValidationError, match="can read all versions"):
        grant_document(document=document, partner=partnership.partners.first(), **given)
    with pytest.raises(ValidationError, match="Say why it needs them"):
        grant_document(document=document, partner=partner, **given | {"reason": " "})
    secret = DocumentFactory(partnership=partnership, information_class=InformationClass.AUTHORITY)
    with pytest.raises(NotNow, match="Only partnership-shared documents are granted"):
        grant_document(document=secret, partner=partner, **given)
    VersionFactory(document=document, number=2, added_at=datetime(2027, 1, 20, tzinfo=UTC))
    inside = manager_of(partner, PartnershipRole.PROJECT_LEAD)
    with pytest.raises(NotPermitted, match="for whom you work"):
        grant_document(document=document, partner=partner, reason="r", log=False, by=inside)
    assert not DocumentGrant.objects.exists()


# What a stage needs


def test_each_stage_needs_its_own_documents_and_those_of_the_stages_before():
    assert [shelf.when[-3:-1] for shelf in needed_by(Stage.DESIGN)] == ["G0", "G1"]
    assert needed_by(Stage.PILOT) == list(SHELVES[:4])
    assert needed_by(Stage.LIVE) == list(SHELVES)
    every = [category for shelf in SHELVES for category in shelf.categories]
    assert len(every) == len(set(every)) == 17
    assert missing(Stage.DESIGN, every[1:]) == [DocumentCategory.SCOPING_NOTE]
