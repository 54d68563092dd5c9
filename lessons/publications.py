"""What can be handed over in every format: an edition of a report, a version of a learning point or of a profile.

A publication's content has a name (`content`): the same content is the same file, so a format is made once and served
from then on. A report's content is frozen; the others' changes with their version, a learning point's also with its
lessons, and a profile's with the consent to its story.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.text import slugify

from foundation.rendering.models import RenderJob
from lessons.formats import catalogue
from lessons.formats.braille import Layout
from lessons.formats.catalogue import Format, Setting
from lessons.formats.source import Source
from lessons.formats.told import (
    Learned,
    Part,
    PointWords,
    ProfileWords,
    Related,
    ReportWords,
    Site,
    point_source,
    profile_source,
    report_source,
)
from lessons.lifecycle import LISTED, LessonState
from lessons.models import Block, LearningPoint, LinkedVersion, Profile, ProofReading, Report
from lessons.models.profile import PARTS, STORY, lines
from lessons.themes import LessonStage
from partnerships.themes import Theme

KIND = "lessons-format"
REPORT, LEARNING_POINT, PROFILE = "lessons-report", "learning-point", "lessons-profile"
Published = Report | LearningPoint | Profile
LONGEST_NAME = 60
"""So many letters of a title are in the name of a file."""


@dataclass(frozen=True)
class Publication:
    """One of the three. `owner` is the field by which rows that belong to it are found."""

    report: Report | None = None
    point: LearningPoint | None = None
    profile: Profile | None = None

    @property
    def row(self) -> Published:
        row = self.report or self.point or self.profile
        assert row is not None
        return row

    @property
    def owner(self) -> dict[str, Any]:
        return {self.named: self.row}

    @property
    def named(self) -> str:
        """The field of the rows that belong to it, and its name among the inputs of a job."""
        return "report" if self.report else "learning_point" if self.point else "profile"

    @property
    def kind_of_pdf(self) -> str:
        return REPORT if self.report else LEARNING_POINT if self.point else PROFILE

    @property
    def title(self) -> str:
        return str(self.row) if isinstance(self.row, Report) else self.row.series_line

    @cached_property
    def content(self) -> str:
        """What its files are made of. Of a learning point one query: its lessons are told as they are now; of a profile
        one: whether its story may still be told.
        """
        if self.report:
            return f"report:{self.report.checksum}"
        if self.point:
            lessons = self.point.learned.values_list("lesson__number", "lesson__version")
            told = hashlib.sha256(repr(list(lessons)).encode()).hexdigest()[:16]
            return f"point:{self.point.public_id}:{self.point.version}:{told}"
        assert self.profile is not None
        story = self.profile.told_story()
        return f"profile:{self.profile.public_id}:{self.profile.version}:{story.version if story else 0}"

    @property
    def path(self) -> str:
        """The page where its formats are."""
        return self.row.get_absolute_url()

    @property
    def filename(self) -> str:
        """What people will know it by among their downloads, without an ending."""
        if isinstance(self.row, Report):
            name = slugify(self.row.title)[:LONGEST_NAME].strip("-") or REPORT
            return f"{name}-edition-{self.row.edition}"
        return f"{self.row.kind}-{self.row.number}"

    def source(self) -> Source:
        if self.report:
            return report_source(words_of_report(self.report), site(self))
        if self.point:
            return point_source(words_of_point(self.point), site(self))
        assert self.profile is not None
        return profile_source(words_of_profile(self.profile), site(self))


def publication_of(row: Published) -> Publication:
    if isinstance(row, Report):
        return Publication(report=row)
    return Publication(point=row) if isinstance(row, LearningPoint) else Publication(profile=row)


def publication(inputs: dict[str, Any]) -> Publication:
    """What the inputs of a job name."""
    if "report" in inputs:
        return Publication(report=Report.objects.select_related("made_by").get(public_id=inputs["report"]))
    if "profile" in inputs:
        return Publication(profile=Profile.objects.select_related("partnership").get(public_id=inputs["profile"]))
    points = LearningPoint.objects.select_related("series")
    return Publication(point=points.get(public_id=inputs["learning_point"]))


def site(of: Publication) -> Site:
    return Site(settings.SITE_NAME, settings.SITE_URL, f"{settings.SITE_URL}{of.path}#formats")


def layout() -> Layout:
    """The portal's braille page."""
    return Layout(settings.BRAILLE_CELLS, settings.BRAILLE_LINES)


def proof_readings(of: Publication) -> dict[str, ProofReading]:
    """By format, those of the content as it is now."""
    return {reading.format: reading for reading in ProofReading.objects.filter(content=of.content, **of.owner)}


def setting(made: Format, readings: dict[str, ProofReading]) -> Setting:
    reading = readings.get(made.code)
    if reading is None:
        return Setting(layout())
    return Setting(layout(), f"Proof-read by {reading.reader} on {timezone.localdate(reading.at):%-d %B %Y}.")


def key(of: Publication, made: Format, readings: dict[str, ProofReading]) -> str:
    """The job's key: everything the file depends on."""
    if made.code == catalogue.PDF:  # as these jobs have always been called
        if of.report:
            return f"{REPORT}:{of.report.checksum}"
        if of.point:
            return f"{LEARNING_POINT}:{of.content}"
        return of.content
    parts = [KIND, str(catalogue.WRITERS), of.content, made.code]
    if made.code in catalogue.BRAILLE:
        page, reading = layout(), readings.get(made.code)
        parts.append(f"{page.cells}x{page.lines}{':' + reading.public_id if reading else ''}")
    return ":".join(parts)


