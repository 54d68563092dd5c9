"""The verbs of an SROI map: allowed, refused with the reason, nothing half-done, side effects."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from foundation.rendering.models import RenderJob
from partnerships import gates
from partnerships.lifecycle import OVER, Gate
from partnerships.roles import PartnershipRole
from pilots.actions.sroi import Settings, publish_map, redraft, settle, start_map
from pilots.actions.sroi_contents import (
    MOST_OUTCOMES,
    InputLine,
    OutcomeEntry,
    StakeholderLine,
    add_outcome,
    edit_outcome,
    remove_outcome,
    set_inputs,
    set_stakeholders,
)
from pilots.models import SroiInput, SroiMap, SroiOutcome, SroiStakeholder
from pilots.sroi import Convention
from pilots.valuation import outcomes_of, valuation_of
from tests.factories.partnerships import PartnershipFactory, person_as
from tests.factories.pilots import IndicatorFactory
from tests.factories.sroi import OutcomeFactory, SroiMapFactory, StakeholderFactory, worked_example

pytestmark = pytest.mark.django_db

R = PartnershipRole
WRITERS = {R.EVALUATOR, R.PROJECT_LEAD, R.THIRD_SECTOR_LEAD, R.PARTNER_MANAGER}
PUBLISHERS = {R.EVALUATOR, R.PUBLIC_LEAD, R.THIRD_SECTOR_LEAD}
SETTINGS = Settings("Befriending", date(2026, 4, 1), date(2027, 3, 31))


@pytest.fixture(autouse=True)
def _may():
    with clock.at(datetime(2027, 5, 3, 9, tzinfo=UTC)):
        yield


def writer(sroi_map):
    return person_as(R.PROJECT_LEAD, sroi_map.partnership)


def entry(stakeholder, **changed):
    values = {
        "title": "Less isolation", "quantity": Decimal(40), "unit": "people", "proxy_name": "Club membership",
        "proxy": Decimal(1200), "source": "Survey", "source_year": 2025, "deadweight": Decimal(25), "years": 3,
    } | changed  # fmt: skip
    return OutcomeEntry(stakeholder=stakeholder, **values)


def every_change(sroi_map, by):
    """Each verb that changes a draft, ready to be tried."""
    outcome = outcomes_of(sroi_map)[0]
    return [
        lambda: settle(sroi_map=sroi_map, settings=SETTINGS, by=by),
        lambda: set_inputs(sroi_map=sroi_map, lines=[InputLine("Grant", "Board", Decimal(1))], by=by),
        lambda: set_stakeholders(sroi_map=sroi_map, lines=[StakeholderLine("Carers")], by=by),
        lambda: add_outcome(sroi_map=sroi_map, entry=entry(outcome.stakeholder), by=by),
        lambda: edit_outcome(
            sroi_map=sroi_map, outcome=outcome, entry=entry(outcome.stakeholder, title="Changed"), by=by
        ),
        lambda: remove_outcome(sroi_map=sroi_map, outcome=outcome, by=by),
    ]


@pytest.mark.parametrize("role", sorted(WRITERS))
def test_a_map_is_started_with_the_green_books_rate_and_a_stated_convention(role):
    partnership = PartnershipFactory()
    by = person_as(role, partnership)
    found = start_map(partnership=partnership, settings=SETTINGS, by=by)
    assert (found.number, found.state, found.started_by, found.rate) == (1, "draft", by, Decimal("3.5"))
    assert (found.rate_after_30, found.convention) == (None, Convention.END_OF_YEAR)
    event = AuditEvent.objects.get()
    assert (event.action, event.summary, event.after["rate"]) == ("sroi.start", "started SROI map 1", "3.500")


@pytest.mark.parametrize("role", sorted(set(R) - WRITERS))
def test_writing_is_refused_to_other_roles_and_recorded(role):
    sroi_map = worked_example()
    by = person_as(role, sroi_map.partnership)
    for attempt in every_change(sroi_map, by):
        with pytest.raises(NotPermitted, match="You may not change the SROI map"):
            attempt()
    with pytest.raises(NotPermitted):
        start_map(partnership=PartnershipFactory(), settings=SETTINGS, by=by)
    assert set(AuditEvent.objects.values_list("outcome", flat=True)) == {Outcome.REFUSED}
    sroi_map.refresh_from_db()
    assert (sroi_map.version, SroiMap.objects.count(), SroiOutcome.objects.count()) == (1, 1, 3)


@pytest.mark.parametrize("stage", sorted(OVER))
def test_nothing_changes_when_the_partnership_is_over(stage):
    sroi_map = worked_example(partnership__in_pilot=False, partnership__stage=stage)
    by = person_as(R.EVALUATOR, sroi_map.partnership)
    for attempt in [*every_change(sroi_map, by), lambda: publish_map(sroi_map=sroi_map, by=by)]:
        with pytest.raises(NotNow, match="can be read but no longer changed"):
            attempt()
    with pytest.raises(NotNow, match="can be read but no longer changed"):
        start_map(partnership=sroi_map.partnership, settings=SETTINGS, by=by)


def test_a_published_map_is_frozen_for_every_verb():
    sroi_map = worked_example(published=True)
    by = person_as(R.THIRD_SECTOR_LEAD, sroi_map.partnership)
    before = valuation_of(sroi_map)
    for attempt in [*every_change(sroi_map, by), lambda: publish_map(sroi_map=sroi_map, by=by)]:
        with pytest.raises(NotNow, match="Start the next map from it to change something"):
            attempt()
    fresh = SroiMap.objects.get()
    assert (fresh.version, valuation_of(fresh)) == (1, before)


def test_a_partnership_has_one_first_map_and_one_draft():
    sroi_map = SroiMapFactory()
    with pytest.raises(NotNow, match="There is SROI map 1 already"):
        start_map(partnership=sroi_map.partnership, settings=SETTINGS, by=writer(sroi_map))
    with pytest.raises(IntegrityError), transaction.atomic():
        SroiMapFactory(partnership=sroi_map.partnership, number=2)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": " "}, "title"), ({"period_until": date(2026, 3, 31)}, "period_until"),
        ({"rate": Decimal(101)}, "rate"),
        ({"step_proxies": Decimal(-1)}, "step_proxies"), ({"schedule": True, "rate": Decimal(3)}, "rate"),
    ],
)  # fmt: skip
def test_wrong_settings_are_told_beside_the_field(changed, field):
    sroi_map = SroiMapFactory()
    with pytest.raises(ValidationError) as refusal:
        settle(sroi_map=sroi_map, settings=replace(SETTINGS, **changed), by=writer(sroi_map))
    assert set(refusal.value.message_dict) == {field}
    sroi_map.refresh_from_db()
    assert sroi_map.version == 1


def test_the_settings_change_the_ratio_and_are_kept_with_the_map():
    sroi_map = worked_example()
    chosen = replace(SETTINGS, schedule=True, convention=Convention.FIRST_YEAR_WHOLE)
    settle(sroi_map=sroi_map, settings=chosen, by=writer(sroi_map), version=1)
    fresh = SroiMap.objects.get()
    assert (fresh.rate, fresh.rate_after_30, fresh.rate_after_75) == (Decimal("3.5"), 3, Decimal("2.5"))
    assert round(valuation_of(fresh).base.ratio, 2) == Decimal("2.31")
    event = AuditEvent.objects.get()
    assert (event.before["convention"], event.after["convention"]) == ("end_of_year", "first_year_whole")
    with pytest.raises(NotNow, match="changed this"):
        settle(sroi_map=sroi_map, settings=chosen, by=person_as(R.EVALUATOR, sroi_map.partnership), version=1)


def test_inputs_are_set_as_a_whole_and_each_needs_a_name_an_owner_and_an_amount():
    sroi_map = worked_example()
    by = writer(sroi_map)
    for wrong in (
        InputLine(" ", "Board", Decimal(1)),
        InputLine("a", "", Decimal(1)),
        InputLine("a", "b", Decimal(-1)),
    ):
        with pytest.raises(ValidationError):
            set_inputs(sroi_map=sroi_map, lines=[wrong], by=by)
    assert SroiInput.objects.count() == 3
    lines = [
        InputLine("Grant", "Board", Decimal(40_000)),
        InputLine("Hours", "Volunteers", Decimal("0.5"), "volunteers"),
    ]
    set_inputs(sroi_map=sroi_map, lines=lines, by=by, version=1)
    assert [(row.what, row.kind, row.amount) for row in sroi_map.inputs.all()] == [
        ("Grant", "cash", 40_000), ("Hours", "volunteers", Decimal("0.50")),
    ]  # fmt: skip
    event = AuditEvent.objects.get(action="sroi.set_inputs")
    assert event.after == {"inputs": ["Grant, Board: £40000.00", "Hours, Volunteers: £0.50"]}
    with pytest.raises(NotNow, match="changed this"):
        set_inputs(sroi_map=sroi_map, lines=lines, by=by, version=1)


def test_stakeholders_swap_names_keep_their_outcomes_and_leave_only_without_any():
    sroi_map = SroiMapFactory()
    one, two = (StakeholderFactory(sroi_map=sroi_map, name=name, position=n) for n, name in enumerate("AB"))
    OutcomeFactory(stakeholder=one)
    by = writer(sroi_map)
    swapped = [StakeholderLine("A", "why", two.public_id), StakeholderLine("B", "", one.public_id)]
    set_stakeholders(sroi_map=sroi_map, lines=[*swapped, StakeholderLine("C")], by=by, version=1)
    assert [(s.name, s.outcomes.count()) for s in sroi_map.stakeholders.all()] == [("A", 0), ("B", 1), ("C", 0)]
    with pytest.raises(ValidationError, match="B: remove or move the outcomes first"):
        set_stakeholders(sroi_map=sroi_map, lines=swapped[:1], by=by)
    set_stakeholders(sroi_map=sroi_map, lines=swapped[1:], by=by)
    assert list(sroi_map.stakeholders.values_list("name", flat=True)) == ["B"]


@pytest.mark.parametrize("lines", [[""], ["A", " A"]])
def test_stakeholders_have_different_names(lines):
    sroi_map = SroiMapFactory()
    with pytest.raises(ValidationError):
        set_stakeholders(sroi_map=sroi_map, lines=[StakeholderLine(name) for name in lines], by=writer(sroi_map))
    assert not SroiStakeholder.objects.exists()


def test_a_stakeholder_of_another_map_is_not_taken_over():
    sroi_map, other = SroiMapFactory(), StakeholderFactory()
    with pytest.raises(ValidationError, match="no longer on the map"):
        set_stakeholders(sroi_map=sroi_map, lines=[StakeholderLine("A", "", other.public_id)], by=writer(sroi_map))
    with pytest.raises(ValidationError, match="this map’s stakeholders"):
        add_outcome(sroi_map=sroi_map, entry=entry(other), by=writer(sroi_map))


def test_an_outcome_is_added_changed_and_removed_each_with_its_event():
    sroi_map = SroiMapFactory()
    stakeholder, by = StakeholderFactory(sroi_map=sroi_map), writer(sroi_map)
    outcome = add_outcome(sroi_map=sroi_map, entry=entry(stakeholder, source="", source_year=None), by=by)
    assert outcome.lacks == "source and year"
    edit_outcome(sroi_map=sroi_map, outcome=outcome, entry=entry(stakeholder, quantity=Decimal(41)), by=by, version=1)
    outcome.refresh_from_db()
    assert (outcome.quantity, outcome.version, outcome.lacks) == (41, 2, "")
    with pytest.raises(NotNow, match="changed this"):
        edit_outcome(sroi_map=sroi_map, outcome=outcome, entry=entry(stakeholder), by=by, version=1)
    remove_outcome(sroi_map=sroi_map, outcome=outcome, by=by, version=2)
    assert not SroiOutcome.objects.exists()
    with pytest.raises(NotNow, match="removed this"):
        remove_outcome(sroi_map=sroi_map, outcome=SroiOutcome(pk=outcome.pk), by=by)
    sroi_map.refresh_from_db()
    assert sroi_map.version == 4
    done = AuditEvent.objects.filter(outcome=Outcome.ALLOWED).values_list("summary", flat=True)
    assert sorted(done) == [
        "added the outcome “Less isolation” to SROI map 1",
        "changed the outcome “Less isolation” of SROI map 1",
        "removed the outcome “Less isolation” from SROI map 1",
    ]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": " "}, "title"), ({"unit": ""}, "unit"), ({"proxy_name": ""}, "proxy_name"),
        ({"deadweight": Decimal("100.5")}, "deadweight"), ({"drop_off": Decimal(-1)}, "drop_off"),
        ({"years": 0}, "years"), ({"years": 61}, "years"), ({"quantity": Decimal(-1)}, "quantity"),
        ({"proxy": Decimal(-1)}, "proxy"), ({"source_year": 2028}, "source_year"),
        ({"source_year": 1066}, "source_year"),
    ],
)  # fmt: skip
def test_wrong_figures_are_told_beside_the_field_and_leave_nothing_behind(changed, field):
    stakeholder = StakeholderFactory()
    with pytest.raises(ValidationError) as refusal:
        add_outcome(sroi_map=stakeholder.sroi_map, entry=entry(stakeholder, **changed), by=writer(stakeholder.sroi_map))
    assert set(refusal.value.message_dict) == {field}
    assert not SroiOutcome.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_map_holds_so_many_outcomes_and_no_more():
    stakeholder = StakeholderFactory()
    sroi_map = stakeholder.sroi_map
    SroiOutcome.objects.bulk_create(OutcomeFactory.build(stakeholder=stakeholder) for _ in range(MOST_OUTCOMES - 1))
    by = writer(sroi_map)
    add_outcome(sroi_map=sroi_map, entry=entry(stakeholder), by=by)
    with pytest.raises(NotNow, match="holds 100 outcomes, which is the most"):
        add_outcome(sroi_map=sroi_map, entry=entry(stakeholder), by=by)
    assert SroiOutcome.objects.count() == MOST_OUTCOMES


def test_an_indicator_of_another_partnership_does_not_show_an_outcome():
    stakeholder = StakeholderFactory()
    with pytest.raises(ValidationError, match="this partnership’s indicators"):
        add_outcome(
            sroi_map=stakeholder.sroi_map, entry=entry(stakeholder, indicator=IndicatorFactory()),
            by=writer(stakeholder.sroi_map),
        )  # fmt: skip


@pytest.mark.parametrize("role", sorted(PUBLISHERS))
def test_s35_the_worked_example_is_published_with_its_range_and_its_pdf_is_asked_for(role):
    sroi_map = worked_example()
    by = person_as(role, sroi_map.partnership)
    publish_map(sroi_map=sroi_map, by=by, version=1)
    sroi_map.refresh_from_db()
    assert (sroi_map.state, sroi_map.published_by, sroi_map.published_at) == ("published", by, clock.now())
    event = AuditEvent.objects.get()
    assert event.summary == "published SROI map 1: 2.23 : 1, between 0.94 and 2.23"
    assert (event.after["present_value"], event.after["inputs"]) == ("100223.20", "45000.00")
    job = RenderJob.objects.get()
    assert (job.kind, job.inputs, job.scope) == (
        "sroi-map", {"sroi_map": sroi_map.public_id}, sroi_map.partnership.audit_scope,
    )  # fmt: skip


@pytest.mark.parametrize("role", sorted(set(R) - PUBLISHERS))
def test_publishing_is_refused_to_other_roles(role):
    sroi_map = worked_example()
    with pytest.raises(NotPermitted, match="You may not publish an SROI map"):
        publish_map(sroi_map=sroi_map, by=person_as(role, sroi_map.partnership))
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED
    assert not RenderJob.objects.exists()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"source": ""}, "no source."), ({"source": "  "}, "no source."), ({"source_year": None}, "no year."),
        ({"source": "", "source_year": None}, "no source and year."),
    ],
)  # fmt: skip
def test_s37_a_proxy_without_source_or_year_is_not_published(changed, told):
    sroi_map = worked_example()
    SroiOutcome.objects.filter(title="Less isolation").update(**changed)
    with pytest.raises(NotNow) as refusal:
        publish_map(sroi_map=sroi_map, by=person_as(R.EVALUATOR, sroi_map.partnership))
    assert refusal.value.reasons == (f"“Less isolation”: the proxy has {told}",)
    sroi_map.refresh_from_db()
    assert sroi_map.published_at is None
    assert not RenderJob.objects.exists()


def test_s37_every_outcome_without_source_is_named_at_once():
    sroi_map = worked_example()
    SroiOutcome.objects.update(source="")
    with pytest.raises(NotNow) as refusal:
        publish_map(sroi_map=sroi_map, by=person_as(R.EVALUATOR, sroi_map.partnership))
    assert len(refusal.value.reasons) == 3


def test_a_map_without_inputs_or_outcomes_is_not_published():
    sroi_map = SroiMapFactory()
    with pytest.raises(NotNow, match=r"inputs are missing.* No outcome is on the map yet"):
        publish_map(sroi_map=sroi_map, by=person_as(R.EVALUATOR, sroi_map.partnership))


def test_what_was_not_read_is_not_published():
    sroi_map = worked_example()
    outcome, by = outcomes_of(sroi_map)[0], writer(sroi_map)
    edit_outcome(sroi_map=sroi_map, outcome=outcome, entry=entry(outcome.stakeholder, deadweight=Decimal(0)), by=by)
    with pytest.raises(NotNow, match="changed this"):
        publish_map(sroi_map=sroi_map, by=person_as(R.EVALUATOR, sroi_map.partnership), version=1)


def test_the_next_map_is_a_copy_and_the_old_one_keeps_its_figures():
    sroi_map = worked_example(published=True, rate=Decimal("1.5"), step_proxies=Decimal(25))
    before = valuation_of(SroiMap.objects.get())
    by = writer(sroi_map)
    copy = redraft(sroi_map=sroi_map, by=by)
    assert (copy.number, copy.state, copy.version, copy.started_by) == (2, "draft", 1, by)
    assert valuation_of(SroiMap.objects.get(number=2)) == before
    outcome = outcomes_of(copy)[0]
    edit_outcome(sroi_map=copy, outcome=outcome, entry=entry(outcome.stakeholder, deadweight=Decimal(35)), by=by)
    assert valuation_of(SroiMap.objects.get(number=1)) == before
    assert valuation_of(SroiMap.objects.get(number=2)) != before
    assert "started SROI map 2 as a copy of SROI map 1" in AuditEvent.objects.values_list("summary", flat=True)


def test_the_next_map_starts_from_the_newest_published_one_only():
    sroi_map = worked_example(published=True)
    by = writer(sroi_map)
    copy = redraft(sroi_map=sroi_map, by=by)
    with pytest.raises(NotNow, match="SROI map 2 has been started since"):
        redraft(sroi_map=sroi_map, by=by)
    with pytest.raises(NotNow, match="is a draft"):
        redraft(sroi_map=copy, by=by)
    with pytest.raises(NotPermitted):
        redraft(sroi_map=sroi_map, by=person_as(R.PUBLIC_LEAD, sroi_map.partnership))
    assert SroiMap.objects.count() == 2


def test_gate_g3_tells_of_a_published_map_and_misses_none():
    sroi_map = worked_example()
    names = [item.name for item in gates.evidence(Gate.G3, sroi_map.partnership)]
    assert "Social return on investment" not in names
    publish_map(sroi_map=sroi_map, by=person_as(R.EVALUATOR, sroi_map.partnership, name="Shona Lamont"))
    item = next(i for i in gates.evidence(Gate.G3, sroi_map.partnership) if i.name == "Social return on investment")
    assert item.met
    assert item.sentence.startswith("SROI map 1, published by Shona Lamont on 3 May 2027.")
