"""The quick select box writes what Django's own would."""

from django import forms
from django.test.html import parse_html
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from foundation.forms.widgets import QuickSelect

WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)


@given(st.lists(st.tuples(WORDS, WORDS), max_size=6, unique_by=lambda pair: pair[0]), WORDS)
def test_it_writes_what_djangos_own_select_writes(choices, chosen):
    ours, djangos = QuickSelect(choices=choices), forms.Select(choices=choices)
    attrs = {"id": "id_stage", "class": "ds_select"}
    assert parse_html(ours.render("stage", chosen, attrs)) == parse_html(djangos.render("stage", chosen, attrs))


def test_a_hostile_label_is_text():
    assert escape("<script>") in QuickSelect(choices=[("a", "<script>")]).render("x", "a")
