"""Large print, measured in the finished PDF: every run of text, its size and its slant."""

import ctypes

import page
import pypdfium2
import pytest
from pypdfium2 import raw

from foundation.rendering.printing import printed
from lessons.formats import large
from tests.lessons.formats.sample import SAMPLE, many


def runs(pdf):
    """(size in points, slant in degrees, font's name, text) of every piece of text in the file."""
    document = pypdfium2.PdfDocument(pdf)
    for sheet in document:
        reader = sheet.get_textpage()
        for piece in sheet.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
            size, slant = ctypes.c_float(), ctypes.c_int()
            raw.FPDFTextObj_GetFontSize(piece, size)
            font = raw.FPDFTextObj_GetFont(piece)
            raw.FPDFFont_GetItalicAngle(font, slant)
            name = ctypes.create_string_buffer(200)
            raw.FPDFFont_GetBaseFontName(font, name, 200)
            matrix = piece.get_matrix()
            text = reader.get_text_bounded(*piece.get_bounds())
            yield size.value * abs(matrix.d), slant.value, name.value.decode(), text


@pytest.fixture(scope="module", params=[16, 28])
def printed_at(request):
    return request.param, printed(large.page(SAMPLE, request.param), lambda step, progress: True)


def test_s88_large_print_has_nothing_below_its_size_and_nothing_italic(printed_at):
    points, pdf = printed_at
    found = list(runs(pdf))
    assert len(found) > 20
    assert min(size for size, *_ in found) >= points - 0.01
    assert {slant for _, slant, *_ in found} == {0}
    assert not [name for _, _, name, _ in found if "italic" in name.lower() or "oblique" in name.lower()]


def test_the_page_numbers_are_as_large_as_the_text(printed_at):
    points, pdf = printed_at
    numbers = [size for size, _, _, text in runs(pdf) if text.startswith("Page ")]
    assert numbers
    assert min(numbers) >= points - 0.01


def test_s88_large_print_is_an_accessible_pdf(printed_at, tmp_path):
    path = tmp_path / "large.pdf"
    path.write_bytes(printed_at[1])
    found = page.validate_pdf(str(path), profile="ua1")
    assert found.is_compliant, str(found)


def test_tables_become_lists_and_drawings_words():
    html = large.page(SAMPLE, 18)
    assert "<table" not in html
    assert "<svg" not in html
    assert "<li>Theme: Skills</li>" in html
    assert "Figure: Lessons by stage. Most help in design." in html


@pytest.mark.parametrize("points", [15, 17, 40])
def test_other_sizes_are_refused(points):
    with pytest.raises(ValueError, match="16, 18, 20, 24, 28"):
        large.page(many(1), points)


def test_the_style_never_goes_below_the_size_for_any_size():
    import re

    for points in large.SIZES:
        sizes = [int(size) for size in re.findall(r"font-size: (\d+)pt", large.style(points))]
        assert min(sizes) == points
