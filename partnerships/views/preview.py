"""What else would move: shown before anything is changed, and again, afresh, when the plan became another meanwhile."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from foundation.forms.base import PortalForm
from foundation.forms.submit import carry_out
from partnerships.actions.dependency import Offer
from partnerships.forms.plan import PreviewForm
from partnerships.models import Partnership
from partnerships.views.shared import partnership_page


def preview(
    request: HttpRequest,
    partnership: Partnership,
    form_class: type[PreviewForm],
    offers: list[Offer],
    first: PortalForm,
    action: Callable[[PreviewForm], Any],
    *,
    version: int,
    goes_to: str,
    done: str,
    **told: Any,
) -> HttpResponse:
    """After `first`: the offers with a tick each; once they are answered, `action`, or the reason why not.

    A refused preview is drawn from the plan as it is now, so that it can be confirmed.
    """
    answered = "seen" in request.POST
    form = form_class(request.POST if answered else None, offers=offers, given=first.values())
    if answered and carry_out(request, form, lambda: action(form), done=done):
        return redirect(goes_to)
    return partnership_page(
        request,
        partnership,
        "plan",
        "partnerships/move_preview.html",
        form=form_class(offers=offers, given=first.values(), version=version if answered else first.version),
        refusals=[text for texts in form.errors.values() for text in texts],
        offers=offers,
        **told,
    )
