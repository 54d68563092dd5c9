"""The registers of a partnership: the page that lists them, and the frame each of them stands in."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from partnerships.models import Partnership
from partnerships.views.shared import partnership_for, partnership_page

PER_PAGE = 50


@dataclass(frozen=True)
class Register:
    key: str
    label: str
    url_name: str
    about: str


REGISTERS = (
    Register(
        "risks",
        "Risks",
        "partnerships:risks",
        "What may go wrong, how bad it would be, what is done about it, and who looks at it again when.",
    ),
    Register(
        "sharing",
        "Information sharing",
        "partnerships:sharing",
        "What was given to which partner, when and how: one day every bidder may need to know it too.",
    ),
)


def registers(request: HttpRequest, partnership_id: str) -> HttpResponse:
    return register_page(request, partnership_for(request, partnership_id), "", "partnerships/registers/registers.html")


def register_page(
    request: HttpRequest, partnership: Partnership, register: str, template: str, **context: Any
) -> HttpResponse:
    """Render a page of one register: the partnership's frame, and a row of links to the other registers."""
    return partnership_page(
        request, partnership, "registers", template, register=register, registers=REGISTERS, **context
    )
