"""The tour's pages of the notes: the list, one form of each kind, and where the open return shows what waits for it."""

from collections.abc import Iterator

from django.urls import reverse

from partnerships.models import Partnership
from pilots.lifecycle import ReturnState
from pilots.models import MonthlyReturn
from pilots.noted import NoteKind
from psp_portal.demo import personas
from psp_portal.demo.personas import Persona
from psp_portal.demo.plots import BEFRIENDING


def stops() -> Iterator[tuple[str, Persona, str]]:
    """What is pictured, who looks, and the address."""
    who, here = personas.MANAGER, Partnership.objects.get(title=BEFRIENDING.title).public_id
    yield ("notes", who, reverse("pilots:notes", args=[here]))
    for kind in NoteKind.values:
        yield (f"note-{kind}", who, reverse("pilots:note_add", args=[here, kind]))
    draft = MonthlyReturn.objects.get(partnership__public_id=here, state=ReturnState.DRAFT, corrects=None)
    yield ("return-notes", who, reverse("pilots:return_fill_in", args=[here, draft.period]))
