"""Prior involvement: who took part, who is related to them, and what follows from it."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models.kin import LinkKind, OrganisationLink
from foundation.policy.refusals import NotNow
from partnerships.roles import PartnershipRole
from procurement.actions.panel import add_panel_member
from procurement.involved import involved
from tests.factories.accounts import OrganisationFactory, PersonFactory
from tests.factories.partnerships import PartnerFactory, person_as
from tests.factories.procurement import open_tender

pytestmark = pytest.mark.django_db


@pytest.fixture
def tender():
    return open_tender().tender


def told(tender):
    return {str(row.organisation): row.because for row in involved(tender)}


def joint_company(of, name="Together Works"):
    company = OrganisationFactory(name=name)
    OrganisationLink.objects.create(above=company, below=of, kind=LinkKind.JOINT_COMPANY, since=date(2020, 1, 1))
    return company


def test_partners_past_and_present_are_named_with_their_time(tender):
    PartnerFactory(partnership=tender.partnership, organisation__name="Stayed", joined_on=date(2026, 4, 1))
    PartnerFactory(
        partnership=tender.partnership, organisation__name="Gone", joined_on=date(2026, 4, 1), left_on=date(2026, 6, 30)
    )
    assert told(tender)["Stayed"] == "has been a partner (provider) since 1 April 2026"
    assert told(tender)["Gone"] == "was a partner (provider) from 1 April 2026 to 30 June 2026"


def test_s08_related_organisations_are_in_the_prior_involvement_check(tender):
    partner = PartnerFactory(partnership=tender.partnership, organisation__name="Kingdom Wheels").organisation
    company = joint_company(partner)
    OrganisationLink.objects.create(
        above=company, below=OrganisationFactory(name="Other Member"), kind=LinkKind.JOINT_COMPANY,
        since=date(2020, 1, 1),
    )  # fmt: skip
    assert told(tender)["Together Works"] == told(tender)["Other Member"] == "is related to Kingdom Wheels"


def test_a_tie_that_has_ended_counts_no_more(tender):
    partner = PartnerFactory(partnership=tender.partnership).organisation
    joint_company(partner)
    OrganisationLink.objects.update(until=date(2021, 1, 1))
    assert "Together Works" not in told(tender)


def test_the_buyer_is_never_among_them(tender):
    joint_company(tender.partnership.third_sector_lead, name="Joint Body")
    OrganisationLink.objects.create(
        above=OrganisationFactory(name="Parent"), below=tender.buyer, kind=LinkKind.SUBSIDIARY, since=date(2020, 1, 1)
    )
    assert str(tender.buyer) not in told(tender)
    assert "Parent" not in told(tender)


def test_four_queries_however_many_partners(tender):
    joint_company(tender.partnership.third_sector_lead)
    involved(tender)  # reads the tender's partnership and its leads, once
    with CaptureQueriesContext(connection) as one:
        involved(tender)
    for _ in range(5):
        joint_company(PartnerFactory(partnership=tender.partnership).organisation, name=f"J{PersonFactory().pk}")
    with CaptureQueriesContext(connection) as many:
        involved(tender)
    assert len(one) == len(many) == 4


def test_nobody_employed_by_a_related_organisation_scores(tender):
    partner = PartnerFactory(partnership=tender.partnership, organisation__name="Kingdom Wheels").organisation
    scorer = PersonFactory(organisation=joint_company(partner))
    officer = person_as(PartnershipRole.PROCUREMENT_OFFICER, tender.partnership, organisation=tender.buyer)
    with pytest.raises(NotNow, match="Together Works, which is related to Kingdom Wheels"):
        add_panel_member(tender=tender, person=scorer, by=officer)
    assert not tender.panel.exists()


def test_the_buyer_reads_who_took_part_beside_the_papers(client, tender):
    joint_company(PartnerFactory(partnership=tender.partnership, organisation__name="Kingdom Wheels").organisation)
    client.force_login(person_as(PartnershipRole.PROCUREMENT_OFFICER, tender.partnership, organisation=tender.buyer))
    page = client.get(reverse("procurement:papers", args=[tender.public_id])).content.decode()
    assert "Together Works is related to Kingdom Wheels" in page
