"""The pages of documents, issues and trainings: who sees them, how many queries they take, what bad input gets."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.audit.models import AuditEvent
from partnerships.information import InformationClass
from partnerships.models import Document, SharingEntry
from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.papers import AttendanceFactory, DocumentFactory, IssueFactory, TrainingFactory
from tests.factories.partnerships import (
    MeetingFactory,
    PartnerFactory,
    PartnershipFactory,
    both_leads_as_partners,
    person_as,
)

pytestmark = pytest.mark.django_db

READING = ["documents", "issues", "trainings", "skills"]
WRITING = ["document_add", "issue_open", "training_log"]
OF_ONE = {
    "document": DocumentFactory, "document_next_version": DocumentFactory, "document_confirm": DocumentFactory,
    "document_class": DocumentFactory, "document_grant": DocumentFactory, "issue": IssueFactory,
    "issue_edit": IssueFactory, "issue_resolve": IssueFactory, "training_correct": TrainingFactory,
}  # fmt: skip
HOSTILE = ["x" * 5001, "\x00", "\u202eevil", "<script>alert(1)</script>"]


def address(name, *args):
    return reverse(f"partnerships:{name}", args=args)


@pytest.fixture
def lead(client, partnership):
    person = person_as(PartnershipRole.PUBLIC_LEAD, partnership, organisation=partnership.public_lead)
    client.force_login(person)
    return person


@pytest.mark.parametrize("name", READING)
def test_an_observer_reads_every_page_and_gets_no_button(client, partnership, name):
    DocumentFactory(partnership=partnership)
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    page = client.get(address(name, partnership.public_id))
    assert page.status_code == 200
    main = page.content.decode().split("<main", 1)[1].split("</main", 1)[0]
    assert 'class="ds_button"' not in main.replace('type="submit" class="ds_button psp_button--small"', "")
    assert "add it" not in main


def test_nobody_without_a_part_learns_that_it_exists(client, partnership):
    for person in (PersonFactory(), PersonFactory(administrator=True)):
        client.force_login(person)
        for name in READING + WRITING:
            assert client.get(address(name, partnership.public_id)).status_code == 404
        for name, make in OF_ONE.items():
            assert (
                client.get(address(name, partnership.public_id, make(partnership=partnership).public_id)).status_code
                == 404
            )


@pytest.mark.parametrize("name", WRITING)
def test_an_observer_is_told_which_roles_may(client, partnership, name):
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    for page in (client.get(address(name, partnership.public_id)), client.post(address(name, partnership.public_id))):
        assert page.status_code == 403
        assert "These roles may" in page.content.decode()


@pytest.mark.parametrize("name", WRITING)
def test_bad_input_comes_back_with_messages_and_writes_nothing(client, partnership, lead, name):
    url = address(name, partnership.public_id)
    fields = client.get(url).context["form"].fields
    before = AuditEvent.objects.count()
    assert "There is a problem" in client.post(url, {}).content.decode()
    for value in HOSTILE:
        page = client.post(url, dict.fromkeys(fields, value))
        assert page.status_code == 200
        assert "<script>alert(1)" not in page.content.decode()
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("name", OF_ONE)
def test_another_partnerships_row_is_not_found_under_this_one(client, partnership, lead, name):
    other = OF_ONE[name]()
    assert client.get(address(name, partnership.public_id, other.public_id)).status_code == 404
    mine = OF_ONE[name](partnership=partnership)
    assert client.get(address(name, partnership.public_id, mine.public_id)).status_code == 200


@pytest.mark.parametrize("name", READING)
def test_every_page_takes_the_same_few_queries_at_1_3_and_300_rows(client, name, django_assert_max_num_queries):
    partnership = PartnershipFactory()
    partner, _ = both_leads_as_partners(partnership)
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    kept = DocumentFactory(partnership=partnership).versions.get().file  # one file for all: bytes on the disk take time
    make = {
        "documents": lambda: DocumentFactory(partnership=partnership, first__file=kept),
        "issues": lambda: IssueFactory(partnership=partnership),
        "trainings": lambda: AttendanceFactory(training__partnership=partnership, partner=partner),
        "skills": lambda: AttendanceFactory(training__partnership=partnership, partner=partner),
    }[name]
    counts = []
    for rows in (1, 2, 297):
        for _ in range(rows):
            make()
        with django_assert_max_num_queries(20) as captured:
            client.get(address(name, partnership.public_id))
        counts.append(len(captured))
    assert len(set(counts)) == 1, counts


def test_get_never_writes(client, partnership, lead):
    document = DocumentFactory(partnership=partnership, information_class=InformationClass.AUTHORITY)
    with CaptureQueriesContext(connection) as captured:
        for name in READING + WRITING:
            client.get(address(name, partnership.public_id))
        client.get(address("document", partnership.public_id, document.public_id))
        client.get(address("document_file", partnership.public_id, document.public_id, 1))
    assert [q["sql"] for q in captured if q["sql"].split(" ")[0] in ("INSERT", "UPDATE", "DELETE")] == []


def test_a_missing_document_is_added_from_the_list_with_its_category_chosen(client, partnership, lead):
    page = client.get(address("documents", partnership.public_id)).content.decode()
    url = f"{address('document_add', partnership.public_id)}?category=scoping_note"
    assert url in page
    form = client.get(url).context["form"]
    assert form["category"].value() == "scoping_note"
    data = {"category": "scoping_note", "title": "Why us", "information_class": "partnership", "log": "on"}
    assert client.post(url, data | {"file": SimpleUploadedFile("why.txt", b"Because\n")}).status_code == 302
    assert Document.objects.get().versions.get().file.name == "why.txt"
    assert SharingEntry.objects.count() == 1
    listed = client.get(address("documents", partnership.public_id)).content.decode()
    assert url not in listed


def test_a_bad_file_gets_a_message_that_names_the_problem(client, partnership, lead):
    data = {"category": "other", "title": "Minutes", "information_class": "public"}
    url = address("document_add", partnership.public_id)
    for name, content, told in (
        ("a.exe", b"MZ", "cannot be accepted"), ("a.pdf", b"hello", "This is not a PDF"), ("a.txt", b"", "is empty"),
    ):  # fmt: skip
        page = client.post(url, data | {"file": SimpleUploadedFile(name, content)}).content.decode()
        assert told in page
    assert not Document.objects.exists()


def test_a_partner_is_not_offered_the_class_it_could_not_read(client, partnership, lead):
    manager = person_as(
        PartnershipRole.PARTNER_MANAGER, partnership, organisation=PartnerFactory(partnership=partnership).organisation
    )
    url = address("document_add", partnership.public_id)
    assert "Authority-confidential" in client.get(url).content.decode()
    client.force_login(manager)
    page = client.get(url)
    assert "Authority-confidential" not in page.content.decode()
    assert len(page.context["form"].fields["partner"].choices) == 2


def test_a_meeting_offers_to_log_what_was_shared_at_it(client, partnership, lead):
    meeting = MeetingFactory(partnership=partnership)
    meeting.present.add(lead)
    url = f"{address('sharing_log', partnership.public_id)}?meeting={meeting.public_id}"
    assert url in client.get(address("meeting", partnership.public_id, meeting.public_id)).content.decode()
    begins = client.get(url).context["form"].initial
    assert begins == {
        "given_to": [partnership.public_lead.public_id], "shared_on": meeting.held_on,
        "how": f"At the meeting “{meeting}”",
    }  # fmt: skip
    other = MeetingFactory()
    elsewhere = f"{address('sharing_log', partnership.public_id)}?meeting={other.public_id}"
    assert client.get(elsewhere).context["form"].initial == {}
