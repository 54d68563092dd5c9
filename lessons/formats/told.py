"""A report's edition, a learning point and a profile as a `Source`: which parts, in which order, in which words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from foundation.drawing.bars import Group, Row, bars
from lessons.formats.source import Block, Bullets, Figure, Paragraph, Run, Section, Sheet, Source, Table, para
from lessons.formats.source import bullets as list_of
from lessons.formats.source import paragraphs as said

WEB = ("https://", "http://")
FEWEST_TO_COUNT = 2
FIELDS = (
    ("Number", "number"), ("Lesson", "title"), ("Theme", "theme"), ("Helps in stage", "stage"),
    ("Kind of service", "kind_of_service"), ("What happened", "what_happened"), ("Why", "why"),
    ("What to do", "advice"), ("What shows it", "evidence"), ("Source", "source_label"),
    ("Address of the source", "source_address"), ("Published", "published_on"), ("Updated", "revised_on"),
)  # fmt: skip


@dataclass(frozen=True)
class Site:
    """The portal that hands it over: its name, its address, and the page where other formats are."""

    name: str
    url: str
    formats: str


@dataclass(frozen=True)
class ReportWords:
    """An edition of a report, frozen: `lessons` are snapshots (`documents.snapshot`), `order` says how they stand."""

    title: str
    edition: int
    introduction: str
    filters: Mapping[str, str]
    lessons: Sequence[Mapping[str, Any]]
    order: str
    made_on: date
    made_by: str
    checksum: str


@dataclass(frozen=True)
class Learned:
    """A lesson of “What has been learned?”; without a path it cannot be read any more."""

    number: int
    title: str
    words: str
    evidence: str
    source: str
    path: str


@dataclass(frozen=True)
class Related:
    title: str
    rest: str
    address: str


@dataclass(frozen=True)
class PointWords:
    """The eleven blocks of a learning point (`domain.md` 6.1)."""

    series_line: str
    series: str
    slug: str
    version: int
    contact: Sequence[str]
    related: Sequence[Related]
    other_formats: str
    about_the_series: str
    about: str
    projects: Sequence[str]
    issues: Sequence[str]
    disclaimer: str
    month: date | None
    updated_on: date | None
    change_note: str
    known_already: str
    stages: Sequence[str]
    learned: Sequence[Learned]
    next: Sequence[str]


@dataclass(frozen=True)
class Part:
    """A part of a profile: `items` when it is a list, otherwise paragraphs."""

    name: str
    heading: str
    text: str
    items: Sequence[str] = ()


@dataclass(frozen=True)
class ProfileWords:
    """The case study of one partnership (`domain.md` 6.1)."""

    series_line: str
    slug: str
    version: int
    published_on: date | None
    updated_on: date | None
    change_note: str
    parts: Sequence[Part]


def report_source(report: ReportWords, site: Site) -> Source:
    title = f"{report.title}, edition {report.edition}"
    count = len(report.lessons)
    cover: list[Block] = [
        para(f"{report.made_on:%-d %B %Y}"),
        para(f"{count} lesson{'' if count == 1 else 's'}. Made by {report.made_by} with the {site.name}."),
    ]
    if report.filters:
        cover.append(Table("How the lessons were chosen", (), tuple(report.filters.items())))
    cover.append(Paragraph((Run(f"Checksum of the content: {report.checksum}"),), aloud=False))
    opening = (Section("introduction", "Introduction", said(report.introduction)),) if report.introduction else ()
    lessons = tuple(_lesson(lesson, site) for lesson in report.lessons)
    return Source(
        title=title,
        series="Lessons from Public Social Partnerships",
        cover=tuple(cover),
        opening=opening,
        sections=(*_at_a_glance(report.lessons), *lessons, replace(_formats(site), own_page=True)),
        contents_note=report.order,
        publisher=site.name,
        identifier=f"urn:sha256:{report.checksum}",
        modified=report.made_on.isoformat(),
        data=_sheets(report.lessons),
    )


def _lesson(lesson: Mapping[str, Any], site: Site) -> Section:
    number, anchor = lesson["number"], f"lesson-{lesson['number']}"
    facts = [
        ("Theme", lesson["theme"]),
        ("Helps in stage", lesson["stage"]),
        ("Kind of service", lesson["kind_of_service"]),
        ("Published", _day(lesson["published_on"])),
        ("Updated", f"{_day(lesson['revised_on'])}: {lesson['change_note']}" if lesson["revised_on"] else ""),
    ]
    address = f"{site.url}{lesson['path']}"
    told = [("What happened", "what_happened"), ("Why", "why"), ("What to do", "advice"), ("What shows it", "evidence")]
    parts = [Section(f"{anchor}-{name.replace('_', '-')}", title, said(lesson[name])) for title, name in told]
    now = Paragraph((Run(f"Lesson {number} as it is now", address), Run(f": {address}")), aloud=False)
    parts.append(Section(f"{anchor}-source", "Source", (_cited(lesson), now)))
    kept = tuple(fact for fact in facts if fact[1])
    return Section(
        anchor, lesson["title"], (Table(f"Facts about lesson {number}", (), kept),), tuple(parts), own_page=True
    )


def _cited(lesson: Mapping[str, Any]) -> Paragraph:
    label, address = lesson["source_label"], lesson["source_address"]
    if not label:
        return para("The partnership that learned it.")
    rest = (Run(f": {address}"),) if address else ()
    return Paragraph((Run(label, address if address.startswith(WEB) else ""), *rest))


def _at_a_glance(lessons: Sequence[Mapping[str, Any]]) -> tuple[Section, ...]:
    """How many lessons help in each stage, drawn and as a table; nothing when all help in one."""
    counted = _counts(lessons, "stage")
    if len(counted) < FEWEST_TO_COUNT:
        return ()
    name = "Lessons by the stage they help in"
    rows = [Row(stage, [Decimal(number)]) for stage, number in counted]
    drawing = bars([Group(name, ["Lessons"], rows)], unit="Lessons", title=name, id="by-stage")
    told = _the_most(counted, len(lessons))
    twin = Table(name, ("Stage", "Lessons"), tuple((stage, str(number)) for stage, number in counted))
    section = Section("at-a-glance", "The lessons at a glance", (Figure(name, told, drawing, twin),), own_page=True)
    return (section,)


def _the_most(counted: Sequence[tuple[str, int]], of: int) -> str:
    """Which stage has the most lessons, in a sentence; `counted` begins with it. Equals are named together."""
    most = counted[0][1]
    first = [f"“{stage}”" for stage, number in counted if number == most]
    if len(first) == len(counted):
        return f"Each of the {len(counted)} stages has {most} lesson{'' if most == 1 else 's'}."
    if len(first) == 1:
        return f"The stage with the most lessons is {first[0]}, with {most} of {of}."
    return f"The stages with the most lessons are {', '.join(first[:-1])} and {first[-1]}, each with {most} of {of}."


def _counts(lessons: Sequence[Mapping[str, Any]], field: str) -> list[tuple[str, int]]:
    """The most frequent first, then by name."""
    return sorted(Counter(lesson[field] for lesson in lessons).items(), key=lambda item: (-item[1], item[0]))


def _sheets(lessons: Sequence[Mapping[str, Any]]) -> tuple[Sheet, ...]:
    rows = tuple(tuple(str(lesson[field] or "") for _, field in FIELDS) for lesson in lessons)

    def counted(field: str) -> tuple[tuple[str, str], ...]:
        return tuple((name, str(number)) for name, number in _counts(lessons, field))

    return (
        Sheet("lessons", tuple(label for label, _ in FIELDS), rows),
        Sheet("lessons-by-theme", ("Theme", "Lessons"), counted("theme")),
        Sheet("lessons-by-stage", ("Helps in stage", "Lessons"), counted("stage")),
    )


def _formats(site: Site) -> Section:
    words = (
        "You can have this in large print, in braille, as a recording, as a book for an e-reader, as a Word document "
        f"or as plain text, from its page in the {site.name}."
    )
    address = Paragraph((Run(site.formats, site.formats),), aloud=False)
    return Section("other-formats", "Other formats", (para(words), address))


def point_source(point: PointWords, site: Site) -> Source:
    links = tuple(Paragraph((Run(link.title, link.address), Run(link.rest))) for link in point.related)
    contact: tuple[Block, ...] = tuple(para(line) for line in point.contact)
    related = (Section("related", "Related", (Bullets(links),)),) if links else ()
    formats = (*said(point.other_formats), *_formats(site).blocks)
    projects = (Section("projects", "Projects covered", list_of(point.projects)),) if point.projects else ()
    stages = (Section("stages", "The three stages", list_of(point.stages, ordered=True)),) if point.stages else ()
    return Source(
        title=point.series_line,
        series=point.series,
        cover=(para(_date(point)),),
        sections=(
            Section("more-information", "For more information", contact, related),
            Section("other-formats", "Other formats", formats),
            Section("learning-points", "What are learning points?", said(point.about_the_series)),
            Section("about", "What is this learning point about?", said(point.about), projects),
            Section("issues", "What are the important issues?", list_of(point.issues)),
            Section("disclaimer", "Whose views these are", said(point.disclaimer)),
            Section("date", "Date", (para(_date(point)),)),
            Section("known-already", "What is known already?", said(point.known_already), stages),
            Section("learned", "What has been learned?", (), tuple(_learned(item, site) for item in point.learned)),
            Section("next", "What next?", list_of(point.next)),
        ),
        publisher=site.name,
        identifier=f"{site.url}/lessons/learning-points/{point.slug}/#version-{point.version}",
        modified=(point.updated_on or point.month or date(1970, 1, 1)).isoformat(),
        data=(_learned_sheet(point),),
        short=True,
    )


def profile_source(profile: ProfileWords, site: Site) -> Source:
    day = f"Published on {profile.published_on:%-d %B %Y}" if profile.published_on else "Not published yet"
    updated = f". Updated on {profile.updated_on:%-d %B %Y}: {profile.change_note}" if profile.updated_on else ""
    told = tuple(
        Section(part.name, part.heading, list_of(part.items) if part.items else said(part.text))
        for part in profile.parts
    )
    rows = tuple((part.heading, part.text) for part in profile.parts)
    return Source(
        title=profile.series_line,
        series="Profiles of Public Social Partnerships",
        cover=(para(f"{day}{updated}"),),
        sections=(*told, _formats(site)),
        publisher=site.name,
        identifier=f"{site.url}/lessons/profiles/{profile.slug}/#version-{profile.version}",
        modified=(profile.updated_on or profile.published_on or date(1970, 1, 1)).isoformat(),
        data=(Sheet("profile", ("Part", "Text"), rows),),
        short=True,
    )


def _learned(item: Learned, site: Site) -> Section:
    evidence = item.evidence or "nothing is written down yet."
    name = f"Lesson {item.number}: {item.title}" if item.path else f"Lesson {item.number}"
    runs = (Run(f"What shows it: {evidence} "), Run(name, f"{site.url}{item.path}" if item.path else ""))
    source = (Run(f". Source: {item.source}"),) if item.source else ()
    return Section(f"learned-{item.number}", item.title, (*said(item.words), Paragraph(runs + source)))


def _learned_sheet(point: PointWords) -> Sheet:
    headers = ("Number", "Lesson", "What to do", "What shows it", "Source")
    rows = ((str(item.number), item.title, item.words, item.evidence, item.source) for item in point.learned)
    return Sheet("lessons", headers, tuple(rows))


def _date(point: PointWords) -> str:
    if point.month is None:
        return "Not published yet"
    updated = f". Updated on {point.updated_on:%-d %B %Y}: {point.change_note}" if point.updated_on else ""
    return f"{point.month:%B %Y}{updated}"


def _day(text: str | None) -> str:
    return f"{date.fromisoformat(text):%-d %B %Y}" if text else ""
