"""The `sgds` pack: crispy-forms turns a broken template into an empty form, so every shape is rendered here."""

from html.parser import HTMLParser

import pytest
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import engines

from foundation.forms.base import Button, PortalForm
from foundation.forms.filters import FilterForm

pytestmark = pytest.mark.urls("tests.foundation.test_forms_pack")  # a form needs no address of the product
urlpatterns = []
CHOICES = [("", "Choose one"), ("a", "First"), ("b", "Second")]


class Elements(HTMLParser):
    """Every start tag with its attributes, and the text, of a piece of HTML."""

    def __init__(self, html):
        super().__init__()
        self.found, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += f" {data.strip()}" if data.strip() else ""

    def all(self, tag, **wanted):
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in wanted.items()}
        return [a for t, a in self.found if t == tag and all(a.get(k) == v for k, v in wanted.items())]

    def one(self, tag, **wanted):
        (only,) = self.all(tag, **wanted)
        return only


def render(rf, form, source="{% load crispy_forms_tags %}{% crispy form %}", **context):
    template = engines["django"].from_string(source)
    return Elements(template.render({"form": form, **context}, rf.get("/")))


def form_with(_button="Save", **fields):
    return type("MadeForm", (PortalForm,), {**fields, "button": _button})


INPUTS = {
    "text": (forms.CharField(), "input", "ds_input"),
    "email": (forms.EmailField(), "input", "ds_input"),
    "password": (forms.CharField(widget=forms.PasswordInput), "input", "ds_input"),
    "date": (forms.DateField(), "input", "ds_input"),
    "moment": (forms.DateTimeField(), "input", "ds_input"),
    "time": (forms.TimeField(), "input", "ds_input"),
    "whole": (forms.IntegerField(), "input", "ds_input"),
    "decimal": (forms.DecimalField(), "input", "ds_input"),
    "area": (forms.CharField(widget=forms.Textarea), "textarea", "ds_input"),
    "select": (forms.ChoiceField(choices=CHOICES), "select", "ds_select"),
    "several": (forms.MultipleChoiceField(choices=CHOICES), "select", "ds_select"),
    "file": (forms.FileField(), "input", "ds_file-upload__input"),
}


@pytest.mark.parametrize("name", INPUTS)
def test_a_control_is_labelled_and_a_wrong_one_is_described_by_its_error(rf, name):
    field, tag, css = INPUTS[name]
    made = form_with(**{name: field})
    html = render(rf, made())
    control = html.one(tag, name=name)
    assert css in control["class"].split()
    assert html.one("label")["for"] == control["id"] == f"id_{name}"
    assert "aria-invalid" not in control

    html = render(rf, made({}))
    control = html.one(tag, name=name)
    assert control["aria-invalid"] == "true"
    assert f"{css}--error" in control["class"].split()
    assert f"id_{name}_error" in control["aria-describedby"].split()
    assert html.one("div", id=f"id_{name}_error")
    assert html.one("a", href=f"#id_{name}")
    assert "There is a problem" in html.text


@pytest.mark.parametrize(
    ("field", "css"),
    [
        (forms.ChoiceField(choices=CHOICES[1:], widget=forms.RadioSelect, help_text="One of them."), "ds_radio"),
        (
            forms.MultipleChoiceField(choices=CHOICES[1:], widget=forms.CheckboxSelectMultiple, help_text="x"),
            "ds_checkbox",
        ),
    ],
)
def test_options_stand_in_a_fieldset_that_its_help_and_error_describe(rf, field, css):
    html = render(rf, form_with(pick=field)({}))
    assert html.one("fieldset")["aria-describedby"] == "id_pick_helptext id_pick_error"
    assert [a["id"] for a in html.all("input", name="pick", class_=f"{css}__input")] == ["id_pick_0", "id_pick_1"]
    assert [a["for"] for a in html.all("label", class_=f"{css}__label")] == ["id_pick_0", "id_pick_1"]
    assert html.one("a", href="#id_pick_0")
    assert html.all("legend")


