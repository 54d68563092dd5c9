"""A fund and its instalments."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.forms.base import ConfirmForm, PortalForm
from foundation.forms.submit import carry_out, posted
from partnerships import tied
from partnerships.actions.fund import (
    FIELDS,
    add_fund,
    add_instalment,
    blockers_to_change_instalment,
    blockers_to_plan_instalments,
    blockers_to_receive,
    blockers_to_remove,
    blockers_to_take_back_receipt,
    blockers_to_untie,
    change_fund,
    change_instalment,
    receive_instalment,
    remove_fund,
    remove_instalment,
    take_back_receipt,
    tie_of,
)
from partnerships.actions.partnership import blockers_to_edit
from partnerships.actions.tied_money import (
    blockers_to_release,
    blockers_to_release_anyway,
    release_anyway,
    release_instalment,
)
from partnerships.forms.money import (
    IN_KIND,
    EditFundForm,
    EditInstalmentForm,
    FundForm,
    InstalmentForm,
    ReceiveForm,
    ReleaseAnywayForm,
    ReleaseForm,
    TakeBackForm,
)
from partnerships.models import Fund, Instalment, Partnership
from partnerships.money import left, pounds
from partnerships.permissions import Ability
from partnerships.tied import Tie
from partnerships.views.budget import budget_form
from partnerships.views.shared import partnership_for, partnership_page, partnership_to


def fund(request: HttpRequest, partnership_id: str, fund_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    found = _fund(partnership, fund_id)
    instalments = list(found.instalments.select_related("received_by", "released_by"))
    ties = tied.states(partnership, [one.return_for for one in instalments if one.return_for])
    for one in instalments:
        one.fund = found
    return partnership_page(
        request,
        partnership,
        "budget",
        "partnerships/fund.html",
        fund=found,
        facts=_facts(found),
        rows=[_row(one, ties.get(one.return_for) if one.return_for else None) for one in instalments],
        open=left(found.amount, [found.planned]),
        blockers=blockers_to_edit(partnership),
        blockers_to_plan=blockers_to_plan_instalments(found),
        removes=not blockers_to_remove(found),
    )


def _facts(found: Fund) -> list[tuple[str, str]]:
    in_kind = [("What it is", found.what), ("How its worth was worked out", found.valued_how)]
    return [
        ("Kind", found.get_kind_display()),
        ("Amount", f"{pounds(found.amount)} {'in kind' if found.in_kind else 'in cash'}"),
        *(in_kind if found.in_kind else []),
        ("Confirmed or hoped for", found.get_certainty_display()),
        ("From", f"{found.from_on:%-d %B %Y}"),
        ("Until", f"{found.until_on:%-d %B %Y}"),
        ("Conditions", found.conditions),
    ]


def _row(one: Instalment, tie: Tie | None) -> dict[str, Any]:
    """An instalment with how its return stands, and the buttons that are ready for it."""
    return {
        "instalment": one,
        "tie": tie,
        "releases": not blockers_to_release(one, tie),
        "releases_anyway": tie is not None and not tie.accepted and not blockers_to_release_anyway(one, tie),
        "changes": not blockers_to_change_instalment(one),
        "removes": not (blockers_to_change_instalment(one) or blockers_to_untie(one, tie)),
        "receives": not blockers_to_receive(one),
        "takes_back": not blockers_to_take_back_receipt(one),
    }


def add(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_BUDGET)
    form = FundForm(posted(request))

    def action() -> None:
        add_fund(partnership=partnership, **form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The fund is added."):
        return redirect("partnerships:budget", partnership.public_id)
    return budget_form(request, partnership, form, "Add a fund")


def change(request: HttpRequest, partnership_id: str, fund_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_BUDGET)
    found = _fund(partnership, fund_id)
    initial = {name: getattr(found, name) for name in FIELDS} | {"comes_as": IN_KIND if found.in_kind else "cash"}
    form = EditFundForm(posted(request), initial=initial, version=found.version)

    def action() -> None:
        change_fund(fund=found, **form.values(), by=person_of(request), version=form.version)

    return _about(request, found, form, action, f"Change the fund {found}", "The fund is changed.")


def remove(request: HttpRequest, partnership_id: str, fund_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_BUDGET)
    found = _fund(partnership, fund_id)
    form = ConfirmForm(posted(request), button="Remove the fund")
    back = reverse("partnerships:budget", args=[partnership.public_id])

    def action() -> None:
        remove_fund(fund=found, by=person_of(request))

    return _about(
        request, found, form, action, f"Remove {pounds(found.amount)} from {found}?", "The fund is removed.", back=back,
        blockers=blockers_to_remove(found), lead="Its instalments go with it. The history keeps both.",
    )  # fmt: skip


def add_one(request: HttpRequest, partnership_id: str, fund_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_BUDGET)
    found = _fund(partnership, fund_id)
    form = InstalmentForm(posted(request), returns=tied.choices(partnership))

    def action() -> None:
        add_instalment(fund=found, **form.values(), by=person_of(request))

    return _about(
        request, found, form, action, f"Plan an instalment of {found}", "The instalment is planned.",
        blockers=blockers_to_plan_instalments(found),
        lead=f"{pounds(left(found.amount, [found.planned]))} of the {pounds(found.amount)} is in no instalment yet.",
    )  # fmt: skip


def change_one(request: HttpRequest, partnership_id: str, instalment_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_BUDGET)
    one = _instalment(partnership, instalment_id)
    initial = {name: getattr(one, name) for name in ("due_on", "amount", "condition", "return_for")}
    form = EditInstalmentForm(
        posted(request), initial=initial, version=one.version, returns=tied.choices(partnership)
    )  # fmt: skip

    def action() -> None:
        change_instalment(instalment=one, **form.values(), by=person_of(request), version=form.version)

    return _about(
        request, one.fund, form, action, f"Change {one}", "The instalment is changed.",
        blockers=blockers_to_change_instalment(one),
        lead="It is released. A change holds it back until it is released again." if one.released_on else "",
    )  # fmt: skip


def remove_one(request: HttpRequest, partnership_id: str, instalment_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_BUDGET)
    one = _instalment(partnership, instalment_id)
    form = ConfirmForm(posted(request), button="Remove the instalment")

    def action() -> None:
        remove_instalment(instalment=one, by=person_of(request))

    return _about(
        request, one.fund, form, action, f"Remove {one}?", "The instalment is removed.",
        blockers=blockers_to_change_instalment(one),
    )  # fmt: skip


def release(request: HttpRequest, partnership_id: str, instalment_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.RELEASE_MONEY)
    one = _instalment(partnership, instalment_id)
    form, tie = ReleaseForm(posted(request), version=one.version), tie_of(one)

    def action() -> None:
        release_instalment(instalment=one, by=person_of(request), version=form.version)

    return _about(
        request, one.fund, form, action, f"Release {pounds(one.amount)} from {one.fund}?", "It is released.",
        blockers=blockers_to_release(one, tie), lead=tie.told if tie else "",
    )  # fmt: skip


def let_go(request: HttpRequest, partnership_id: str, instalment_id: str) -> HttpResponse:
    """Release it over a return that is not accepted."""
    partnership = partnership_to(request, partnership_id, Ability.OVERRIDE_RELEASE)
    one = _instalment(partnership, instalment_id)
    form, tie = ReleaseAnywayForm(posted(request), version=one.version), tie_of(one)

    def action() -> None:
        release_anyway(instalment=one, **form.values(), by=person_of(request), version=form.version)

    return _about(
        request, one.fund, form, action, f"Release {pounds(one.amount)} from {one.fund} all the same?",
        "It is released.", blockers=blockers_to_release_anyway(one, tie), lead=tie.told if tie else "",
    )  # fmt: skip


def receive(request: HttpRequest, partnership_id: str, instalment_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_BUDGET)
    one = _instalment(partnership, instalment_id)
    form = ReceiveForm(posted(request), version=one.version)

    def action() -> None:
        receive_instalment(instalment=one, **form.values(), by=person_of(request), version=form.version)

    return _about(
        request, one.fund, form, action, f"Has {pounds(one.amount)} from {one.fund} arrived?", "It is recorded.",
        blockers=blockers_to_receive(one), lead=f"Its condition: {one.condition}" if one.condition else "",
    )  # fmt: skip


def take_back(request: HttpRequest, partnership_id: str, instalment_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_BUDGET)
    one = _instalment(partnership, instalment_id)
    form = TakeBackForm(posted(request), version=one.version)

    def action() -> None:
        take_back_receipt(instalment=one, **form.values(), by=person_of(request), version=form.version)

    return _about(
        request, one.fund, form, action, f"{pounds(one.amount)} from {one.fund} has not arrived", "It is taken back.",
        blockers=blockers_to_take_back_receipt(one),
    )  # fmt: skip


def _about(
    request: HttpRequest, found: Fund, form: PortalForm, action: Any, heading: str, done: str, back: str = "",
    **context: Any,
) -> HttpResponse:  # fmt: skip
    """One form about a fund: carry it out and go `back` (to the fund's own page), or show it again."""
    partnership = found.partnership
    own = reverse("partnerships:fund", args=[partnership.public_id, found.public_id])
    form.cancel_url = own
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect(back or own)
    return budget_form(request, partnership, form, heading, **context)


def _fund(partnership: Partnership, fund_id: str) -> Fund:
    found = partnership.funds.with_instalments().filter(public_id=fund_id).first()
    if found is None:
        raise Http404
    found.partnership = partnership
    return found


def _instalment(partnership: Partnership, instalment_id: str) -> Instalment:
    found = Instalment.objects.filter(fund__partnership=partnership, public_id=instalment_id)
    one = found.select_related("fund", "released_by").first()
    if one is None:
        raise Http404
    one.fund.partnership = partnership
    return one
