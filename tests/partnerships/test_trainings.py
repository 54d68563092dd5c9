"""The training log, and what it adds to the skills pages."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.actions.skills import assess_skills
from partnerships.actions.training import correct_training, log_training
from partnerships.lifecycle import OVER
from partnerships.models import Training
from partnerships.readiness import Taught, by_topic, procurement_told, taught_since
from partnerships.roles import PartnershipRole
from partnerships.skills import Topic
from tests.factories.papers import AttendanceFactory, TrainingFactory
from tests.factories.partnerships import PartnerFactory, PartnershipFactory, both_leads_as_partners, person_as

pytestmark = pytest.mark.django_db
KEEPERS = [
    PartnershipRole.PROJECT_LEAD, PartnershipRole.PUBLIC_LEAD, PartnershipRole.THIRD_SECTOR_LEAD,
    PartnershipRole.PARTNER_MANAGER, PartnershipRole.PROCUREMENT_OFFICER,
]  # fmt: skip


@pytest.fixture(autouse=True)
def november():
    with clock.at(datetime(2026, 11, 2, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def partners():
    return both_leads_as_partners(PartnershipFactory())


def values(people, **changed):
    return {
        "title": "Answering a tender", "topic": Topic.PROCUREMENT, "held_on": date(2026, 10, 5),
        "given_by": "A trainer", "hours": Decimal("2.5"), "people": people,
    } | changed  # fmt: skip


@pytest.mark.parametrize("role", KEEPERS)
def test_keepers_log_how_many_people_of_each_partner_were_there(partners, role):
    buyer, seller = partners
    who = person_as(role, buyer.partnership)
    training = log_training(partnership=buyer.partnership, **values({buyer: 2, seller: 0}), by=who)
    assert [(one.partner, one.people) for one in training.attendances.all()] == [(buyer, 2)]
    event = AuditEvent.objects.get()
    assert event.summary == "logged the training “Answering a tender” for 2 people"
    assert event.after["people"] == {str(buyer): 2}


@pytest.mark.parametrize("role", [role for role in PartnershipRole if role not in KEEPERS])
def test_logging_and_correcting_are_refused_to_other_roles(partners, role):
    training = TrainingFactory(partnership=partners[0].partnership)
    who, given = person_as(role, training.partnership), values({partners[0]: 2})
    for attempt in (
        lambda: log_training(partnership=training.partnership, **given, by=who),
        lambda: correct_training(training=training, **given, by=who),
    ):
        with pytest.raises(NotPermitted, match="write in the registers"):
            attempt()
    assert Training.objects.count() == 1
    assert set(AuditEvent.objects.values_list("outcome", flat=True)) == {Outcome.REFUSED}


@pytest.mark.parametrize("stage", OVER)
def test_nothing_is_logged_when_the_work_is_over(stage):
    partner = PartnerFactory(partnership__stage=stage)
    training = TrainingFactory(partnership=partner.partnership)
    lead = person_as(PartnershipRole.PUBLIC_LEAD, partner.partnership)
    with pytest.raises(NotNow, match="no longer changed"):
        log_training(partnership=partner.partnership, **values({partner: 2}), by=lead)
    with pytest.raises(NotNow, match="no longer changed"):
        correct_training(training=training, **values({partner: 2}), by=lead)
    assert Training.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"held_on": date(2026, 11, 3)}, {"topic": "cooking"}, {"hours": Decimal(0)}, {"hours": Decimal(201)},
     {"people": {}}],
)  # fmt: skip
def test_wrong_values_leave_nothing_behind_and_a_training_as_it_was(partners, wrong):
    partner = partners[0]
    training = AttendanceFactory(training__partnership=partner.partnership, partner=partner).training
    lead = person_as(PartnershipRole.PUBLIC_LEAD, partner.partnership)
    with pytest.raises(ValidationError):
        log_training(partnership=partner.partnership, **values({partner: 2}) | wrong, by=lead)
    with pytest.raises(ValidationError):
        correct_training(training=training, **values({partner: 2}) | wrong, by=lead)
    assert [one.people for one in Training.objects.get().attendances.all()] == [3]


def test_a_stranger_cannot_have_taken_part(partners):
    lead = person_as(PartnershipRole.PUBLIC_LEAD, partners[0].partnership)
    with pytest.raises(ValidationError, match="Only partners of this partnership"):
        log_training(partnership=partners[0].partnership, **values({PartnerFactory(): 1}), by=lead)
    assert not Training.objects.exists()


def test_a_correction_replaces_who_was_there_and_the_history_keeps_both(partners):
    buyer, seller = partners
    training = AttendanceFactory(training__partnership=buyer.partnership, partner=buyer).training
    lead = person_as(PartnershipRole.PROJECT_LEAD, buyer.partnership)
    correct_training(training=training, **values({buyer: 1, seller: 4}), by=lead, version=1)
    event = AuditEvent.objects.get()
    assert (event.before["people"], event.after["people"]) == (
        {str(buyer): 3}, {str(buyer): 1, str(seller): 4},
    )  # fmt: skip
    with pytest.raises(NotNow, match="changed this"):
        correct_training(training=training, **values({buyer: 1}), by=lead, version=1)


def test_training_since_the_last_assessment_stands_beside_the_scores(client, partners):
    _, seller = partners
    manager = person_as(PartnershipRole.THIRD_SECTOR_LEAD, seller.partnership, organisation=seller.organisation)
    with clock.at(datetime(2026, 6, 1, 12, tzinfo=UTC)):
        assess_skills(partner=seller, scores={t.value: 2 for t in Topic}, by=manager)
    for day, hours in ((date(2026, 5, 31), "8"), (date(2026, 6, 1), "2.5"), (date(2026, 9, 1), "3.5")):
        training = TrainingFactory(partnership=seller.partnership, held_on=day, hours=hours)
        AttendanceFactory(training=training, partner=seller)
    assert taught_since(seller, date(2026, 6, 1)) == {"procurement": Taught(2, Decimal(6))}
    assert taught_since(seller, None) == {"procurement": Taught(3, Decimal(14))}
    client.force_login(manager)
    page = client.get(reverse("partnerships:partner_skills", args=[seller.partnership.public_id, seller.public_id]))
    rows = {row[0]: row[1:] for row in page.context["rows"]}
    assert rows["Procurement"] == ["2", "none", "2 times, 6 hours"]
    assert rows["Marketing"] == ["2", "none", "none"]
    assert str(Taught(1, Decimal("1.0"))) == "1 time, 1 hour"
    topics = {label: (scores, people) for label, scores, people in by_topic(seller.partnership)}
    assert topics["Procurement"] == ("2", 9)
    assert topics["Marketing"] == ("2", 0)


def test_procurement_training_counts_for_buyers_and_sellers(partners):
    buyer, seller = partners
    AttendanceFactory(training__partnership=buyer.partnership, partner=seller)
    other = TrainingFactory(partnership=buyer.partnership, topic=Topic.MARKETING)
    AttendanceFactory(training=other, partner=buyer)
    assert procurement_told(buyer.partnership).endswith(f"Still without any: {buyer}.")
    AttendanceFactory(training__partnership=buyer.partnership, partner=buyer)
    assert procurement_told(buyer.partnership).startswith("Every partner")


def test_a_training_is_logged_and_corrected_in_the_browser(client, partners):
    buyer, seller = partners
    where = [buyer.partnership.public_id]
    client.force_login(person_as(PartnershipRole.PROJECT_LEAD, buyer.partnership))
    data = {
        "title": "<b>Tenders", "topic": "procurement", "held_on": "5/10/2026", "given_by": "A trainer", "hours": "2.5",
        f"people_{buyer.public_id}": "2", f"people_{seller.public_id}": "",
    }  # fmt: skip
    url = reverse("partnerships:training_log", args=where)
    assert client.post(url, data | {"hours": "-1"}).status_code == 200
    assert client.post(url, data).status_code == 302
    training = Training.objects.get()
    page = client.get(reverse("partnerships:trainings", args=where)).content.decode()
    assert f"2 of {buyer}" in page
    assert "&lt;b&gt;Tenders" in page
    url = reverse("partnerships:training_correct", args=[*where, training.public_id])
    assert client.get(url).context["form"][f"people_{buyer.public_id}"].value() == 2
    assert client.post(url, data | {f"people_{seller.public_id}": "4", "version": 1}).status_code == 302
    assert sorted(one.people for one in training.attendances.all()) == [2, 4]
