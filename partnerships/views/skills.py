"""The partners' skills: when each assessed itself last, and how far it has come."""

from datetime import date

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.forms.submit import posted
from foundation.policy.refusals import NotPermitted
from partnerships.actions.skills import assess_skills, blockers_to_assess
from partnerships.forms.skills import SkillsForm
from partnerships.models import Partner, Partnership, SkillsAssessment
from partnerships.permissions import Ability
from partnerships.readiness import Taught, by_topic, procurement_told, taught_since
from partnerships.skills import Topic, change, next_due
from partnerships.views.registers import register_form, register_page
from partnerships.views.shared import partnership_for, partnership_to

LAST_COLUMNS = ("Change since the first", "Training since the last")


def skills(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    partners = partnership.partners.current().select_related("organisation").annotate(last=Max("skills__assessed_on"))
    return register_page(
        request,
        partnership,
        "skills",
        "partnerships/registers/skills.html",
        rows=[_row(partner, partner.last) for partner in partners],  # type: ignore[attr-defined]
        topics=by_topic(partnership),
        topic_headers=("Topic", "Scores given last, 0 to 4", "People trained"),
        procurement=procurement_told(partnership),
    )


def _row(partner: Partner, last: date | None) -> tuple[Partner, date | None, date]:
    return partner, last, next_due(partner.joined_on, last)


def _topic(topic: Topic, times: list[SkillsAssessment], moved: dict[str, int], taught: dict[str, Taught]) -> list[str]:
    scores = [str(assessment.by_topic[topic]) for assessment in times]
    moves = f"{moved[topic]:+d}" if moved[topic] else "none"
    return [topic.label, *scores, moves, str(taught.get(topic, Taught()))]


def partner_skills(request: HttpRequest, partnership_id: str, partner_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    partner = _partner(partnership, partner_id)
    found = list(partner.skills.prefetch_related("scores"))
    first, last = (found[0].by_topic, found[-1].by_topic) if found else ({}, {})
    moved = change(first, last) if found else {}
    taught = taught_since(partner, found[-1].assessed_on if found else None)
    return register_page(
        request,
        partnership,
        "skills",
        "partnerships/registers/partner_skills.html",
        partner=partner,
        headers=["Topic", *(f"{a.assessed_on:%-d %b %Y}" for a in found[-3:]), *LAST_COLUMNS],
        rows=[_topic(t, found[-3:], moved, taught) for t in Topic] if found else [],
        mine=partner.organisation_id == person_of(request).organisation_id,
        blockers=blockers_to_assess(partner),
    )


def assess(request: HttpRequest, partnership_id: str, partner_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.KEEP_REGISTERS)
    partner = _partner(partnership, partner_id)
    if partner.organisation_id != person_of(request).organisation_id:
        raise NotPermitted(f"Only people of {partner} assess its skills.")
    back = reverse("partnerships:partner_skills", args=[partnership.public_id, partner.public_id])
    form = SkillsForm(posted(request), cancel_url=back)

    def action() -> None:
        assess_skills(partner=partner, scores=form.values(), by=person_of(request))

    heading, lead = f"Skills of {partner}", "Be honest rather than kind: it shows where help is worth its money."
    return register_form(
        request, partnership, "skills", form, action, heading=heading, done="The assessment is saved.", lead=lead
    )


def _partner(partnership: Partnership, partner_id: str) -> Partner:
    found = partnership.partners.select_related("organisation").filter(public_id=partner_id).first()
    if found is None:
        raise Http404
    return found
