"""What the pilot's pages share: its rows as this person may see them, and the tab they stand under."""

from datetime import date

from django.http import Http404, HttpRequest

from accounts.views.shared import person_of
from partnerships.lifecycle import Stage, has_reached
from partnerships.models import Partnership
from pilots.models import Evaluation, Indicator, MonthlyReturn, Note, SroiMap, Story
from pilots.models.indicator import IndicatorQuerySet
from pilots.models.monthly_return import MonthlyReturnQuerySet
from pilots.models.note import NoteQuerySet
from pilots.models.sroi import SroiMapQuerySet
from pilots.models.story import StoryQuerySet


def indicators_of(request: HttpRequest, partnership: Partnership) -> IndicatorQuerySet:
    return Indicator.objects.visible_to(person_of(request)).filter(partnership=partnership)


def returns_of(request: HttpRequest, partnership: Partnership) -> MonthlyReturnQuerySet:
    return MonthlyReturn.objects.visible_to(person_of(request)).filter(partnership=partnership)


def return_of(
    request: HttpRequest, partnership: Partnership, period: date, revision: int | None = None
) -> MonthlyReturn:
    """The newest revision of a period's return, or the one that is asked for; otherwise 404."""
    rows = returns_of(request, partnership).filter(period=period)
    if revision is not None:
        rows = rows.filter(revision=revision)
    found = rows.select_related("submitted_by", "accepted_by", "corrects").order_by("-revision").first()
    if found is None:
        raise Http404
    found.partnership = partnership
    return found


def notes_of(request: HttpRequest, partnership: Partnership) -> NoteQuerySet:
    return Note.objects.visible_to(person_of(request)).filter(partnership=partnership)


def stories_of(request: HttpRequest, partnership: Partnership) -> StoryQuerySet:
    """Every story, also a withdrawn one, of which pages tell no more than that it was withdrawn."""
    stories = Story.objects.visible_to(person_of(request)).filter(monthly_return__partnership=partnership)
    return stories.select_related("monthly_return__partnership")


def evaluation_of(request: HttpRequest, partnership: Partnership) -> Evaluation | None:
    """The evaluation with the people it names; None while nobody has written it."""
    written = Evaluation.objects.visible_to(person_of(request)).filter(partnership=partnership)
    found = written.select_related("written_by", "signed_off_by", "document").first()
    if found:
        found.partnership = partnership
    return found


def maps_of(request: HttpRequest, partnership: Partnership) -> SroiMapQuerySet:
    return SroiMap.objects.visible_to(person_of(request)).filter(partnership=partnership)


def map_for(request: HttpRequest, partnership: Partnership, number: int) -> SroiMap:
    """The map with this number and all its contents, or 404."""
    found = maps_of(request, partnership).filter(number=number).select_related("published_by").with_contents().first()
    if found is None:
        raise Http404
    found.partnership = partnership
    return found


def tab_of(partnership: Partnership) -> str:
    """The tab a page about indicators belongs to: its own in design, the pilot's afterwards."""
    return "pilot" if has_reached(partnership.stage, Stage.PILOT) else "indicators"
