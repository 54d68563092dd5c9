"""Filling a return in: the short form on one page; the full form as a list of sections, each a page that saves."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.views.shared import person_of
from foundation.forms.base import ConfirmForm
from foundation.forms.submit import carry_out, posted
from partnerships.models import Partner, Partnership
from partnerships.permissions import Ability
from partnerships.views.shared import partnership_page, partnership_to
from pilots.actions.notes import bring_in_notes, brought_into, countable_among
from pilots.actions.returns import blockers_to_fill_in, blockers_to_submit, faults_of, save_draft, submit
from pilots.entry import Entry
from pilots.forms.notes import BRING_IN_ID, BringInForm, counting_in, titles_of
from pilots.forms.returns import FORM_ID, FillInForm, SectionForm, ShortForm
from pilots.measures import Unit, shown
from pilots.models import LivingWage, MonthlyReturn, Note, Story, plan_of
from pilots.note_rows import note_rows
from pilots.return_rows import mark_rows, section_rows
from pilots.sections import ReturnForm, Section, sections_of
from pilots.standing import spent_before
from pilots.views.autosave import is_by_itself, save_by_itself
from pilots.views.shared import indicators_of, return_of

SUBMITTED = "The return for {month} is submitted. The public sector lead checks it and accepts it or sends it back."
SAVED = "Your draft of the return for {month} is saved. Nobody is asked to check it until you submit it."
BROUGHT_IN = "What could go in is in the draft for {month}. A note that stays is still listed, with the reason."
SECTION_SAVED = "“{section}” is saved in your draft."


def fill_in(request: HttpRequest, partnership_id: str, period: date) -> HttpResponse:
    """The whole short form, or the list of the full form's sections."""
    partnership = partnership_to(request, partnership_id, Ability.LOG_PROGRESS)
    row = return_of(request, partnership, period)
    if plan_of(partnership).form == ReturnForm.FULL:
        return _full(request, partnership, row)
    form = _form(request, row, ShortForm, _asked(row, ReturnForm.SHORT), ReturnForm.SHORT)
    if is_by_itself(request):
        return save_by_itself(request, row, form)
    verb, done = _button_of(request)

    def action() -> None:
        verb(monthly_return=row, entry=form.entry(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done=done.format(month=row.month)):
        back = "pilots:return" if verb is submit else "pilots:return_fill_in"
        return redirect(back, partnership.public_id, row.period)
    return _page(
        request,
        row,
        "pilots/fill_in.html",
        form=form,
        form_id=FORM_ID,
        **_noted(request, row, form.kept, ReturnForm.SHORT),
    )


def _button_of(request: HttpRequest) -> tuple[Callable[..., object], str]:
    """Which of the short form's buttons was pressed: what it does, and what is said afterwards."""
    if "bring_in" in request.POST:
        return partial(bring_in_notes, counting=counting_in(request.POST)), BROUGHT_IN
    return (save_draft, SAVED) if "save" in request.POST else (submit, SUBMITTED)


def _noted(request: HttpRequest, row: MonthlyReturn, entry: Entry, form: str) -> dict[str, Any]:
    """The notes that wait for this return, each with whether it can go in."""
    notes = Note.objects.waiting_for(row)
    if not notes or blockers_to_fill_in(row):
        return {}
    indicators = list(row.partnership.indicators.all())
    brought = brought_into(row, entry, notes, countable_among(indicators, form))
    return {
        "notes": note_rows(notes, row.partnership, titles_of(indicators), brought, counting_in(request.POST)),
        "can_bring_in": bool(brought.used or brought.asked),
    }


def _full(request: HttpRequest, partnership: Partnership, row: MonthlyReturn) -> HttpResponse:
    bringing = "bring_in" in request.POST
    notes_form = BringInForm(posted(request) if bringing else None, version=row.version)
    submit_form = ConfirmForm(None if bringing else posted(request), button="Submit", version=row.version)
    bring_in = partial(bring_in_notes, counting=counting_in(request.POST))
    form, verb = (notes_form, bring_in) if bringing else (submit_form, submit)

    def action() -> None:
        verb(monthly_return=row, by=person_of(request), version=form.version)

    done = (BROUGHT_IN if bringing else SUBMITTED).format(month=row.month)
    if request.method == "POST" and carry_out(request, form, action, done=done):
        back = "pilots:return_fill_in" if bringing else "pilots:return"
        return redirect(back, partnership.public_id, row.period)
    entry = row.entry()
    faults = faults_of(row, entry)
    return _page(
        request,
        row,
        "pilots/fill_in_sections.html",
        form=submit_form,
        notes_form=notes_form,
        form_id=BRING_IN_ID,
        sections=section_rows(row, entry, faults, _asked(row, ReturnForm.FULL)),
        lacks=len(faults),
        **_noted(request, row, entry, ReturnForm.FULL),
    )


def fill_in_section(request: HttpRequest, partnership_id: str, period: date, section: str) -> HttpResponse:
    """One section of the full form. Whatever is sent is saved: a session that ends loses this page at most."""
    partnership = partnership_to(request, partnership_id, Ability.LOG_PROGRESS)
    row = return_of(request, partnership, period)
    asked = _asked(row, ReturnForm.FULL)
    if section not in asked or plan_of(partnership).form != ReturnForm.FULL:
        raise Http404
    here = Section(section)
    form = _form(request, row, SectionForm, [here], ReturnForm.FULL)
    if is_by_itself(request):
        return save_by_itself(request, row, form)

    def action() -> None:
        save_draft(monthly_return=row, entry=form.entry(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done=SECTION_SAVED.format(section=here.label)):
        following = asked[asked.index(here) + 1 :]
        if "save" in request.POST or not following:
            return redirect("pilots:return_fill_in", partnership.public_id, row.period)
        return redirect("pilots:return_fill_in_section", partnership.public_id, row.period, following[0])
    place = f"Section {asked.index(here) + 1} of {len(asked)}"
    return _page(request, row, "pilots/fill_in.html", form=form, section=here, place=place)


def _asked(row: MonthlyReturn, form: str) -> list[Section]:
    """The sections of this return: no story where it is another revision's, or where its consent was withdrawn."""
    asked = list(sections_of(form))
    if Section.STORY in asked and (row.corrects_id or _is_withdrawn(row)):
        asked.remove(Section.STORY)
    return asked


def _is_withdrawn(row: MonthlyReturn) -> bool:
    return Story.objects.filter(monthly_return=row, withdrawn_on__isnull=False).exists()


def _form(
    request: HttpRequest, row: MonthlyReturn, kind: type[FillInForm], sections: list[Section], form: str
) -> FillInForm:
    return kind(
        posted(request),
        monthly_return=row,
        indicators=list(indicators_of(request, row.partnership).typed()),
        partners=list(_partners_of(row)) if Section.PARTNERS in sections else [],
        sections=sections,
        form=form,
        told=_told(row, sections),
    )


def _partners_of(row: MonthlyReturn) -> QuerySet[Partner]:
    """Whoever was a partner in the period: whoever joined later had nothing to send."""
    there = Q(left_on=None) | Q(left_on__gte=row.period)
    partners = Partner.objects.filter(there, partnership=row.partnership, joined_on__lt=row.over_on)
    return partners.select_related("organisation")


def _told(row: MonthlyReturn, sections: list[Section]) -> dict[str, str]:
    """What the portal knows already and shows beside the fields."""
    told = {}
    if Section.MONEY in sections:
        spent, budget = spent_before(row)
        if spent or budget:
            told["actual"] = (
                f"Earlier in this financial year: {shown(spent, Unit.POUNDS)} of a budget of"
                f" {shown(budget, Unit.POUNDS)}."
            )
    if Section.STAFF in sections and (wage := LivingWage.objects.on(row.period)):
        told["lowest_pay"] = f"The real Living Wage of this time is £{wage.hourly}."
    return told


def _page(request: HttpRequest, row: MonthlyReturn, template: str, **context: Any) -> HttpResponse:
    return partnership_page(
        request,
        row.partnership,
        "pilot",
        template,
        row=row,
        blockers=blockers_to_fill_in(row),
        marks=mark_rows(row, plan_of(row.partnership).form),
        too_early=blockers_to_submit(row),
        **context,
    )
