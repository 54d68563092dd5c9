"""What ties organisations together: links with dates, a new name, a merger. Nothing of the past is rewritten."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from accounts.actions.organisation import save_without_doubles
from accounts.models import FormerName, LinkKind, Organisation, OrganisationLink, Person
from accounts.permissions import Ability, require
from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if


def blockers_to_change(organisation: Organisation) -> list[str]:
    """Why an entry of the register can be read but no longer linked, renamed or merged."""
    if organisation.merged_into and organisation.merged_on:
        return [f"{organisation} was merged into {organisation.merged_into} on {_told(organisation.merged_on)}."]
    return []


@verb("organisation.link", on="below")
def link_organisations(
    *, below: Organisation, above: Organisation, kind: str, since: date, until: date | None = None, by: Person
) -> OrganisationLink:
    """Say that `below` is a member or a subsidiary of `above`. Two events: each organisation's history tells it."""
    below, above = _both(below, above)
    require(by, Ability.KEEP_REGISTER)
    stop_if(blockers_to_change(below) + blockers_to_change(above))
    if kind not in LinkKind.values:
        raise ValidationError({"kind": "Choose how they are related."})
    if above.pk == below.pk:
        raise ValidationError({"other": "An organisation is not related to itself: choose another one."})
    _check_days(since, until)
    stop_if(_overlap(above, below, since, until))
    link = OrganisationLink.objects.create(above=above, below=below, kind=kind, since=since, until=until)
    _tell("organisation.link", link, by, f"related: {link}, from {_told(since)}", after=_facts(link))
    return link


@verb("organisation.unlink", on="link")
def end_link(*, link: OrganisationLink, until: date, by: Person) -> None:
    """Set the last day of a link. It stays on both pages as something that was."""
    link = locked(link)
    require(by, Ability.KEEP_REGISTER)
    if link.until:
        stop_if([f"This ended on {_told(link.until)} already."])
    if until < link.since:
        raise ValidationError({"until": f"It began on {_told(link.since)}: choose a later date."})
    link.until = until
    link.save(update_fields=["until"])
    _tell("organisation.unlink", link, by, f"no longer related after {_told(until)}: {link}", after=_facts(link))


@verb("organisation.rename", on="organisation")
def rename_organisation(
    *, organisation: Organisation, name: str, since: date, by: Person, version: int | None = None
) -> None:
    """Record that it took another name on a day. The old one is kept with its dates and is still found."""
    organisation = locked(organisation, version=version)
    require(by, Ability.KEEP_REGISTER)
    stop_if(blockers_to_change(organisation))
    old = organisation.name
    if name == old:
        raise ValidationError({"name": "This is the name it has."})
    _check_not_coming(since, "since")
    if organisation.named_since and since <= organisation.named_since:
        told = f"It has its present name since {_told(organisation.named_since)}: choose a later date."
        raise ValidationError({"since": told})
    FormerName.objects.create(
        organisation=organisation, name=old, since=organisation.named_since, until=since - timedelta(days=1)
    )
    organisation.name, organisation.named_since, organisation.version = name, since, organisation.version + 1
    save_without_doubles(organisation)
    record(
        "organisation.rename",
        on=organisation,
        by=by,
        summary=f"recorded that {old} is called {name} from {_told(since)}",
        before={"name": old},
        after={"name": name, "since": since.isoformat()},
    )


@verb("organisation.merge", on="organisation")
def merge_organisation(
    *, organisation: Organisation, into: Organisation, merged_on: date, by: Person, version: int | None = None
) -> None:
    """Point an organisation at the one it was merged into. Its row, and all that names it, stays as it was."""
    organisation, into = _both(organisation, into, version=version)
    require(by, Ability.KEEP_REGISTER)
    stop_if(blockers_to_change(organisation))
    if into.pk == organisation.pk:
        raise ValidationError({"into": "Choose the organisation that goes on; this one cannot be merged into itself."})
    if into.merged_into_id:
        raise ValidationError({"into": f"{into} was merged itself, into {into.survivor}: choose that one."})
    _check_not_coming(merged_on, "merged_on")
    organisation.merged_into = organisation.survivor = into
    organisation.merged_on, organisation.version = merged_on, organisation.version + 1
    organisation.save(update_fields=["merged_into", "survivor", "merged_on", "version"])
    organisation.absorbed.update(survivor=into)
    words = f"merged {organisation} into {into} on {_told(merged_on)}"
    record("organisation.merge", on=organisation, by=by, summary=words, after={"into": into.name})
    record("organisation.merge", on=organisation, by=by, summary=words, scope=into.audit_scope)


def _both(one: Organisation, other: Organisation, version: int | None = None) -> tuple[Organisation, Organisation]:
    """Both rows locked, always in the same order, so that two people at work never wait for each other in a circle."""
    rows = {row.pk: locked(row) for row in sorted((one, other), key=lambda row: row.pk)}
    return locked(one, version=version), rows[other.pk]


def _check_days(since: date, until: date | None) -> None:
    if until and until < since:
        raise ValidationError({"until": f"It begins on {_told(since)}: choose a later date."})


def _check_not_coming(day: date, field: str) -> None:
    if day > clock.today():
        raise ValidationError({field: "Record this when it has happened: choose today or an earlier date."})


def _overlap(above: Organisation, below: Organisation, since: date, until: date | None) -> list[str]:
    """One link between two organisations at a time, and nobody above somebody who is above them."""
    at_the_time = OrganisationLink.objects.filter(Q(until=None) | Q(until__gte=since))
    if until:
        at_the_time = at_the_time.filter(since__lte=until)
    if same := at_the_time.filter(above=above, below=below).first():
        return [f"{below} and {above} are related already since {_told(same.since)}: end that first."]
    if at_the_time.filter(above=below, below=above).exists():
        return [f"{above} stands under {below} at that time: it cannot be above it too."]
    return []


def _tell(action: str, link: OrganisationLink, by: Person, summary: str, after: dict[str, Any]) -> None:
    record(action, on=link, by=by, summary=summary, after=after)
    record(action, on=link, by=by, summary=summary, after=after, scope=link.below.audit_scope)


def _facts(link: OrganisationLink) -> dict[str, Any]:
    return {
        "above": link.above.name,
        "below": link.below.name,
        "kind": link.kind,
        "since": link.since.isoformat(),
        "until": link.until.isoformat() if link.until else None,
    }


def _told(day: date) -> str:
    return f"{day:%-d %B %Y}"
