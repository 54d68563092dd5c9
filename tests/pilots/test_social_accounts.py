"""The verb of the social accounts: allowed, refused with the reason, nothing half-done, side effects."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.lifecycle import OVER, Stage
from partnerships.roles import PartnershipRole
from pilots.actions.social_accounts import NOT_WRITTEN, Accounts, Done, write_social_accounts
from pilots.models import PrincipleNote, SocialAccounts
from pilots.principles import ASKS, Principle
from tests.factories.partnerships import PartnershipFactory, person_as

pytestmark = pytest.mark.django_db

R = PartnershipRole
WRITERS = {R.EVALUATOR, R.PROJECT_LEAD, R.THIRD_SECTOR_LEAD, R.PARTNER_MANAGER}
PANEL = {"panel_chair": "Ann Auditor", "panel_met_on": date(2027, 5, 1)}


def at(day):
    return clock.at(datetime(2027, 5, day, 9, tzinfo=UTC))


@pytest.fixture(autouse=True)
def _may():
    with at(3):
        yield


def test_the_eight_principles_are_those_of_the_reference_in_its_order():
    assert [p.label.lower() for p in Principle] == [
        "clarify purpose", "define scope", "engage stakeholders", "determine materiality", "make comparisons",
        "be transparent", "verify accounts", "embed the process",
    ]  # fmt: skip
    assert set(ASKS) == set(Principle)


@pytest.mark.parametrize("role", sorted(WRITERS))
@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in OVER][:2])
def test_writing_makes_a_line_for_each_principle(role, stage):
    partnership = PartnershipFactory(stage=stage)
    by = person_as(role, partnership)
    accounts = Accounts({"purpose": Done(True, "Agreed in March.")}, **PANEL, statement="Fair.")
    written = write_social_accounts(partnership=partnership, accounts=accounts, by=by, version=NOT_WRITTEN)
    assert (written.version, written.written_by, written.panel_chair) == (1, by, "Ann Auditor")
    assert {row.principle: row.done_on for row in written.principles.all() if row.done_on} == {
        "purpose": date(2027, 5, 3)
    }
    assert written.principles.count() == 8
    event = AuditEvent.objects.get()
    assert (event.summary, event.after["done"]) == ("began the social accounts", {"purpose": "2027-05-03"})


@pytest.mark.parametrize("role", sorted(set(R) - WRITERS))
def test_writing_is_refused_to_other_roles_and_recorded(role):
    partnership = PartnershipFactory(in_pilot=True)
    with pytest.raises(NotPermitted, match="or the social accounts"):
        write_social_accounts(partnership=partnership, accounts=Accounts(), by=person_as(role, partnership))
    assert not SocialAccounts.objects.exists()
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED


@pytest.mark.parametrize("stage", sorted(OVER))
def test_writing_is_refused_when_the_partnership_is_over(stage):
    partnership = PartnershipFactory(stage=stage)
    with pytest.raises(NotNow, match="Its social accounts can be read but no longer changed"):
        write_social_accounts(partnership=partnership, accounts=Accounts(), by=person_as(R.EVALUATOR, partnership))


def test_a_principle_keeps_the_day_it_was_ticked_and_loses_it_with_the_tick():
    partnership = PartnershipFactory(in_pilot=True)
    by = person_as(R.EVALUATOR, partnership)
    ticked = Accounts({"purpose": Done(True, "Agreed.")})
    write_social_accounts(partnership=partnership, accounts=ticked, by=by)
    with at(9):
        more = Accounts({"purpose": Done(True, "Agreed, and on the wall."), "scope": Done(True, "All of it.")})
        write_social_accounts(partnership=partnership, accounts=more, by=by, version=1)
        days = dict(PrincipleNote.objects.exclude(done_on=None).values_list("principle", "done_on"))
        assert days == {"purpose": date(2027, 5, 3), "scope": date(2027, 5, 9)}
        write_social_accounts(partnership=partnership, accounts=Accounts(), by=by, version=2)
    assert not PrincipleNote.objects.exclude(done_on=None).exists()
    assert PrincipleNote.objects.count() == 8


@pytest.mark.parametrize(
    ("accounts", "field"),
    [
        (Accounts({"purpose": Done(True, " ")}), "note_purpose"),
        (Accounts(panel_chair="Ann Auditor"), "panel_met_on"),
        (Accounts(panel_met_on=date(2027, 5, 1)), "panel_chair"),
        (Accounts(panel_chair="Ann Auditor", panel_met_on=date(2027, 5, 4)), "panel_met_on"),
    ],
)
def test_what_is_missing_is_said_beside_the_field(accounts, field):
    partnership = PartnershipFactory(in_pilot=True)
    with pytest.raises(ValidationError) as refusal:
        write_social_accounts(partnership=partnership, accounts=accounts, by=person_as(R.EVALUATOR, partnership))
    assert set(refusal.value.message_dict) == {field}
    assert not SocialAccounts.objects.exists()


def test_a_statement_needs_the_panel_that_made_it():
    partnership = PartnershipFactory(in_pilot=True)
    with pytest.raises(ValidationError) as refusal:
        write_social_accounts(
            partnership=partnership, accounts=Accounts(statement="Fair."), by=person_as(R.EVALUATOR, partnership)
        )
    assert set(refusal.value.message_dict) == {"panel_chair", "panel_met_on"}


@pytest.mark.parametrize("version", [NOT_WRITTEN, 7])
def test_a_stale_tab_is_told_and_does_not_overwrite(version):
    partnership = PartnershipFactory(in_pilot=True)
    by = person_as(R.EVALUATOR, partnership)
    write_social_accounts(partnership=partnership, accounts=Accounts(**PANEL), by=by)
    with pytest.raises(NotNow, match="changed this"):
        write_social_accounts(partnership=partnership, accounts=Accounts(), by=by, version=version)
    assert SocialAccounts.objects.get().panel_chair == "Ann Auditor"
