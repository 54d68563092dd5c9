"""The tour's pages of the whole return: its sections, a correction, marks, thresholds, stories, all pilots together."""

from collections.abc import Iterator

from django.urls import reverse

from partnerships.models import Partnership
from pilots.lifecycle import ReturnState
from pilots.models import MonthlyReturn, Story
from psp_portal.demo import notes_tour, personas, spreadsheets_tour
from psp_portal.demo.personas import Persona
from psp_portal.demo.plots import BEFRIENDING


def stops() -> Iterator[tuple[str, Persona, str]]:
    """What is pictured, who looks, and the address."""
    who, lead, here = (
        personas.MANAGER,
        personas.PROJECT_LEAD,
        Partnership.objects.get(title=BEFRIENDING.title).public_id,
    )
    returns = MonthlyReturn.objects.filter(partnership__public_id=here)
    draft, marked = returns.get(state=ReturnState.DRAFT, corrects=None), returns.get(state=ReturnState.RETURNED)
    corrected = returns.get(state=ReturnState.ACCEPTED, corrects__isnull=False)
    accepted = returns.filter(state=ReturnState.ACCEPTED, corrects=None, correction=None).order_by("-period")[0]
    yield ("returns", who, reverse("pilots:returns", args=[here]))
    for section in ("people", "who", "outcomes", "money", "staff", "safety", "voice", "story", "lesson", "partners"):
        stop = reverse("pilots:return_fill_in_section", args=[here, draft.period, section])
        yield (f"return-{section}", who, stop)
    yield ("return-marked", who, reverse("pilots:return_fill_in", args=[here, marked.period]))
    stop = reverse("pilots:return_fill_in_section", args=[here, marked.period, "outcomes"])
    yield ("return-marked-field", who, stop)
    yield ("return-correct", who, reverse("pilots:return_correct", args=[here, accepted.period]))
    yield ("return-corrected", who, reverse("pilots:return", args=[here, corrected.period]))
    yield ("return-version", who, reverse("pilots:return_version", args=[here, corrected.period, 1]))
    submitted = returns.get(state=ReturnState.SUBMITTED)
    back = reverse("pilots:return_send_back", args=[here, submitted.period])
    yield ("return-send-back", personas.COMMISSIONER, back)
    for page in ("reporting", "thresholds", "override"):
        yield (f"pilot-{page}", lead, reverse(f"pilots:{page}", args=[here]))
    yield ("stories", who, reverse("pilots:stories", args=[here]))
    story = Story.objects.filter(monthly_return__partnership__public_id=here, published_on=None)[0]
    for page in ("consent", "withdraw"):
        yield (f"story-{page}", who, reverse(f"pilots:story_{page}", args=[here, story.public_id]))
    yield ("pilots-together", personas.COMMISSIONER, reverse("pilots:together"))
    yield ("pilots-by-area", personas.COMMISSIONER, reverse("pilots:together") + "?by=area")
    yield ("living-wage", who, reverse("pilots:living_wage"))
    yield from spreadsheets_tour.stops()
    yield ("living-wage-set", personas.COMMISSIONER, reverse("pilots:living_wage_set"))
    yield from notes_tour.stops()