def test_a_tick_box_has_its_label_beside_it_and_never_says_optional(rf):
    html = render(rf, form_with(agree=forms.BooleanField(label="I agree", required=False))())
    assert html.one("input", name="agree")["class"] == "ds_checkbox__input"
    assert html.one("label")["class"] == "ds_checkbox__label"
    assert "optional" not in html.text


def test_a_group_of_inputs_has_a_legend_and_a_name_for_each(rf):
    html = render(rf, form_with(seen=forms.SplitDateTimeField(label="Seen"))({}))
    assert [html.one("input", id=f"id_seen_{n}")["aria-label"] for n in (0, 1)] == ["Seen: date", "Seen: time"]
    assert html.one("a", href="#id_seen_0")


def test_only_what_may_be_left_out_says_so_and_nothing_has_an_asterisk(rf):
    html = render(rf, form_with(must=forms.CharField(), may=forms.CharField(required=False))())
    assert html.text.count("(optional)") == 1
    assert "May (optional)" in html.text
    assert "*" not in html.text


def test_a_text_area_says_its_limit_without_scripts_and_is_described_by_it(rf):
    area = forms.CharField(max_length=3000, widget=forms.Textarea, help_text="Plain English.")
    html = render(rf, form_with(need=area)())
    assert html.one("textarea")["aria-describedby"] == "id_need_helptext id_need_limit"
    assert "Up to 3,000 characters" in html.text
    assert html.one("div", data_module="ds-character-count")["data-maxlength"] == "3000"
    assert "maxlength" not in html.one("textarea")  # it would cut a long paste in silence


def test_a_form_posts_with_its_token_and_without_the_browsers_own_bubbles(rf):
    html = render(rf, form_with(title=forms.CharField())())
    form = html.one("form")
    assert (form["method"], form["class"]) == ("post", "psp_form")
    assert "novalidate" in form
    assert "enctype" not in form
    assert html.one("input", name="csrfmiddlewaretoken")
    assert html.one("input", name="form_token")["value"]


def test_a_form_with_a_file_is_multipart(rf):
    assert render(rf, form_with(file=forms.FileField())()).one("form")["enctype"] == "multipart/form-data"


def test_two_forms_on_a_page_share_no_id(rf):
    first, second = form_with(one=forms.CharField())(), form_with(two=forms.CharField())()
    ids = [a["id"] for f in (first, second) for _, a in render(rf, f).found if "id" in a]
    assert len(ids) == len(set(ids))


def test_a_refusal_of_the_whole_form_stands_in_the_summary_without_a_link(rf):
    form = form_with(title=forms.CharField())({"title": "x"})
    form.add_error(None, "The sponsor has not signed yet.")
    html = render(rf, form)
    assert "The sponsor has not signed yet." in html.text
    assert "tabindex" in html.one("div", class_="ds_error-summary")
    assert html.all("a") == []


def test_a_sentence_that_does_not_name_its_field_gets_the_label_in_the_summary(rf):
    form = form_with(ends_on=forms.CharField(label="Last day"))({"ends_on": "x"})
    form.add_error("ends_on", "Choose a later day.")
    assert "Last day: Choose a later day." in render(rf, form).text


def test_a_sentence_is_escaped_wherever_it_stands(rf):
    form = form_with(title=forms.CharField())({"title": "x"})
    form.add_error("title", "<b>bold</b>")
    assert render(rf, form).all("b") == []


HOSTILE = '<b title="x">bold</b>'


@pytest.mark.parametrize(
    "field",
    [
        forms.CharField(max_length=30),
        forms.CharField(max_length=30, widget=forms.Textarea),
        forms.BooleanField(),
        forms.ChoiceField(choices=[("a", HOSTILE), (HOSTILE, "b")]),
        forms.ChoiceField(choices=[("a", HOSTILE), (HOSTILE, "b")], widget=forms.RadioSelect),
        forms.MultipleChoiceField(choices=[("a", HOSTILE), (HOSTILE, "b")], widget=forms.CheckboxSelectMultiple),
        forms.SplitDateTimeField(),
    ],
)
def test_label_hint_error_choice_and_value_are_text_in_every_shape(rf, field):
    field.label = field.help_text = HOSTILE
    form = form_with(odd=field)({"odd": HOSTILE, "odd_0": HOSTILE})
    form.add_error("odd", HOSTILE)
    html = render(rf, form)
    assert html.all("b") == []
    assert html.text.count("bold") >= 3


