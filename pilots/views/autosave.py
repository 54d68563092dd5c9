"""A draft that saves itself while somebody types: asked for by a script, answered in a sentence for its status line."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from accounts.views.shared import person_of
from foundation.database import clock
from foundation.policy.refusals import NotNow
from pilots.actions.returns import save_draft

if TYPE_CHECKING:
    from pilots.forms.returns import FillInForm
    from pilots.models import MonthlyReturn

BY_ITSELF = "by itself"  # the value of “save” that only the script sends
WRONG = " Not kept yet: {fields}. Something is wrong there."
OUT_OF_DATE = "This page is out of date. Open it again before you go on."


def is_by_itself(request: HttpRequest) -> bool:
    return request.POST.get("save") == BY_ITSELF


def save_by_itself(request: HttpRequest, row: "MonthlyReturn", form: "FillInForm") -> JsonResponse:
    """Keep every field that is sound. 409 stops the script (somebody else saved, or it is too late); 422 does not."""
    form.is_valid()
    if form.version is None:
        return _said(OUT_OF_DATE, status=HTTPStatus.CONFLICT)
    try:
        version = save_draft(
            monthly_return=row, entry=form.entry(), by=person_of(request), version=form.version, by_itself=True
        )
    except NotNow as refusal:
        return _said(" ".join(refusal.reasons), status=HTTPStatus.CONFLICT)
    except ValidationError as error:
        return _said(f"Not saved. {' '.join(error.messages)}", status=HTTPStatus.UNPROCESSABLE_ENTITY)
    wrong = [str(form.fields[name].label or name) for name in form.errors if name in form.fields]
    told = WRONG.format(fields=", ".join(wrong)) if wrong else ""
    at = f"{timezone.localtime(clock.now()):%H:%M}"
    return JsonResponse({"said": f"Saved {at}.{told}", "version": version})


def _said(sentence: str, *, status: HTTPStatus) -> JsonResponse:
    return JsonResponse({"said": sentence}, status=status)
