"""Search: the same answers on both engines, and nothing that can be typed is an error."""

import re

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessons.actions.vocabulary import learn
from lessons.models import Lesson
from lessons.search import Excerpt, any_of, excerpts, find, matching, spelling
from lessons.search.marks import START, STOP, as_html
from lessons.search.words import Words, parse
from tests.factories.lessons import LessonFactory

pytestmark = pytest.mark.django_db


def titles(text: str) -> list[str]:
    ids = find(text, Lesson.objects.filter(number__gte=1000)).ids
    rows = Lesson.objects.in_bulk(ids)
    return [rows[pk].title for pk in ids]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", Words()),
        ("real time", Words(("real", "time"))),
        ('"real time" -grant', Words(("real time",), ("grant",))),
        ('unbalanced "real time', Words(("unbalanced", "real time"))),
        ('-"whole phrase" word', Words(("word",), ("whole phrase",))),
        ("the and of", Words()),
        ("-grant", Words((), ("grant",))),
        ("!!! ( ) * ^ :", Words()),
        ("AND OR NOT NEAR/2", Words(("NEAR/2",))),
        ("back\\slash", Words(("back slash",))),
    ],
)
def test_what_is_typed_becomes_words(text, words):
    assert parse(text) == words


def test_a_word_finds_its_other_forms():
    LessonFactory(title="Building a partnership", published=True)
    LessonFactory(title="Something else", published=True)
    assert titles("partnerships") == ["Building a partnership"]
    assert titles("PARTNERSHIP build") == ["Building a partnership"]


def test_accents_do_not_matter_in_either_direction():
    LessonFactory(title="Cànan agus coimhearsnachd", published=True)
    LessonFactory(title="Meet in a cafe", published=True)
    assert titles("canan") == ["Cànan agus coimhearsnachd"]
    assert titles("café") == ["Meet in a cafe"]


def test_the_title_counts_more_than_the_text():
    LessonFactory(title="First", advice="Train everybody in procurement.", published=True)
    LessonFactory(title="Procurement", advice="Something.", published=True)
    LessonFactory(title="Third", evidence="A note on procurement.", published=True)
    assert titles("procurement")[0] == "Procurement"


def test_phrases_and_words_to_leave_out():
    LessonFactory(title="One", advice="Keep real time free for staff.", published=True)
    LessonFactory(title="Two", advice="The time was real enough.", published=True)
    assert sorted(titles("real time")) == ["One", "Two"]
    assert titles('"real time"') == ["One"]
    assert titles("real -staff") == ["Two"]


def test_hyphenated_words_are_found():
    LessonFactory(title="On co-production", published=True)
    assert titles("co-production") == ["On co-production"]


def test_the_index_follows_every_change():
    lesson = LessonFactory(title="Zebra", published=True)
    assert titles("zebra") == ["Zebra"]
    lesson.title = "Giraffe"
    lesson.save()
    assert titles("zebra") == []
    assert titles("giraffe") == ["Giraffe"]
    Lesson.objects.filter(pk=lesson.pk).update(advice="About an okapi")
    assert titles("okapi") == ["Giraffe"]
    lesson.delete()
    assert titles("okapi") == []


def test_only_what_the_queryset_holds_is_found():
    LessonFactory(title="Secret zebra")
    assert find("zebra", Lesson.objects.published()).ids == []
    assert find("zebra", Lesson.objects.none()).ids == []
    assert matching(parse("zebra"), Lesson.objects.published()).count() == 0


def test_no_words_gives_everything_newest_first():
    old, new = LessonFactory(number=2001, published=True), LessonFactory(number=2002, published=True)
    for text in ("", "the", '"', "-grant"):
        assert find(text, Lesson.objects.filter(number__gte=2000)).ids == [new.pk, old.pk]


HOSTILE = [
    '"', "'", "''", '"" ""', "*", "a*", "^a", "title:x", "title : x", "a AND", "NOT a", "NEAR(a b, 2)", "{a b}:c", "+a",
    "a OR OR b", "(((", ")", "a\\", "%s", "%(x)s", "{among}", "; DROP TABLE lessons_lesson; --", "\x00", "a\x00b",
    "\ud83d", "😀", "ａｂ", "-", "--", "- -", "<b>", "a & b | !c <-> d", ":*", "́", "²", "x" * 5000, '"' * 5000,
    "a " * 3000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_input_is_never_an_error(text):
    found = find(text, Lesson.objects.published())
    excerpts(found.words, found.ids[:5])
    matching(parse(text), Lesson.objects.published()).count()


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.text(max_size=60))
def test_any_text_is_never_an_error(text):
    find(text, Lesson.objects.published())


