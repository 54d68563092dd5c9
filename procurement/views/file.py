"""The buyer's file: prepare, edit, weigh, publish, extend, abandon, and read the history."""

from datetime import datetime

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.audit import history as audit
from foundation.database import clock
from foundation.database.clock import local
from foundation.forms.base import ConfirmForm
from foundation.forms.submit import carry_out, posted
from foundation.policy.refusals import stop_if
from foundation.workdays.models import bank_holidays
from partnerships.views.shared import partnership_for, partnership_page
from procurement.actions import preparation, publication
from procurement.forms.preparation import (
    AbandonForm,
    CriteriaForm,
    ExtendForm,
    PrepareForm,
    TenderForm,
    percent,
)
from procurement.lifecycle import TenderState
from procurement.models import Award, Tender
from procurement.permissions import Ability, buyer_roles, require_to_prepare
from procurement.readiness import checklist, criteria_total, stage_blockers
from procurement.roles import TenderRole
from procurement.timetable import DEADLINE_FOR_BIDS, DEADLINE_FOR_QUESTIONS, LAST_DAY_FOR_ANSWERS, planned_answer_on
from procurement.views.shared import file_for, file_form, file_page


def tender_of(request: HttpRequest, partnership_id: str) -> HttpResponse:
    """The partnership's tab: the way into the file for the buyer, into the notice for everybody else."""
    partnership = partnership_for(request, partnership_id)
    stop_if(stage_blockers(partnership))
    roles = buyer_roles(person_of(request), partnership)
    tenders = Tender.objects.filter(partnership=partnership)
    shown = list(tenders) if roles else list(tenders.published())
    return partnership_page(
        request,
        partnership,
        "tender",
        "procurement/tender_of.html",
        tenders=shown,
        is_buyer=bool(roles),
        may_prepare=TenderRole.OFFICER in roles,
        blockers=preparation.blockers_to_prepare(partnership) if roles else [],
    )


