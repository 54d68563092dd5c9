"""The desk: a format or a language somebody asks for, and how it was settled.

What was typed never enters the audit trail, which cannot forget. A request is promised within ten working days.
"""

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.delivery import outbox
from foundation.policy.refusals import stop_if
from foundation.workdays.arithmetic import add_working_days
from foundation.workdays.models import holidays
from lessons.actions.numbering import take_number
from lessons.models import FormatRequest, RequestState
from lessons.models.desk import DETAILS, DETAILS_KEPT_DAYS
from lessons.permissions import require_publisher
from lessons.publications import Publication, Published, publication_of
from partnerships.actions.idea import count_one_more

if TYPE_CHECKING:
    from accounts.models import Person

SERIES = "Format requests"
WORKING_DAYS = 10


@verb("format_request.ask", on="row")
def ask_for_format(
    *,
    row: Published,
    wanted: str,
    name: str,
    email: str,
    contact: str,
    sender: str,
    by: "Person | None" = None,
) -> FormatRequest:
    """Put a request on the register. `sender` is a network address, of which only a hash is kept for two days."""
    if not wanted.strip():
        raise ValidationError({"wanted": "Write which format or language you need."})
    if not email.strip() and not contact.strip():
        raise ValidationError({"email": "Give an e-mail address, or say below how else to reach you."})
    count_one_more(sender, "requests")
    owner = publication_of(row).owner
    request = FormatRequest.objects.create(
        number=take_number(SERIES),
        wanted=wanted,
        name=name,
        email=email,
        contact=contact,
        promised_on=add_working_days(clock.today(), WORKING_DAYS, holidays()),
        **owner,
    )
    if email:
        _mail(request, "emails/lessons/request_received", email)
    record("format_request.ask", on=request, by=by, summary=f"received request {request.reference} for another format")
    return request


@verb("format_request.settle", on="request")
def settle_request(
    *,
    request: FormatRequest,
    state: str,
    supplier: str,
    cost: Decimal | None,
    note: str,
    by: "Person",
    version: int | None = None,
) -> FormatRequest:
    """Say that it was delivered or could not be made; who asked is told if they gave an address, and then forgotten."""
    request = locked(request, version=version)
    require_publisher(by)
    stop_if([] if request.state == RequestState.WAITING else [f"Request {request.reference} is settled already."])
    if state not in (RequestState.DELIVERED, RequestState.DECLINED):
        raise ValidationError({"state": "Choose whether it was delivered or could not be made."})
    if state == RequestState.DECLINED and not note.strip():
        raise ValidationError({"note": "Say why it could not be made. Whoever asked is told."})
    email = request.email
    for field in DETAILS:
        setattr(request, field, "")
    request.state, request.supplier, request.cost, request.note = state, supplier, cost, note
    request.settled_on, request.settled_by, request.version = clock.today(), by, request.version + 1
    request.save()
    if email:
        _mail(request, "emails/lessons/request_settled", email)
    told = "was delivered" if state == RequestState.DELIVERED else "could not be made"
    record("format_request.settle", on=request, by=by, summary=f"request {request.reference} {told}")
    return request


def forget_details() -> int:
    """What the timetable does: the details of requests that nobody settled in time; how many there were."""
    over = clock.now() - timedelta(days=DETAILS_KEPT_DAYS)
    waiting = FormatRequest.objects.waiting().with_details().filter(created_at__lt=over)
    return sum(forget_details_of(request=request, by=None) for request in waiting.order_by("pk"))


@verb("format_request.forget", on="request")
def forget_details_of(*, request: FormatRequest, by: None) -> bool:
    """Delete who asked: nobody settled it in time. The request stays, and stays late. False: there is nothing left."""
    request = locked(request)
    if not any(getattr(request, name) for name in DETAILS):
        return False
    for name in DETAILS:
        setattr(request, name, "")
    request.version += 1
    request.save(update_fields=[*DETAILS, "version"])
    days = DETAILS_KEPT_DAYS
    told = f"deleted who asked for {request.reference}: nobody settled it in {days} days"
    record("format_request.forget", on=request, by=by, summary=told)
    return True


def _mail(request: FormatRequest, template: str, email: str) -> None:
    of = Publication(report=request.report, point=request.learning_point, profile=request.profile)
    outbox.enqueue(
        kind="answer",
        key=f"format-request:{request.public_id}:{request.state}",
        to=None,
        address=email,
        subject=f"Your request {request.reference}: {of.title}",
        template=template,
        context={
            "reference": request.reference,
            "title": of.title,
            "promised_on": f"{request.promised_on:%-d %B %Y}",
            "delivered": request.state == RequestState.DELIVERED,
            "note": request.note,
            "path": of.path,
        },
        why="You get this mail because you asked for another format or language and gave this address.",
        scope=request.audit_scope,
    )