@dataclass(frozen=True)
class Offer:
    """A format of a publication as it stands: its job, if somebody asked for it, or why it cannot be made here."""

    format: Format
    job: RenderJob | None
    proof_read: str = ""
    why_not: str = ""

    @property
    def is_draft_braille(self) -> bool:
        return self.format.code in catalogue.BRAILLE and not self.proof_read


def offers(of: Publication) -> list[Offer]:
    """Every format, in the order of the catalogue. Two queries."""
    readings = proof_readings(of)
    keys = {made.code: key(of, made, readings) for made in catalogue.FORMATS}
    jobs = {job.key: job for job in RenderJob.objects.filter(key__in=keys.values()).select_related("file")}
    told = []
    for made in catalogue.FORMATS:
        job = jobs.get(keys[made.code])
        said = setting(made, readings).proof_read
        told.append(Offer(made, job, said, "" if job and job.file else made.why_not))
    return told


def grouped(offered: Sequence[Offer]) -> list[tuple[str, list[Offer]]]:
    """Under the headings of the page."""
    return [
        (title, [offer for offer in offered if offer.format.group == group])
        for group, title in catalogue.GROUPS.items()
    ]


def linked_versions(of: Publication) -> list[LinkedVersion]:
    return list(LinkedVersion.objects.filter(**of.owner))


def is_open_to_all(of: Publication) -> bool:
    """Whether everybody may read it without signing in."""
    return not isinstance(of.row, Report) and of.row.state in LISTED


# From rows to the plain values that `formats.told` lays out.


def words_of_report(report: Report) -> ReportWords:
    lessons = report.snapshots()
    return ReportWords(
        title=report.title,
        edition=report.edition,
        introduction=report.introduction,
        filters=report.filters,
        lessons=lessons,
        order=order_in_words(lessons),
        made_on=timezone.localdate(report.made_at),
        made_by=str(report.made_by),
        checksum=report.checksum,
    )


def words_of_point(point: LearningPoint) -> PointWords:
    """Three queries."""
    lines = lines_of(point)
    return PointWords(
        series_line=point.series_line,
        series=point.series.name,
        slug=point.slug,
        version=point.version,
        contact=list(_contact(point)),
        related=[Related(link.title, _cited(link), link.url) for link in point.links.all()],
        other_formats=point.other_formats,
        about_the_series=point.about_the_series,
        about=point.about,
        projects=lines[Block.PROJECTS],
        issues=lines[Block.ISSUES],
        disclaimer=point.disclaimer,
        month=point.month,
        updated_on=timezone.localdate(point.revised_at) if point.revised_at else None,
        change_note=point.change_note,
        known_already=point.known_already,
        stages=lines[Block.STAGES],
        learned=[_learned(item) for item in point.learned.select_related("lesson")],
        next=lines[Block.NEXT],
    )


def words_of_profile(profile: Profile) -> ProfileWords:
    """One query: the story, as long as it may be told."""
    return ProfileWords(
        series_line=profile.series_line,
        slug=profile.slug,
        version=profile.version,
        published_on=timezone.localdate(profile.published_at) if profile.published_at else None,
        updated_on=timezone.localdate(profile.revised_at) if profile.revised_at else None,
        change_note=profile.change_note,
        parts=parts(profile),
    )


def parts(profile: Profile) -> list[Part]:
    """What a reader sees, in order, the story before what was learned; parts without a word are left out."""
    told = words_only(profile)
    if story := profile.told_story():
        place = next((n for n, part in enumerate(told) if part.name == "learned"), len(told))
        told.insert(place, Part("story", STORY, story.text))
    return told


def words_only(profile: Profile) -> list[Part]:
    """The same without the story. No query."""
    told = (
        Part(field, heading, getattr(profile, field), tuple(lines(getattr(profile, field))) if is_list else ())
        for field, heading, is_list in PARTS
    )
    return [part for part in told if part.text.strip()]


def lines_of(point: LearningPoint) -> dict[str, list[str]]:
    """The lines of every block that is a list, empty ones included. One query."""
    lines: dict[str, list[str]] = {block: [] for block in Block}
    for line in point.lines.all():
        lines[line.block].append(line.text)
    return lines


def _learned(item: Any) -> Learned:
    lesson = item.lesson
    path = lesson.get_absolute_url() if lesson.state == LessonState.PUBLISHED else ""
    return Learned(lesson.number, lesson.title, item.words, item.evidence, item.source_label, path)


def _contact(point: LearningPoint) -> Iterable[str]:
    if point.publisher:
        yield point.publisher
    yield from (line.strip() for line in re.split(r"[\r\n]+", point.postal_address) if line.strip())
    named = (("Telephone", point.telephone), ("E-mail", point.email), ("Website", point.website))
    yield from (f"{label}: {value}" for label, value in named if value)


def _cited(link: Any) -> str:
    parts = [
        f". {link.publisher}" if link.publisher else "",
        f", {link.year}" if link.year else "",
        f". ISBN {link.isbn}" if link.isbn else "",
        f". {link.address}" if link.address and not link.url else "",
    ]
    return "".join(parts)


def order_in_words(lessons: Sequence[dict[str, Any]]) -> str:
    """How the frozen lessons of a report are ordered, said on its page of contents."""
    places = [place(lesson["stage"], lesson["theme"], lesson["number"]) for lesson in lessons]
    if places == sorted(places):
        return "The lessons are ordered by the stage they help in, then by theme, then by number."
    return "The lessons are in the order that the maker of this report chose."


def place(stage: str, theme: str, number: int) -> tuple[int, int, int]:
    """By the words a reader sees, because a report keeps these; words of an older list come last."""
    stages, themes = list(LessonStage.labels), list(Theme.labels)
    return (
        stages.index(stage) if stage in stages else len(stages),
        themes.index(theme) if theme in themes else len(themes),
        number,
    )
