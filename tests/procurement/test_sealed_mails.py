"""What mails and reminders give away of a tender: to operators not who is writing a bid, to partners not the file."""

from datetime import UTC, datetime, time
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.actions.week import write_weeks
from foundation.audit.models import AuditEvent
from foundation.database import clock
from foundation.delivery import kinds
from foundation.delivery.models import OutboxMail
from partnerships.models import ReminderPause
from partnerships.reminders import plan
from procurement.actions.bid import save_draft, take_part
from tests.factories.accounts import OrganisationFactory, PersonFactory
from tests.factories.procurement import OPENED, open_tender, worked_example
from tests.reading import text

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 10, 12, 7, tzinfo=UTC)


def test_an_unsent_bid_is_on_its_writers_pages_and_in_no_mail_that_operators_read(client):
    story = open_tender(title="Lunch clubs of the north")
    rival = PersonFactory(organisation=OrganisationFactory())
    with clock.at(MONDAY):
        bidder = take_part(box=story.tender.box, by=rival)
        save_draft(bidder=bidder, answers={}, price=Decimal(500_000), by=rival)
        client.force_login(rival)
        for page in ("accounts:tasks", "accounts:week"):
            assert "Send your bid" in text(client.get(reverse(page)))
        write_weeks(MONDAY)
        assert not OutboxMail.objects.filter(kind=kinds.WEEK, to=rival).exists()
        client.force_login(PersonFactory(administrator=True))
        for mail in OutboxMail.objects.for_operators().filter(to=rival):
            assert "Lunch clubs" not in text(client.get(reverse("ledger_mail", args=[mail.public_id])))


def test_what_is_the_buyers_own_business_is_not_put_off_on_a_page_of_the_whole_partnership(client):
    """The title and the reason of what is put off stand before every partner, and a partner may have sent a bid."""
    story, bids = worked_example()
    award = story.award(bids["C"])
    story.send_letters(award, OPENED)
    with clock.at(datetime.combine(award.signable_on, time(12), tzinfo=UTC)):
        plan(clock.now())
        mail = OutboxMail.objects.get(to=story.officer, kind="reminder", subject__contains="Sign the contract")
        client.force_login(story.officer)
        address = reverse("partnerships:reminder_put_off", args=[mail.public_id])
        assert address not in client.get(reverse("partnerships:reminders_mine")).content.decode()
        page = text(client.post(address, {"until_on": "", "reason": "We wait for the references of bidder C"}))
    assert "Not everybody in the partnership may know of this" in page
    assert not ReminderPause.objects.exists()
    assert not AuditEvent.objects.filter(action="reminders.mute", outcome="allowed").exists()
