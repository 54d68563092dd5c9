"""The draft that saves itself: kept each time, told once an hour, never over somebody else's newer one."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.models import Person
from foundation.audit.models import AuditEvent
from foundation.database import clock
from foundation.policy.refusals import ChangedMeanwhile
from partnerships.roles import PartnershipRole
from pilots.actions.returns import save_draft
from pilots.entry import Entry
from pilots.lifecycle import ReturnState
from pilots.models import PilotPlan
from tests.factories.partnerships import person_as
from tests.factories.pilots import WHOLE, IndicatorFactory, ReturnFactory, the_two_sides
from tests.reading import text

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 11, 12, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _november():
    with clock.at(NINE):
        yield


@pytest.fixture
def row():
    return ReturnFactory()


@pytest.fixture
def third(row, client):
    third, _ = the_two_sides(row.partnership)
    client.force_login(third)
    return third


def fill_in(row, *more):
    name = "return_fill_in_section" if more else "return_fill_in"
    return reverse(f"pilots:{name}", args=[row.partnership.public_id, row.period, *more])


def by_itself(client, row, version, *section, **typed):
    return client.post(fill_in(row, *section), {"version": str(version), "save": "by itself"} | typed)


def saved(action="return.save_draft"):
    return [(event.actor_name, event.outcome) for event in AuditEvent.objects.filter(action=action).order_by("seq")]


@pytest.mark.usefixtures("third")
def test_it_is_kept_each_time_and_the_version_it_answers_lets_the_ordinary_button_work(client, row):
    first = by_itself(client, row, 1, referrals="1").json()
    assert first == {"said": "Saved 09:00.", "version": 2}
    version = by_itself(client, row, 2, referrals="12", learned="Ring first.").json()["version"]
    row.refresh_from_db()
    assert (row.referrals, row.learned, row.state, row.version) == (12, "Ring first.", ReturnState.DRAFT, version)
    typed = {name: str(value) for name, value in WHOLE.items()} | {"version": str(version)}
    token = client.get(fill_in(row)).context["form"]["form_token"].value()
    assert client.post(fill_in(row), typed | {"form_token": token}).status_code == 302
    row.refresh_from_db()
    assert row.state == ReturnState.SUBMITTED


@pytest.mark.usefixtures("third")
def test_a_section_saves_itself_too_and_leaves_the_others_alone(client, row):
    PilotPlan.objects.create(partnership=row.partnership, form="full", version=1)
    assert by_itself(client, row, 1, "people", referrals="12").json()["version"] == 2
    assert by_itself(client, row, 2, "staff", volunteers="9").json()["version"] == 3
    row.refresh_from_db()
    assert (row.referrals, row.volunteers) == (12, 9)


def test_the_history_tells_it_once_an_hour_for_each_person(row, third):
    other = person_as(PartnershipRole.PROJECT_LEAD, row.partnership)

    def save(who: Person, minutes: int, *, itself: bool = True) -> None:
        row.refresh_from_db()
        with clock.at(NINE + timedelta(minutes=minutes)):
            save_draft(monthly_return=row, entry=Entry(referrals=minutes), by=who, by_itself=itself)
        row.refresh_from_db()
        assert row.referrals == minutes

    for minutes in (0, 1, 30, 59):
        save(third, minutes)
    assert len(saved()) == 1
    save(third, 60)
    assert len(saved()) == 2
    save(other, 61)
    save(third, 62)  # or a stale page would be told that “other” was the last
    assert [name for name, _ in saved()[-2:]] == [str(other), str(third)]
    save(third, 63, itself=False)  # whoever presses the button is told of, always
    assert len(saved()) == 5


def test_somebody_elses_newer_draft_is_never_overwritten_and_who_it_was_is_said(client, row, third):
    by_itself(client, row, 1, referrals="1")
    other = person_as(PartnershipRole.PROJECT_LEAD, row.partnership)
    save_draft(monthly_return=row, entry=Entry(referrals=40), by=other, version=2)
    answer = by_itself(client, row, 2, referrals="2")
    assert answer.status_code == 409
    assert f"Somebody else changed this while you were looking at it: {other}" in answer.json()["said"]
    assert "version" not in answer.json()
    row.refresh_from_db()
    assert row.referrals == 40
    with pytest.raises(ChangedMeanwhile):
        save_draft(monthly_return=row, entry=Entry(), by=third, version=2, by_itself=True)


@pytest.mark.usefixtures("third")
def test_one_bad_figure_holds_up_no_other_and_leaves_its_own_as_it_was(client, row):
    IndicatorFactory(partnership=row.partnership, code="S2")
    by_itself(client, row, 1, **{"new_starts": "4", "amount-S2": "7"})
    bad = {"new_starts": "1.000,00", "amount-S2": "NaN", "referrals": "12", "risks": "a\x07b"}
    said = by_itself(client, row, 2, **bad).json()["said"]
    assert said.startswith("Saved 09:00. Not kept yet: ")
    assert "New starts" in said
    row.refresh_from_db()
    assert (row.new_starts, row.referrals, row.risks) == (4, 12, "")
    assert row.entry().figures["S2"].amount == 7


@pytest.mark.usefixtures("third")
def test_personal_details_are_not_even_saved_by_itself(client, row):
    answer = by_itself(client, row, 1, risks="Ring 01592 123456")
    assert answer.status_code == 422
    assert "Not saved. This looks like a telephone number." in answer.json()["said"]
    row.refresh_from_db()
    assert (row.risks, row.version) == ("", 1)


@pytest.mark.parametrize("version", ["", "nonsense", "0", "9" * 40])
@pytest.mark.usefixtures("third")
def test_a_page_without_a_sound_version_saves_nothing(client, row, version):
    assert by_itself(client, row, version, referrals="3").status_code == 409
    row.refresh_from_db()
    assert (row.referrals, row.state) == (None, ReturnState.PLANNED)


def test_whoever_may_not_and_whoever_is_signed_out_saves_nothing(client, row, third):
    client.force_login(person_as(PartnershipRole.OBSERVER, row.partnership))
    assert by_itself(client, row, 1, referrals="3").status_code == 403
    client.logout()
    assert by_itself(client, row, 1, referrals="3")["Location"].startswith(reverse("account_login"))
    row.refresh_from_db()
    assert row.referrals is None
    client.force_login(third)
    assert "data-autosave" in text(client.get(fill_in(row)))


@pytest.mark.parametrize("state", ["submitted", "accepted"])
def test_a_return_that_is_sent_is_not_saved_over(client, state):
    row = ReturnFactory(**{state: True})
    third, _ = the_two_sides(row.partnership)
    client.force_login(third)
    answer = by_itself(client, row, row.version, referrals="3")
    assert answer.status_code == 409
    assert "figures are fixed" in answer.json()["said"]