def test_what_was_found_is_marked_and_everything_else_escaped():
    lesson = LessonFactory(title="Pay <b>fairly</b>", advice="Tell <script>everybody</script> & pay.", published=True)
    found = find("pay", Lesson.objects.filter(pk=lesson.pk))
    shown = excerpts(found.words, found.ids)[lesson.pk]
    assert shown.title == "<mark>Pay</mark> &lt;b&gt;fairly&lt;/b&gt;"
    assert "<mark>pay</mark>" in shown.passage
    assert "<script>" not in shown.passage
    assert "&amp;" in shown.passage
    assert isinstance(shown, Excerpt)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=f"ab<&>{START}{STOP}", max_size=30))
def test_marks_never_break_the_markup(text):
    html = as_html(text)
    assert html.count("<mark>") == html.count("</mark>")
    assert not re.search(r"<(?!/?mark>)", html)
    assert START not in html
    assert STOP not in html


def test_the_database_still_keeps_the_index():
    """Altering `lessons_lesson` on SQLite drops its triggers: the migration that does must build the index again."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT indexname FROM pg_indexes WHERE indexname = 'lessons_lesson_words'")
            assert cursor.fetchall() == [("lessons_lesson_words",)]
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'lessons_words_%'")
            assert len(cursor.fetchall()) == 3
            cursor.execute("INSERT INTO lessons_words (lessons_words, rank) VALUES ('integrity-check', 1)")


def ours():
    """Without the starter library, which every database has."""
    return Lesson.objects.published().filter(number__gte=1000)


@pytest.fixture
def library():
    """Three published lessons and a draft, their words learned as publishing does."""
    published = [
        LessonFactory(title="Procurement starts early", advice="Involve commissioning staff.", published=True),
        LessonFactory(title="Befriending needs patience", advice="Volunteers stay longer.", published=True),
        LessonFactory(title="Còmhradh le daoine", advice="Talk with people.", published=True),
    ]
    LessonFactory(title="Zebrafish accounting")
    learn(published)


@pytest.mark.parametrize(
    ("typed", "title", "instead"),
    [
        ("procuremnet", "Procurement starts early", "procurement"),  # swapped
        ("procurrement", "Procurement starts early", "procurement"),  # one too many
        ("comissoning", "Procurement starts early", "commissioning"),  # two too few
        ("befreinding", "Befriending needs patience", "befriending"),
        ("efriending", "Befriending needs patience", "befriending"),  # the first letter
        ("volunteeers stay", "Befriending needs patience", "volunteers stay"),
        ('"needs pacience"', "Befriending needs patience", '"needs patience"'),
        ("comradh", "Còmhradh le daoine", "comhradh"),
    ],
)
def test_typing_mistakes_are_forgiven_and_said(library, typed, title, instead):
    found = find(typed, ours())
    assert [row.title for row in Lesson.objects.filter(pk__in=found.ids)] == [title]
    assert found.instead == instead
    assert "<mark>" in str(list(excerpts(found.words, found.ids).values()))


@pytest.mark.parametrize("typed", ["procurement", "befriend", "volunteer"])
def test_what_is_found_as_it_stands_is_not_corrected(library, typed):
    assert find(typed, ours()).instead == ""


@pytest.mark.parametrize("typed", ["zebrafsh", "xqzvw", "cat", "procuremnet xqzvwy"])
def test_a_word_of_a_draft_or_of_nobody_is_not_guessed(library, typed):
    found = find(typed, ours())
    assert (found.ids, found.instead) == ([], "")


def test_any_of_the_words_is_enough_for_a_suggestion(library):
    titles = any_of("patience and procurement delays", ours()).values_list("title", flat=True)
    assert sorted(titles) == ["Befriending needs patience", "Procurement starts early"]
    assert not any_of("the of", ours()).exists()


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("tender", "tender", 0), ("tender", "tneder", 1), ("tender", "tendr", 1), ("tender", "tennder", 1),
        ("tender", "render", 1), ("ca", "abc", 3), ("kitten", "sitting", 3), ("", "ab", 2), ("abcd", "badc", 2),
    ],
)  # fmt: skip
def test_slips_are_counted(one, other, slips):
    assert spelling.distance(one, other, 3) == slips


@settings(max_examples=200, deadline=None)
@given(st.text("abcd", max_size=8), st.text("abcd", max_size=8), st.integers(0, 3))
def test_the_distance_is_symmetric_and_its_limit_only_cuts_it(one, other, most):
    whole = spelling.distance(one, other, 20)
    assert whole == spelling.distance(other, one, 20)
    assert spelling.distance(one, other, most) == min(whole, most + 1)
    assert (whole == 0) == (one == other)


def test_of_two_as_near_the_one_with_the_letter_that_was_left_out_comes_first():
    assert spelling.nearest("mony", ["many", "money", "mono"])[0] == "money"


def test_short_words_are_left_alone_and_the_nearest_comes_first():
    assert spelling.nearest("cat", ["car", "cart"]) == []
    assert spelling.nearest("pilat", ["plait", "pilot", "pirate"]) == ["pilot"]
    assert spelling.nearest("tendring", ["trending", "tendering", "rendering"])[0] == "tendering"
