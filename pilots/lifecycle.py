"""The states of a monthly return and who moves it on. `partnerships.permissions` says who holds which ability."""

from django.db import models


class ReturnState(models.TextChoices):
    PLANNED = "planned", "Not started"
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted, waiting to be accepted"
    RETURNED = "returned", "Sent back with a note"
    ACCEPTED = "accepted", "Accepted"
    SUPERSEDED = "superseded", "Replaced by a correction"


# While a return is in one of these it waits for the people who log progress; otherwise its figures are fixed.
TO_FILL_IN = (ReturnState.PLANNED, ReturnState.DRAFT, ReturnState.RETURNED)
# A second person took its figures as true; only the newest of them count.
ONCE_ACCEPTED = (ReturnState.ACCEPTED, ReturnState.SUPERSEDED)
# Its figures were checked and sent: what the next month carries over from.
SENT = (ReturnState.SUBMITTED, ReturnState.ACCEPTED)
