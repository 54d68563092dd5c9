"""Every mail in its HTML form: accessible, and no wider than a phone."""

import pytest

from psp_portal.gallery import examples
from tests.factories.accounts import PersonFactory
from tests.journeys.conftest import WIDTHS

pytestmark = pytest.mark.browser


def test_every_mail_is_accessible_and_fits_a_phone(page, axe):
    reader = PersonFactory.build(public_id="sample-reader")
    for example in examples().values():
        page.set_content(example.html(reader))
        for size in WIDTHS.values():
            page.set_viewport_size(size)
            axe(page)
