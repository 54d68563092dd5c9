"""The memorandum of understanding: write a version, sign it. A change is a new version that everyone signs again."""

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import NotPermitted, stop_if
from partnerships.actions.partnership import blockers_to_edit
from partnerships.models import Memorandum, Partner, Partnership, Signature
from partnerships.permissions import Ability, require

if TYPE_CHECKING:
    from accounts.models import Person


def current_memorandum(partnership: Partnership) -> Memorandum | None:
    """The newest version; None before the first."""
    return Memorandum.objects.filter(partnership=partnership).order_by("-number").first()


@verb("memorandum.write", on="partnership")
def write_memorandum(
    *, partnership: Partnership, purpose: str, how_we_work: str, review_on: date, by: "Person", version: int = 0
) -> Memorandum:
    """Make the next version. `version` is the number the writer was looking at (0: none), so a stale tab is noticed."""
    partnership = locked(partnership)
    require(by, Ability.WRITE_MEMORANDUM, partnership)
    stop_if(blockers_to_edit(partnership))
    latest = current_memorandum(partnership)
    if version != (latest.number if latest else 0):
        stop_if(["Somebody wrote a newer version while you were writing. Read it before you send yours again."])
    if review_on <= clock.today():
        raise ValidationError({"review_on": "Choose a review date in the future."})
    memorandum = Memorandum.objects.create(
        partnership=partnership,
        number=version + 1,
        purpose=purpose,
        how_we_work=how_we_work,
        review_on=review_on,
        written_by=by,
    )
    record("memorandum.write", on=memorandum, by=by, summary=f"wrote version {memorandum.number} of the memorandum")
    return memorandum


@verb("memorandum.sign", on="memorandum")
def sign_memorandum(*, memorandum: Memorandum, partner: Partner, by: "Person") -> Signature:
    """Sign the newest version for the organisation one works for."""
    partnership = locked(memorandum.partnership)
    require(by, Ability.SIGN_MEMORANDUM, partnership)
    if by.organisation_id != partner.organisation_id or partner.partnership_id != partnership.pk:
        raise NotPermitted("You can sign only for the organisation you work for.")
    stop_if(blockers_to_sign(memorandum, partner))
    signature = Signature.objects.create(memorandum=memorandum, partner=partner, signed_by=by)
    record("memorandum.sign", on=memorandum, by=by, summary=f"signed version {memorandum.number} for {partner}")
    return signature


def blockers_to_sign(memorandum: Memorandum, partner: Partner) -> list[str]:
    """Why this partner cannot sign this version now."""
    latest = current_memorandum(memorandum.partnership)
    if latest and latest.pk != memorandum.pk:
        return [f"Version {latest.number} has replaced this one: read and sign that."]
    if Signature.objects.filter(memorandum=memorandum, partner=partner).exists():
        return [f"{partner} has signed this version."]
    return blockers_to_edit(memorandum.partnership)
