"""The draft of the memorandum and its pen: who begins, takes it, hands it over, puts it down, and who is told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.delivery.delivery import drain
from foundation.delivery.models import OutboxMail
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.actions.memorandum import write_memorandum
from partnerships.actions.pen import hand_pen, put_down_pen, start_draft, take_pen, writers
from partnerships.headings import STARTING_HEADINGS
from partnerships.lifecycle import OVER, Stage
from partnerships.models import MemorandumDraft
from partnerships.permissions import ABILITIES, Ability
from partnerships.roles import PartnershipRole
from tests.factories.partnerships import PartnershipFactory, both_leads_as_partners, person_as
from tests.procurement.test_race import database_for_threads, in_threads

pytestmark = pytest.mark.django_db
WRITERS = [role for role in PartnershipRole if Ability.WRITE_MEMORANDUM in ABILITIES[role]]
OTHERS = [role for role in PartnershipRole if role not in WRITERS]
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def november():
    with clock.at(NOON):
        yield


@pytest.fixture
def partnership():
    return PartnershipFactory()


@pytest.fixture
def lead(partnership):
    return person_as(PartnershipRole.PUBLIC_LEAD, partnership, name="Morag Sinclair")


@pytest.fixture
def project(partnership):
    return person_as(PartnershipRole.PROJECT_LEAD, partnership, name="Callum Reid")


@pytest.fixture
def draft(partnership, lead):
    return start_draft(partnership=partnership, by=lead)


def test_the_writers_are_the_leads_and_the_project_lead():
    assert set(WRITERS) == {
        PartnershipRole.PROJECT_LEAD, PartnershipRole.PUBLIC_LEAD, PartnershipRole.THIRD_SECTOR_LEAD,
    }  # fmt: skip


# Begin


@pytest.mark.parametrize("role", WRITERS)
def test_a_writer_begins_with_the_starting_headings_and_has_the_pen(role, partnership):
    both_leads_as_partners(partnership)
    by = person_as(role, partnership)
    draft = start_draft(partnership=partnership, by=by)
    sections = {section.key: section for section in draft.sections.all()}
    assert [s.heading for s in draft.sections.all()] == [heading.title for heading in STARTING_HEADINGS]
    assert (draft.pen, sections["purpose"].text) == (by, "")
    assert "is not a contract" in sections["status"].text
    assert str(partnership.third_sector_lead) in sections["leads"].text
    assert f"{partnership.public_lead}: public sector lead" in sections["partners"].text
    event = AuditEvent.objects.get()
    assert (event.action, event.scope) == ("memorandum.draft", partnership.audit_scope)


def test_the_next_draft_begins_from_the_newest_version(partnership, lead):
    first = write_memorandum(
        partnership=partnership, purpose="Why", how_we_work="How", review_on=date(2090, 1, 1), by=lead
    )
    draft = start_draft(partnership=partnership, by=lead)
    assert (draft.based_on, [s.wording for s in draft.sections.all()]) == (first, first.wording())


@pytest.mark.parametrize("role", OTHERS)
def test_beginning_is_refused_to_other_roles_and_recorded(role, partnership):
    with pytest.raises(NotPermitted, match="You may not write the memorandum"):
        start_draft(partnership=partnership, by=person_as(role, partnership))
    assert not MemorandumDraft.objects.exists()
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED


def test_a_second_draft_is_refused_with_who_began_the_first(draft, project):
    with pytest.raises(NotNow, match="Morag Sinclair began a draft at 12:00 on 2 November 2026"):
        start_draft(partnership=draft.partnership, by=project)
    assert MemorandumDraft.objects.count() == 1


@pytest.mark.parametrize("stage", OVER)
def test_nothing_is_begun_taken_or_handed_when_the_work_is_over(stage, draft, lead, project):
    draft.partnership.stage = stage
    draft.partnership.save(update_fields=["stage"])
    for attempt in (
        lambda: start_draft(partnership=draft.partnership, by=lead), lambda: take_pen(draft=draft, by=project),
        lambda: hand_pen(draft=draft, to=project, by=lead), lambda: put_down_pen(draft=draft, by=lead),
    ):  # fmt: skip
        with pytest.raises(NotNow, match="can be read but no longer changed"):
            attempt()
    draft.refresh_from_db()
    assert (draft.pen, draft.version) == (lead, 1)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in OVER])
def test_drafting_is_possible_in_every_stage_before_the_end(stage):
    partnership = PartnershipFactory(stage=stage)
    start_draft(partnership=partnership, by=person_as(PartnershipRole.PROJECT_LEAD, partnership))


# Take


def test_a_free_pen_is_taken_and_nobody_is_mailed(draft, lead, project):
    put_down_pen(draft=draft, by=lead)
    take_pen(draft=draft, by=project)
    draft.refresh_from_db()
    assert draft.pen == project
    assert not OutboxMail.objects.exists()
    assert AuditEvent.objects.latest("seq").summary == "took the pen of the draft"


def test_a_pen_in_use_is_refused_until_a_day_has_passed_and_then_the_former_holder_is_told(draft, lead, project):
    with clock.at(NOON + timedelta(hours=23, minutes=59)):
        with pytest.raises(NotNow, match="you can take it over from 12:00 on 3 November 2026") as refusal:
            take_pen(draft=draft, by=project)
        assert "Morag Sinclair has the pen and last used it at 12:00 on 2 November" in str(refusal.value)
    with clock.at(NOON + timedelta(hours=24)):
        take_pen(draft=draft, by=project)
    draft.refresh_from_db()
    mail = OutboxMail.objects.get()
    assert (draft.pen, mail.to) == (project, lead)
    assert "Callum Reid has taken over the pen" in mail.context["news"]
    assert "12:00 on 2 November 2026" in mail.context["news"]
    assert AuditEvent.objects.latest("seq").summary == "took over the pen of the draft from Morag Sinclair"


def test_who_can_no_longer_write_keeps_the_pen_from_nobody(draft, lead, project):
    draft.partnership.members.filter(person=lead).update(left_on=datetime(2026, 11, 1, tzinfo=UTC).date())
    take_pen(draft=draft, by=project)
    draft.refresh_from_db()
    assert draft.pen == project


def test_taking_ones_own_pen_or_as_somebody_who_only_comments_is_refused(draft, lead):
    with pytest.raises(NotNow, match="You have the pen"):
        take_pen(draft=draft, by=lead)
    with pytest.raises(NotPermitted):
        take_pen(draft=draft, by=person_as(PartnershipRole.PARTNER_MANAGER, draft.partnership))


def test_of_two_who_saw_it_free_one_gets_it_and_the_other_is_told_who(draft, lead, project):
    third = person_as(PartnershipRole.THIRD_SECTOR_LEAD, draft.partnership)
    put_down_pen(draft=draft, by=lead)
    one, other = (MemorandumDraft.objects.get(pk=draft.pk) for _ in range(2))
    take_pen(draft=one, by=project)
    with pytest.raises(NotNow, match="Callum Reid has the pen"):
        take_pen(draft=other, by=third)


@pytest.mark.django_db(transaction=True)
def test_in_a_race_for_the_pen_exactly_one_wins_each_time(tmp_path):
    partnership = PartnershipFactory()
    people = [person_as(role, partnership) for role in WRITERS]
    draft = start_draft(partnership=partnership, by=people[0])
    rounds = []

    def race():
        for _ in range(5):
            MemorandumDraft.objects.filter(pk=draft.pk).update(pen=None)
            won, told = [], []

            def grab(who, won=won, told=told):
                try:
                    take_pen(draft=MemorandumDraft.objects.get(pk=draft.pk), by=who)
                    won.append(who)
                except NotNow as refusal:
                    told.append(str(refusal))

            in_threads(*(lambda who=who: grab(who) for who in people))
            rounds.append((won, told, MemorandumDraft.objects.get(pk=draft.pk).pen))

    with database_for_threads(tmp_path):
        in_threads(race)
    assert len(rounds) == 5
    for won, told, pen in rounds:
        assert [pen] == won
        assert len(told) == 2
        assert all(f"{pen} has the pen" in sentence for sentence in told)


# Hand over, put down


def test_the_pen_is_handed_to_a_colleague_who_is_told(draft, lead, project):
    hand_pen(draft=draft, to=project, by=lead)
    draft.refresh_from_db()
    mail = OutboxMail.objects.get()
    assert (draft.pen, draft.version, mail.to) == (project, 2, project)
    assert "Morag Sinclair has handed you the pen" in mail.context["news"]
    drain()
    mail.refresh_from_db()
    assert (mail.state, "Open the draft:\n\nhttp" in mail.body) == ("sent", True)
    with pytest.raises(NotNow, match="Callum Reid has the pen"):
        hand_pen(draft=draft, to=project, by=lead)


def test_the_pen_goes_only_to_somebody_who_may_write_and_not_to_oneself(draft, lead):
    for to in (person_as(PartnershipRole.OBSERVER, draft.partnership), lead):
        with pytest.raises(ValidationError, match="who may write the memorandum"):
            hand_pen(draft=draft, to=to, by=lead)
    draft.refresh_from_db()
    assert draft.pen == lead
    assert not OutboxMail.objects.exists()


def test_only_the_holder_puts_it_down(draft, lead, project):
    with pytest.raises(NotNow, match="Morag Sinclair has the pen"):
        put_down_pen(draft=draft, by=project)
    put_down_pen(draft=draft, by=lead)
    draft.refresh_from_db()
    assert draft.pen is None
    with pytest.raises(NotNow, match="Nobody has the pen"):
        put_down_pen(draft=draft, by=lead)


def test_the_choice_of_colleagues_names_each_writer_once(draft, lead, project):
    person_as(PartnershipRole.OBSERVER, draft.partnership)
    draft.partnership.members.create(
        person=project, role=PartnershipRole.PUBLIC_LEAD, joined_on=draft.partnership.starts_on
    )
    assert writers(draft.partnership, but=lead) == [project]
