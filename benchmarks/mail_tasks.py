"""The design that the outbox replaced: one Celery task for each reminder, one connection for each mail."""

from celery import shared_task


@shared_task(name="benchmarks.one_reminder")
def one_reminder(pk: int) -> None:
    from django.core.mail import get_connection

    from benchmarks.mails import django_message
    from foundation.database import clock
    from foundation.delivery.models import MailState, OutboxMail

    mail = OutboxMail.objects.select_related("to").get(pk=pk)
    if mail.state == MailState.PENDING:
        django_message(mail, get_connection()).send()
        OutboxMail.objects.filter(pk=pk).update(state=MailState.SENT, sent_at=clock.now())
