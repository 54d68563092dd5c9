"""The field for one document in a form of the portal: what it accepts is said, and a refusal stands beside it."""

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from foundation.files.fields import UploadField
from foundation.forms.base import PortalForm
from tests.foundation.samples import PDF


class PaperForm(PortalForm):
    title = forms.CharField(required=False)
    paper = UploadField(label="Signed agreement", help_text="The signed copy.")
    annex = UploadField(label="Annex", required=False)


def bound(name: str = "plan.pdf", content: bytes = PDF) -> PaperForm:
    return PaperForm({"title": "kept"}, {"paper": SimpleUploadedFile(name, content, content_type="text/html")})


def test_the_page_says_what_is_accepted_and_how_large():
    page = render_crispy_form(PaperForm())
    assert "The signed copy. PDF, Word (.docx), " in page
    assert "or JPEG, up to 20\xa0MB." in page
    assert 'accept=".pdf,.docx' in page
    assert 'enctype="multipart/form-data"' in page


def test_the_help_follows_the_setting(settings):
    settings.MAX_UPLOAD_BYTES = 3 * 1024 * 1024
    assert str(PaperForm()["annex"].help_text).endswith("up to 3\xa0MB.")


def test_a_good_file_passes_and_is_handed_on_from_its_beginning():
    form = bound()
    assert form.is_valid(), form.errors
    assert form.values()["paper"].read() == PDF
    assert form.values()["annex"] is None


@pytest.mark.parametrize(
    ("name", "content", "because"),
    [
        ("plan.pdf", b"<html>", "This is not a PDF"),
        ("plan.exe", PDF, "“plan.exe” cannot be accepted. Upload PDF, "),
        ("plan.pdf", b"", "“plan.pdf” is empty."),
    ],
)
def test_a_refusal_stands_beside_the_field_and_loses_nothing_typed(name, content, because):
    form = bound(name, content)
    assert not form.is_valid()
    assert form.errors["paper"][0].startswith(because)
    page = render_crispy_form(form)
    assert because.split("“")[0] in page
    assert 'value="kept"' in page


def test_a_name_made_of_markup_is_shown_not_run():
    page = render_crispy_form(bound("<img src=x onerror=alert(1)>.exe"))
    assert "<img" not in page


def test_no_file_is_said_in_words():
    assert PaperForm({}, {}).errors["paper"] == ["Choose the signed agreement"]
