"""How a person gets each kind of mail: their own choice, made while signed in or with the signed link in a mail."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError

from accounts.models import Person
from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database.locks import locked
from foundation.delivery import kinds
from foundation.delivery.kinds import How
from foundation.delivery.models import MailChoice, MailState, OutboxMail
from foundation.delivery.sorting import choices_of, how_of
from foundation.policy.refusals import NotPermitted, stop_if


def blockers_to_choose(person: Person) -> list[str]:
    return [] if person.is_active else [f"{person}'s account is closed: it gets no mails."]


def chosen_by(person: Person) -> dict[str, How]:
    """How each kind that can be changed comes to a person now. One query."""
    chosen = choices_of([person.pk])
    return {kind.name: how_of(chosen, person.pk, kind.name) for kind in kinds.changeable()}


@verb("person.choose_mail", on="person")
def choose_mail(*, person: Person, chosen: Mapping[str, str], by: Person) -> None:
    """Choose how the named kinds come from now on; what was gathered of them is sorted anew."""
    person = locked(person)
    if by.pk != person.pk:
        raise NotPermitted("You may not choose for somebody else how their mails come.")
    stop_if(blockers_to_choose(person))
    new = {name: _one_of(name, how) for name, how in chosen.items()}
    before = chosen_by(person)
    changed = {name: how for name, how in new.items() if before[name] != how}
    if not changed:
        return
    for name, how in changed.items():
        MailChoice.objects.update_or_create(person=person, kind=name, defaults={"how": how})
    gathered = OutboxMail.objects.filter(to=person, kind__in=changed, state=MailState.GATHERED)
    gathered.update(state=MailState.UNSORTED, next_try_at=None)
    words = "; ".join(f"{kinds.of(name).label}, {how.label.lower()}" for name, how in changed.items())
    record(
        "person.choose_mail",
        on=person,
        by=by,
        summary=f"chose how mails come to {person}: {words}",
        before={name: before[name].value for name in changed},
        after={name: how.value for name, how in changed.items()},
    )


def _one_of(name: str, how: str) -> How:
    """The choice, if the kind offers it; ValidationError beside the kind's field otherwise."""
    offered = next((kind.choices for kind in kinds.changeable() if kind.name == name), ())
    if not offered:
        raise ValidationError({name: "This kind of mail cannot be changed."})
    if how not in offered:
        raise ValidationError({name: "Choose one of the ways in the list."})
    return How(how)
