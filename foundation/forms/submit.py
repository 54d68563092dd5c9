"""From a bound form to one action: valid or not, refused or not, nothing typed is lost."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, QueryDict

from foundation.audit.events import sent_once
from foundation.forms.base import PortalForm
from foundation.policy.refusals import AlreadyDone, ChangedMeanwhile, NotNow


def posted(request: HttpRequest) -> QueryDict | None:
    """What binds a form: the POST data, even when it is empty; None when the page is only being opened."""
    return request.POST if request.method == "POST" else None


def carry_out(request: HttpRequest, form: PortalForm, action: Callable[[], Any], *, done: str) -> bool:
    """Run `action` for a valid form and say `done`; False when the page should be shown again with the form's errors.

    A refusal (`NotNow`) becomes the form's error summary; a ValidationError goes to its field. `NotPermitted` is not
    caught: it is a page of its own.
    """
    if not form.is_valid():
        return False
    try:
        with sent_once(form.cleaned_data.get("form_token", "")):
            action()
    except AlreadyDone as refusal:
        messages.info(request, refusal.reasons[0])
        return True
    except ChangedMeanwhile as refusal:
        form.add_error(None, refusal.reasons[0])
        form.take_version(getattr(refusal.row, "version", None))
        return False
    except NotNow as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason)
        return False
    except forms.ValidationError as error:
        _beside_the_field(form, error)
        return False
    messages.success(request, done)
    return True


def _beside_the_field(form: PortalForm, error: forms.ValidationError) -> None:
    by_field = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
    for field, texts in by_field.items():
        for text in texts:
            form.add_error(field if field in form.fields else None, text)
