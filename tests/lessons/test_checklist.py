"""The check list of a learning point (domain.md 6.1): plain values in, sentences out."""

from dataclasses import replace

import pytest

from lessons.checklist import HEADINGS, LearnedText, PointText, problems, unexplained

READY = PointText(
    title="Starting well",
    about_the_series="Short accounts of what people learned.",
    about="How three partnerships started.",
    projects=("A befriending pilot",),
    issues=("Small organisations cannot bid alone.",),
    disclaimer="These are the views of the people named.",
    known_already="The idea came from Italy.",
    stages=("Design together.", "Pilot it.", "Put it to tender."),
    learned=(LearnedText("Book a room", "Book the room when you set the date.", "Minutes"),),
    next=("Meet each other.",),
    links=("Report on three partnerships",),
)


def test_nothing_is_said_of_one_that_is_ready():
    assert problems(READY) == []


@pytest.mark.parametrize("block", list(HEADINGS))
def test_each_empty_block_is_named(block):
    empty = "" if isinstance(getattr(READY, block), str) else ()
    assert problems(replace(READY, **{block: empty})) == [f"“{HEADINGS[block]}” is empty."]


def test_white_space_is_empty():
    assert problems(replace(READY, about=" \n ")) == ["“What is this learning point about?” is empty."]


def test_two_stages_are_not_three():
    assert problems(replace(READY, stages=READY.stages[:2])) == ["“The three stages” has 2 of its three lines."]


@pytest.mark.parametrize(("count", "said"), [(59, 0), (60, 1), (61, 1)])
def test_a_lesson_has_fewer_than_60_words(count, said):
    found = problems(replace(READY, learned=(LearnedText("Long", "word " * count, "Minutes"),)))
    assert len(found) == said
    assert not said or found == [f"The lesson “Long” has {count} words: use fewer than 60."]


def test_at_least_one_lesson_has_evidence():
    bare = LearnedText("Bare", "Book the room.", " ")
    assert problems(replace(READY, learned=(bare,))) == [
        "None of its lessons has evidence: choose at least one that says what shows it."
    ]
    assert problems(replace(READY, learned=(bare, *READY.learned))) == []


@pytest.mark.parametrize(
    "text",
    [
        "Social Return on Investment (SROI) is a method. SROI takes time.",
        "SROI (social return on investment) is a method.",
        "Public Social Partnerships (PSPs) are old, and a PSP is long.",
        "No abbreviation at all, only A and I.",
        "See www.EXAMPLE.org or name@NHS.example.",
    ],
)
def test_explained_abbreviations_pass(text):
    assert unexplained(text) == []


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("SROI is a method. It is Social Return on Investment (SROI).", "SROI"),
        ("The council (PSP) met.", "PSP"),
        ("We used the MoU and the KPIs.", "KPI"),
        ("SROI (see below) is a method.", "SROI"),
    ],
)
def test_unexplained_abbreviations_are_found_at_first_use(text, short):
    assert unexplained(text) == [short]


def test_an_abbreviation_is_explained_in_reading_order():
    late = replace(READY, about="A PSP is long.", known_already="Public Social Partnership (PSP).")
    assert problems(late) == ["The abbreviation PSP is not explained where it is first used."]
    assert problems(replace(late, title="Public Social Partnership (PSP)")) == []


@pytest.mark.parametrize("title", ["here", "Click here", "Read more.", "https://example.org/a", "www.example.org/a"])
def test_a_link_makes_sense_alone(title):
    [said] = problems(replace(READY, links=(title,)))
    assert title in said
