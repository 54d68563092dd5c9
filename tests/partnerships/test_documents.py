"""The document register: who reads what, versions, the quota, classes, and papers from the joining date."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.files.models import StoredFile
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.actions.document import (
    add_document,
    add_version,
    confirm_document,
    read_on_record,
    room_left,
)
from partnerships.actions.release import change_class, grant_document
from partnerships.categories import DocumentCategory
from partnerships.information import WHO_READS, InformationClass
from partnerships.lifecycle import OVER
from partnerships.models import Document, DocumentVersion, SharingEntry
from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.papers import DocumentFactory
from tests.factories.partnerships import (
    PartnerFactory,
    PartnershipFactory,
    person_as,
)

pytestmark = pytest.mark.django_db
KEEPERS = [
    PartnershipRole.PROJECT_LEAD, PartnershipRole.PUBLIC_LEAD, PartnershipRole.THIRD_SECTOR_LEAD,
    PartnershipRole.PARTNER_MANAGER, PartnershipRole.PROCUREMENT_OFFICER,
]  # fmt: skip
OTHERS = [role for role in PartnershipRole if role not in KEEPERS]
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


# Adding


@pytest.mark.parametrize("role", KEEPERS)
def test_keepers_add_a_document_until_the_partnership_is_over(partnership, role):
    who = manager_of(partnership.partners.first(), role)
    document = add_document(partnership=partnership, **values(), by=who)
    version = document.versions.get()
    assert (version.number, version.added_by, version.file.name) == (1, who, "plan.txt")
    assert (document.confirmed_on, document.class_since) == (date(2027, 2, 1), date(2027, 2, 1))
    event = AuditEvent.objects.get(action="document.add")
    assert (event.scope, event.after["sha256"]) == (partnership.audit_scope, version.file.sha256)
    assert event.summary == "added the document “Pilot plan” (partnership-shared)"


@pytest.mark.parametrize("role", OTHERS)
def test_adding_is_refused_to_other_roles_and_leaves_nothing(partnership, role):
    with pytest.raises(NotPermitted, match="You may not write in the registers"):
        add_document(partnership=partnership, **values(), by=person_as(role, partnership))
    assert not Document.objects.exists()
    assert not StoredFile.objects.exists()
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED


@pytest.mark.parametrize("stage", OVER)
def test_every_verb_is_refused_when_the_work_is_over(stage):
    partnership = PartnershipFactory(stage=stage)
    lead = person_as(PartnershipRole.PUBLIC_LEAD, partnership, organisation=partnership.public_lead)
    document = DocumentFactory(partnership=partnership)
    partner = PartnerFactory(partnership=partnership, joined_on=JOINED)
    for attempt in (
        lambda: add_document(partnership=partnership, **values(), by=lead),
        lambda: add_version(document=document, file=upload(), note="n", log=False, by=lead),
        lambda: confirm_document(document=document, by=lead),
        lambda: change_class(
            document=document, information_class="public", reason="r", stays_known=False, log=False, by=lead
        ),
        lambda: grant_document(document=document, partner=partner, reason="r", log=False, by=lead),
    ):
        with pytest.raises(NotNow, match="can be read but no longer changed"):
            attempt()
    document.refresh_from_db()
    assert (document.version, document.versions.count(), document.grants.count()) == (1, 1, 0)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"category": "poem"}, "category"),
        ({"information_class": "secret"}, "information_class"),
        ({"information_class": InformationClass.PARTNER}, "partner"),
        ({"file": upload(b"MZ\x90", "plan.exe")}, "file"),
        ({"file": upload(b"not a PDF", "plan.pdf")}, "file"),
    ],
)
def test_what_is_wrong_is_told_beside_the_field_and_nothing_is_kept(partnership, public, wrong, field):
    with pytest.raises(ValidationError) as refusal:
        add_document(partnership=partnership, **values(**wrong), by=public)
    assert field in refusal.value.message_dict
    assert not Document.objects.exists()
    assert not StoredFile.objects.exists()
    assert not SharingEntry.objects.exists()


def test_another_partnerships_partner_is_no_owner_and_a_shared_document_is_nobodys_own(partnership, public):
    stranger, mine = PartnerFactory(), partnership.partners.last()
    for wrong in ({"information_class": InformationClass.PARTNER, "partner": stranger}, {"partner": mine}):
        with pytest.raises(ValidationError) as refusal:
            add_document(partnership=partnership, **values(**wrong), by=public)
        assert "partner" in refusal.value.message_dict


def test_nobody_keeps_what_they_could_not_read(partnership, third):
    with pytest.raises(ValidationError, match="authority-confidential"):
        add_document(partnership=partnership, **values(information_class=InformationClass.AUTHORITY), by=third)
    other = PartnerFactory(partnership=partnership)
    with pytest.raises(ValidationError, match="Only people of the partner whose it is"):
        add_document(
            partnership=partnership, **values(information_class=InformationClass.PARTNER, partner=other), by=third
        )
    assert not Document.objects.exists()


# The quota


def test_the_quota_counts_every_file_of_the_partnership_and_says_what_is_left(partnership, public, settings):
    settings.PARTNERSHIP_QUOTA_BYTES = 3000
    add_document(partnership=partnership, **values(file=upload(b"x" * 1000)), by=public)
    secret = values(file=upload(b"x" * 1000), information_class=InformationClass.AUTHORITY, log=False)
    add_document(partnership=partnership, **secret, by=public)
    assert room_left(partnership) == 1000
    with pytest.raises(ValidationError) as refusal:
        add_document(partnership=partnership, **values(file=upload(b"x" * 1001)), by=public)
    told = refusal.value.message_dict["file"][0]
    assert "1001\xa0bytes" in told
    assert "1000\xa0bytes is left of the 2.9\xa0KB" in told
    add_document(partnership=partnership, **values(file=upload(b"x" * 1000)), by=public)
    assert room_left(partnership) == 0
    assert room_left(PartnershipFactory()) == 3000


# Versions and confirming


def test_a_new_version_keeps_the_old_one_and_confirms_the_document(partnership, public, third):
    document = DocumentFactory(partnership=partnership)
    add_version(document=document, file=upload(b"two\n"), note="Costs", log=False, by=third, version=1)
    document.refresh_from_db()
    assert [v.number for v in DocumentVersion.objects.visible_to(public).filter(document=document)] == [2, 1]
    assert (document.confirmed_on, document.version) == (date(2027, 2, 1), 2)
    with pytest.raises(NotNow, match="changed this"):
        add_version(document=document, file=upload(), note="n", log=False, by=public, version=1)
    with pytest.raises(ValidationError, match="Say what changed"):
        add_version(document=document, file=upload(), note=" ", log=False, by=public, version=2)
    assert document.versions.count() == 2


@pytest.mark.parametrize("role", OTHERS)
def test_versions_confirming_and_classes_are_refused_to_other_roles(partnership, role):
    document, who = DocumentFactory(partnership=partnership), person_as(role, partnership)
    for attempt in (
        lambda: add_version(document=document, file=upload(), note="n", log=False, by=who),
        lambda: confirm_document(document=document, by=who),
        lambda: change_class(
            document=document, information_class="public", reason="r", stays_known=False, log=False, by=who
        ),
    ):
        with pytest.raises(NotPermitted, match="write in the registers"):
            attempt()
    assert document.versions.count() == 1


def test_confirming_is_for_once_a_day_and_is_in_the_history(partnership, public):
    document = DocumentFactory(partnership=partnership)
    confirm_document(document=document, by=public, version=1)
    document.refresh_from_db()
    assert document.confirmed_on == date(2027, 2, 1)
    assert AuditEvent.objects.get().before == {"confirmed_on": "2026-05-04"}
    with pytest.raises(NotNow, match="was confirmed today"):
        confirm_document(document=document, by=public)


@pytest.mark.parametrize("attempt", ["update", "delete"])
def test_the_database_itself_refuses_to_change_a_version(attempt):
    rows = DocumentFactory().versions.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(note="x") if attempt == "update" else rows._raw_delete(rows.db)


# Who reads what


def test_the_four_classes_are_each_explained():
    assert set(WHO_READS) == set(InformationClass)


def test_each_class_is_read_by_its_readers_and_by_nobody_else(partnership, public, third):
    own, other = (PartnerFactory(partnership=partnership) for _ in range(2))
    for of_class in InformationClass:
        partner = own if of_class == InformationClass.PARTNER else None
        DocumentFactory(partnership=partnership, title=of_class, information_class=of_class, partner=partner)
    assert seen(public) == {"public", "partnership", "partner", "authority"}
    assert seen(manager_of(own)) == {"public", "partnership", "partner"}
    assert seen(manager_of(other)) == seen(third) == {"public", "partnership"}
    assert seen(person_as(PartnershipRole.OBSERVER, partnership)) == {"public", "partnership"}
    assert seen(PersonFactory(organisation=own.organisation)) == set(), "no member of it"
    assert seen(person_as(PartnershipRole.OBSERVER, partnership, organisation=None)) == set()


def test_whoever_may_not_know_of_a_document_gets_404_and_no_count_betrays_it(client, partnership, third):
    secret = DocumentFactory(
        partnership=partnership, title="Ceiling", information_class=InformationClass.AUTHORITY,
        category=DocumentCategory.BUSINESS_CASE,
    )  # fmt: skip
    client.force_login(third)
    where = [partnership.public_id, secret.public_id]
    for name in ("document", "document_next_version", "document_confirm", "document_class", "document_grant"):
        assert client.get(reverse(f"partnerships:{name}", args=where)).status_code == 404
    assert client.post(reverse("partnerships:document_file", args=[*where, 1])).status_code == 404
    page = client.get(reverse("partnerships:documents", args=where[:1]))
    assert "Ceiling" not in page.content.decode()
    assert page.context["page_obj"].paginator.count == 0
    held = {c: there for _, categories in page.context["shelves"] for c, there in categories}
    assert held[DocumentCategory.BUSINESS_CASE] is False
    history = client.get(reverse("partnerships:history", args=where[:1])).content.decode()
    assert "Ceiling" not in history


def test_an_action_refuses_whoever_may_not_read_the_document(partnership, third):
    secret = DocumentFactory(partnership=partnership, information_class=InformationClass.AUTHORITY)
    with pytest.raises(NotPermitted, match="that you may not read"):
        confirm_document(document=secret, by=third)
    with pytest.raises(NotPermitted, match="You may not read this document"):
        read_on_record(document=secret, number=1, by=third)
    assert set(AuditEvent.objects.values_list("scope", flat=True)) == {f"document:{secret.public_id}"}


def test_copies_of_confidential_documents_are_taken_by_a_button_and_recorded(client, partnership, public):
    secret = DocumentFactory(partnership=partnership, information_class=InformationClass.AUTHORITY)
    shared = DocumentFactory(partnership=partnership)
    client.force_login(public)
    plain = client.get(reverse("partnerships:document_file", args=[partnership.public_id, shared.public_id, 1]))
    assert plain["Content-Disposition"] == 'attachment; filename="paper.txt"'
    assert not AuditEvent.objects.exists()
    url = reverse("partnerships:document_file", args=[partnership.public_id, secret.public_id, 1])
    assert client.get(url).status_code == 302
    assert not AuditEvent.objects.exists(), "GET never writes"
    copy = client.post(url)
    assert b"".join(copy.streaming_content) == b"What we mean to do\n"
    event = AuditEvent.objects.get()
    assert (event.action, event.scope) == ("document.read", f"document:{secret.public_id}")
    page = client.get(reverse("partnerships:document", args=[partnership.public_id, secret.public_id]))
    assert "took a copy of" in page.content.decode()
    assert client.get(url.replace("/1/", "/7/")).status_code == 404
