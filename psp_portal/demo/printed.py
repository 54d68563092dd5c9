"""What has been asked for on paper: a report of lessons; of befriending its quarter, two packs and its memorandum."""

from datetime import timedelta
from decimal import Decimal

from foundation.database import clock
from lessons.actions.desk import ask_for_format, settle_request
from lessons.actions.formats import link_version, make_format
from lessons.actions.report import make_report
from lessons.formats.catalogue import FORMATS
from lessons.models import FormatRequest, LearningPoint, Lesson, Report
from partnerships.actions.memorandum import current_memorandum, print_memorandum
from partnerships.actions.pack import request_pack
from partnerships.lifecycle import Gate
from partnerships.models import Partnership
from pilots.actions.papers import request_evaluation_pack, request_report
from pilots.report import last_quarter
from psp_portal.demo import personas
from psp_portal.demo.clockwork import midday
from psp_portal.demo.people import person
from psp_portal.demo.plots import BEFRIENDING

OF_THE_REPORT = ("docx", "epub", "text", "large-18", "braille-contracted")
OF_THE_POINT = ("pdf", "html", "large-18", "braille-contracted", "braille-uncontracted", "audio", "script")
ASKED_FOR = ("Contracted braille on paper, two copies", "Polish", "Easy Read")
VERSIONS = (
    ("easy-read", "en-GB", "What partnerships learned, in Easy Read", "https://easyread.example/psp-1"),
    ("bsl", "bfi", "What partnerships learned, in British Sign Language", "https://bsl.example/psp-1"),
    ("translation", "gd", "Na dh’ionnsaich com-pàirteachasan", "https://gaidhlig.example/psp-1"),
)


def papers() -> None:
    """Told last, when everything that the papers tell has been told."""
    today, partnership = clock.today(), Partnership.objects.get(title=BEFRIENDING.title)
    with midday(today - timedelta(days=1), 15):
        request_report(partnership=partnership, asked=last_quarter(today), by=person(personas.COMMISSIONER))
        request_evaluation_pack(partnership=partnership, gate=Gate.G3, by=person(personas.EVALUATOR))
        request_pack(partnership=partnership, gate=Gate.G3, by=person(personas.COMMISSIONER))
        memorandum = current_memorandum(partnership)
        assert memorandum is not None
        print_memorandum(memorandum=memorandum, by=person(personas.COMMISSIONER))
    report, _ = make_report(
        title="What partnerships have learned about starting well",
        introduction="Ten lessons for people who are about to sign their first memorandum.",
        lessons=list(Lesson.objects.filter(state="published").order_by("number")[:10]),
        filters={},
        by=person(personas.PUBLISHER),
    )
    _in_other_formats(report)


def _in_other_formats(report: Report) -> None:
    """What this computer can make of the report and of the learning point, and what was made of it elsewhere."""
    publisher = person(personas.PUBLISHER)
    point = LearningPoint.objects.get(number=1)
    for row, codes in ((report, OF_THE_REPORT), (point, OF_THE_POINT)):
        for made in (one for one in FORMATS if one.code in codes and not one.why_not):
            make_format(row=row, made=made, by=publisher)
    for number, wanted in enumerate(ASKED_FOR):
        sender = f"192.0.2.{number + 1}"  # a network for examples
        ask_for_format(
            row=point, wanted=wanted, name="", email="", contact="By telephone: 0131 496 0000", sender=sender
        )
    settle_request(
        request=FormatRequest.objects.waiting().earliest("number"), state="delivered", supplier="Caledon Braille Press",
        cost=Decimal("48.00"), note="Two copies, embossed and posted.", by=publisher,
    )  # fmt: skip
    for kind, language, title, address in VERSIONS:
        link_version(row=point, kind=kind, language=language, title=title, address=address, by=publisher)
