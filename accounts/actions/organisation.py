"""The register of organisations: add, edit. Nothing is ever removed from it: agreements and bids name its entries."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.doubles import certain_doubles
from accounts.models import Organisation, Person
from accounts.numbers import contradiction, identifiers
from accounts.permissions import Ability, require
from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database.locks import locked


@verb("organisation.add", on="by")
def add_organisation(
    *,
    name: str,
    kind: str,
    charity_number: str = "",
    company_number: str = "",
    org_id: str = "",
    about: str = "",
    by: Person,
) -> Organisation:
    """Put an organisation into the register."""
    require(by, Ability.KEEP_REGISTER)
    organisation = Organisation(
        name=name,
        kind=kind,
        charity_number=charity_number,
        company_number=company_number,
        org_id=org_id,
        about=about,
    )
    save_without_doubles(organisation)
    record(
        "organisation.add",
        on=organisation,
        by=by,
        summary=f"added {organisation} to the register",
        after=organisation.facts(),
    )
    return organisation


@verb("organisation.edit", on="organisation")
def edit_organisation(
    *,
    organisation: Organisation,
    name: str,
    kind: str,
    charity_number: str = "",
    company_number: str = "",
    org_id: str = "",
    about: str = "",
    by: Person,
    version: int | None = None,
) -> None:
    """Correct what the register says. What it said before stays in the history."""
    organisation = locked(organisation, version=version)
    require(by, Ability.KEEP_REGISTER)
    before = organisation.facts()
    organisation.name, organisation.kind, organisation.about = name, kind, about
    organisation.charity_number, organisation.company_number = charity_number, company_number
    organisation.org_id = org_id
    organisation.version += 1
    save_without_doubles(organisation)
    after = organisation.facts()
    changed = [fact for fact in after if after[fact] != before[fact]]
    record(
        "organisation.edit",
        on=organisation,
        by=by,
        summary=f"changed {_in_words(changed)} of {organisation}" if changed else f"saved {organisation} unchanged",
        before={fact: before[fact] for fact in changed},
        after={fact: after[fact] for fact in changed},
    )


def save_without_doubles(organisation: Organisation) -> None:
    organisation.full_clean(validate_unique=False, validate_constraints=False)
    _keep_what_the_numbers_do_not_tell(organisation)
    _refuse_doubles(organisation)
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError:  # somebody else was a moment quicker
        _refuse_doubles(organisation)
        raise


def _keep_what_the_numbers_do_not_tell(organisation: Organisation) -> None:
    """An org-id that repeats a number is not stored twice; one that contradicts a number is told."""
    numbers = (organisation.charity_number, organisation.company_number)
    if told := contradiction(*numbers, organisation.org_id):
        raise ValidationError({"org_id": told})
    if organisation.org_id in identifiers(*numbers):
        organisation.org_id = ""


def _refuse_doubles(organisation: Organisation) -> None:
    doubles = certain_doubles(
        name=organisation.name,
        charity_number=organisation.charity_number,
        company_number=organisation.company_number,
        org_id=organisation.org_id,
        but=organisation if organisation.pk else None,
    )
    errors: dict[str, Any] = {double.field: double.sentence for double in doubles}
    if errors:
        raise ValidationError(errors)


def _in_words(facts: list[str]) -> str:
    return ", ".join(fact.replace("_", " ") for fact in facts)
