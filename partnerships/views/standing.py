"""A partner leaves, another leads, the partnership pauses and goes on; and what the partners agreed to be together."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.views.shared import person_of
from foundation.database import clock
from foundation.forms.submit import carry_out, posted
from partnerships.actions.notice import (
    NOT_ITS_OWN,
    belonging,
    blockers_to_leave,
    blockers_to_name_successor,
    blockers_to_stay,
    hand_over,
    left_behind,
    name_successor,
    successors,
    take_back_notice,
    takers,
    third_sector_lead,
)
from partnerships.actions.notice import leave as give_notice
from partnerships.actions.partnership import agree_together
from partnerships.actions.pause import blockers_to_pause, blockers_to_resume
from partnerships.actions.pause import pause as pause_partnership
from partnerships.actions.pause import resume as resume_partnership
from partnerships.forms.standing import (
    AgreementForm,
    HandOverForm,
    LeaveForm,
    PauseForm,
    ResumeForm,
    StayForm,
    SuccessorForm,
)
from partnerships.permissions import Ability
from partnerships.views.shared import partner_of, partnership_for, partnership_page, partnership_to


def leave(request: HttpRequest, partnership_id: str, partner_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.MANAGE_PARTNERS)
    partner = partner_of(partnership, partner_id)
    form = LeaveForm(posted(request), version=partner.version)

    def action() -> None:
        give_notice(partner=partner, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The notice is recorded."):
        return redirect("partnerships:partner_leaving", partnership.public_id, partner.public_id)
    return partnership_page(
        request,
        partnership,
        "partners",
        "partnerships/form.html",
        form=form,
        heading=f"{partner} gives notice",
        blockers=blockers_to_leave(partner),
    )


def leaving(request: HttpRequest, partnership_id: str, partner_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    partner = partner_of(partnership, partner_id)
    return partnership_page(
        request,
        partnership,
        "partners",
        "partnerships/leaving.html",
        partner=partner,
        is_gone=bool(partner.left_on and partner.left_on < clock.today()),
        kinds=left_behind(partner) if partner.left_on else [],
    )


def stay(request: HttpRequest, partnership_id: str, partner_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.MANAGE_PARTNERS)
    partner = partner_of(partnership, partner_id)
    form = StayForm(posted(request), version=partner.version)

    def action() -> None:
        take_back_notice(partner=partner, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The partner stays."):
        return redirect("partnerships:partners", partnership.public_id)
    return partnership_page(
        request,
        partnership,
        "partners",
        "partnerships/form.html",
        form=form,
        heading=f"{partner} stays",
        blockers=blockers_to_stay(partner),
    )


def give(request: HttpRequest, partnership_id: str, partner_id: str, kind: str, key: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.MANAGE_PARTNERS)
    partner = partner_of(partnership, partner_id)
    thing = belonging(partner, kind, key)
    if thing is None and request.method == "POST":  # a second click, or somebody was quicker
        messages.info(request, NOT_ITS_OWN)
        return redirect("partnerships:partner_leaving", partnership.public_id, partner.public_id)
    if thing is None:
        raise Http404
    form = HandOverForm(posted(request), takers=takers(partner, kind))

    def action() -> None:
        hand_over(partner=partner, kind=kind, key=key, **form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="It has a new owner."):
        return redirect("partnerships:partner_leaving", partnership.public_id, partner.public_id)
    return partnership_page(
        request,
        partnership,
        "partners",
        "partnerships/form.html",
        form=form,
        heading=f"Who takes over “{thing.title}”?",
        lead=f"It is {thing.owner}’s now.",
    )


def successor(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.STEER)
    people, lead = successors(partnership), third_sector_lead(partnership)
    form = SuccessorForm(posted(request), people=people, version=partnership.version)

    def action() -> None:
        name_successor(partnership=partnership, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The third sector has a new lead."):
        return redirect("partnerships:partners", partnership.public_id)
    told = f"The last day of {lead} is {lead.left_on:%-d %B %Y}." if lead and lead.left_on else ""
    if not people:
        told += " No other third sector partner has a person here yet: add one and give a person a role first."
    return partnership_page(
        request,
        partnership,
        "partners",
        "partnerships/form.html",
        form=form,
        heading="Name who leads the third sector next",
        lead=told,
        blockers=blockers_to_name_successor(partnership),
    )


def pause(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.STEER)
    form = PauseForm(posted(request), version=partnership.version)

    def action() -> None:
        pause_partnership(partnership=partnership, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The partnership is paused."):
        return redirect(partnership)
    lead = "While it is paused nothing is proposed or signed at its gate. Everything can still be read."
    return partnership_page(
        request, partnership, "overview", "partnerships/form.html", form=form, heading="Pause", lead=lead,
        blockers=blockers_to_pause(partnership),
    )  # fmt: skip


def resume(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.STEER)
    form = ResumeForm(posted(request), version=partnership.version)

    def action() -> None:
        resume_partnership(partnership=partnership, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The partnership goes on."):
        return redirect(partnership)
    return partnership_page(
        request, partnership, "overview", "partnerships/form.html", form=form, heading="Resume",
        blockers=blockers_to_resume(partnership),
    )  # fmt: skip


def agree(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_PARTNERSHIP)
    initial = {name: getattr(partnership, name) for name in ("vehicle", "vision", "vision_agreed_on")}
    form = AgreementForm(posted(request), initial=initial, version=partnership.version)

    def action() -> None:
        agree_together(partnership=partnership, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="What you agreed is saved."):
        return redirect(partnership)
    return partnership_page(
        request,
        partnership,
        "overview",
        "partnerships/form.html",
        form=form,
        heading="What we are together",
        lead="What was agreed before stays in the history.",
    )
