"""The demo's mails of the past: each went out on its own day, and what is older than a week has been read.

Without this, everything that three years of story had to tell would be waiting when the worker starts.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import F
from django.utils.timezone import localdate

from foundation.database import clock
from foundation.delivery.delivery import drain
from foundation.delivery.models import MailState, OutboxMail
from foundation.rendering.models import OPEN_STATES, RenderJob
from psp_portal.demo.clockwork import midday

READ_AFTER = timedelta(days=1)
NOT_READ = timedelta(days=7)
WAITING = (MailState.UNSORTED, MailState.PENDING)


def what_went_out() -> None:
    """Only as files: a mail server is not asked to carry what is invented. Documents, too, wait from today on."""
    RenderJob.objects.filter(state__in=OPEN_STATES).update(created_at=clock.now())  # the worker begins with them today
    if settings.MAIL_URL != "file":
        return
    today = clock.today()
    waiting = OutboxMail.objects.filter(state__in=WAITING)
    waiting.filter(next_try_at=None).update(next_try_at=F("created_at"))  # so that none goes out before it was written
    written = waiting.order_by().values_list("created_at", flat=True)
    for day in sorted({localdate(at) for at in written} - {today}):
        with midday(day, 18):
            drain(limit=1000)
    old = OutboxMail.objects.filter(to__isnull=False, created_at__lt=clock.now() - NOT_READ).unread()
    for mail in old.only("created_at"):
        OutboxMail.objects.filter(pk=mail.pk).update(read_at=mail.created_at + READ_AFTER)
