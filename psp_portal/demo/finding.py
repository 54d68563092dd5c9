"""What a commissioner's portfolio is found by: themes of the partnerships, and two views that she keeps."""

from accounts.models import Person
from partnerships.actions.partnership import edit_partnership
from partnerships.actions.saved_view import save_view
from partnerships.models import Partnership
from partnerships.themes import Theme
from psp_portal.demo import personas
from psp_portal.demo.people import person
from psp_portal.demo.plots import BEFRIENDING, HOUSING, RECOVERY, TRANSPORT, Plot

THEMES: tuple[tuple[Plot, tuple[Theme, ...]], ...] = (
    (TRANSPORT, (Theme.CO_PRODUCTION, Theme.PARTNERS)),
    (BEFRIENDING, (Theme.SKILLS, Theme.EVIDENCE)),
    (HOUSING, (Theme.PARTNERS, Theme.CONTINGENCY)),
    (RECOVERY, (Theme.TENDER, Theme.AWARD)),
)
NAMES = ("title", "need", "service", "client_group", "area", "sponsor")


def themes_and_views() -> None:
    commissioner = person(personas.COMMISSIONER)
    for plot, themes in THEMES:
        _give(Partnership.objects.get(title=plot.title), themes, commissioner)
    save_view(name="Off track", query="health=red", is_default=False, by=commissioner)
    save_view(name="Pilots, next date first", query="stage=pilot&order=next_due", is_default=False, by=commissioner)


def _give(partnership: Partnership, themes: tuple[Theme, ...], by: Person) -> None:
    said = {name: getattr(partnership, name) for name in NAMES}
    edit_partnership(partnership=partnership, **said, themes=themes, by=by)
