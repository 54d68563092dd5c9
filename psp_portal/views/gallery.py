"""The gallery of mails, for operators: each as it would arrive, HTML and text side by side."""

from typing import Any

from csp.decorators import csp_replace, csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin

from accounts.models import Person
from foundation.delivery import kinds
from foundation.delivery.kinds import InDoubt, Kind
from psp_portal.gallery import Example, examples

IN_DOUBT = {
    InDoubt.HOLD: "It is held, and a person decides",
    InDoubt.RESEND: "It is sent again, marked as the same mail",
}


def gallery(request: HttpRequest) -> HttpResponse:
    rows = [(example, _label(kinds.of(example.kind)), _changes(kinds.of(example.kind))) for example in _all()]
    return render(request, "portal/mail_gallery.html", {"rows": rows})


@csp_update({"frame-src": ["'self'"]})
def example(request: HttpRequest, app: str, name: str) -> HttpResponse:
    """One mail: what kind it is, and its two parts."""
    found, kind = _found(app, name), kinds.of(_found(app, name).kind)
    facts = [
        ("Subject", found.subject),
        ("Kind", _label(kind)),
        ("Its reader may change how it comes", _changes(kind)),
        ("When nobody knows whether it arrived", IN_DOUBT[kind.in_doubt]),
    ]
    context = {"example": found, "app": app, "name": name, "facts": facts, "text": found.text(_reader(request))}
    return render(request, "portal/mail_example.html", context)


# What the frame shows may style itself, as in a mail program, and do nothing else; only our own page may frame it.
@csp_replace({"style-src": ["'unsafe-inline'"], "frame-ancestors": ["'self'"], "sandbox": [""]})
@xframe_options_sameorigin
def preview(request: HttpRequest, app: str, name: str) -> HttpResponse:
    return HttpResponse(_found(app, name).html(_reader(request)))


def _all() -> list[Example]:
    return list(examples().values())


def _found(app: str, name: str) -> Example:
    found = examples().get(f"{app}/{name}")
    if found is None:
        raise Http404
    return found


def _reader(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


def _label(kind: Kind) -> str:
    return kind.label or {"answer": "Answer to somebody without an account"}.get(kind.name, "Several mails in one")


def _changes(kind: Kind) -> Any:
    if kind.name == kinds.DIGEST:
        return "Yes, for each kind that is in it"
    return "Yes" if kind.choices else f"No. {kind.because or 'It answers somebody who has no account.'}"
