"""The register of organisations."""

from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_filters.views import FilterView

from accounts.actions.organisation import add_organisation, edit_organisation
from accounts.filters import RegisterFilter
from accounts.forms.organisations import OrganisationForm
from accounts.models import Organisation, Person
from accounts.permissions import Ability, can
from accounts.views.kin import kin_of
from accounts.views.shared import form_page, organisation_for, person_of
from foundation.database import clock
from foundation.forms.submit import carry_out, posted

PEOPLE_SHOWN = 20


class Register(FilterView):
    filterset_class = RegisterFilter
    template_name = "accounts/organisations.html"
    paginate_by = 50
    strict = False

    def get_queryset(self) -> QuerySet[Organisation]:
        return Organisation.objects.visible_to(person_of(self.request)).standing()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        shown = list(context["object_list"])
        counts = people_of(shown)
        return context | {
            "rows": [row(organisation, counts.get(organisation.pk, 0)) for organisation in shown],
            "may_add": can(self.request.user, Ability.KEEP_REGISTER),
            "may_see_people": can(self.request.user, Ability.INVITE),
            "filtered": any(self.request.GET.get(name) for name in RegisterFilter.base_filters),
        }


def people_of(organisations: list[Organisation]) -> dict[int, int]:
    """How many people with an open account act for each."""
    people = Person.objects.filter(organisation__in=organisations, is_active=True)
    return dict(people.order_by().values_list("organisation").annotate(Count("pk")))


def row(organisation: Organisation, people: int) -> dict[str, Any]:
    """One line of the register, ready to print."""
    numbers = (organisation.charity_number, organisation.company_number)
    return {
        "name": organisation.name,
        "url": organisation.get_absolute_url(),
        "kind": organisation.get_kind_display(),
        "numbers": ", ".join(filter(None, numbers)),
        "people": people,
    }


def organisation(request: HttpRequest, organisation_id: str) -> HttpResponse:
    found, reader = organisation_for(request, organisation_id), person_of(request)
    people = Person.objects.visible_to(reader).filter(organisation=found, is_active=True)
    shown = list(people[: PEOPLE_SHOWN + 1])
    context = {
        "organisation": found,
        "facts": [
            ("What it is", found.get_kind_display()),
            ("Sector", found.sector.label),
            ("Scottish charity number", found.charity_number),
            ("Company number", found.company_number),
            ("Org-id", found.identifier),
            ("What it does", found.about),
        ],
        "kin": kin_of(found, clock.today()),
        "people": shown[:PEOPLE_SHOWN],
        "more_people": len(shown) > PEOPLE_SHOWN,
        "knows_people": reader.organisation_id == found.pk or can(reader, Ability.INVITE),
        "may_edit": can(reader, Ability.KEEP_REGISTER),
        "may_invite": can(reader, Ability.INVITE),
    }
    return render(request, "accounts/organisation.html", context)


def add(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    form = OrganisationForm(posted(request))
    made: list[Organisation] = []
    if request.method == "POST" and carry_out(
        request,
        form,
        lambda: made.append(add_organisation(**form.values(), by=person)),
        done="The organisation is in the register.",
    ):
        return redirect(made[0]) if made else redirect("accounts:organisations")
    return render(
        request,
        "accounts/form.html",
        form_page(form, "Add an organisation", ("Organisations", reverse("accounts:organisations"))),
    )


def edit(request: HttpRequest, organisation_id: str) -> HttpResponse:
    found, person = organisation_for(request, organisation_id), person_of(request)
    form = OrganisationForm(posted(request), organisation=found, initial=found.facts(), version=found.version)
    if request.method == "POST" and carry_out(
        request,
        form,
        lambda: edit_organisation(organisation=found, **form.values(), by=person, version=form.version),
        done="The register is changed.",
    ):
        return redirect(found)
    return render(
        request,
        "accounts/form.html",
        form_page(
            form,
            f"Change what the register says about {found}",
            ("Organisations", reverse("accounts:organisations")),
            (found.name, found.get_absolute_url()),
        ),
    )
