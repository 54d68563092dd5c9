from accounts.models.invitation import Invitation
from accounts.models.kin import FormerName, LinkKind, OrganisationLink
from accounts.models.organisation import SECTOR_OF, Organisation, OrganisationKind, Sector
from accounts.models.person import Person

__all__ = [
    "SECTOR_OF",
    "FormerName",
    "Invitation",
    "LinkKind",
    "Organisation",
    "OrganisationKind",
    "OrganisationLink",
    "Person",
    "Sector",
]
