"""The quick controls write what Django's own would, and a filter's field what the template pack would."""

import django_filters
import pytest
from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test.html import parse_html
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from foundation.forms.filters import FilterForm, ListFilter
from foundation.forms.templatetags.sgds import filter_field
from foundation.forms.widgets import QuickSelect, QuickText

WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)


@given(st.lists(st.tuples(WORDS, WORDS), max_size=6, unique_by=lambda pair: pair[0]), WORDS)
def test_it_writes_what_djangos_own_select_writes(choices, chosen):
    ours, djangos = QuickSelect(choices=choices), forms.Select(choices=choices)
    attrs = {"id": "id_stage", "class": "ds_select"}
    assert parse_html(ours.render("stage", chosen, attrs)) == parse_html(djangos.render("stage", chosen, attrs))


def test_a_hostile_label_is_text():
    assert escape("<script>") in QuickSelect(choices=[("a", "<script>")]).render("x", "a")


@given(WORDS)
def test_the_box_is_what_djangos_own_box_is(typed):
    attrs = {"id": "id_text", "class": "ds_input", "required": True, "hidden": False}
    ours, djangos = (
        kind(attrs={"maxlength": "100"}).render("text", typed, attrs) for kind in (QuickText, forms.TextInput)
    )
    assert parse_html(ours) == parse_html(djangos)


class Shelf(ListFilter):
    text = django_filters.CharFilter(label="Words <b>")
    stage = django_filters.ChoiceFilter(choices=[("a", "A & b"), ("b", "B")], label="Stage", empty_label="Any")
    hinted = django_filters.CharFilter(label="Hinted", help_text="Any word.")
    several = django_filters.MultipleChoiceFilter(choices=[("a", "A"), ("b", "B")], label="Several")
    since = django_filters.DateFilter(label="Since")
    order = django_filters.OrderingFilter(fields={"title": "title", "area": "area"}, label="Order")

    class Meta:
        form = FilterForm


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked", ["", "text=a%22&stage=b&order=area&since=2026-01-01&several=a", "stage=x&since=never&order=title,area"]
)
def test_a_filters_field_is_what_the_pack_makes_of_it(asked):
    from partnerships.models import Partnership

    for _ in ("written", "remembered"):
        form = Shelf(QueryDict(asked), queryset=Partnership.objects.none()).form
        for field in form:
            slow = render_to_string("sgds/field.html", {"field": field})
            assert parse_html(filter_field(field)) == parse_html(slow), field.name
        assert len(list(form)) == 6


@pytest.mark.django_db
def test_what_one_page_does_to_its_filter_is_unknown_to_the_next():
    from partnerships.models import Partnership

    one, other = (Shelf(QueryDict("stage=b"), queryset=Partnership.objects.none()) for _ in range(2))
    one.form.fields["stage"].choices = [("c", "C")]
    one.form.fields["stage"].widget.attrs["class"] = "wide"
    one.form.fields["text"].error_messages["required"] = "Odd"
    one.form.fields["text"].label = "Odd"
    one.filters["stage"].field_name = "odd"
    assert other.form.is_valid()
    for kept in (other, Shelf(QueryDict(""), queryset=Partnership.objects.none())):
        assert list(kept.form.fields["stage"].choices) == [("", "Any"), ("a", "A & b"), ("b", "B")]
        assert "class" not in kept.form.fields["stage"].widget.attrs
        assert (kept.form.fields["text"].label, kept.filters["stage"].field_name) == ("Words <b>", "stage")
        assert kept.form.fields["text"].error_messages["required"] != "Odd"


@pytest.mark.django_db
def test_a_filter_by_method_asks_the_filter_set_of_its_own_page():
    from partnerships.models import Partnership

    class Asking(ListFilter):
        text = django_filters.CharFilter(method="asked", label="Words")

        def asked(self, rows, name, value):
            self.heard = value
            return rows

        class Meta:
            form = FilterForm

    pages = [Asking(QueryDict(f"text={word}"), queryset=Partnership.objects.none()) for word in ("one", "two")]
    for page in pages:
        list(page.qs)
    assert [page.heard for page in pages] == ["one", "two"]


@pytest.mark.django_db
def test_a_list_filter_that_asks_for_rows_is_refused():
    from partnerships.models import Partnership

    class Stale(ListFilter):
        lead = django_filters.ModelChoiceFilter(queryset=Partnership.objects.all(), label="Lead")

        class Meta:
            form = FilterForm

    with pytest.raises(TypeError, match="plain FilterSet"):
        _ = Stale(QueryDict(""), queryset=Partnership.objects.none()).form
