"""The verbs of an indicator: allowed, refused with the reason, nothing half-done, side effects."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from foundation.audit.models import AuditEvent, Outcome
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.health import Health
from partnerships.roles import PartnershipRole
from pilots.actions.indicators import Definition, define_indicator, edit_indicator
from pilots.measures import ROLLUP_IN_WORDS, Rollup, Unit
from pilots.models import Indicator
from pilots.sources import DRAWN, Source, in_words
from tests.factories.partnerships import PartnershipFactory, person_as
from tests.factories.pilots import IndicatorFactory, ReturnFactory, ValueFactory

pytestmark = pytest.mark.django_db

STARTS = Definition(
    code="R1", title="people starting", unit=Unit.COUNT, rollup=Rollup.SUM, baseline=Decimal(0),
    baseline_on=date(2026, 4, 1), target=Decimal(10), is_headline=True,
)  # fmt: skip
PLANNERS = {PartnershipRole.PROJECT_LEAD, PartnershipRole.PUBLIC_LEAD, PartnershipRole.THIRD_SECTOR_LEAD}


def lead_of(partnership):
    return person_as(PartnershipRole.PROJECT_LEAD, partnership)


@pytest.mark.parametrize("role", sorted(PLANNERS))
def test_an_indicator_is_defined_in_design_already_with_one_event(role):
    partnership = PartnershipFactory()
    indicator = define_indicator(partnership=partnership, definition=STARTS, by=person_as(role, partnership))
    assert (str(indicator), indicator.target) == ("R1 people starting", 10)
    event = AuditEvent.objects.get()
    assert event.summary == "added the indicator “R1 people starting”"
    assert (event.after["baseline_on"], event.after["is_headline"]) == ("2026-04-01", True)


@pytest.mark.parametrize("role", sorted(set(PartnershipRole) - PLANNERS))
def test_defining_is_refused_to_other_roles_and_recorded(role):
    partnership = PartnershipFactory()
    with pytest.raises(NotPermitted):
        define_indicator(partnership=partnership, definition=STARTS, by=person_as(role, partnership))
    assert not Indicator.objects.exists()
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "r1"}, "code"),
        ({"code": "R1\n"}, "code"),
        ({"code": "TAKEN"}, "code"),
        ({"baseline_on": None}, "baseline_on"),
        ({"baseline": None}, "baseline"),
        ({"target": Decimal(-1)}, "target"),
        ({"unit": Unit.PERCENT}, "rollup"),
        ({"drawn_from": Source.IMPROVED}, "unit"),
        ({"drawn_from": Source.ACTIVE_AT_END}, "rollup"),
    ],
)
def test_what_does_not_fit_is_refused_beside_the_field_and_leaves_nothing_behind(changes, field):
    partnership = PartnershipFactory()
    IndicatorFactory(partnership=partnership, code="TAKEN")
    with pytest.raises(ValidationError) as refusal:
        define_indicator(partnership=partnership, definition=replace(STARTS, **changes), by=lead_of(partnership))
    assert field in refusal.value.message_dict
    assert Indicator.objects.count() == 1
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("source", Source)
def test_every_source_can_be_an_indicator(source):
    partnership = PartnershipFactory()
    drawn = DRAWN[source]
    definition = replace(STARTS, unit=drawn.unit, rollup=drawn.rollup, drawn_from=source)
    assert (
        define_indicator(partnership=partnership, definition=definition, by=lead_of(partnership)).drawn_from == source
    )


def test_a_new_headline_takes_the_place_of_the_old_one():
    old = IndicatorFactory(is_headline=True)
    new = define_indicator(
        partnership=old.partnership, definition=replace(STARTS, code="NEW"), by=lead_of(old.partnership)
    )
    old.refresh_from_db()
    assert (old.is_headline, new.is_headline) == (False, True)


def test_the_same_code_in_another_partnership_is_free():
    IndicatorFactory(code="R1")
    partnership = PartnershipFactory()
    assert define_indicator(partnership=partnership, definition=STARTS, by=lead_of(partnership)).code == "R1"


def test_a_changed_target_changes_the_partnerships_health():
    indicator = ValueFactory(indicator__target=Decimal(8)).indicator
    definition = replace(STARTS, code=indicator.code, title=indicator.title, target=Decimal(100))
    edit_indicator(indicator=indicator, definition=definition, by=lead_of(indicator.partnership), version=1)
    indicator.refresh_from_db()
    assert (indicator.target, indicator.version) == (100, 2)
    assert indicator.partnership.health == Health.RED
    event = AuditEvent.objects.get()
    assert (event.before["target"], event.after["target"]) == ("8.00", "100")


def test_how_it_is_measured_stays_once_a_month_has_a_figure():
    indicator = ValueFactory().indicator
    definition = replace(STARTS, code=indicator.code, rollup=Rollup.LATEST, unit=Unit.DAYS)
    with pytest.raises(ValidationError) as refusal:
        edit_indicator(indicator=indicator, definition=definition, by=lead_of(indicator.partnership))
    assert set(refusal.value.message_dict) == {"unit", "rollup"}


def test_how_it_is_measured_may_change_while_no_month_has_a_figure():
    indicator = IndicatorFactory()
    ValueFactory(indicator=indicator, monthly_return=ReturnFactory(partnership=indicator.partnership), amount=None)
    edit_indicator(
        indicator=indicator, definition=replace(STARTS, rollup=Rollup.LATEST), by=lead_of(indicator.partnership)
    )
    indicator.refresh_from_db()
    assert (indicator.rollup, indicator.code) == (Rollup.LATEST, "R1")


def test_editing_is_refused_to_other_roles_in_a_closed_partnership_and_from_a_stale_tab():
    indicator = IndicatorFactory()
    with pytest.raises(NotPermitted):
        edit_indicator(
            indicator=indicator, definition=STARTS, by=person_as(PartnershipRole.OBSERVER, indicator.partnership)
        )
    with pytest.raises(NotNow, match="changed this"):
        edit_indicator(indicator=indicator, definition=STARTS, by=lead_of(indicator.partnership), version=7)
    closed = IndicatorFactory(partnership__closed=True)
    with pytest.raises(NotNow, match="closed"):
        edit_indicator(indicator=closed, definition=STARTS, by=lead_of(closed.partnership))


@pytest.mark.parametrize(
    "untrue",
    [
        {"baseline_on": None},
        {"target": Decimal(-1)},
        {"unit": Unit.PERCENT, "rollup": Rollup.SUM},
        {"unit": Unit.PERCENT, "rollup": Rollup.WEIGHTED_MEAN},
    ],
)
def test_the_database_refuses_what_cannot_be_true(untrue):
    with pytest.raises(IntegrityError), transaction.atomic():
        IndicatorFactory(**untrue)


@pytest.mark.parametrize(
    ("code", "title", "told"),
    [
        ("M2", "Cost per person", "M2 Cost per person"),
        ("M2", "M2 Cost per person", "M2 Cost per person"),
        ("M2", "M2: cost per person", "M2: cost per person"),
        ("M", "Money spent", "M Money spent"),
        ("M2", "M2-I cost per person", "M2 M2-I cost per person"),
    ],
)
def test_a_code_typed_into_the_title_too_is_told_once(code, title, told):
    assert str(Indicator(code=code, title=title)) == told


def test_no_two_sources_are_offered_with_the_same_code_and_no_two_roll_ups_with_the_same_words():
    codes = [in_words(source).rpartition("(")[2] for source in Source]
    assert len(set(codes)) == len(Source)
    assert set(ROLLUP_IN_WORDS) == set(Rollup)
    assert len(set(ROLLUP_IN_WORDS.values())) == len(Rollup)
