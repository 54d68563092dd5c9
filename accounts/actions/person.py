"""People: correct their facts, give a portal-wide role, close and reopen an account, make the first administrator."""

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from accounts.actions.invitation import START, open_invitation, send_invitation
from accounts.models import Invitation, Organisation, Person
from accounts.models.organisation import Sector
from accounts.models.person import clean_address
from accounts.permissions import Ability, can, require
from accounts.roles import PortalRole
from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if


@verb("person.edit", on="person")
def edit_person(
    *,
    person: Person,
    name: str,
    job_title: str = "",
    organisation: Organisation | None = None,
    by: Person,
    version: int | None = None,
) -> None:
    """Correct a name, a post or (keepers of the register only) the organisation a person acts for."""
    person = locked(person, version=version)
    if by.pk != person.pk or organisation is not None:
        require(by, Ability.KEEP_REGISTER)
    before = _facts(person)
    person.name, person.job_title = name, job_title
    if organisation is not None:
        person.organisation = organisation
    person.version += 1
    person.save(update_fields=["name", "job_title", "organisation", "version"])
    record("person.edit", on=person, by=by, summary=f"changed the facts of {person}", before=before,
           after=_facts(person))  # fmt: skip


def blockers_to_give_role(person: Person, role: str) -> list[str]:
    """Why a person cannot be given a portal-wide role, or lose the one they have."""
    if not person.is_active:
        return [f"{person}'s account is closed. Reopen it first."]
    if role == PortalRole.COMMISSIONER and person.organisation and person.organisation.sector != Sector.PUBLIC:
        kind = person.organisation.get_kind_display().lower()
        return [f"A commissioner works for a public body. {person.organisation} is in the register as: {kind}."]
    return _last_administrator(person) if role != PortalRole.ADMINISTRATOR else []


@verb("person.give_role", on="person")
def give_portal_role(*, person: Person, role: str, by: Person, version: int | None = None) -> None:
    """Give a person one portal-wide role in place of the one they had. It counts from their next click."""
    _lock_administrators()
    person = locked(person, version=version)
    require(by, Ability.MANAGE_PEOPLE)
    stop_if(blockers_to_give_role(person, role))
    before = person.portal_role
    person.portal_role, person.version = PortalRole(role), person.version + 1
    person.save(update_fields=["portal_role", "version"])
    record(
        "person.give_role",
        on=person,
        by=by,
        summary=f"made {person}: {PortalRole(role).label}",
        before={"portal_role": before},
        after={"portal_role": role},
    )


def blockers_to_close(person: Person) -> list[str]:
    """Why an account cannot be closed."""
    return _last_administrator(person) if person.is_active else [f"{person}'s account is closed already."]


@verb("person.close_account", on="person")
def close_account(*, person: Person, reason: str, by: Person, version: int | None = None) -> None:
    """End every session and invitation of a person for good. What they did stays, with their name."""
    _lock_administrators()
    person = locked(person, version=version)
    require(by, Ability.MANAGE_PEOPLE)
    stop_if(blockers_to_close(person))
    person.is_active, person.version = False, person.version + 1
    # Without a password, a session of today is not valid again when the account is reopened.
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password", "version"])
    person.invitations.open().update(expires_at=clock.now())
    record("person.close_account", on=person, by=by, summary=f"closed the account of {person}", reason=reason)


def blockers_to_reopen(person: Person) -> list[str]:
    return [f"{person}'s account is open."] if person.is_active else []


@verb("person.reopen_account", on="person")
def reopen_account(*, person: Person, by: Person) -> None:
    """Open a closed account and invite its person to choose a new password."""
    person = locked(person)
    require(by, Ability.MANAGE_PEOPLE)
    stop_if(blockers_to_reopen(person))
    person.is_active, person.version = True, person.version + 1
    person.save(update_fields=["is_active", "version"])
    record("person.reopen_account", on=person, by=by, summary=f"reopened the account of {person}")
    send_invitation(person, opens=START, message="", by=by)


def create_administrator(*, email: str, name: str, password: str | None = None) -> Invitation | None:
    """The person who lets everyone else in, made from the command line: with a password, or with an invitation."""
    with transaction.atomic():
        person, is_new = Person.objects.get_or_create(
            email=clean_address(email), defaults={"name": name, "password": make_password(None)}
        )
        if password is not None:
            validate_password(password, person)
            person.set_password(password)
        person.portal_role, person.is_active = PortalRole.ADMINISTRATOR, True
        person.version += 0 if is_new else 1
        person.save(update_fields=["portal_role", "is_active", "password", "version"])
        record("person.create_administrator", on=person, by=None, summary=f"made {person} a portal administrator")
        return None if person.can_sign_in else open_invitation(person, opens=START, message="", by=None)


def _last_administrator(person: Person) -> list[str]:
    """The portal must keep somebody who can let others in: an administrator with an open account and a password."""
    if not can(person, Ability.MANAGE_PEOPLE):
        return []
    others = Person.objects.filter(portal_role=PortalRole.ADMINISTRATOR, is_active=True).exclude(pk=person.pk)
    if any(other.can_sign_in for other in others):
        return []
    return [f"{person} is the only portal administrator who can sign in. Make somebody else an administrator first."]


def _lock_administrators() -> None:
    """Two administrators who demote each other at the same second must queue."""
    list(Person.objects.select_for_update().filter(portal_role=PortalRole.ADMINISTRATOR).order_by("pk"))


def _facts(person: Person) -> dict[str, str]:
    return {"name": person.name, "job_title": person.job_title, "organisation": str(person.organisation or "")}
