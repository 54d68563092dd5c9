"""Grants as open data: which can be published, what the others lack and where to mend it, and the file."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.models import Person
from accounts.views.shared import person_of
from foundation.database import clock
from foundation.forms.submit import carry_out, posted
from foundation.sheets.download import CSV, download
from partnerships.actions.grant import FIELDS, blockers_to_describe, describe_grant
from partnerships.filters import PortfolioFilter, filter_in_words
from partnerships.forms.grants import GrantForm
from partnerships.grants import HEADINGS, Award, Mend, as_json, lacks
from partnerships.models import Fund, GrantAward, Partnership, award_of, grants_among
from partnerships.permissions import Ability, where_may
from partnerships.views.budget import budget_form
from partnerships.views.shared import partnership_for, partnership_page, partnership_to

JSON = "json"
KINDS = (CSV, JSON)
OPERATOR = "The people who run the portal set it (GRANTS_PUBLISHER_PREFIX)."


@dataclass(frozen=True)
class GrantRow:
    """A grant on the page. `lacks` holds what is missing, where it is mended, and the address of that place."""

    fund: Fund
    award: Award
    lacks: list[tuple[str, str, str]]
    href: str
    grant_href: str


def grants(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    rows = _rows(grants_among(Fund.objects.filter(partnership=partnership)), person_of(request))
    return partnership_page(
        request,
        partnership,
        "budget",
        "partnerships/grants.html",
        ready=[row for row in rows if not row.lacks],
        lacking=[row for row in rows if row.lacks],
        downloads=[
            (kind.upper(), reverse("partnerships:grants_file", args=[partnership.public_id, kind])) for kind in KINDS
        ],
    )


def grants_file(request: HttpRequest, partnership_id: str, kind: str) -> HttpResponseBase:
    partnership = partnership_for(request, partnership_id)
    return _file(kind, _rows(grants_among(Fund.objects.filter(partnership=partnership)), person_of(request)))


def all_grants(request: HttpRequest) -> HttpResponse:
    """The grants of every partnership that the portfolio's filter shows."""
    chosen = _chosen(request)
    query = chosen.in_the_address()
    rows = _rows(_among(chosen), person_of(request))
    tail = f"?{query}" if query else ""
    context = {
        "ready": [row for row in rows if not row.lacks],
        "lacking": [row for row in rows if row.lacks],
        "downloads": [(kind.upper(), reverse("partnerships:all_grants_file", args=[kind]) + tail) for kind in KINDS],
        "filter_in_words": filter_in_words(query),
        "portfolio": reverse("partnerships:portfolio") + tail,
        "by_partnership": True,
    }
    return render(request, "partnerships/all_grants.html", context)


def all_grants_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    return _file(kind, _rows(_among(_chosen(request)), person_of(request)))


def describe(request: HttpRequest, partnership_id: str, fund_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_BUDGET)
    fund = partnership.funds.filter(public_id=fund_id).first()
    if fund is None:
        raise Http404
    fund.partnership = partnership
    said = GrantAward.objects.filter(fund=fund).select_related("funder", "recipient").first()
    initial = {name: getattr(said, name) for name in FIELDS} if said else {"recipient": partnership.third_sector_lead}
    back = reverse("partnerships:grants", args=[partnership.public_id])
    form = GrantForm(posted(request), initial=initial, version=said.version if said else 0, cancel_url=back)

    def action() -> None:
        describe_grant(fund=fund, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="What is said of the grant is saved."):
        return redirect(back)
    heading = f"The grant of {fund}, as open data"
    return budget_form(request, partnership, form, heading, blockers=blockers_to_describe(fund))


def _chosen(request: HttpRequest) -> PortfolioFilter:
    return PortfolioFilter(request.GET, queryset=Partnership.objects.visible_to(person_of(request)))


def _among(chosen: PortfolioFilter) -> Iterable[Fund]:
    found = grants_among(Fund.objects.filter(partnership__in=chosen.qs.order_by().values("pk")))
    return found.order_by("partnership__title", "partnership", "pk")


def _rows(funds: Iterable[Fund], person: Person) -> list[GrantRow]:
    """Two queries."""
    editable = set(where_may(person, Ability.EDIT_BUDGET))
    return [_row(fund, may_edit=fund.partnership_id in editable) for fund in funds]


def _row(fund: Fund, *, may_edit: bool) -> GrantRow:
    """Addresses only for whoever may go there."""
    award = award_of(fund)
    here = [fund.partnership.public_id, fund.public_id]
    own = reverse("partnerships:fund", args=here) if may_edit else ""
    said = reverse("partnerships:grant_describe", args=here) if may_edit else ""
    missing = [(what, *_place(where, fund, own, said)) for what, where in lacks(award)]
    return GrantRow(fund, award, missing, own, said)


def _place(where: Mend, fund: Fund, own: str, said: str) -> tuple[str, str]:
    """Where something is mended: words and address; without an address nobody here can."""
    match where:
        case Mend.FUND:
            return "Go to the fund", own
        case Mend.GRANT:
            return "Describe the grant", said
        case Mend.OPERATOR:
            return OPERATOR, ""
    organisation = fund.grant_award.funder if where == Mend.FUNDER else fund.grant_award.recipient
    return "Give it one in the register", organisation.get_absolute_url()


def _file(kind: str, rows: Iterable[GrantRow]) -> HttpResponseBase:
    """Only grants that lack nothing."""
    awards = [row.award for row in rows if not row.lacks]
    name = f"360giving-{clock.today()}"
    if kind == CSV:
        return download(CSV, name, HEADINGS, [award.values() for award in awards])
    if kind == JSON:
        disposition = {"Content-Disposition": f'attachment; filename="{name}.json"'}
        return JsonResponse(
            as_json(awards), headers=disposition, json_dumps_params={"ensure_ascii": False, "indent": 2}
        )
    raise Http404
