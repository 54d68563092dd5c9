"""The desk: a form for everybody, the page that says what happens next, and the publishers' register."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.views.shared import network_address, person_of
from foundation.database import clock
from foundation.forms.submit import carry_out, posted
from lessons.actions.desk import ask_for_format, settle_request
from lessons.forms.desk import AskForm, SettleForm
from lessons.models import FormatRequest, RequestState
from lessons.models.desk import DETAILS_KEPT_DAYS, FormatRequestQuerySet
from lessons.receipts import receipts_of
from lessons.views.formats import publication_for

PER_PAGE = 25


def ask(request: HttpRequest, what: str, of_id: str) -> HttpResponse:
    of = publication_for(request, what, of_id)
    form = AskForm(posted(request), page=of.row.public_id, cancel_url=f"{of.path}#formats")
    by = person_of(request) if request.user.is_authenticated else None
    made: list[FormatRequest] = []

    def action() -> None:
        made.append(ask_for_format(row=of.row, **form.values(), sender=network_address(request), by=by))

    if request.method == "POST" and carry_out(request, form, action, done="Thank you. Your request has arrived."):
        return redirect("lessons:format_asked", made[0].public_id) if made else redirect(of.path)
    return render(request, "lessons/format_ask.html", {"form": form, "of": of, "days": DETAILS_KEPT_DAYS})


def asked(request: HttpRequest, request_id: str) -> HttpResponse:
    """Reference and promised date, for whoever has the address; nothing of who asked or for what."""
    found = get_object_or_404(_requests(), public_id=request_id)
    return render(request, "lessons/format_asked.html", {"asked": found})


def register(request: HttpRequest) -> HttpResponse:
    """Waiting ones first, the earliest promise first; then the settled ones, newest first."""
    waiting = list(_requests().waiting().order_by("promised_on", "number"))
    settled = _requests().exclude(state=RequestState.WAITING)
    page = Paginator(settled, PER_PAGE).get_page(request.GET.get("page"))
    today, receipts = clock.today(), receipts_of([*waiting, *page])
    context = {
        "waiting": [(row, row.is_late(today), receipts[row.pk]) for row in waiting],
        "settled": [(row, receipts[row.pk]) for row in page],
        "page_obj": page,
    }
    return render(request, "lessons/format_requests.html", context)


def settle(request: HttpRequest, request_id: str) -> HttpResponse:
    found = get_object_or_404(_requests(), public_id=request_id)
    if found.state != RequestState.WAITING and request.method == "GET":
        return redirect("lessons:format_requests")
    form = SettleForm(posted(request), version=found.version, cancel_url=reverse("lessons:format_requests"))

    def action() -> None:
        settle_request(request=found, by=person_of(request), version=form.version, **form.values())

    if request.method == "POST" and carry_out(request, form, action, done="The request is settled."):
        return redirect("lessons:format_requests")
    context = {"form": form, "asked": found, "receipt": receipts_of([found])[found.pk]}
    return render(request, "lessons/format_settle.html", context)


def _requests() -> FormatRequestQuerySet:
    return FormatRequest.objects.select_related("report", "learning_point__series", "profile", "settled_by")
