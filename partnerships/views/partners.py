"""Partners and people."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import Organisation
from accounts.views.shared import person_of
from foundation.database import clock
from foundation.forms.base import ConfirmForm
from foundation.forms.submit import carry_out, posted
from partnerships.actions.partner import add_member, add_partner, remove_member, write_contingency_plan
from partnerships.forms.partners import ContingencyForm, MemberForm, PartnerForm
from partnerships.models import Partner, Partnership
from partnerships.permissions import Ability
from partnerships.roles import PartnerPart
from partnerships.views.shared import partner_of, partnership_for, partnership_page, partnership_to


def partners(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    today = clock.today()
    all_partners = list(
        partnership.partners.select_related("organisation__survivor").prefetch_related("organisation__former_names")
    )
    members = partnership.members.current().select_related("person__organisation")
    return partnership_page(
        request,
        partnership,
        "partners",
        "partnerships/partners.html",
        partners=[p for p in all_partners if not p.left_on or p.left_on >= today],
        former=[(p, p.organisation.name_on(p.left_on)) for p in all_partners if p.left_on and p.left_on < today],
        members=members.order_by("role", "person__name"),
        today=today,
        lead_leaves=next((p for p in all_partners if _leads(p, partnership) and p.left_on), None),
        my_organisation_id=person_of(request).organisation_id,
    )


def _leads(partner: Partner, partnership: Partnership) -> bool:
    """Whether it leads the third sector now, or was the last to: a former lead with a successor does not count."""
    is_named = partner.organisation_id == partnership.third_sector_lead_id
    return is_named and partner.part == PartnerPart.THIRD_SECTOR_LEAD


def add(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.MANAGE_PARTNERS)
    taken = partnership.partners.current().values("organisation")
    form = PartnerForm(posted(request), organisations=Organisation.objects.standing().exclude(pk__in=taken))

    def action() -> None:
        add_partner(partnership=partnership, **form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The partner is added."):
        return redirect("partnerships:partners", partnership.public_id)
    return partnership_page(
        request, partnership, "partners", "partnerships/form.html", form=form, heading="Add a partner"
    )


def contingency_plan(request: HttpRequest, partnership_id: str, partner_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.WRITE_CONTINGENCY_PLAN)
    partner = partner_of(partnership, partner_id)
    initial = {"plan": partner.contingency_plan}
    form = ContingencyForm(posted(request), initial=initial, version=partner.version)

    def action() -> None:
        write_contingency_plan(partner=partner, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The contingency plan is saved."):
        return redirect("partnerships:partners", partnership.public_id)
    heading = f"Contingency plan of {partner}"
    return partnership_page(request, partnership, "partners", "partnerships/form.html", form=form, heading=heading)


def add_person(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.MANAGE_PARTNERS)
    current = partnership.partners.current().values("organisation")
    form = MemberForm(posted(request), organisations=Organisation.objects.filter(pk__in=current))

    def action() -> None:
        add_member(partnership=partnership, **form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The role is given."):
        return redirect("partnerships:partners", partnership.public_id)
    return partnership_page(
        request, partnership, "partners", "partnerships/form.html", form=form, heading="Give a person a role"
    )


def remove_person(request: HttpRequest, partnership_id: str, member_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.MANAGE_PARTNERS)
    member = partnership.members.select_related("person").filter(public_id=member_id).first()
    if member is None:
        raise Http404
    form = ConfirmForm(posted(request), button="End the role")

    def action() -> None:
        remove_member(member=member, by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The role has ended."):
        return redirect("partnerships:partners", partnership.public_id)
    heading = f"End the role of {member.person} as {member.get_role_display().lower()}?"
    return partnership_page(request, partnership, "partners", "partnerships/form.html", form=form, heading=heading)
