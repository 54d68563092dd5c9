"""Organisations that helped a learning point otherwise than as a partner: named in its draft, asked with the rest."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from accounts.models import Organisation
from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from lessons import lifecycle
from lessons.actions.review import named_in, partners_of
from lessons.models import Contributor, LearningPoint
from lessons.permissions import require_publisher

if TYPE_CHECKING:
    from accounts.models import Person


def may_be_named(point: LearningPoint) -> QuerySet[Organisation]:
    """Every organisation of the register that is not asked already."""
    asked = [*partners_of(point), *(row.organisation for row in named_in(point))]
    return Organisation.objects.standing().exclude(pk__in=[one.pk for one in asked])


def blockers_to_name(point: LearningPoint, organisation: Organisation) -> list[str]:
    """Why it cannot be named: it is asked already, as a partner or because it was named before, or stands no more."""
    if may_be_named(point).filter(pk=organisation.pk).exists():
        return []
    if any(row.organisation_id == organisation.pk for row in named_in(point)):
        return [f"{organisation} is named already. Take it off the list first, to say it in other words."]
    if organisation in partners_of(point):
        return [f"{organisation} is a partner of a partnership that this is about: it can be asked as one."]
    return [f"{organisation} has merged into another. Name that one."]


@verb("contributor.name", on="point")
def name_contributor(
    *, point: LearningPoint, organisation: Organisation, contributed: str, by: "Person", version: int | None = None
) -> Contributor:
    """Name an organisation of the register, and what it contributed. Its sign-off is asked when the partners' is."""
    point = locked(point, version=version)
    require_publisher(by)
    stop_if(lifecycle.blockers_to_edit(point.state, point.name) or blockers_to_name(point, organisation))
    if not contributed.strip():
        raise ValidationError({"contributed": "Say what it contributed. The organisation reads it in the mail."})
    row = Contributor.objects.create(learning_point=point, organisation=organisation, contributed=contributed)
    point.version += 1
    point.save(update_fields=["version"])
    record(
        "contributor.name",
        on=point,
        by=by,
        summary=f"named {organisation} as a contributor to “{point}”",
        after={"organisation": organisation.name, "contributed": contributed},
    )
    return row


@verb("contributor.remove", on="point")
def remove_contributor(*, point: LearningPoint, contributor: Contributor, by: "Person") -> None:
    """Take an organisation that was named off the list of a draft."""
    point = locked(point)
    require_publisher(by)
    stop_if(lifecycle.blockers_to_edit(point.state, point.name))
    removed, _ = named_in(point).filter(pk=contributor.pk).delete()
    stop_if([] if removed else [f"{contributor} is off the list already."])
    point.version += 1
    point.save(update_fields=["version"])
    record(
        "contributor.remove",
        on=point,
        by=by,
        summary=f"took {contributor} off the contributors to “{point}”",
        before={"organisation": contributor.organisation.name, "contributed": contributor.contributed},
    )
