"""Braille: vectors of Unified English Braille, the layout of a page, and the way back to print."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.rendering.printing import Stopped
from lessons.formats import braille, catalogue, translator
from lessons.formats.braille import Layout, brf, printable
from lessons.formats.source import Bullets, Section, para
from lessons.formats.translator import CONTRACTED, UNCONTRACTED, to_braille, to_print
from tests.lessons.formats.checks import ALLOWED, braille_faults, shape_faults
from tests.lessons.formats.sample import SAMPLE, many

VECTORS = {
    "PSP 41": ",,PSP #DA", "2008": "#BJJH", "a, b.": "A1 ;B4", "What next?": ",WHAT NEXT8", "(yes)": '"<YES">',
    "Stop!": ",/OP6", "part-time: yes; no": "PART-TIME3 YES2 NO", "the users' view": "THE USERS' VIEW",
    "£5 or 50%": "@L#E OR #EJ.0", "“plan”": "8PLAN0", "a/b": "A_/;B", "• one": "_4 ONE", "a@b.org": "A@AB4ORG",
    "12a": "#AB;A",
}  # fmt: skip
UNCONTRACTED_VECTORS = VECTORS | {"a, b.": "A1 B4", "Stop!": ",STOP6", "a/b": "A_/B"}


@pytest.fixture(scope="module")
def books():
    """The long sample in both grades: (bytes, translate back)."""
    source = many(12)
    return {
        table: (source, brf(source, lambda lines, table=table: to_braille(lines, table)))
        for table in (UNCONTRACTED, CONTRACTED)
    }


@pytest.mark.parametrize("print_text", UNCONTRACTED_VECTORS)
def test_uncontracted_ueb_says_each_sign_as_the_code_book_does(print_text):
    assert to_braille([print_text], UNCONTRACTED) == [UNCONTRACTED_VECTORS[print_text]]


def test_contracted_ueb_uses_the_short_forms():
    lines = ["people and the service", "What has been learned?", "with children"]
    assert to_braille(lines, CONTRACTED) == ["P & ! S]VICE", ",:AT HAS BE5 LE>N$8", ") *N"]


# By hand: letters as they are, “/” is _/, “:” is 3, “.” is 4, “@” is @A, “_” is .-; around them the short forms stay.
ADDRESSES = {
    "see https://www.gov.scot/forming-the-enterprise now": "SEE HTTPS3_/_/WWW4GOV4SCOT_/FORMING-THE-ENTERPRISE N[",
    "Write to info@people.example.org today": ",WRITE TO INFO@APEOPLE4EXAMPLE4ORG TD",
    "in (www.thestore.scot/and_b), and": '9 "<WWW4THESTORE4SCOT_/AND.-B">1 &',
    "the www.gov.scot and the people": "! WWW4GOV4SCOT & ! P",
    "“https://the.scot/people,” she said": "8HTTPS3_/_/THE4SCOT_/PEOPLE10 %E SD",
    # Alone between hyphens a b is “but” and fr is “friend”: the sign says that they are letters. Beside a slash not.
    "https://x.scot/plan-b, and so on": "HTTPS3_/_/X4SCOT_/PLAN-;B1 & S ON",
    "https://x.scot/td-fr": "HTTPS3_/_/X4SCOT_/TD-;FR",
    "The people of https://a.scot/a-b/but-can.": ",! P ( HTTPS3_/_/A4SCOT_/A-B_/BUT-CAN4",
    "no address in this, e.g. or that": "NO ADDRESS 9 ?1 E4G4 OR T",
}


@pytest.mark.parametrize("print_text", ADDRESSES)
def test_addresses_are_never_contracted_and_come_back(print_text):
    cells = to_braille([print_text], CONTRACTED)
    assert cells == [ADDRESSES[print_text]]
    assert to_print(cells, CONTRACTED)[0].replace('"', "") == re.sub("[“”]", "", print_text)


@pytest.mark.parametrize("table", [UNCONTRACTED, CONTRACTED])
def test_a_backslash_is_a_sign_like_any_other_in_print_and_in_cells(table):
    lines = [r"the folder a\temp and \q", "without money"]  # “ou” is a backslash in cells
    assert to_print(to_braille(lines, table), table) == lines


def test_a_paragraph_of_any_length_comes_back_whole():
    long = "The partners met every week. " * 120
    told = to_braille([long, "", "next"], UNCONTRACTED)
    assert told[0].count(",THE PARTNERS MET EVERY WEEK4") == 120
    assert told[1:] == ["", "NEXT"]


def test_empty_lines_stay_where_they_are():
    assert to_braille(["", "go", "", "on"], UNCONTRACTED) == ["", "GO", "", "ON"]


@pytest.mark.parametrize("table", [UNCONTRACTED, CONTRACTED])
def test_s88_no_line_is_over_40_cells_no_page_over_25_lines_and_only_allowed_bytes_are_used(books, table):
    _, book = books[table]
    pages = book.decode("ascii").split("\f")
    assert len(pages) > 5
    assert shape_faults(book, Layout()) == []
    for number, page in enumerate(pages, 1):
        lines = page.removesuffix("\r\n").split("\r\n")
        assert len(lines) == 25
        assert lines[-1].strip() == to_braille([str(number)], table)[0]
        assert len(lines[-1]) == 40
        assert lines[0]


@pytest.mark.parametrize("table", [UNCONTRACTED, CONTRACTED])
def test_s88_the_braille_goes_back_to_the_words_of_the_source(books, table):
    source, book = books[table]
    assert braille_faults(book, source, table) == []
    # With addresses, a table and a figure; and the check sees a word that is missing.
    book = brf(SAMPLE, lambda lines: to_braille(lines, table))
    assert braille_faults(book, SAMPLE, table) == []
    assert braille_faults(book.replace(b"#ABDCJ", b"").replace(b"#BJJH", b""), SAMPLE, table)


def test_a_draft_says_so_on_its_first_page_until_somebody_proof_read_it():
    def as_is(lines):
        return [re.sub(r"[^ -_]", "?", line.upper()) for line in lines]

    assert b"DRAFT BRAILLE, NOT PROOF-READ." in brf(SAMPLE, as_is).split(b"\f")[0]
    read = brf(SAMPLE, as_is, proof_read="Proof-read by A. Reader on 2 March 2026.")
    assert b"DRAFT" not in read
    assert b"PROOF-READ BY A. READER ON 2 MARCH" in read


def test_the_contents_name_the_page_on_which_each_part_begins(books):
    _, book = books[UNCONTRACTED]
    pages = book.decode("ascii").split("\f")
    for lesson in ("A", "E", "AB"):  # lessons 1, 5 and 12
        entry = re.search(rf"^,LESSON #{lesson} ABOUT MEETING OFTEN +(#[A-J]+)\r", book.decode(), re.MULTILINE)
        number = int("".join(str((ord(c) - 64) % 10) for c in entry[1][1:]))
        assert f",LESSON #{lesson} ABOUT MEETING" in pages[number - 1].replace("\r\n", " ")


def test_no_heading_is_the_last_thing_on_a_page(books):
    for _, book in books.values():
        for page in book.decode("ascii").split("\f"):
            filled = [line for line in page.split("\r\n")[:-2] if line]
            assert not re.match(r" {6,},LESSON", filled[-1])


@pytest.mark.parametrize("layout", [Layout(30, 27), Layout(20, 10), Layout(42, 40)])
def test_the_size_of_the_page_is_a_setting(layout):
    book = brf(many(3), lambda lines: to_braille(lines, CONTRACTED), layout)
    for page in book.decode("ascii").split("\f"):
        lines = page.removesuffix("\r\n").split("\r\n")
        assert len(lines) == layout.lines
        assert max(map(len, lines)) <= layout.cells


@pytest.mark.parametrize(("cells", "lines"), [(19, 25), (43, 25), (40, 9), (40, 41)])
def test_a_page_nobody_embosses_is_refused(cells, lines):
    with pytest.raises(ValueError, match="20 to 42 cells and 10 to 40 lines"):
        Layout(cells, lines)


def test_unknown_signs_are_told_by_name_and_soft_hyphens_vanish():
    assert printable("a → b") == "a [rightwards arrow] b"
    assert printable("co\u00adoperate ﬁne 2\u2011year") == "cooperate fine 2-year"


@given(st.lists(st.text(st.sampled_from("AB ,.#!"), min_size=1, max_size=70), min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_whatever_the_words_no_page_is_ever_too_wide_or_too_long(lines):
    from dataclasses import replace

    source = replace(SAMPLE, cover=tuple(para(line) for line in lines))
    book = brf(source, lambda told: [re.sub(r"[^ -_]", "?", line.upper()) for line in told], Layout(24, 12))
    assert set(book) <= ALLOWED
    for page in book.decode("ascii").split("\f"):
        rows = page.removesuffix("\r\n").split("\r\n")
        assert len(rows) == 12
        assert max(map(len, rows)) <= 24


def test_a_word_longer_than_a_line_is_cut_at_its_end():
    assert braille._wrapped("AB " + "X" * 25, 10, 2, 0) == ["  AB", "X" * 10, "X" * 10, "X" * 5]


def test_a_long_address_is_cut_after_a_sign_and_nothing_is_added():
    cells = "HTTPS3_/_/A4SCOT_/LESSONS_/#A-START-EARLY_/"
    assert braille._wrapped(cells, 20, 2, 0) == ["  HTTPS3_/_/A4SCOT_/", "LESSONS_/#A-START-", "EARLY_/"]


@settings(max_examples=60, deadline=None)
@given(
    cells=st.integers(braille.FEWEST_CELLS, braille.MOST_CELLS),
    slashes=st.lists(st.text("abcdefgh-", min_size=1, max_size=50), max_size=6),
    before=st.text("abc ", max_size=60),
)
def test_no_line_is_wider_than_the_page_wherever_an_address_is_cut(cells, slashes, before):
    address = "https://portal.example/" + "/".join(slashes)
    parts = (para(f"{before} {address}"), Bullets((para(address), para(f"{before} {address}")), ordered=True))
    source = replace(SAMPLE, sections=(Section("a", address, parts), Section("b", "B", (para(address),) * 30)))
    book = brf(source, lambda lines: [re.sub(r"[^ -_]", "?", line.upper()) for line in lines], Layout(cells, 25))
    # A page begins after its form feed, which is no cell: counted as one, a full first line seems one cell too wide.
    assert max(len(line) for page in book.decode().split("\f") for line in page.split("\r\n")) <= cells


def test_a_full_first_line_has_a_form_feed_before_it_that_is_no_cell():
    source = replace(SAMPLE, sections=(Section("a", "A", (para("X" * 39 + "/" + "y" * 400),) * 30),))
    book = brf(source, lambda lines: [re.sub(r"[^ -_]", "?", line.upper()) for line in lines])
    assert max(len(line) for line in book.decode().split("\r\n")) == 41
    assert max(len(line.removeprefix("\f")) for line in book.decode().split("\r\n")) == 40


@pytest.mark.parametrize("code", catalogue.BRAILLE)
def test_a_translation_is_told_of_and_stops_when_nobody_wants_it(code, monkeypatch):
    steps = []

    def run(program, arguments, *, given, wanted):
        if not wanted():
            raise Stopped

    monkeypatch.setattr(translator, "run", run)
    with pytest.raises(Stopped):
        catalogue.content(
            SAMPLE, catalogue.format_called(code), catalogue.Setting(), lambda step, progress: bool(steps.append(step))
        )
    assert steps == ["Translating into braille"]
