"""Earlier editions: kept by every revision (`lessons.editions`), and taken back when nobody should read one."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from lessons.models import EarlierEdition
from lessons.permissions import require_publisher

if TYPE_CHECKING:
    from accounts.models import Person


def blockers_to_take_back(edition: EarlierEdition) -> list[str]:
    return [f"The text of {edition} was taken back already."] if edition.taken_back_because else []


@verb("edition.take_back", on="edition")
def take_back_edition(*, edition: EarlierEdition, reason: str, by: "Person") -> EarlierEdition:
    """Delete the text of an earlier edition, because of a name in it for instance. Its address stays and says why."""
    edition = locked(edition)
    require_publisher(by)
    stop_if(blockers_to_take_back(edition))
    if not reason.strip():
        raise ValidationError({"reason": "Say why. Readers who come to this address will see it."})
    edition.text, edition.taken_back_because = {}, reason
    edition.save(update_fields=["text", "taken_back_because"])
    record("edition.take_back", on=edition, by=by, summary=f"took back the text of {edition}", reason=reason)
    return edition
