"""The register of interests: everybody's declarations, and one's own to add and to end."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.views.shared import person_of
from foundation.forms.submit import carry_out, posted
from foundation.policy.refusals import NotPermitted
from partnerships.actions.interest import declare_interest, end_interest
from partnerships.actions.partnership import blockers_to_edit
from partnerships.forms.interests import EndInterestForm, InterestForm
from partnerships.models import Interest, Partnership
from partnerships.permissions import Ability
from partnerships.views.shared import partnership_for, partnership_page, partnership_to


def interests(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    register = list(Interest.objects.filter(partnership=partnership).select_related("person"))
    return partnership_page(
        request,
        partnership,
        "gate",
        "partnerships/interests.html",
        current=[interest for interest in register if interest.is_current],
        ended=[interest for interest in register if not interest.is_current],
        reader=person_of(request),
        blockers=blockers_to_edit(partnership),
    )


def declare(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.DECLARE_INTEREST)
    form = InterestForm(posted(request))

    def action() -> None:
        declare_interest(partnership=partnership, **form.values(), by=person_of(request))

    done = "Your interest is declared. You take no part in gate decisions until you end it."
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect("partnerships:interests", partnership.public_id)
    lead = (
        "An interest is anything that you, your family or your employer may gain or lose by what is decided. Declaring "
        "one is ordinary and right. While it is current you do not propose or sign decisions at the gates; if you have "
        "signed one that is still open, it is taken off the table."
    )
    return partnership_page(
        request, partnership, "gate", "partnerships/form.html", form=form, heading="Declare an interest", lead=lead
    )


def end(request: HttpRequest, partnership_id: str, interest_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.DECLARE_INTEREST)
    interest = _interest(partnership, interest_id)
    if interest.person != person_of(request):
        raise NotPermitted(f"Only {interest.person} can end this interest.")
    form = EndInterestForm(posted(request), version=interest.version)

    def action() -> None:
        end_interest(interest=interest, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="Your interest is ended."):
        return redirect("partnerships:interests", partnership.public_id)
    return partnership_page(
        request,
        partnership,
        "gate",
        "partnerships/form.html",
        form=form,
        heading="End your interest",
        lead=f"“{interest}”, since {interest.since:%-d %B %Y}",
    )


def _interest(partnership: Partnership, interest_id: str) -> Interest:
    found = Interest.objects.filter(partnership=partnership, public_id=interest_id).select_related("person").first()
    if found is None:
        raise Http404
    return found
