"""A small source with one of everything, for the tests of the writers."""

from lessons.formats.source import Bullets, Figure, Paragraph, Run, Section, Sheet, Source, Table, bullets, para

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" role="img"><title>Lessons</title>'
    '<rect width="9" height="9"/></svg>'
)
FACTS = Table("Facts about lesson 1", (), (("Theme", "Skills"), ("Published", "2 March 2026")))
TWIN = Table("Lessons by stage", ("Stage", "Lessons"), (("Design", "3"), ("Tender", "1")))
SAMPLE = Source(
    title="What <we> learned, edition 2",
    series="Lessons from Public Social Partnerships",
    cover=(para("2 March 2026"), Paragraph((Run("Checksum: abc123"),), aloud=False)),
    opening=(Section("introduction", "Introduction", (para("For the board & its partners."),)),),
    sections=(
        Section(
            "lesson-1",
            "Start preparing the tender early",
            (FACTS,),
            (
                Section("lesson-1-what", "What happened", (para("In 2008 the PSP cost £1,200, which was 50% more."),)),
                Section(
                    "lesson-1-source",
                    "Source",
                    (Paragraph((Run("A report", "https://www.example.org/a-b"), Run(" of 2008.", lang="gd"))),),
                ),
            ),
            own_page=True,
        ),
        Section("glance", "At a glance", (Figure("Lessons by stage", "Most help in design.", DRAWING, TWIN),)),
        Section("next", "What next?", (*bullets(["Meet each other", "Write it down."], ordered=True),)),
    ),
    publisher="The portal",
    identifier="urn:sha256:abc123",
    modified="2026-03-02",
    contents_note="In the order of stages.",
    data=(Sheet("lessons", ("Number", "Lesson"), (("1", "Start early"), ("2", "=HYPERLINK(1)"))),),
)


def many(count: int) -> Source:
    """As many lessons, for what only shows in a long text."""
    from dataclasses import replace

    words = "The partners met every second week and wrote down what each of them would do before they met again. "
    lessons = tuple(
        Section(
            f"lesson-{n}", f"Lesson {n} about meeting often", (para(words * 3), Bullets((para(words), para(words))))
        )
        for n in range(1, count + 1)
    )
    return replace(SAMPLE, sections=lessons)
