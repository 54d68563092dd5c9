"""Themes of a partnership: chosen when it starts or later, and what the portfolio is filtered by."""

import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from foundation.audit.models import AuditEvent
from lessons.models import Lesson
from partnerships.actions.partnership import edit_partnership, start_partnership
from partnerships.models import Partnership, PartnershipTheme
from partnerships.roles import PartnershipRole
from partnerships.themes import Theme
from tests.factories.accounts import OrganisationFactory, PersonFactory
from tests.factories.partnerships import MemberFactory, PartnershipFactory, person_as

pytestmark = pytest.mark.django_db


def start(themes):
    commissioner = PersonFactory(commissioner=True)
    return start_partnership(
        title="Walking", need="n", client_group="c", area="fife", sponsor="s", public_lead=commissioner.organisation,
        third_sector_lead=OrganisationFactory(), starts_on=date(2026, 4, 1),
        themes=themes, by=commissioner,
    )  # fmt: skip


def edited(partnership, **changed):
    names = ("title", "need", "service", "client_group", "area", "sponsor")
    lead = person_as(PartnershipRole.PROJECT_LEAD, partnership)
    edit_partnership(partnership=partnership, **{n: getattr(partnership, n) for n in names} | changed, by=lead)


def test_a_partnership_starts_with_several_themes_and_the_history_says_which():
    partnership = start(["skills", "people", "skills"])
    assert partnership.theme_labels() == ["People", "Skills"]
    assert AuditEvent.objects.get(action="partnership.start").after["themes"] == "People, Skills"


def test_an_unknown_theme_is_refused_beside_the_field_and_nothing_starts():
    with pytest.raises(ValidationError) as refused:
        start(["skills", "weather"])
    assert list(refused.value.message_dict) == ["themes"]
    assert not Partnership.objects.exists()
    assert not PartnershipTheme.objects.exists()


def test_editing_replaces_the_themes_keeps_them_when_left_out_and_records_both():
    partnership = PartnershipFactory()
    edited(partnership, themes=["skills", "people"])
    edited(partnership)
    assert partnership.theme_labels() == ["People", "Skills"]
    edited(partnership, themes=["people", "award"])
    assert partnership.theme_labels() == ["People", "Award criteria"]
    event = AuditEvent.objects.filter(action="partnership.edit").latest("pk")
    assert (event.before["themes"], event.after["themes"]) == ("People, Skills", "People, Award criteria")
    edited(partnership, themes=[])
    assert partnership.theme_labels() == []


def test_the_edit_form_shows_what_is_chosen_and_the_portfolio_finds_it(client):
    partnership = PartnershipFactory(title="Befriending")
    lead = person_as(PartnershipRole.PROJECT_LEAD, partnership)
    MemberFactory(person=lead, partnership__title="Transport")
    PartnershipTheme.objects.create(partnership=partnership, theme=Theme.SKILLS)
    PartnershipTheme.objects.create(partnership=partnership, theme=Theme.PEOPLE)
    client.force_login(lead)
    page = client.get(reverse("partnerships:edit", args=[partnership.public_id])).content.decode()
    assert {re.search(r'value="([^"]*)"', box)[1] for box in re.findall(r"<input[^>]*\bchecked\b[^>]*>", page)} == {
        "skills", "people", "standard",
    }  # fmt: skip
    assert "People, Skills" in client.get(partnership.get_absolute_url()).content.decode()
    for theme, titles in (("skills", ["Befriending"]), ("award", []), ("nonsense", ["Befriending", "Transport"])):
        rows = client.get(f"{reverse('partnerships:portfolio')}?theme={theme}").context["rows"]
        assert re.findall(r">(Befriending|Transport)</a>", "".join(rows)) == titles, theme


def test_lessons_are_sorted_by_the_same_themes():
    assert Lesson._meta.get_field("theme").choices == Theme.choices
