"""The demo's notes: what the befriending pilot has jotted down for the return that is still open."""

import io
from datetime import date, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw  # comes with WeasyPrint

from foundation.database import clock
from partnerships.models import Partnership
from pilots.actions.notes import add_note, set_aside_note
from pilots.lifecycle import ReturnState
from pilots.models import MonthlyReturn
from psp_portal.demo import personas
from psp_portal.demo.clockwork import midday
from psp_portal.demo.people import person
from psp_portal.demo.plots import BEFRIENDING

SHOWS = "The new tea table in the village hall, with its first four cups."


def what_is_jotted_down() -> None:
    """Four notes of the open month, one of a person that is set aside again, and one of the month that has begun."""
    partnership, by = Partnership.objects.get(title=BEFRIENDING.title), person(personas.MANAGER)
    row = MonthlyReturn.objects.get(partnership=partnership, state=ReturnState.DRAFT, corrects=None)
    first, this_month = row.period, clock.today().replace(day=1)

    def note(day: date, kind: str, text: str = "", number: str = "", goes_to: str = "", photo: bool = False) -> None:
        with midday(day):
            kept = add_note(
                partnership=partnership, kind=kind, text=text, goes_to=goes_to, by=by,
                number=Decimal(number) if number else None, photo=_photo() if photo else None,
                client_key=f"demo-{day:%d}-{kind}",
            )  # fmt: skip
            if "sister" in text:
                set_aside_note(note=kept, by=by)

    note(first + timedelta(days=3), "number", "Two moved into sheltered housing.", "2", "planned_exits")
    note(first + timedelta(days=8), "quote", "Thursday is the day I get dressed for.")
    note(first + timedelta(days=9), "quote", "My sister says I laugh again.")
    note(first + timedelta(days=15), "photo", SHOWS, photo=True)
    note(first + timedelta(days=22), "lesson", "A first visit in pairs costs an hour and saves three telephone calls.")
    note(this_month, "number", "", "1.5", "training_days")


def _photo() -> SimpleUploadedFile:
    """A drawing of a table with four cups: the demo has no camera."""
    picture = Image.new("RGB", (640, 420), "#e9e4d8")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 300, 640, 420), fill="#b9a88a")
    pen.rectangle((90, 215, 550, 245), fill="#7a4e2d")
    for x in (110, 510):
        pen.rectangle((x, 245, x + 20, 390), fill="#5f3c22")
    for x in (150, 240, 330, 420):
        pen.rectangle((x, 170, x + 50, 215), fill="#ffffff", outline="#5a2b83", width=4)
        pen.arc((x + 38, 178, x + 72, 208), 270, 90, fill="#5a2b83", width=4)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return SimpleUploadedFile("tea-table.jpg", out.getvalue(), "image/jpeg")
