"""What most tests of partnerships begin with; a file that needs more has a fixture of its own by the same name."""

import pytest

from partnerships.models import Partnership
from partnerships.roles import PartnershipRole
from tests.factories.partnerships import PartnershipFactory, both_leads_as_partners, person_as


@pytest.fixture
def partnership() -> Partnership:
    """In design, with both leads as partners."""
    partnership = PartnershipFactory()
    both_leads_as_partners(partnership)
    return partnership


@pytest.fixture
def public(partnership):
    return person_as(PartnershipRole.PUBLIC_LEAD, partnership, organisation=partnership.public_lead)


@pytest.fixture
def third(partnership):
    return person_as(PartnershipRole.THIRD_SECTOR_LEAD, partnership, organisation=partnership.third_sector_lead)
