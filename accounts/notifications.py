"""The mails of this app. Their links are made when they are sent: no key to an account lies in the database."""

import secrets
from typing import TYPE_CHECKING

from django.conf import settings

from accounts.models import Invitation, Person
from foundation.delivery.outbox import enqueue

if TYPE_CHECKING:
    from foundation.delivery.models import OutboxMail


def mail_invitation(invitation: Invitation) -> "OutboxMail":
    host = str(invitation.invited_by) if invitation.invited_by else f"The {settings.SITE_NAME}"
    return enqueue(
        kind="invitation",
        key=f"invitation:{invitation.public_id}",
        to=invitation.person,
        subject=f"{host} invites you to the {settings.SITE_NAME}",
        template="emails/accounts/invitation",
        context={
            "invitation": invitation.public_id,
            "name": invitation.person.name,
            "host": host,
            "message": invitation.message,
        },
        why=f"You get this mail because {host} gave us your address to invite you.",
        scope=invitation.audit_scope,
    )


def mail_password_reset(person: Person) -> "OutboxMail":
    """A link to choose a new password. Every request is an occasion of its own."""
    return enqueue(
        kind="invitation",
        key=f"password-reset:{person.public_id}:{secrets.token_hex(8)}",
        to=person,
        subject=f"Choose a new password for the {settings.SITE_NAME}",
        template="emails/accounts/password_reset",
        context={"person": person.public_id, "name": person.name},
        why="You get this mail because somebody, probably you, asked for it on the sign-in page.",
        scope=person.audit_scope,
    )


def mail_password_changed(person: Person) -> "OutboxMail":
    return enqueue(
        kind="notice",
        key=f"password-changed:{person.public_id}:{secrets.token_hex(8)}",
        to=person,
        subject=f"Your password for the {settings.SITE_NAME} was changed",
        template="emails/accounts/password_changed",
        context={"name": person.name},
        why="You get this mail because we tell everyone when their password changes.",
        scope=person.audit_scope,
    )
