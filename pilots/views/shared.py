"""What the pilot's pages share: its rows as this person may see them, and the tab they stand under."""

from django.http import HttpRequest

from accounts.views.shared import person_of
from partnerships.lifecycle import Stage, has_reached
from partnerships.models import Partnership
from pilots.models import Evaluation, Indicator, MonthlyReturn
from pilots.models.indicator import IndicatorQuerySet
from pilots.models.monthly_return import MonthlyReturnQuerySet


def indicators_of(request: HttpRequest, partnership: Partnership) -> IndicatorQuerySet:
    return Indicator.objects.visible_to(person_of(request)).filter(partnership=partnership)


def returns_of(request: HttpRequest, partnership: Partnership) -> MonthlyReturnQuerySet:
    return MonthlyReturn.objects.visible_to(person_of(request)).filter(partnership=partnership)


def evaluation_of(request: HttpRequest, partnership: Partnership) -> Evaluation | None:
    """The evaluation with the people it names; None while nobody has written it."""
    written = Evaluation.objects.visible_to(person_of(request)).filter(partnership=partnership)
    found = written.select_related("written_by", "signed_off_by", "document").first()
    if found:
        found.partnership = partnership
    return found


def tab_of(partnership: Partnership) -> str:
    """The tab a page about indicators belongs to: its own in design, the pilot's afterwards."""
    return "pilot" if has_reached(partnership.stage, Stage.PILOT) else "indicators"
