"""What several lists of the home page need of a person's partnerships: one query each for all of them together."""

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from accounts.todo import once
from partnerships.lifecycle import OVER
from partnerships.models import Memorandum, Partner, Signature, held_by

if TYPE_CHECKING:
    from accounts.models import Person


def present_partners(person: "Person") -> list[Partner]:
    """The person's organisation as a partner today, wherever they have a role."""
    rows = Partner.objects.current().filter(organisation=person.organisation_id, partnership__in=held_by(person))
    return once(person, "partners", lambda: list(rows.select_related("partnership", "organisation")))


def newest_memoranda(person: "Person") -> list[Memorandum]:
    """The newest version where the person has a role and the work goes on; `is_signed`: by their organisation."""
    newer = Memorandum.objects.filter(partnership=OuterRef("partnership"), number__gt=OuterRef("number"))
    ours = Partner.objects.current().filter(organisation=person.organisation_id)
    signed = Signature.objects.filter(memorandum=OuterRef("pk"), partner__in=ours)
    rows = (
        Memorandum.objects.filter(~Exists(newer), partnership__in=held_by(person))
        .exclude(partnership__stage__in=OVER)
        .annotate(is_signed=Exists(signed))
        .select_related("partnership")
    )
    return once(person, "memoranda", lambda: list(rows))
