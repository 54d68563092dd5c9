"""When the portal told people that their request for a format has arrived: from the mail ledger, in words."""

from collections.abc import Sequence

from foundation.database.clock import local
from foundation.delivery.models import MailState, OutboxMail
from lessons.models import FormatRequest

ON_THE_PAGE = "On the page, when they asked: they gave no e-mail address"
STUCK = {
    MailState.HELD: "Not known: the mail may or may not have arrived",
    MailState.DEAD: "Not by mail: it could not be sent",
}


def receipts_of(requests: Sequence[FormatRequest]) -> dict[int, str]:
    """By the id of each request. One query, none for no request."""
    keys = {row.receipt_key: row.pk for row in requests}
    mails = OutboxMail.objects.filter(key__in=keys).only("key", "state", "sent_at") if keys else ()
    return {row.pk: ON_THE_PAGE for row in requests} | {keys[mail.key]: in_words(mail) for mail in mails}


def in_words(mail: OutboxMail) -> str:
    if mail.sent_at:
        return f"By e-mail, {local(mail.sent_at)}"
    return STUCK.get(MailState(mail.state), "The mail is about to be sent")
