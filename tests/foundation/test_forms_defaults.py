"""Messages that say what to do: Django's stock ones are replaced, a form's own are kept, and no limit breaks them."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from foundation.forms.base import PortalForm
from foundation.forms.defaults import put_at_ease, required_message, the_thing
from foundation.forms.numbers import COMMA_IS_NO_POINT, DECIMAL_COMMA, AmountField


def errors(field, typed, label=None, files=None):
    field.label = label or field.label
    made = type("MadeForm", (PortalForm,), {"title": field})
    return list(made({"title": typed}, files or {}).errors.get("title", []))


@pytest.mark.parametrize(
    ("field", "label", "message"),
    [
        (forms.CharField(), "Title", "Enter the title"),
        (forms.CharField(), "SROI ratio", "Enter the SROI ratio"),
        (forms.CharField(), "E-mail address", "Enter the e-mail address"),
        (forms.CharField(), "Your name", "Enter your name"),
        (forms.CharField(), "Amount (£)", "Enter the amount"),
        (forms.CharField(), "Describe the risk", "Describe the risk"),
        (forms.CharField(), "Who it is for", "Fill in “Who it is for”"),
        (forms.CharField(), "Joins on", "Fill in “Joins on”"),
        (forms.ChoiceField(), "Area", "Choose the area"),
        (forms.ChoiceField(), "Who leads?", "Choose an answer to “Who leads?”"),
        (forms.FileField(), "Agreement", "Choose the agreement"),
        (forms.BooleanField(), "I agree", "Tick “I agree” to continue"),
    ],
)
def test_an_empty_field_is_told_what_to_do(field, label, message):
    assert required_message(field, label) == message
    assert errors(field, "", label) == [message]


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        (forms.DateField(), "31/2/2027", "Enter the start as day, month and year, for example 27/3/2027"),
        (forms.DateTimeField(), "noon", "Enter the start as day, month, year and time, for example 27/3/2027 14:30"),
        (forms.IntegerField(), "1.5", "Start must be a whole number, for example 12"),
        (forms.IntegerField(max_value=12), "13", "Start must be 12 or less"),
        (forms.IntegerField(min_value=1), "0", "Start must be 1 or more"),
        (forms.DecimalField(), "NaN", "Start must be a number, for example 1250 or 1250.50"),
        (forms.DecimalField(max_digits=6, decimal_places=2), "1.234", "Start must have no more than 2 decimal places"),
        (forms.IntegerField(), "1_0", "Start must be a whole number, for example 12"),
        (forms.IntegerField(), "٣", "Start must be a whole number, for example 12"),
        (forms.DecimalField(), "1e3", "Start must be a number, for example 1250 or 1250.50"),
        (AmountField(), "£1.250,00 or so", "Start must be a number, for example 1250 or 1250.50"),
        (AmountField(), "12,50", COMMA_IS_NO_POINT),
        (AmountField(), "1,00,0", COMMA_IS_NO_POINT),
        (AmountField(), "1.000,00", COMMA_IS_NO_POINT),
        (AmountField(money=False), "3,5", DECIMAL_COMMA),
        (AmountField(money=False), "1.000,00", DECIMAL_COMMA),
        (AmountField(), "£1,234.567", "Start must have no more than 2 decimal places"),
        (forms.CharField(max_length=3), "four", "Start must be 3 characters or fewer (it has 4)"),
        (forms.EmailField(), "me@", "Enter an e-mail address in full, for example name@example.org"),
        (forms.URLField(assume_scheme="https"), "a b", "Enter a web address in full, for example https://example.org/page"),
        (forms.ChoiceField(choices=[("a", "A")]), "z", "Choose the start from the list"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_answered_with_what_would_be_right(field, typed, message):
    assert errors(field, typed, "Start") == [message]


def test_a_forms_own_words_are_kept():
    assert errors(forms.CharField(error_messages={"required": "Say why."}), "") == ["Say why."]
    field = forms.DateField(help_text="A Monday.")
    put_at_ease("day", field)
    assert field.help_text == "A Monday."


def test_a_field_added_after_the_form_was_made_is_put_at_ease_too():
    class Late(PortalForm):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.fields["months"] = forms.IntegerField()

    assert Late({}).errors["months"] == ["Enter the months"]


def test_one_forms_words_do_not_leak_into_another():
    class First(PortalForm):
        title = forms.CharField()

    first = First({})
    assert first.errors
    assert First.base_fields["title"].error_messages["required"] == "This field is required."


@given(label=st.text(min_size=1, max_size=40), typed=st.text(max_size=30))
def test_no_label_and_no_typing_breaks_a_message(label, typed):
    for field in (
        forms.IntegerField(max_value=3), forms.DecimalField(max_digits=2), forms.CharField(max_length=2),
        forms.ChoiceField(choices=[("a", "A")]), forms.MultipleChoiceField(choices=[("a", "A")]), forms.EmailField(),
    ):  # fmt: skip
        assert all(isinstance(message, str) for message in errors(field, typed, label))


def test_a_sentence_names_the_thing():
    assert [the_thing(label) for label in ("Title", "CIC number", "A word")] == [
        "the title",
        "the CIC number",
        "a word",
    ]


def test_dates_are_read_day_first_and_shown_the_same_way():
    class Dated(PortalForm):
        day = forms.DateField()

    form = Dated({"day": "3/4/2027"})
    assert form.is_valid()
    assert form.values() == {"day": date(2027, 4, 3)}
    assert 'value="03/04/2027"' in str(Dated(initial={"day": date(2027, 4, 3)})["day"])
    assert Dated()["day"].help_text == "For example, 27/3/2027"


@pytest.mark.parametrize("field", [forms.DateField, forms.DateTimeField])
@pytest.mark.parametrize("typed", ["1/1/0001", "31/12/1899", "1/1/2200", "31/12/9999"])
def test_a_year_that_nothing_here_is_about_is_a_slip_of_the_finger(field, typed):
    typed = typed if field is forms.DateField else f"{typed} 23:59"
    assert errors(field(), typed) == ["Check the year: it must be from 1900 to 2199"]


@pytest.mark.parametrize("typed", ["1/1/1900", "27/3/2027", "31/12/2199"])
def test_a_likely_year_passes(typed):
    assert errors(forms.DateField(), typed) == []


@pytest.mark.parametrize("typed", ["\ufeff", "\u200b \u200b", "\u2066\u2069", "\u00ad"])
def test_a_reason_nobody_can_see_is_no_reason(typed):
    assert errors(forms.CharField(), typed) == ["Nothing that can be seen arrived. Type it again."]


@pytest.mark.parametrize("typed", ["क्\u200dष", "soft\u00adhyphen", "👩\u200d🔬", "\u200fשלום"])
def test_invisible_marks_that_belong_to_a_word_pass(typed):
    assert errors(forms.CharField(), typed) == []


@pytest.mark.parametrize(
    ("typed", "amount"), [("£1,250", "1250"), ("1250.50", "1250.50"), (" 12,500 ", "12500"), ("-3", "-3")]
)
def test_an_amount_is_read_as_people_write_it(typed, amount):
    form = type("MadeForm", (PortalForm,), {"amount": AmountField()})({"amount": typed})
    assert form.is_valid()
    assert form.cleaned_data["amount"] == Decimal(amount)


@pytest.mark.parametrize("typed", ["4/1/2027", "04/01/2027", "2027-01-04", "4 January 2027", "4 Jan 2027", "04/01/27"])
def test_a_date_is_read_as_people_here_write_it(typed):
    assert forms.DateField().clean(typed) == date(2027, 1, 4)


def test_a_moment_is_shown_as_its_hint_asks_for_it():
    moment = forms.DateTimeField()
    shown = moment.widget.format_value(datetime(2027, 3, 27, 14, 30, 59))
    assert shown == "27/03/2027 14:30"
    assert moment.clean(shown) == moment.clean("27 March 2027 14:30")
