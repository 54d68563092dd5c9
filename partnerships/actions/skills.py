"""A partner assesses its own skills (`domain.md` 1.10)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import NotPermitted, stop_if
from partnerships.actions.registers import blockers_to_write
from partnerships.models import Partner, SkillsAssessment, SkillScore
from partnerships.permissions import Ability, require
from partnerships.skills import HIGHEST, LOWEST, Topic, next_due

if TYPE_CHECKING:
    from accounts.models import Person


def blockers_to_assess(partner: Partner) -> list[str]:
    """Why a partner's skills cannot be assessed today."""
    today = clock.today()
    told = []
    if partner.left_on and partner.left_on < today:
        told.append(f"{partner} left on {partner.left_on:%-d %B %Y}.")
    if partner.skills.filter(assessed_on=today).exists():
        told.append(f"{partner} has assessed its skills today. The next time is in six months.")
    return blockers_to_write(partner.partnership) + told


@verb("skills.assess", on="partner")
def assess_skills(*, partner: Partner, scores: Mapping[str, int], by: "Person") -> SkillsAssessment:
    """Score each topic from 0 to 4. Only the partner's own people do: it is a self-assessment."""
    partnership = locked(partner.partnership)
    partner = locked(partner)
    require(by, Ability.KEEP_REGISTERS, partnership)
    if by.organisation_id != partner.organisation_id:
        raise NotPermitted(f"Only people of {partner} assess its skills.")
    stop_if(blockers_to_assess(partner))
    for topic in Topic:
        if not LOWEST <= scores.get(topic, -1) <= HIGHEST:
            raise ValidationError({topic.value: "Choose a score from 0 to 4."})
    assessment = SkillsAssessment.objects.create(partner=partner, assessed_on=clock.today(), assessed_by=by)
    partner.skills_due_on = next_due(partner.joined_on, assessment.assessed_on)
    partner.save(update_fields=["skills_due_on"])
    for topic in Topic:
        SkillScore.objects.create(assessment=assessment, topic=topic, points=scores[topic])
    told, after = f"{partner} assessed its skills", {topic.value: scores[topic] for topic in Topic}
    record("skills.assess", on=assessment, by=by, summary=told, after=after)
    return assessment
