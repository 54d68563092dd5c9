"""Choosing which of two conflicting roles to act in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.views.shared import person_of
from foundation.forms.submit import carry_out, posted
from foundation.policy.refusals import NotPermitted
from partnerships.actions.acting import ONE_SIDE_ONLY, act_as, blockers_to_act_otherwise
from partnerships.forms.acting import ActingForm
from partnerships.models import parts_of
from partnerships.views.shared import partnership_for, partnership_page


def choose(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership, person = partnership_for(request, partnership_id), person_of(request)
    parts = parts_of(person, partnership)
    if not parts.torn:
        raise NotPermitted(ONE_SIDE_ONLY)
    now = next((role.value for role in parts.torn if role in parts.acting), "")
    form = ActingForm(posted(request), held=parts.held, torn=parts.torn, initial={"role": now})
    form.cancel_url = partnership.get_absolute_url()

    def action() -> None:
        act_as(partnership=partnership, **form.values(), by=person)

    if request.method == "POST" and carry_out(request, form, action, done="You act in this role from now on."):
        return redirect(partnership)
    return partnership_page(
        request,
        partnership,
        "overview",
        "partnerships/form.html",
        form=form,
        heading="In which role do you act?",
        lead="Two of your roles are on different sides, so you act in one of them at a time. What you may read and do "
        "follows from it. Everyone can see the change in the history.",
        blockers=blockers_to_act_otherwise(partnership, person),
    )
