"""Forgetting the addresses of people without an account: once their mail is sent, or when it is too late for it."""

from datetime import datetime

from django.db.models import Q

from foundation.delivery.models import IN_HAND, MailState, OutboxMail


def forget_addresses(*, written_before: datetime) -> int:
    """Delete the address from each mail that was sent, or was written before that moment; how many there were.

    The last problem goes with it: a mail server's words may quote the address. The rest of the row stays in the ledger.
    """
    strangers = OutboxMail.objects.filter(to=None).exclude(to_address="").exclude(state__in=IN_HAND)
    over = Q(state=MailState.SENT) | Q(created_at__lt=written_before)
    return strangers.filter(over).update(to_address="", last_error="")
