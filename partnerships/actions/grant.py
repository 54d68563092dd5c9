"""Saying of a grant who awarded it to whom and when (`domain.md` 5.7)."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import ChangedMeanwhile, stop_if
from partnerships.actions.partnership import blockers_to_edit
from partnerships.grants import LONGEST_TITLE
from partnerships.models import Fund, GrantAward, is_a_grant
from partnerships.permissions import Ability, require

if TYPE_CHECKING:
    from accounts.models import Person

FIELDS = ("title", "description", "awarded_on", "funder", "recipient")
NOT_BEFORE = 0  # the version of what nobody has said yet


def blockers_to_describe(fund: Fund) -> list[str]:
    """Why nothing can be said of a fund as a grant now."""
    if not is_a_grant(fund):
        return ["Only cash from a grant, a trust or a lottery is a grant. Change the kind of the fund if it is one."]
    return blockers_to_edit(fund.partnership)


@verb("grant.describe", on="fund")
def describe_grant(*, fund: Fund, by: "Person", version: int | None = None, **values: Any) -> GrantAward:
    """Say who gives a grant to whom and since when; `values` are those of `FIELDS`. Saying it again corrects it."""
    partnership = locked(fund.partnership)
    fund = locked(fund)
    fund.partnership = partnership
    require(by, Ability.EDIT_BUDGET, partnership)
    stop_if(blockers_to_describe(fund))
    award = GrantAward.objects.filter(fund=fund).first() or GrantAward(fund=fund, version=NOT_BEFORE)
    if version is not None and version != award.version:
        raise ChangedMeanwhile(award)
    before = _facts(award) if award.pk else {}
    for name in FIELDS:
        setattr(award, name, values[name])
    _check(award)
    award.version += 1
    award.save()
    told = f"described the grant of {fund}: awarded by {award.funder} to {award.recipient}"
    record("grant.describe", on=award, by=by, summary=told, before=before, after=_facts(award))
    return award


def _check(award: GrantAward) -> None:
    if award.awarded_on > clock.today():
        raise ValidationError({"awarded_on": "Enter the day it was awarded: this one is still to come."})
    if award.funder == award.recipient:
        raise ValidationError({"recipient": "Nobody awards a grant to itself. Choose who receives it."})
    if len(award.title) > LONGEST_TITLE:
        raise ValidationError({"title": f"Use at most {LONGEST_TITLE} characters."})


def _facts(award: GrantAward) -> dict[str, str]:
    return {name: str(getattr(award, name)) for name in FIELDS}
