"""The information-sharing log: who may log, who may read what, corrections, and what an organisation had been given."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from foundation.audit.history import history
from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.actions.sharing import correct_sharing, log_sharing
from partnerships.information import WHAT_IT_MEANS, InformationClass
from partnerships.lifecycle import OVER, Stage
from partnerships.models import SharingEntry
from partnerships.permissions import ABILITIES, Ability
from partnerships.roles import PartnershipRole
from tests.factories.accounts import OrganisationFactory, PersonFactory
from tests.factories.partnerships import (
    PartnerFactory,
    PartnershipFactory,
    SharingEntryFactory,
    both_leads_as_partners,
    person_as,
)

pytestmark = pytest.mark.django_db
KEEPERS = [role for role in PartnershipRole if Ability.KEEP_REGISTERS in ABILITIES[role]]
AUTHORITY, PARTNER, SHARED = InformationClass.AUTHORITY, InformationClass.PARTNER, InformationClass.PARTNERSHIP


@pytest.fixture(autouse=True)
def november():
    with clock.at(datetime(2026, 11, 2, 12, tzinfo=UTC)):
        yield


def values(partnership, by, **changed):
    return {
        "what": "Unit costs", "given_to": [partnership.third_sector_lead], "shared_on": date(2026, 10, 5),
        "how": "By e-mail", "shared_by": by, "information_class": SHARED,
    } | changed  # fmt: skip


def readable(person):
    return set(SharingEntry.objects.visible_to(person))


def test_the_four_classes_are_each_explained():
    assert set(WHAT_IT_MEANS) == set(InformationClass)


@pytest.mark.parametrize("role", KEEPERS)
@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in OVER])
def test_logging_is_allowed_to_keepers_until_the_partnership_closes(role, stage):
    partnership = PartnershipFactory(stage=stage)
    both_leads_as_partners(partnership)
    by = person_as(role, partnership)
    entry = log_sharing(partnership=partnership, **values(partnership, by), by=by)
    assert entry.given_by == by.organisation
    assert list(entry.given_to.all()) == [partnership.third_sector_lead]
    event = AuditEvent.objects.get()
    assert (event.action, event.scope) == ("sharing.log", partnership.audit_scope)
    assert "Unit costs" not in event.summary


@pytest.mark.parametrize("role", [role for role in PartnershipRole if role not in KEEPERS])
def test_logging_and_correcting_are_refused_to_other_roles(partnership, role):
    entry, by = SharingEntryFactory(partnership=partnership), person_as(role, partnership)
    with pytest.raises(NotPermitted):
        log_sharing(partnership=partnership, **values(partnership, by), by=by)
    with pytest.raises(NotPermitted):
        correct_sharing(entry=entry, **values(partnership, by), reason="r", by=by)
    assert SharingEntry.objects.count() == 1
    assert {event.outcome for event in AuditEvent.objects.all()} == {Outcome.REFUSED}


def test_a_closed_partnership_takes_no_entries_and_no_corrections():
    entry = SharingEntryFactory(partnership__closed=True)
    given = values(entry.partnership, entry.shared_by)
    with pytest.raises(NotNow, match="partnership is closed"):
        log_sharing(partnership=entry.partnership, **given, by=entry.shared_by)
    with pytest.raises(NotNow, match="partnership is closed"):
        correct_sharing(entry=entry, **given, reason="r", by=entry.shared_by)
    assert SharingEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"given_to": []}, "given_to"), ({"given_to": "stranger"}, "given_to"),
        ({"shared_by": "stranger"}, "shared_by"),
        ({"shared_on": date(2026, 11, 3)}, "shared_on"), ({"information_class": "secret"}, "information_class"),
        ({"information_class": AUTHORITY}, "information_class"),
    ],
)  # fmt: skip
def test_wrong_values_are_told_beside_the_field_and_leave_nothing_behind(partnership, third, wrong, field):
    strangers = {"given_to": [OrganisationFactory()], "shared_by": PersonFactory()}
    wrong = {name: strangers[name] if value == "stranger" else value for name, value in wrong.items()}
    with pytest.raises(ValidationError) as refusal:
        log_sharing(partnership=partnership, **values(partnership, third, **wrong), by=third)
    assert field in refusal.value.message_dict
    assert not SharingEntry.objects.exists()
    assert not AuditEvent.objects.exists()


def test_each_class_is_read_by_its_readers_and_by_nobody_else(partnership, public, third):
    other = person_as(PartnershipRole.PARTNER_MANAGER, partnership)
    officer = person_as(PartnershipRole.OBSERVER, partnership, organisation=partnership.public_lead)
    colleague = PersonFactory(organisation=partnership.public_lead)
    entries = {each: SharingEntryFactory(partnership=partnership, information_class=each) for each in InformationClass}
    open_ones = {entries[InformationClass.PUBLIC], entries[SHARED]}
    assert readable(public) == readable(officer) == set(entries.values())
    assert readable(third) == open_ones | {entries[PARTNER]}
    assert readable(other) == open_ones
    assert readable(colleague) == set(), "no part in the partnership"


def test_somebody_of_no_organisation_reads_nothing_and_breaks_nothing(partnership):
    SharingEntryFactory(partnership=partnership)
    assert readable(person_as(PartnershipRole.OBSERVER, partnership, organisation=None)) == set()


def test_authority_confidential_is_nowhere_for_a_partner(client, partnership, public, third):
    entry = log_sharing(
        partnership=partnership,
        **values(partnership, public, what="Ceiling 4m", information_class=AUTHORITY),
        by=public,
    )
    client.force_login(third)
    for name in ("sharing", "history", "registers", "partnership", "gate"):
        page = client.get(reverse(f"partnerships:{name}", args=[partnership.public_id])).content.decode()
        assert "Ceiling" not in page
        assert entry.public_id not in page
    listed = client.get(reverse("partnerships:sharing", args=[partnership.public_id]))
    assert listed.context["page_obj"].paginator.count == 0
    assert [line.sentence for line in history(partnership.audit_scope).lines] == []
    for name in ("sharing_entry", "sharing_correct"):
        where = reverse(f"partnerships:{name}", args=[partnership.public_id, entry.public_id])
        assert client.get(where).status_code == 404
        assert client.post(where, {"reason": "x"}).status_code in (404, 405)
    form = client.get(reverse("partnerships:sharing_log", args=[partnership.public_id])).context["form"]
    assert AUTHORITY not in dict(form.fields["information_class"].choices)
    client.force_login(public)
    assert "Ceiling" in client.get(reverse("partnerships:sharing", args=[partnership.public_id])).content.decode()


def test_a_correction_is_a_new_entry_that_points_to_the_old_one(partnership, public):
    entry = log_sharing(partnership=partnership, **values(partnership, public), by=public)
    later = correct_sharing(
        entry=entry, **values(partnership, public, what="Unit costs of 2025"), reason="Wrong year", by=public
    )
    entry.refresh_from_db()
    assert (entry.what, later.corrects, later.thread) == ("Unit costs", entry, entry.thread)
    assert list(SharingEntry.objects.current()) == [later]
    with pytest.raises(NotNow, match="corrected on 2 November 2026"):
        correct_sharing(entry=entry, **values(partnership, public), reason="Again", by=public)
    with pytest.raises(ValidationError):
        correct_sharing(entry=later, **values(partnership, public), reason=" ", by=public)
    assert SharingEntry.objects.count() == 2


def test_making_an_entry_confidential_hides_what_it_corrects_as_well(partnership, public, third):
    first = log_sharing(partnership=partnership, **values(partnership, public), by=public)
    second = correct_sharing(entry=first, **values(partnership, public, how="On paper"), reason="How", by=public)
    assert readable(third) == {first, second}
    third_one = correct_sharing(
        entry=second, **values(partnership, public, information_class=AUTHORITY), reason="Class", by=public
    )
    assert readable(third) == set()
    assert readable(public) == {first, second, third_one}
    assert "Class" not in str([line.reason for line in history(partnership.audit_scope).lines])
    last = correct_sharing(entry=third_one, **values(partnership, public), reason="Now open", by=public)
    assert readable(third) == {last}


def test_what_an_organisation_had_been_given_by_a_day(partnership, public, third):
    charity = partnership.third_sector_lead
    newcomer = PartnerFactory(partnership=partnership).organisation
    early = SharingEntryFactory(partnership=partnership, shared_on=date(2026, 5, 4))
    late = SharingEntryFactory(partnership=partnership, shared_on=date(2026, 6, 4), given_to=[charity, newcomer])
    wrong = SharingEntryFactory(partnership=partnership, shared_on=date(2026, 5, 5))
    never = correct_sharing(
        entry=wrong, **values(partnership, public, given_to=[]), reason="It was never sent", by=public
    )
    log = SharingEntry.objects.filter(partnership=partnership)
    assert set(log.had_been_given(charity, by=date(2026, 5, 3))) == set()
    assert set(log.had_been_given(charity, by=date(2026, 5, 4))) == {early}
    assert set(log.had_been_given(charity, by=date(2026, 12, 1))) == {early, late}
    assert list(log.had_been_given(newcomer, by=date(2026, 6, 4))) == [late]
    assert never not in log.had_been_given(charity, by=date(2026, 12, 1))


@pytest.mark.parametrize(
    "attempt",
    [
        lambda entry: SharingEntry.objects.filter(pk=entry.pk).update(what="Something else"),
        lambda entry: SharingEntry.objects.filter(pk=entry.pk)._raw_delete("default"),
        lambda entry: entry.given_to.clear(),
    ],
)
def test_the_database_itself_refuses_to_change_an_entry(partnership, attempt):
    entry = SharingEntryFactory(partnership=partnership)
    with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
        attempt(entry)


def test_the_log_is_filtered_by_what_the_address_says(client, partnership, third):
    newcomer = PartnerFactory(partnership=partnership).organisation
    SharingEntryFactory(partnership=partnership, what="May", shared_on=date(2026, 5, 4))
    SharingEntryFactory(
        partnership=partnership, what="June", shared_on=date(2026, 6, 4), given_to=[newcomer],
        information_class=InformationClass.PUBLIC,
    )  # fmt: skip
    client.force_login(third)
    cases = {
        "": ["June", "May"],
        "information_class=public": ["June"],
        f"partner={newcomer.public_id}": ["June"],
        "partner=nobody": ["June", "May"],
        "since=1/6/2026": ["June"],
        "until=4/5/2026": ["May"],
        "since=nonsense&information_class=secret": ["June", "May"],
        "until=%00": ["June", "May"],
    }
    for query, found in cases.items():
        page = client.get(f"{reverse('partnerships:sharing', args=[partnership.public_id])}?{query}")
        assert page.status_code == 200, query
        assert [entry.what for entry in page.context["page_obj"]] == found, query


def test_an_entry_is_logged_and_corrected_in_the_browser(client, partnership, public):
    client.force_login(public)
    url = reverse("partnerships:sharing_log", args=[partnership.public_id])
    page = client.get(url).content.decode()
    assert all(text.split(".")[0] in page for text in WHAT_IT_MEANS.values())
    data = {
        "what": "<b>Unit costs", "given_to": [partnership.third_sector_lead.public_id], "shared_on": "5/10/2026",
        "how": "By e-mail", "shared_by": public.public_id, "information_class": "partnership",
    }  # fmt: skip
    assert client.post(url, data | {"shared_on": "5/10/2027"}).status_code == 200
    assert client.post(url, data).status_code == 302
    entry = SharingEntry.objects.get()
    where = [partnership.public_id, entry.public_id]
    correct = reverse("partnerships:sharing_correct", args=where)
    assert client.post(correct, data | {"reason": "Wrong", "given_to": []}).status_code == 302
    page = client.get(reverse("partnerships:sharing_entry", args=where)).content.decode()
    assert "&lt;b&gt;Unit costs" in page
    assert "This entry was corrected on" in page
    assert "Wrong" in page
