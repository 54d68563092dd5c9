"""The register: organisations and people, brought in as an administrator would."""

from accounts.actions.invitation import accept_invitation, invite_to_portal
from accounts.actions.organisation import add_organisation
from accounts.actions.person import create_administrator, edit_person, give_portal_role
from accounts.models import Organisation, Person
from accounts.roles import PortalRole
from psp_portal.demo.kin import tie_together
from psp_portal.demo.personas import ADMINISTRATOR, DEMO_PASSWORD, EVERYBODY, ORGANISATIONS, Persona


def person(persona: Persona) -> Person:
    return Person.objects.get(email=persona.email)


def organisation(name: str) -> Organisation:
    return Organisation.objects.get(name=name)


def bring_in_everybody() -> None:
    """The administrator first, then the organisations, then everyone else by invitation."""
    create_administrator(email=ADMINISTRATOR.email, name=ADMINISTRATOR.name, password=DEMO_PASSWORD)
    administrator = person(ADMINISTRATOR)
    for name, (kind, about) in ORGANISATIONS.items():
        add_organisation(name=name, kind=kind, about=about, by=administrator)
    tie_together(administrator)
    _describe(ADMINISTRATOR, administrator, administrator)
    for persona in EVERYBODY[1:]:
        invite_to_portal(
            email=persona.email, name=persona.name, organisation=organisation(persona.organisation), by=administrator
        )
        invited = person(persona)
        _describe(persona, invited, administrator)
        if persona.label:
            accept_invitation(invitation=invited.invitations.get(), password=DEMO_PASSWORD, by=invited)
        if persona.portal_role != PortalRole.NONE:
            give_portal_role(person=invited, role=persona.portal_role, by=administrator)


def _describe(persona: Persona, who: Person, administrator: Person) -> None:
    edit_person(
        person=who,
        name=persona.name,
        job_title=persona.job_title,
        organisation=organisation(persona.organisation),
        by=administrator,
    )
