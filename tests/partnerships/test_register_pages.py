"""The pages of the registers: who sees them, how many queries they take, what bad input gets."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.audit.models import AuditEvent
from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import (
    ActionPointFactory,
    InvolvementFactory,
    MeetingDecisionFactory,
    MeetingFactory,
    PartnerFactory,
    PartnershipFactory,
    RiskFactory,
    SharingEntryFactory,
    both_leads_as_partners,
    person_as,
)

pytestmark = pytest.mark.django_db

READING = ["registers", "risks", "sharing", "meetings", "meeting_decisions", "involvement", "you_said", "skills"]
WRITING = ["risk_add", "sharing_log", "meeting_add", "involvement_log"]
OF_ONE = {
    "risk": RiskFactory, "risk_edit": RiskFactory, "risk_review": RiskFactory, "risk_close": RiskFactory,
    "sharing_entry": SharingEntryFactory, "sharing_correct": SharingEntryFactory,
    "meeting": MeetingFactory, "meeting_edit": MeetingFactory, "action_point_add": MeetingFactory,
    "meeting_decision_add": MeetingFactory, "action_point_finish": ActionPointFactory,
    "dissent_note": MeetingDecisionFactory, "involvement_edit": InvolvementFactory,
}  # fmt: skip
HOSTILE = ["", "x" * 5001, "\x00", "a\x07b", "\u202eevil", "<script>alert(1)</script>", "{{ 7|add:7 }}", "1e309"]


def address(name, *args):
    return reverse(f"partnerships:{name}", args=args)


@pytest.fixture
def lead(client, partnership):
    person = person_as(PartnershipRole.PUBLIC_LEAD, partnership, organisation=partnership.public_lead)
    client.force_login(person)
    return person


@pytest.mark.parametrize("name", READING)
def test_an_observer_reads_every_page_and_gets_no_button(client, partnership, name):
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    page = client.get(address(name, partnership.public_id))
    assert page.status_code == 200
    main = page.content.decode().split("<main", 1)[1].split("</main", 1)[0]
    assert 'class="ds_button"' not in main.replace('type="submit" class="ds_button psp_button--small"', "")


@pytest.mark.parametrize("name", READING + WRITING)
def test_nobody_without_a_part_learns_that_it_exists(client, partnership, name):
    for person in (PersonFactory(), PersonFactory(administrator=True)):
        client.force_login(person)
        assert client.get(address(name, partnership.public_id)).status_code == 404


@pytest.mark.parametrize("name", WRITING)
def test_an_observer_is_told_which_roles_may(client, partnership, name):
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    for page in (client.get(address(name, partnership.public_id)), client.post(address(name, partnership.public_id))):
        assert page.status_code == 403
        assert "These roles may" in page.content.decode()


@pytest.mark.parametrize("name", WRITING)
def test_an_empty_form_comes_back_with_messages_and_writes_nothing(client, partnership, lead, name):
    url = address(name, partnership.public_id)
    assert client.get(url).status_code == 200
    before = AuditEvent.objects.count()
    page = client.post(url, {})
    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("name", WRITING)
@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_input_never_breaks_a_page_and_is_escaped(client, partnership, lead, name, value):
    url = address(name, partnership.public_id)
    fields = client.get(url).context["form"].fields
    page = client.post(url, dict.fromkeys(fields, value))
    assert page.status_code in (200, 302)
    assert "<script>alert(1)" not in page.content.decode()


@pytest.mark.parametrize("name", OF_ONE)
def test_another_partnerships_row_is_not_found_under_this_one(client, partnership, lead, name):
    other = OF_ONE[name]()
    assert client.get(address(name, partnership.public_id, other.public_id)).status_code == 404
    mine = OF_ONE[name](partnership=partnership)
    assert client.get(address(name, partnership.public_id, mine.public_id)).status_code == 200


def _fill(partnership, count):
    PartnerFactory.create_batch(count, partnership=partnership)
    RiskFactory.create_batch(count, partnership=partnership)
    SharingEntryFactory.create_batch(count, partnership=partnership)
    InvolvementFactory.create_batch(count, partnership=partnership)
    ActionPointFactory.create_batch(count, partnership=partnership)
    MeetingDecisionFactory.create_batch(count, partnership=partnership)


def test_every_page_takes_the_same_few_queries_at_1_3_and_300_rows(client):
    partnership = PartnershipFactory()
    both_leads_as_partners(partnership)
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
    assert [q["sql"] for q in captured if q["sql"].split(" ")[0] in ("INSERT", "UPDATE", "DELETE")] == []
