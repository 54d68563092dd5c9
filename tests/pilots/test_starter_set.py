"""The starter set and the outcome tools: what is shipped, taking several at once, figures outside a scale."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.lifecycle import Stage
from partnerships.roles import PartnershipRole
from pilots import starter, tools
from pilots.actions.indicators import (
    Definition,
    define_indicator,
    definition_as_kept,
    edit_indicator,
    offered_to,
    take_from_the_set,
)
from pilots.actions.returns import save_draft, submit
from pilots.measures import ROLLUPS_OF_PERCENT, Direction, Rollup, Unit
from pilots.models import Indicator, IndicatorValue
from pilots.rollup import Figure
from pilots.sources import DRAWN, Source
from tests.factories.partnerships import PartnershipFactory, person_as
from tests.factories.pilots import IndicatorFactory, ReturnFactory, whole_entry
from tests.reading import text

CHANGED = Definition("O-W", "Mean change", Unit.POINTS, Rollup.WEIGHTED_MEAN, tool="wemwbs", of_change=True)


def lead_of(partnership):
    return person_as(PartnershipRole.PROJECT_LEAD, partnership)


def test_the_set_is_that_of_the_reference_and_fits_its_sources():
    assert [one.code for one in starter.shipped()] == [
        "R1", "R2", "R3", "R4", "R5", "O1", "O-W", "M1", "M2", "M2-I", "S1", "S2", "S3", "V1", "V2", "Q1", "K1", "D1",
    ]  # fmt: skip
    for one in starter.shipped():
        assert one.unit in Unit.values
        assert one.direction in Direction.values
        assert one.unit != Unit.PERCENT or one.rollup in ROLLUPS_OF_PERCENT
        assert not one.tool or one.tool in tools.shipped()
        if one.drawn_from:
            drawn = DRAWN[Source(one.drawn_from)]
            assert (one.unit, one.rollup) == (drawn.unit, drawn.rollup), one.code


def test_what_is_measured_already_is_not_offered_under_its_code_or_from_its_source():
    offered = {one.code for one in starter.unused({"R1", "K1"}, {"volunteer_hours"})}
    assert {one.code for one in starter.shipped()} - offered == {"R1", "K1", "S2"}


@pytest.mark.parametrize("tool", tools.shipped().values(), ids=str)
def test_every_tool_says_where_answers_that_do_not_apply_go(tool):
    assert tool.scale.lowest < tool.scale.highest
    assert "leave" in tool.not_applicable


def test_the_ends_of_a_scale_are_on_it():
    wemwbs = tools.shipped()["wemwbs"]
    assert [wemwbs.scale.fault(Decimal(n)) for n in (14, 70)] == ["", ""]
    assert wemwbs.scale.fault(Decimal("13.9")) == "This scale goes from 14 to 70: 13.9 cannot be."
    assert str(wemwbs.change) == "-56 to 56"


@given(st.sampled_from(list(tools.shipped().values())), st.data())
def test_the_change_between_any_two_scores_is_on_the_scale_of_changes(tool, data):
    one, other = (data.draw(st.decimals(tool.scale.lowest, tool.scale.highest, places=3)) for _ in range(2))
    assert tool.change.fault(other - one) == ""


@pytest.mark.django_db
def test_several_are_taken_at_once_with_one_event_and_without_targets():
    partnership = PartnershipFactory()
    taken = take_from_the_set(partnership=partnership, codes=["O-W", "R1"], by=lead_of(partnership))
    assert [(i.code, i.drawn_from, i.tool, i.target, i.baseline) for i in taken] == [
        ("R1", "new_starts", "", None, None), ("O-W", "", "wemwbs", None, None),
    ]  # fmt: skip
    event = AuditEvent.objects.get()
    assert event.summary == "added R1, O-W from the starter set of indicators"
    assert len(event.after["indicators"]) == 2
    assert {"R1", "O-W"}.isdisjoint(one.code for one in offered_to(partnership))


@pytest.mark.django_db
def test_taking_is_refused_to_others_and_once_it_is_over():
    partnership = PartnershipFactory()
    with pytest.raises(NotPermitted):
        take_from_the_set(
            partnership=partnership, codes=["R1"], by=person_as(PartnershipRole.PARTNER_MANAGER, partnership)
        )
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED
    for stage in (Stage.CLOSED, Stage.STOPPED):
        over = PartnershipFactory(stage=stage)
        with pytest.raises(NotNow, match=stage.label.lower()):
            take_from_the_set(partnership=over, codes=["R1"], by=lead_of(over))
    assert not Indicator.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("stage", [Stage.PROPOSED, Stage.DESIGN, Stage.PILOT, Stage.REDESIGN, Stage.TENDER, Stage.LIVE])
def test_taking_is_possible_until_it_is_over(stage):
    partnership = PartnershipFactory(stage=stage)
    assert take_from_the_set(partnership=partnership, codes=["K1"], by=lead_of(partnership))


@pytest.mark.django_db
@pytest.mark.parametrize(("codes", "said"), [(["R1", "R2"], "R1 cannot"), (["XX"], "XX cannot"), ([], "at least one")])
def test_what_is_not_on_offer_is_refused_beside_the_field_and_nothing_is_half_done(codes, said):
    indicator = IndicatorFactory(code="R1")
    with pytest.raises(ValidationError, match=said) as refusal:
        take_from_the_set(partnership=indicator.partnership, codes=codes, by=lead_of(indicator.partnership))
    assert "codes" in refusal.value.message_dict
    assert Indicator.objects.count() == 1
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db
def test_the_page_offers_what_is_unused_and_adds_what_is_chosen(client):
    partnership = IndicatorFactory(code="R1", partnership=PartnershipFactory()).partnership
    client.force_login(lead_of(partnership))
    address = reverse("pilots:starter_set", args=[partnership.public_id])
    page = text(client.get(address))
    assert "R2 Referrals that start" in page
    assert 'value="R1"' not in page
    assert "Choose at least one indicator" in text(client.post(address, {}))
    page = text(client.post(address, {"codes": ["R2", "Q1"]}, follow=True))
    assert "R2 Referrals that start" in page
    assert Indicator.objects.get(code="Q1").rollup == Rollup.RATIO
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    assert client.get(address).status_code == 403
    client.force_login(lead_of(PartnershipFactory()))
    assert client.get(address).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tool": "", "of_change": True}, "tool"),
        ({"tool": "nonesuch"}, "tool"),
        ({"target": Decimal(57)}, "target"),
        ({"baseline": Decimal(-57), "baseline_on": date(2026, 4, 1)}, "baseline"),
        ({"profile": "April 2026: 5", "target": Decimal(5)}, "profile"),
        ({"profile": "some day: 5"}, "profile"),
        ({"profile_rises": True}, "profile"),
    ],
)
def test_a_tool_and_a_profile_that_do_not_fit_are_refused_beside_the_field(changes, field):
    partnership = PartnershipFactory()
    with pytest.raises(ValidationError) as refusal:
        define_indicator(
            partnership=partnership, definition=Definition(**vars(CHANGED) | changes), by=lead_of(partnership)
        )
    assert field in refusal.value.message_dict
    assert not Indicator.objects.exists()


@pytest.mark.django_db
def test_a_profile_is_kept_shown_again_and_in_the_history():
    partnership = PartnershipFactory()
    typed = Definition("R1", "People starting", Unit.COUNT, Rollup.SUM, profile="July 2026: 8\nApril 2026: 5")
    indicator = define_indicator(partnership=partnership, definition=typed, by=lead_of(partnership))
    indicator.refresh_from_db()
    assert str(indicator.changing_target) == "April 2026: 5\nJuly 2026: 8"
    assert AuditEvent.objects.get().after["profile"] == "April 2026: 5\nJuly 2026: 8"
    flat = Definition("R1", "People starting", Unit.COUNT, Rollup.SUM, target=Decimal(9))
    edit_indicator(indicator=indicator, definition=flat, by=lead_of(partnership))
    indicator.refresh_from_db()
    assert (indicator.profile, indicator.target_over(date(2026, 4, 1), 3)) == ({}, 27)


@pytest.mark.django_db
def test_a_figure_outside_the_scale_is_refused_beside_its_box_in_the_action_and_on_the_page(client):
    with clock.at(datetime(2026, 11, 2, 9, tzinfo=UTC)):
        row = ReturnFactory()
        IndicatorFactory(
            partnership=row.partnership, code="O-W", unit=Unit.POINTS, rollup=Rollup.WEIGHTED_MEAN, tool="wemwbs"
        )
        who = person_as(PartnershipRole.THIRD_SECTOR_LEAD, row.partnership)
        for mean, refused in ((Decimal(71), True), (Decimal(13), True), (Decimal(70), False)):
            entry = whole_entry(figures={"O-W": Figure(mean, Decimal(12))})
            if refused:
                with pytest.raises(ValidationError) as refusal:
                    submit(monthly_return=row, entry=entry, by=who)
                assert set(refusal.value.message_dict) == {"amount-O-W"}
            else:
                save_draft(monthly_return=row, entry=entry, by=who)
        client.force_login(who)
        address = reverse("pilots:return_fill_in", args=[row.partnership.public_id, row.period])
        page = text(client.get(address))
        assert "WEMWBS (14 questions). Scale: 14 to 70. A person who left out" in page
        page = text(client.post(address, {"amount-O-W": "71", "out_of-O-W": "12", "save": "1", "version": "2"}))
        assert "This scale goes from 14 to 70: 71 cannot be." in page
        assert 'value="71"' in page


@pytest.fixture
def reported():
    """An indicator in points, without a tool, for which 71 was reported."""
    with clock.at(datetime(2026, 11, 2, 9, tzinfo=UTC)):
        row = ReturnFactory()
        indicator = IndicatorFactory(
            partnership=row.partnership, code="O-W", unit=Unit.POINTS, rollup=Rollup.WEIGHTED_MEAN,
            baseline=None, baseline_on=None, target=None,
        )  # fmt: skip
        IndicatorValue.objects.create(monthly_return=row, indicator=indicator, amount=Decimal(71), out_of=Decimal(12))
    return indicator


@pytest.mark.django_db
def test_a_tool_told_late_is_refused_when_a_figure_stands_off_its_scale(reported):
    by = lead_of(reported.partnership)
    told = Definition(**vars(definition_as_kept(reported)) | {"tool": "wemwbs"})
    with pytest.raises(ValidationError) as refusal:
        edit_indicator(indicator=reported, definition=told, by=by)
    said = "A figure that was reported does not fit this tool. This scale goes from 14 to 70: 71 cannot be."
    assert refusal.value.message_dict == {"tool": [said]}
    reported.refresh_from_db()
    assert (reported.tool, reported.version) == ("", 1)
    edit_indicator(indicator=reported, definition=Definition(**vars(told) | {"tool": "eq_vas"}), by=by)
    reported.refresh_from_db()
    assert (reported.tool, reported.version) == ("eq_vas", 2)


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [{"tool": "outcomes_star"}, {"tool": ""}, {"of_change": True}], ids=str)
def test_a_tool_stays_once_a_figure_stands_on_its_scale(reported, changes):
    reported.tool = "eq_vas"
    reported.save(update_fields=["tool"])
    changed = Definition(**vars(definition_as_kept(reported)) | changes)
    with pytest.raises(ValidationError) as refusal:
        edit_indicator(indicator=reported, definition=changed, by=lead_of(reported.partnership))
    [field] = changes
    assert (
        "Months have been reported with it as it is. Add another indicator instead."
        in refusal.value.message_dict[field]
    )
    reported.refresh_from_db()
    assert (reported.tool, reported.of_change, reported.version) == ("eq_vas", False, 1)


@pytest.mark.django_db
def test_a_tool_changes_while_no_figure_stands_and_the_history_tells_it():
    partnership = PartnershipFactory()
    indicator = define_indicator(partnership=partnership, definition=CHANGED, by=lead_of(partnership))
    other = Definition(**vars(CHANGED) | {"tool": "swemwbs"})
    edit_indicator(indicator=indicator, definition=other, by=lead_of(partnership))
    event = AuditEvent.objects.get(action="indicator.edit")
    assert (event.before["tool"], event.after["tool"]) == ("wemwbs", "swemwbs")


@pytest.mark.parametrize("typed", ["1e28", "-1e28", "1e999999", "9" * 40, "1000000000.5"])
def test_a_figure_with_more_digits_than_can_be_rounded_is_refused_in_words(typed):
    scale = tools.scale_of("wemwbs", of_change=True)
    assert scale.fault(Decimal(typed)) == f"This scale goes from {scale}: a figure as large as that cannot be."
