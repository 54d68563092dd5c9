"""The controls written in one go are those that Django's templates write."""

from datetime import date

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.test.html import parse_html
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.forms.renderer import QuickRenderer

CHOICES = [("", "None"), ("a", "A & <b>"), ("More", [("c", "C"), ('d"', "D")])]
WORDS = st.text(alphabet="ab <>&\"'\n{%é", max_size=12)


class Everything(forms.Form):
    text = forms.CharField(
        widget=forms.TextInput(attrs={"maxlength": 5, "hidden": False, "data-x": "<&>", "readonly": True})
    )
    number = forms.IntegerField(required=False)
    email = forms.EmailField()
    url = forms.URLField(assume_scheme="https")
    secret = forms.CharField(widget=forms.PasswordInput(render_value=True))
    hidden = forms.CharField(widget=forms.HiddenInput)
    day = forms.DateField(initial=date(2027, 3, 27))
    long = forms.CharField(widget=forms.Textarea)
    tick = forms.BooleanField(required=False, initial=True)
    one = forms.ChoiceField(choices=CHOICES)
    many = forms.MultipleChoiceField(choices=CHOICES)
    radio = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect)
    ticks = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    file = forms.FileField()
    moment = forms.SplitDateTimeField()


def written(renderer, data):
    form = Everything(data, renderer=renderer())
    lists = [
        str(option.tag(wrap)) for name in ("radio", "ticks") for option in form[name].subwidgets for wrap in (0, 1)
    ]
    return [*(str(field) for field in form), *lists]


@settings(max_examples=20)
@given(WORDS, WORDS, st.sampled_from(["", "a", 'd"', "nonsense"]))
def test_every_control_is_what_djangos_template_writes(line, text, choice):
    data = {
        "text": line, "number": line, "email": line, "url": line, "secret": line, "hidden": line, "day": line,
        "long": text, "one": choice, "many": [choice], "radio": choice, "ticks": [choice, "c"], "tick": choice,
        "moment_0": line,
    }  # fmt: skip
    for ours, djangos in zip(written(QuickRenderer, data), written(TemplatesSetting, data), strict=True):
        assert parse_html(ours) == parse_html(djangos)


@pytest.mark.parametrize("value", [None, "", 0])
def test_an_empty_value_is_told_from_none(value):
    ours, djangos = (
        forms.TextInput().render("x", value, renderer=kind()) for kind in (QuickRenderer, TemplatesSetting)
    )
    assert parse_html(ours) == parse_html(djangos)
