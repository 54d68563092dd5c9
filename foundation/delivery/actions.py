"""What a person decides about a mail: send it again, or note that it arrived. Who may ask is the roof's business."""

from typing import TYPE_CHECKING

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.delivery.models import MailState, OutboxMail
from foundation.delivery.outcomes import kept_context
from foundation.policy.refusals import stop_if

if TYPE_CHECKING:
    from accounts.models import Person


def blockers_to_resend(mail: OutboxMail) -> list[str]:
    """Only a mail nobody is working on, and that did not certainly arrive, is sent again."""
    if not mail.to_address:
        return ["The address was deleted: whoever has no account is written to once."]
    if mail.state in (MailState.HELD, MailState.DEAD):
        return []
    return [f"Only a mail that is held or could not be sent is sent again. This one: {mail.get_state_display()}."]


def blockers_to_mark_sent(mail: OutboxMail) -> list[str]:
    """Only a mail in doubt can be said to have arrived."""
    if mail.state == MailState.HELD:
        return []
    return [f"Only a mail that is held can be marked as arrived. This one: {mail.get_state_display()}."]


@verb("mail.resend", on="mail")
def resend(*, mail: OutboxMail, by: "Person") -> None:
    """Put a mail back into the queue, under the Message-ID it had: a receiver who has it can drop the repeat."""
    mail = locked(mail)
    stop_if(blockers_to_resend(mail))
    was = mail.state
    mail.state, mail.next_try_at, mail.last_error = MailState.PENDING, None, ""
    mail.save(update_fields=["state", "next_try_at", "last_error"])
    record("mail.resend", on=mail, by=by, summary=f"sent “{mail}” to {mail.recipient} again", before={"state": was})


@verb("mail.mark_sent", on="mail")
def mark_sent(*, mail: OutboxMail, by: "Person") -> None:
    """Note that a held mail arrived: the person it is for said so."""
    mail = locked(mail)
    stop_if(blockers_to_mark_sent(mail))
    mail.state, mail.sent_at, mail.context = MailState.SENT, clock.now(), kept_context(mail)
    mail.save(update_fields=["state", "sent_at", "context"])
    record("mail.mark_sent", on=mail, by=by, summary=f"noted that “{mail}” reached {mail.recipient}")
