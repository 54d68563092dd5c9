"""Start a partnership and describe it."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from accounts.models import Organisation
from accounts.models.organisation import Sector
from accounts.permissions import Ability as PortalAbility
from accounts.permissions import require as require_portal
from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import NotPermitted, stop_if
from partnerships.actions.summary import refresh
from partnerships.checklist import Variant
from partnerships.lifecycle import Stage, over_blockers
from partnerships.models import Member, Milestone, Partner, Partnership, PartnershipTheme, PlanBlock, Vehicle
from partnerships.permissions import Ability, require
from partnerships.plan import RECOMMENDED, Block, MilestoneKind, lay_out
from partnerships.roles import PartnerPart, PartnershipRole
from partnerships.themes import Theme

if TYPE_CHECKING:
    from accounts.models import Person

EARLIEST_START = date(2000, 1, 1)
LATEST_START = date(2100, 1, 1)


@verb("partnership.start", on="public_lead")
def start_partnership(
    *,
    title: str,
    need: str,
    client_group: str,
    area: str,
    sponsor: str,
    public_lead: Organisation,
    third_sector_lead: Organisation,
    starts_on: date,
    by: "Person",
    service: str = "",
    variant: str = Variant.STANDARD,
    themes: Collection[str] = (),
    months: Mapping[Block, int] | None = None,
) -> Partnership:
    """Propose a partnership: both leads become partners, the four blocks draw its first milestones.

    Gate G0 leads from the proposal to design. `months` are the lengths of the blocks; the recommended ones when left
    out (6 + 24 + 6 + 6).
    """
    require_portal(by, PortalAbility.START_PARTNERSHIP)
    if by.organisation_id != public_lead.pk:
        raise NotPermitted("You can start a partnership only for the public body you work for.")
    _check_leads(public_lead, third_sector_lead)
    check_start(starts_on)
    _check_variant(variant)
    _check_themes(themes)
    partnership = Partnership.objects.create(
        title=title,
        need=need,
        service=service,
        client_group=client_group,
        area=area,
        sponsor=sponsor,
        public_lead=public_lead,
        third_sector_lead=third_sector_lead,
        starts_on=starts_on,
        stage=Stage.PROPOSED,
        stage_since=starts_on,
        variant=variant,
    )
    # A start in the future is prepared today: both leads sign, name people and write plans from now on.
    joined_on = min(starts_on, clock.today())
    for organisation, part in (
        (public_lead, PartnerPart.PUBLIC_LEAD),
        (third_sector_lead, PartnerPart.THIRD_SECTOR_LEAD),
    ):
        Partner.objects.create(partnership=partnership, organisation=organisation, part=part, joined_on=joined_on)
    Member.objects.create(partnership=partnership, person=by, role=PartnershipRole.PUBLIC_LEAD, joined_on=joined_on)
    _keep_themes(partnership, themes)
    _draw_plan(partnership, months or {block: RECOMMENDED[block].default for block in Block})
    refresh(partnership)
    record("partnership.start", on=partnership, by=by, summary=f"proposed “{title}”", after=_facts(partnership))
    return partnership


@verb("partnership.edit", on="partnership")
def edit_partnership(
    *,
    partnership: Partnership,
    title: str,
    need: str,
    service: str,
    client_group: str,
    area: str,
    sponsor: str,
    by: "Person",
    variant: str | None = None,
    themes: Collection[str] | None = None,
    version: int | None = None,
) -> None:
    """Change the description; the variant until gate G1 is passed, the themes unless they are left out.

    Leads and dates have verbs of their own.
    """
    partnership = locked(partnership, version=version)
    require(by, Ability.EDIT_PARTNERSHIP, partnership)
    stop_if(blockers_to_edit(partnership))
    _check_themes(themes or ())
    before = _facts(partnership)
    if variant is not None and variant != partnership.variant:
        _check_variant(variant, partnership)
        partnership.variant = variant
    partnership.title, partnership.need, partnership.service = title, need, service
    partnership.client_group, partnership.area, partnership.sponsor = client_group, area, sponsor
    partnership.version += 1
    partnership.save()
    if themes is not None:
        _keep_themes(partnership, themes)
    record(
        "partnership.edit",
        on=partnership,
        by=by,
        summary="changed the description",
        before=before,
        after=_facts(partnership),
    )


@verb("partnership.agree", on="partnership")
def agree_together(
    *,
    partnership: Partnership,
    vehicle: str,
    vision: str,
    vision_agreed_on: date | None,
    by: "Person",
    version: int | None = None,
) -> None:
    """Keep how the partners deliver together (`domain.md` 1.9) and their statement of vision and values (1.5)."""
    partnership = locked(partnership, version=version)
    require(by, Ability.EDIT_PARTNERSHIP, partnership)
    stop_if(blockers_to_edit(partnership))
    _check_agreement(vehicle, vision, vision_agreed_on)
    before = _agreement(partnership)
    partnership.vehicle, partnership.vision, partnership.vision_agreed_on = vehicle, vision.strip(), vision_agreed_on
    partnership.version += 1
    partnership.save(update_fields=["vehicle", "vision", "vision_agreed_on", "version"])
    summary = "changed how the partners deliver together or their vision and values"
    record("partnership.agree", on=partnership, by=by, summary=summary, before=before, after=_agreement(partnership))


def _check_themes(themes: Collection[str]) -> None:
    if not set(themes) <= set(Theme.values):
        raise ValidationError({"themes": "Choose among the themes of the list."})


def _keep_themes(partnership: Partnership, themes: Collection[str]) -> None:
    partnership.themes.exclude(theme__in=themes).delete()
    kept = set(partnership.themes.values_list("theme", flat=True))
    wanted = [theme for theme in Theme.values if theme in set(themes) - kept]
    PartnershipTheme.objects.bulk_create(PartnershipTheme(partnership=partnership, theme=theme) for theme in wanted)


def _facts(partnership: Partnership) -> dict[str, str]:
    return partnership.facts() | {"themes": ", ".join(partnership.theme_labels())}


def _check_agreement(vehicle: str, vision: str, agreed_on: date | None) -> None:
    if vehicle and vehicle not in Vehicle.values:
        raise ValidationError({"vehicle": "Choose one of the three, or leave it open."})
    if vision.strip() and not agreed_on:
        raise ValidationError({"vision_agreed_on": "Say on which day the partners agreed the statement."})
    if agreed_on and not vision.strip():
        raise ValidationError({"vision": "Write the statement that was agreed on that day."})
    if agreed_on and agreed_on > clock.today():
        raise ValidationError({"vision_agreed_on": "Record it when it is agreed: choose today or an earlier date."})


def _agreement(partnership: Partnership) -> dict[str, str]:
    return {
        "vehicle": partnership.vehicle,
        "vision": partnership.vision,
        "vision_agreed_on": str(partnership.vision_agreed_on or ""),
    }


def blockers_to_edit(partnership: Partnership) -> list[str]:
    """Why the description cannot be changed now."""
    return over_blockers(partnership.stage, "It")


def may_change_variant(partnership: Partnership) -> bool:
    """Until gate G1 is passed: from the pilot on, the gates behind were passed for the variant as it is."""
    return partnership.stage in (Stage.PROPOSED, Stage.DESIGN)


def _check_variant(variant: str, partnership: Partnership | None = None) -> None:
    if variant not in Variant.values:
        raise ValidationError({"variant": "Choose one of the three kinds."})
    if partnership and not may_change_variant(partnership):
        raise ValidationError({"variant": "Gate G1 has been passed, so the kind of partnership stays as it is."})


def _check_leads(public_lead: Organisation, third_sector_lead: Organisation) -> None:
    for field, lead in (("public_lead", public_lead), ("third_sector_lead", third_sector_lead)):
        if lead.survivor:
            raise ValidationError({field: f"{lead} was merged into {lead.survivor}: choose that."})
    if public_lead.sector != Sector.PUBLIC:
        raise ValidationError({"public_lead": f"{public_lead} is not a public authority."})
    if third_sector_lead.sector != Sector.THIRD:
        raise ValidationError({"third_sector_lead": f"{third_sector_lead} is not a third sector organisation."})


def check_start(starts_on: date, *, field: str = "starts_on") -> None:
    """Within a century of sense; the message goes beside `field`."""
    if not EARLIEST_START <= starts_on < LATEST_START:
        raise ValidationError({field: "Choose a start date between 2000 and 2099."})


def _draw_plan(partnership: Partnership, months: Mapping[Block, int]) -> None:
    """One milestone ends each block; the plan page adds others between them."""
    for span in lay_out(partnership.starts_on, dict(months)):
        PlanBlock.objects.create(partnership=partnership, block=span.block, months=span.months)
        Milestone.objects.create(
            partnership=partnership,
            block=span.block,
            title=ENDS_WITH[span.block],
            kind=KIND_OF_END[span.block],
            ends_block=True,
            baseline_on=span.ends_on,
            due_on=span.ends_on,
        )


ENDS_WITH = {
    Block.DESIGN: "Design agreed and ready to pilot",
    Block.PARTNERSHIP: "Pilot complete",
    Block.EVALUATION: "Evaluation done and contract redesigned",
    Block.CONTRACT: "New service starts",
}

KIND_OF_END = {
    Block.DESIGN: MilestoneKind.AGREEMENT,
    Block.PARTNERSHIP: MilestoneKind.DELIVERABLE,
    Block.EVALUATION: MilestoneKind.REVIEW,
    Block.CONTRACT: MilestoneKind.DELIVERABLE,
}