def test_buttons_say_what_they_do_and_cancel_leads_away(rf):
    form = form_with("Start it", title=forms.CharField())(cancel_url="/back/")
    form.secondary, form.danger = ("later", "Save for later"), True
    html = render(rf, form)
    first, second = html.all("button")
    assert first["class"].split() == ["ds_button", "psp_button--danger"]
    assert (second["name"], second["class"].split()) == ("later", ["ds_button", "ds_button--secondary"])
    assert html.one("a")["href"] == "/back/"
    assert html.text.split()[-6:] == ["Start", "it", "Save", "for", "later", "Cancel"]


def test_fields_can_be_grouped_under_a_legend(rf):
    class Grouped(form_with(title=forms.CharField())):
        @property
        def helper(self):
            helper = super().helper
            helper.layout = Layout(Fieldset("About it", "title"))
            return helper

    html = render(rf, Grouped())
    assert "About it" in html.text
    assert html.one("input", name="title")


def test_a_layout_that_names_no_field_is_a_loud_mistake(rf):
    class Wrong(form_with(title=forms.CharField())):
        @property
        def helper(self):
            helper = super().helper
            helper.layout = Layout("titel")
            return helper

    with pytest.raises(Exception, match="titel"):
        render(rf, Wrong())


@pytest.mark.parametrize("template", [None, "sgds/table_inline_formset.html"])
def test_a_formset_shows_every_row_with_its_errors_and_leaves_empty_rows_alone(rf, template):
    line = form_with(what=forms.CharField(help_text="A word."), much=forms.IntegerField(), sure=forms.BooleanField())
    rows = forms.formset_factory(line, extra=2)
    posted = {
        "form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-form_token": "t1", "form-0-what": "Rent",
        "form-0-much": "x", "form-0-sure": "on", "form-1-form_token": "t2", "form-1-what": "", "form-1-much": "",
    }  # fmt: skip
    bound = rows(posted)
    assert not bound.is_valid()
    helper = line().helper
    helper.layout, helper.inputs, helper.template = None, [Button("", "Save")], template
    html = render(rf, bound, "{% load crispy_forms_tags %}{% crispy form helper %}", helper=helper)
    assert "Row 1: Much must be a whole number" in html.text
    assert "Row 2:" not in html.text
    assert html.one("a")["href"] == "#id_form-0-much"
    assert html.one("input", name="form-TOTAL_FORMS")["value"] == "2"
    for number in (0, 1):
        for name in ("what", "much", "sure"):
            control = html.one("input", name=f"form-{number}-{name}")
            assert html.all("label", for_=control["id"])
        assert html.one("input", name=f"form-{number}-form_token")


def test_filters_are_a_get_form_with_no_token_and_a_way_to_clear_them(rf):
    class Search(FilterForm):
        q = forms.CharField(label="Words", required=False)
        due = forms.DateField(required=False)

    html = render(rf, Search({"due": "soon"}), "{% include 'components/filters.html' %}")
    assert html.one("form")["method"] == "get"
    assert html.all("input", name="csrfmiddlewaretoken") == []
    assert html.one("a", href="/")
    assert "optional" not in html.text
    assert "Enter the due as day, month and year" in html.text


def test_what_was_typed_is_still_there(rf):
    made = form_with(
        title=forms.CharField(max_length=5), months=forms.IntegerField(), day=forms.DateField(),
        need=forms.CharField(max_length=3, widget=forms.Textarea), file=forms.FileField(),
    )  # fmt: skip
    typed = {"title": "Befriending", "months": "twelve", "day": "31/2/2027", "need": "much"}
    html = render(rf, made(typed, {"file": SimpleUploadedFile("a.pdf", b"")}))
    assert [html.one("input", name=n)["value"] for n in ("title", "months", "day")] == [
        "Befriending",
        "twelve",
        "31/2/2027",
    ]
    assert html.one("input", name="months")["type"] == "text"
    assert "much" in html.text
    assert "The file you chose is empty" in html.text
