"""Large print, measured in the finished PDF: every run of text, its size and its slant."""

import page
import pytest

from foundation.rendering.printing import printed
from lessons.formats import large
from tests.lessons.formats.checks import large_print_faults, runs
from tests.lessons.formats.sample import SAMPLE, many


@pytest.fixture(scope="module", params=[16, 28])
def printed_at(request):
    return request.param, printed(large.page(SAMPLE, request.param), lambda step, progress: True)


def test_s88_large_print_has_nothing_below_its_size_and_nothing_italic(printed_at):
    points, pdf = printed_at
    assert len(list(runs(pdf))) > 20
    assert large_print_faults(pdf, points) == []


def test_the_check_finds_small_and_italic_letters():
    html = (
        "<!doctype html><title>t</title><p style='font-size: 15pt'>small</p><p style='font: italic 16pt serif'>slanted"
    )
    told = large_print_faults(printed(html, lambda step, progress: True), 16)
    assert any("15.0 pt" in fault and "small" in fault for fault in told)
    assert any("italic" in fault and "slanted" in fault for fault in told)


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