def prepare(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    person = person_of(request)
    require_to_prepare(person, partnership)
    form = PrepareForm(posted(request), cancel_url=reverse("procurement:tender_of", args=[partnership.public_id]))
    started: list[Tender] = []

    def action() -> None:
        started.append(preparation.prepare_tender(partnership=partnership, **form.values(), by=person))

    if request.method == "POST" and carry_out(request, form, action, done="The tender is started."):
        if started:
            return redirect("procurement:tender", started[0].public_id)
        return redirect("procurement:tender_of", partnership.public_id)
    return partnership_page(
        request, partnership, "tender", "procurement/prepare.html", form=form, heading="Prepare a tender"
    )


def tender(request: HttpRequest, tender_id: str) -> HttpResponse:
    found = file_for(request, tender_id, Ability.READ_FILE)
    prefetch_related_objects([found], "criteria")
    lines = checklist(found) if found.state == TenderState.PREPARING else []
    return file_page(
        request,
        found,
        "tender",
        "procurement/tender.html",
        checklist=lines,
        unready=any(line.missing for line in lines),
        criteria=found.criteria.all(),
        total=criteria_total(found),
        dates=_dates(found),
        changes=[(local(c.moved_from), local(c.moved_to), c.reason) for c in found.deadline_changes.all()],
        clock=local(clock.database_now()),
    )


def _dates(tender: Tender) -> list[tuple[str, str]]:
    moments = [
        ("Notice published", tender.published_at), (DEADLINE_FOR_QUESTIONS, tender.question_deadline_at),
        (DEADLINE_FOR_BIDS, tender.deadline_at), ("Bids closed", tender.closed_at), ("Bids opened", tender.opened_at),
        ("Agreed scores locked", tender.quality_locked_at), ("Abandoned", tender.abandoned_at),
    ]  # fmt: skip
    dates = [(name, _moment(moment, tender)) for name, moment in moments if moment]
    if tender.last_answer_on:
        place = next((n for n, (name, _) in enumerate(dates) if name == DEADLINE_FOR_BIDS), len(dates))
        dates.insert(place, (LAST_DAY_FOR_ANSWERS, _answer_day(tender)))
    award = Award.objects.filter(tender=tender).first()
    if award and award.standstill_ends_on:
        dates.append(("Standstill ends", f"midnight at the end of {award.standstill_ends_on:%A %-d %B %Y}"))
    if award and award.signed_on:
        dates.append(("Contract signed", f"{award.signed_on:%-d %B %Y}"))
    if tender.state == TenderState.OPEN and tender.last_answer_on:
        plan = planned_answer_on(tender.last_answer_on, bank_holidays())
        dates.append(("Plan the last answer for", f"{plan:%A %-d %B %Y}"))
    return dates


def _moment(moment: datetime, tender: Tender) -> str:
    """As it is read in Scotland; a date that nobody can keep any more is told as such while it can be changed."""
    over = tender.state == TenderState.PREPARING and moment <= clock.now()
    return f"{local(moment)}, which is in the past" if over else local(moment)


def _answer_day(tender: Tender) -> str:
    chosen = "set by the officer" if tender.answers_due_on else "the last day permitted"
    return f"{tender.last_answer_on:%-d %B %Y}, {chosen}"


def edit(request: HttpRequest, tender_id: str) -> HttpResponse:
    found = file_for(request, tender_id, Ability.PREPARE)
    back = reverse("procurement:tender", args=[found.public_id])
    form = TenderForm(posted(request), initial=TenderForm.initial_of(found), version=found.version, cancel_url=back)

    def action() -> None:
        preparation.edit_tender(tender=found, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The tender is saved."):
        return redirect(back)
    return file_form(request, found, "tender", form, "Edit the tender", blockers=preparation.blockers_to_edit(found))


def criteria(request: HttpRequest, tender_id: str) -> HttpResponse:
    found = file_for(request, tender_id, Ability.PREPARE)
    back = reverse("procurement:tender", args=[found.public_id])
    form = CriteriaForm(
        posted(request), criteria=list(found.criteria.all()), initial={"price_weight": percent(found.price_weight)},
        version=found.version, cancel_url=back,
    )  # fmt: skip
    counting = "total" in request.POST

    def action() -> None:
        preparation.set_criteria(
            tender=found, price_weight=form.cleaned_data["price_weight"], lines=form.lines(), by=person_of(request),
            version=form.version,
        )  # fmt: skip

    if request.method == "POST" and not counting and carry_out(request, form, action, done="The criteria are saved."):
        return redirect(back)
    total = form.total() if form.is_bound and (form.is_valid() or form.cleaned_data) else criteria_total(found)
    return file_page(request, found, "tender", "procurement/criteria.html", form=form, total=total)


def publish_notice(request: HttpRequest, tender_id: str) -> HttpResponse:
    found = file_for(request, tender_id, Ability.PREPARE)
    back = reverse("procurement:tender", args=[found.public_id])
    form = ConfirmForm(posted(request), button="Publish the notice", version=found.version, cancel_url=back)

    def action() -> None:
        publication.publish(tender=found, by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The notice is out. Everybody can read it."):
        return redirect(back)
    lines = checklist(found) if found.state == TenderState.PREPARING else []
    released = [paper for paper in found.papers.all() if paper.is_released]
    return file_page(
        request,
        found,
        "tender",
        "procurement/publish.html",
        form=form,
        checklist=lines,
        released=released,
        unready=any(line.missing for line in lines),
    )


def extend(request: HttpRequest, tender_id: str) -> HttpResponse:
    found = file_for(request, tender_id, Ability.PREPARE)
    back = reverse("procurement:tender", args=[found.public_id])
    form = ExtendForm(posted(request), version=found.version, cancel_url=back)

    def action() -> None:
        publication.extend_deadline(tender=found, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The deadline is extended. All are told."):
        return redirect(back)
    blockers = publication.blockers_to_extend(found)
    return file_form(request, found, "tender", form, "Extend the deadline for all bidders", blockers=blockers)


def abandon_tender(request: HttpRequest, tender_id: str) -> HttpResponse:
    found = file_for(request, tender_id, Ability.AWARD)
    back = reverse("procurement:tender", args=[found.public_id])
    form = AbandonForm(posted(request), version=found.version, cancel_url=back)

    def action() -> None:
        publication.abandon(tender=found, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The tender is abandoned. All are told."):
        return redirect(back)
    blockers = publication.blockers_to_abandon(found)
    return file_form(request, found, "tender", form, "Abandon the tender", blockers=blockers)


def history(request: HttpRequest, tender_id: str) -> HttpResponse:
    """What the buyer's side did. What bidders did is a history of its own, sealed until the opening."""
    found = file_for(request, tender_id, Ability.READ_FILE)
    sealed = "of" in request.GET and found.opened_at is not None
    scope = found.sealed_scope if sealed else found.audit_scope
    shown = audit.history(scope, before=request.GET.get("before"))
    return file_page(request, found, "history", "procurement/history.html", history=shown, of_bidders=sealed)
