from accounts.models.invitation import Invitation
from accounts.models.organisation import SECTOR_OF, Organisation, OrganisationKind, Sector
from accounts.models.person import Person

__all__ = ["SECTOR_OF", "Invitation", "Organisation", "OrganisationKind", "Person", "Sector"]
