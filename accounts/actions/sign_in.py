"""Coming and going: every sign-in, refused sign-in and change of password is an event in the person's history."""

from django.db import transaction

from accounts.models import Person
from accounts.models.person import clean_address
from accounts.notifications import mail_password_changed, mail_password_reset
from foundation.audit.events import record
from foundation.audit.models import Outcome
from foundation.database import clock


class SignInPage:
    """What a sign-in with an unknown address is recorded on. The address is not: it may be a mistyped password."""

    public_id = "sign-in"
    audit_scope = "portal"

    def __str__(self) -> str:
        return "Sign-in"


def record_sign_in(person: Person) -> None:
    record("person.sign_in", on=person, by=person, summary="signed in")


def record_sign_out(person: Person) -> None:
    record("person.sign_out", on=person, by=person, summary="signed out")


def record_refused_sign_in(address: str, *, reason: str) -> None:
    """One event either way, so that a known and an unknown address take the same time and leave the same trace."""
    person = Person.objects.filter(email=clean_address(address)).first()
    record(
        "person.sign_in",
        on=person or SignInPage(),
        by=None,
        summary="refused a sign-in",
        reason=reason,
        outcome=Outcome.REFUSED,
    )


def send_password_reset(person: Person) -> None:
    """Mail a link to choose a new password."""
    with transaction.atomic():
        mail_password_reset(person)
        record("person.ask_password_reset", on=person, by=None, summary="sent a link to choose a new password")


def set_password(person: Person, password: str) -> None:
    """Change the password; every other session of the person ends, and links of invitations stop working."""
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        person.invitations.open().update(expires_at=clock.now())
        mail_password_changed(person)
        record("person.set_password", on=person, by=person, summary="chose a new password")
