"""Tables that become cards: every cell gets its column's name and its role, and nothing people wrote is touched."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

from tests.architecture import tree

# What is no list of rows: a form in a table, a small grid of numbers, and one that writes its own attributes.
NO_CARDS = {"sgds/table_inline_formset.html", "partnerships/counts.html", "partnerships/portfolio_table.html"}


def drawn(table: str, **context) -> str:
    return engines["django"].from_string("{% cards %}" + table + "{% endcards %}").render(context)


TABLE = (
    '<table class="ds_table"><caption>Money</caption><thead><tr><th scope="col">What <span class="x">for</span></th>'
    '<th scope="col" class="psp_number">Amount &amp; more</th></tr></thead>'
    '<tbody><tr><th scope="row">{{ what }}</th><td class="psp_number">5</td></tr>'
    '<tr><td colspan="2">All</td></tr></tbody><tfoot><tr><th scope="row">Total</th><td></td></tr></tfoot></table>'
)


def test_each_cell_says_its_column_and_each_part_its_role():
    html = drawn(TABLE, what="Rent")
    assert '<table class="psp_cards ds_table" role="table">' in html
    assert html.count('role="rowgroup"') == 3
    assert html.count('role="row"') == 4
    assert html.count('role="columnheader"') == 2
    assert '<th scope="row" role="rowheader" data-label="What for">Rent</th>' in html
    assert '<td class="psp_number" role="cell" data-label="Amount &amp; more">5</td>' in html
    assert '<td colspan="2" role="cell" data-label="What for">All</td>' in html
    assert '<td role="cell" data-label="Amount &amp; more"></td>' in html


def test_a_cell_after_a_wide_one_has_the_name_of_its_own_column():
    row = '<tbody><tr><td colspan="2">a</td><td>b</td></tr></tbody>'
    html = drawn(f'<table class="x"><thead><tr><th>1</th><th>2</th><th>3</th></tr></thead>{row}</table>')
    assert re.findall(r'data-label="(\d)">(\w)', html) == [("1", "a"), ("3", "b")]


def test_what_people_wrote_stays_text_in_cells_and_in_names():
    html = drawn(TABLE.replace("What", "{{ what }}"), what='<td class="x">" onload="1')
    assert html.count("<td") == 3
    assert "&lt;td class=&quot;x&quot;&gt;&quot; onload=&quot;1" in html
    assert '" onload="' not in html


def test_a_table_without_names_keeps_its_cells():
    assert drawn("<table><tbody><tr><td>1</td></tr></tbody></table>") == (
        '<table role="table"><tbody role="rowgroup"><tr role="row"><td role="cell">1</td></tr></tbody></table>'
    )


@pytest.mark.parametrize("path", sorted(tree.files(".html", under=tree.ROOT / "templates")), ids=lambda p: p.name)
def test_every_table_of_a_page_becomes_cards_on_the_phone(path: Path):
    name = path.relative_to(tree.ROOT / "templates").as_posix()
    if name in NO_CARDS or name.startswith("pdf/"):
        return
    text = path.read_text(encoding="utf-8")
    assert text.count("<table") == len(re.findall(r"{% cards %}\s*<table", text)) == text.count("{% endcards %}")


def test_the_style_sheet_prints_the_names():
    css = (settings.BASE_DIR / "static/css/portal.css").read_text(encoding="utf-8")
    assert "content: attr(data-label)" in css
