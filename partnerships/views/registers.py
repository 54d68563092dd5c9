"""The registers of a partnership: the page that lists them, and the frame each of them stands in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_filters import FilterSet

from foundation.forms.base import PortalForm
from foundation.forms.submit import carry_out
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
        "documents",
        "Documents",
        "partnerships:documents",
        "The papers, by category and version, each with who may read it, and which are still missing in this stage.",
    ),
    Register(
        "risks",
        "Risks",
        "partnerships:risks",
        "What may go wrong, how bad it would be, what is done about it, and who looks at it again when.",
    ),
    Register(
        "issues",
        "Issues",
        "partnerships:issues",
        "What has happened and needs settling, how bad it is, who settles it and by when.",
    ),
    Register(
        "sharing",
        "Information sharing",
        "partnerships:sharing",
        "What was given to which partner, when and how: one day every bidder may need to know it too.",
    ),
    Register(
        "meetings",
        "Meetings and actions",
        "partnerships:meetings",
        "Who met when, the agenda and the minutes, and who does what by when because of it.",
    ),
    Register(
        "decisions",
        "Decisions",
        "partnerships:meeting_decisions",
        "What the meetings decided, why, and who asked that something be noted.",
    ),
    Register(
        "involvement",
        "Involvement diary",
        "partnerships:involvement",
        "What was done with people who use services, what they said, and what came of it. Gate G1 asks for it.",
    ),
    Register(
        "ideas",
        "Ideas",
        "partnerships:ideas",
        "What people without an account sent through the public page, and what became of it.",
    ),
    Register(
        "skills",
        "Skills",
        "partnerships:skills",
        "How each partner sees its own skills, when it joins and every six months, and where help is wanted.",
    ),
    Register(
        "training",
        "Training",
        "partnerships:trainings",
        "What was taught, by whom, and how many people of each partner were there: buyers and sellers alike.",
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


def register_list(
    request: HttpRequest, partnership: Partnership, key: str, chosen: FilterSet, rows: QuerySet[Any],
    blockers: list[str],
) -> HttpResponse:  # fmt: skip
    """The list of a register with its filter, a page at a time; its template bears the register's key."""
    return register_page(
        request,
        partnership,
        key,
        f"partnerships/registers/{key}.html",
        filter=chosen,
        filtered=any(request.GET.get(name) for name in chosen.base_filters),
        page_obj=Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        blockers=blockers,
    )


def register_form(
    request: HttpRequest,
    partnership: Partnership,
    register: str,
    form: PortalForm,
    action: Callable[[], Any],
    *,
    heading: str,
    done: str,
    lead: str = "",
) -> HttpResponse:
    """One form of a register: carry it out and go to the form's `cancel_url`, or show it (again)."""
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect(form.cancel_url)
    return register_page(
        request, partnership, register, "partnerships/registers/form.html", form=form, heading=heading, lead=lead
    )
