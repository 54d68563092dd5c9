"""The dated table of the real Living Wage: everybody may read it, administrators and commissioners keep it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.permissions import Ability, can
from accounts.views.shared import person_of
from foundation.forms.submit import carry_out, posted
from pilots.actions.living_wage import set_living_wage
from pilots.forms.plan import LivingWageForm
from pilots.models import LivingWage


def living_wage(request: HttpRequest) -> HttpResponse:
    rows = [(row.since, row.hourly, row.source) for row in LivingWage.objects.all()]
    may_set = can(person_of(request), Ability.KEEP_REGISTER)
    return render(request, "pilots/living_wage.html", {"rates": rows, "may_set": may_set})


def living_wage_set(request: HttpRequest) -> HttpResponse:
    form = LivingWageForm(posted(request))

    def action() -> None:
        set_living_wage(**form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The rate is saved."):
        return redirect("pilots:living_wage")
    return render(request, "pilots/living_wage_set.html", {"form": form})
