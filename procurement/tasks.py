"""The worker's part: close tenders whose deadline has passed."""

from celery import shared_task

from procurement.actions.publication import close_all_due


@shared_task
def close_due() -> int:
    return close_all_due()
