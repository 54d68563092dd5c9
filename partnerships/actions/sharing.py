"""The information-sharing log: write an entry, correct one by another (`domain.md` 1.5, 1.6)."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from partnerships.actions.registers import blockers_to_write
from partnerships.information import InformationClass
from partnerships.models import Partnership, SharingEntry
from partnerships.permissions import Ability, require

if TYPE_CHECKING:
    from accounts.models import Organisation, Person


def blockers_to_correct(entry: SharingEntry) -> list[str]:
    """Why an entry cannot be corrected now."""
    later = SharingEntry.objects.filter(corrects=entry).first()
    told = [f"This entry was corrected on {later.created_at:%-d %B %Y}: correct the newer one."] if later else []
    return blockers_to_write(entry.partnership) + told


@verb("sharing.log", on="partnership")
def log_sharing(
    *,
    partnership: Partnership,
    what: str,
    given_to: "list[Organisation]",
    shared_on: date,
    how: str,
    shared_by: "Person",
    information_class: str,
    by: "Person",
) -> SharingEntry:
    """Write down that information was given to partners."""
    partnership = locked(partnership)
    require(by, Ability.KEEP_REGISTERS, partnership)
    stop_if(blockers_to_write(partnership))
    if not given_to:
        raise ValidationError({"given_to": "Choose at least one organisation that it was shared with."})
    entry = _written(
        partnership, given_to, by, what=what, shared_on=shared_on, how=how, shared_by=shared_by,
        information_class=information_class,
    )  # fmt: skip
    record("sharing.log", on=entry, by=by, summary=f"logged information shared {_with(given_to)}", after=_facts(entry))
    return entry


@verb("sharing.correct", on="entry")
def correct_sharing(
    *,
    entry: SharingEntry,
    what: str,
    given_to: "list[Organisation]",
    shared_on: date,
    how: str,
    shared_by: "Person",
    information_class: str,
    reason: str,
    by: "Person",
) -> SharingEntry:
    """Write a new entry that stands in place of `entry`; with nobody in `given_to` it was never shared at all."""
    partnership = locked(entry.partnership)
    entry = locked(entry)
    require(by, Ability.KEEP_REGISTERS, partnership)
    stop_if(blockers_to_correct(entry))
    if not reason.strip():
        raise ValidationError({"reason": "Say what was wrong. The old entry stays in the log with this reason."})
    later = _written(
        partnership, given_to, by, what=what, shared_on=shared_on, how=how, shared_by=shared_by,
        information_class=information_class, corrects=entry, correction_reason=reason, thread=entry.thread,
    )  # fmt: skip
    told = f"corrected an entry of the information-sharing log: shared {_with(given_to)}"
    record("sharing.correct", on=later, by=by, summary=told, reason=reason, before=_facts(entry), after=_facts(later))
    return later


def _written(partnership: Partnership, given_to: "list[Organisation]", by: "Person", **values: Any) -> SharingEntry:
    _check(partnership, given_to, values["shared_on"], values["shared_by"], values["information_class"])
    entry = SharingEntry(
        partnership=partnership, given_by=values["shared_by"].organisation, logged_by=by, **values
    )  # fmt: skip
    entry.thread = entry.thread or entry.public_id
    entry.save(force_insert=True)
    entry.given_to.set(given_to)
    if not SharingEntry.objects.visible_to(by).filter(pk=entry.pk).exists():
        raise ValidationError({"information_class": _not_yours(entry)})
    return entry


def _check(
    partnership: Partnership, given_to: "list[Organisation]", shared_on: date, shared_by: "Person", of_class: str
) -> None:
    if of_class not in InformationClass.values:
        raise ValidationError({"information_class": "Choose one of the four classes."})
    if shared_on > clock.today():
        raise ValidationError({"shared_on": "Log what has been shared: this day is still to come."})
    partners = set(partnership.partners.values_list("organisation", flat=True))
    strangers = [str(organisation) for organisation in given_to if organisation.pk not in partners]
    if strangers:
        raise ValidationError({"given_to": f"No partner of this partnership: {', '.join(strangers)}."})
    if not partnership.members.filter(person=shared_by).exists() or shared_by.organisation is None:
        raise ValidationError({"shared_by": f"{shared_by} has no part in this partnership."})


def _not_yours(entry: SharingEntry) -> str:
    if entry.information_class == InformationClass.AUTHORITY:
        return f"Only people of {entry.partnership.public_lead} log what is authority-confidential."
    return "Only people of the organisations it was shared between, or of the public lead, log this."


def _with(given_to: "list[Organisation]") -> str:
    return f"with {', '.join(sorted(o.name for o in given_to))}" if given_to else "with nobody"


def _facts(entry: SharingEntry) -> dict[str, Any]:
    return {
        "what": entry.what,
        "given_to": sorted(o.name for o in entry.given_to.all()),
        "shared_on": entry.shared_on.isoformat(),
        "how": entry.how,
        "shared_by": str(entry.shared_by),
        "class": entry.information_class,
    }
