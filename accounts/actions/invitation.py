"""Invitations: the only way into the portal. Invite, send again, accept."""

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localtime

from accounts.models import Organisation, Person
from accounts.models.invitation import Invitation, hash_of, token_for
from accounts.models.person import clean_address
from accounts.notifications import mail_invitation
from accounts.permissions import Ability, require
from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import AlreadyDone, NotNow, stop_if

START = "/"


def invite(
    *, email: str, name: str, organisation: Organisation, opens: str = START, message: str = "", by: Person
) -> Person:
    """The person with this address: new, and invited, if the portal did not know it; as they are if it did.

    For an action that has asked whether `by` may bring somebody in. Who has a password already gets no mail.
    """
    with transaction.atomic():
        person, _ = Person.objects.get_or_create(
            email=clean_address(email),
            defaults={"name": name, "organisation": organisation, "password": make_password(None)},
        )
        if not person.is_active:
            raise NotNow("This person's account is closed. Ask a portal administrator to reopen it first.")
        if not person.can_sign_in:
            send_invitation(person, opens=opens, message=message, by=by)
    return person


@verb("person.invite", on="by")
def invite_to_portal(*, email: str, name: str, organisation: Organisation, message: str = "", by: Person) -> Person:
    """Bring somebody into the portal without a part in anything yet."""
    require(by, Ability.INVITE)
    return invite(email=email, name=name, organisation=organisation, message=message, by=by)


def blockers_to_resend(person: Person) -> list[str]:
    """Why a person cannot be sent a new invitation."""
    if not person.is_active:
        return [f"{person}'s account is closed."]
    return [f"{person} has chosen a password already."] if person.has_usable_password() else []


@verb("invitation.resend", on="person")
def resend_invitation(*, person: Person, by: Person) -> Invitation:
    """A fresh link, open for 14 days, with the last message and on the same page; the old link stops working."""
    person = locked(person)
    require(by, Ability.INVITE)
    stop_if(blockers_to_resend(person))
    last = person.invitations.first()
    return send_invitation(person, opens=last.opens if last else START, message=last.message if last else "", by=by)


def send_invitation(person: Person, *, opens: str, message: str, by: Person | None) -> Invitation:
    """Write the invitation and its mail; earlier links of this person stop working."""
    invitation = open_invitation(person, opens=opens, message=message, by=by)
    mail_invitation(invitation)
    return invitation


def open_invitation(person: Person, *, opens: str, message: str, by: Person | None) -> Invitation:
    """The invitation alone, for whoever hands the link over in another way than by mail."""
    person.invitations.open().update(expires_at=clock.now())
    invitation = Invitation(person=person, invited_by=by, opens=opens, message=message)
    invitation.token_hash = hash_of(token_for(invitation.public_id))
    invitation.save()
    record(
        "invitation.send",
        on=invitation,
        by=by,
        summary=f"invited {person} ({person.email})",
        after={"opens": opens, "expires_at": invitation.expires_at.isoformat()},
    )
    return invitation


def blockers_to_accept(invitation: Invitation) -> list[str]:
    """Why the link no longer lets its person in."""
    person = invitation.person
    if not person.is_active:
        return ["This account is closed. Ask the person who invited you, or a portal administrator."]
    if invitation.accepted_at or person.has_usable_password():
        return ["This invitation has been used: a password was chosen. Sign in with it."]
    if not invitation.is_open:
        return [f"This link stopped working on {localtime(invitation.expires_at):%-d %B %Y}. Ask for a new invitation."]
    return []


@verb("invitation.accept", on="invitation")
def accept_invitation(*, invitation: Invitation, password: str, by: Person) -> None:
    """Choose the first password. The link works once; sent again with the same password it changes nothing."""
    person = locked(invitation.person)
    invitation = locked(invitation)
    invitation.person = person
    if invitation.accepted_at and person.is_active and person.check_password(password):
        raise AlreadyDone("Your password was already saved.")
    stop_if(blockers_to_accept(invitation))
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise ValidationError({"password1": error.messages}) from None
    person.set_password(password)
    person.save(update_fields=["password"])
    invitation.accepted_at = clock.now()
    invitation.save(update_fields=["accepted_at"])
    record("invitation.accept", on=invitation, by=person, summary="accepted the invitation")
