"""Meetings, action points as deadlines, and the decisions register with reasons and dissent."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts import todo
from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.actions.meeting import (
    add_action_point,
    add_meeting,
    add_meeting_decision,
    edit_meeting,
    finish_action_point,
    note_dissent,
)
from partnerships.deadlines import due_by
from partnerships.lifecycle import Stage
from partnerships.models import ActionPoint, Dissent, Meeting, MeetingDecision
from partnerships.permissions import ABILITIES, Ability
from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import (
    ActionPointFactory,
    MeetingDecisionFactory,
    MeetingFactory,
    PartnershipFactory,
    person_as,
)

pytestmark = pytest.mark.django_db
KEEPERS = [role for role in PartnershipRole if Ability.KEEP_REGISTERS in ABILITIES[role]]
OTHERS = [role for role in PartnershipRole if role not in KEEPERS]
MEETING = {"title": "Group", "held_on": date(2026, 10, 5), "others": "", "agenda": "1. Money", "minutes": "Agreed."}
DECISION = {"what": "Two vans", "reasons": "One breaks down", "who": "", "noted": ""}


@pytest.fixture(autouse=True)
def november():
    with clock.at(datetime(2026, 11, 2, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def meeting():
    return MeetingFactory(held_on=date(2026, 10, 5))


@pytest.fixture
def lead(meeting):
    return person_as(PartnershipRole.PUBLIC_LEAD, meeting.partnership)


def every_verb(meeting, by):
    """Each verb with values that would do, on rows that wait for it."""
    point = ActionPointFactory(meeting=meeting)
    decision = MeetingDecisionFactory(meeting=meeting)
    owner = point.owner
    return {
        "add": lambda: add_meeting(partnership=meeting.partnership, present=[], **MEETING, by=by),
        "edit": lambda: edit_meeting(meeting=meeting, present=[], **MEETING, by=by),
        "action": lambda: add_action_point(meeting=meeting, what="Ask", owner=owner, due_on=date(2026, 12, 1), by=by),
        "finish": lambda: finish_action_point(point=point, note="", by=by),
        "decide": lambda: add_meeting_decision(meeting=meeting, **DECISION, by=by),
        "dissent": lambda: note_dissent(decision=decision, who="Ann", noted="it is too soon", by=by),
    }


VERBS = ["add", "edit", "action", "finish", "decide", "dissent"]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("role", KEEPERS)
def test_keepers_may_until_the_partnership_closes_and_each_leaves_one_event(verb, role):
    for stage in (Stage.DESIGN, Stage.LIVE):
        meeting = MeetingFactory(partnership__stage=stage)
        every_verb(meeting, person_as(role, meeting.partnership))[verb]()
        assert AuditEvent.objects.get(scope=meeting.partnership.audit_scope).outcome == Outcome.ALLOWED


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("role", OTHERS)
def test_other_roles_are_refused_and_the_refusal_is_recorded(meeting, verb, role):
    attempt = every_verb(meeting, person_as(role, meeting.partnership))[verb]
    with pytest.raises(NotPermitted, match="You may not write in the registers"):
        attempt()
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED
    counts = [model.objects.count() for model in (Meeting, ActionPoint, MeetingDecision, Dissent)]
    assert counts == [1, 1, 1, 0]


@pytest.mark.parametrize("verb", VERBS)
def test_a_closed_partnership_refuses_with_the_reason(verb):
    meeting = MeetingFactory(partnership__closed=True)
    attempt = every_verb(meeting, person_as(PartnershipRole.PUBLIC_LEAD, meeting.partnership))[verb]
    with pytest.raises(NotNow, match="partnership is closed"):
        attempt()


def test_who_was_there_is_kept_and_the_history_keeps_what_was_changed(meeting, lead):
    edit_meeting(meeting=meeting, present=[lead], **MEETING | {"others": "Cllr Ross"}, by=lead, version=1)
    meeting.refresh_from_db()
    assert (list(meeting.present.all()), meeting.others, meeting.version) == ([lead], "Cllr Ross", 2)
    event = AuditEvent.objects.get()
    assert (event.before["minutes"], event.after["minutes"], event.after["present"]) == ("", "Agreed.", [lead.name])
    with pytest.raises(NotNow, match="changed this"):
        edit_meeting(meeting=meeting, present=[], **MEETING, by=lead, version=1)


def test_a_meeting_to_come_has_an_agenda_and_neither_minutes_nor_decisions(meeting, lead):
    later = MEETING | {"held_on": date(2026, 12, 1)}
    with pytest.raises(ValidationError) as refusal:
        add_meeting(partnership=meeting.partnership, present=[], **later, by=lead)
    assert "minutes" in refusal.value.message_dict
    coming = add_meeting(partnership=meeting.partnership, present=[], **later | {"minutes": ""}, by=lead)
    with pytest.raises(NotNow, match="it has decided nothing yet"):
        add_meeting_decision(meeting=coming, **DECISION, by=lead)
    add_meeting_decision(meeting=meeting, **DECISION, by=lead)
    with pytest.raises(ValidationError) as refusal:
        edit_meeting(meeting=meeting, present=[], **later | {"minutes": ""}, by=lead)
    assert "held_on" in refusal.value.message_dict


def test_only_members_are_ticked_as_present(meeting, lead):
    with pytest.raises(ValidationError) as refusal:
        add_meeting(partnership=meeting.partnership, present=[PersonFactory()], **MEETING, by=lead)
    assert "present" in refusal.value.message_dict
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"), [({"owner": "stranger"}, "owner"), ({"due_on": date(2026, 10, 4)}, "due_on")]
)
def test_an_action_needs_a_member_and_a_day_after_the_meeting(meeting, lead, wrong, field):
    wrong = {"owner": PersonFactory()} if "owner" in wrong else wrong
    with pytest.raises(ValidationError) as refusal:
        add_action_point(
            meeting=meeting, **{"what": "Ask", "owner": lead, "due_on": date(2026, 10, 5)} | wrong, by=lead
        )
    assert field in refusal.value.message_dict
    assert not ActionPoint.objects.exists()


def test_an_action_is_a_deadline_of_its_owner_and_closes_itself_when_done(meeting, lead):
    owner = person_as(PartnershipRole.OBSERVER, meeting.partnership)
    point = add_action_point(meeting=meeting, what="Ask the surgery", owner=owner, due_on=date(2026, 11, 9), by=lead)
    (deadline,) = due_by(date(2026, 11, 30))
    assert (deadline.title, deadline.owner, deadline.due_on) == ("Ask the surgery", owner, date(2026, 11, 9))
    assert [item.title for item in todo.of(owner)] == ["Ask the surgery"]
    finish_action_point(point=point, note="They agreed", by=owner, version=1)
    assert list(due_by(date(2026, 11, 30))) == todo.of(owner) == []
    with pytest.raises(NotNow, match="was done on 2 November 2026"):
        finish_action_point(point=point, note="Again", by=owner)


def test_an_owner_who_left_is_not_reminded_and_cannot_finish(meeting):
    point = ActionPointFactory(meeting=meeting)
    meeting.partnership.members.filter(person=point.owner).update(left_on=date(2026, 10, 1))
    assert list(due_by(date(2027, 1, 1))) == todo.of(point.owner) == []
    with pytest.raises(NotPermitted):
        finish_action_point(point=point, note="", by=point.owner)


def test_a_decision_keeps_reasons_and_dissent_together(meeting, lead):
    decision = add_meeting_decision(
        meeting=meeting, **DECISION | {"who": "Ann Bruce", "noted": "one van was enough"}, by=lead
    )
    note_dissent(decision=decision, who="Cllr Ross", noted="he agreed with her", by=lead)
    assert [str(dissent) for dissent in decision.dissents.all()] == [
        "Ann Bruce asked that it be noted that one van was enough",
        "Cllr Ross asked that it be noted that he agreed with her",
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"what": " "}, "what"), ({"reasons": " "}, "reasons"), ({"who": "Ann"}, "noted"), ({"noted": "no"}, "who")],
)
def test_half_a_decision_is_told_beside_the_field_and_leaves_nothing_behind(meeting, lead, wrong, field):
    with pytest.raises(ValidationError) as refusal:
        add_meeting_decision(meeting=meeting, **DECISION | wrong, by=lead)
    assert field in refusal.value.message_dict
    assert not MeetingDecision.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_meeting_its_action_and_its_decision_in_the_browser(client):
    partnership = PartnershipFactory()
    lead = person_as(PartnershipRole.PUBLIC_LEAD, partnership)
    client.force_login(lead)

    def post(name, *args, **data):
        return client.post(reverse(f"partnerships:{name}", args=[partnership.public_id, *args]), data).status_code

    typed = MEETING | {"held_on": "5/10/2026", "present": [lead.public_id]}
    assert post("meeting_add", **typed) == 302
    meeting = partnership.meetings.get()
    assert post("meeting_edit", meeting.public_id, **typed | {"others": "<b>Ann", "version": 1}) == 302
    assert post("meeting_edit", meeting.public_id, **typed, version=1) == 200, "a stale tab"
    due = {"what": "Ask", "owner": lead.public_id, "due_on": "1/12/2026"}
    assert post("action_point_add", meeting.public_id, **due) == 302
    assert post("meeting_decision_add", meeting.public_id, **DECISION | {"who": "Ann"}) == 200
    assert post("meeting_decision_add", meeting.public_id, **DECISION) == 302
    decision = MeetingDecision.objects.get()
    assert post("dissent_note", decision.public_id, who="Ann", noted="she would wait") == 302
    for name, args in (("meeting", [meeting.public_id]), ("meeting_decisions", [])):
        page = client.get(reverse(f"partnerships:{name}", args=[partnership.public_id, *args])).content.decode()
        assert "Ann asked that it be noted that she would wait" in page
        assert "<b>Ann" not in page
    point = ActionPoint.objects.get()
    assert post("action_point_finish", point.public_id, note="Yes", version=1) == 302
    assert post("action_point_finish", point.public_id, note="Yes", version=2) == 200, "done already"


def test_an_owner_without_other_rights_marks_the_own_action_only(client, meeting):
    point, other = ActionPointFactory(meeting=meeting), ActionPointFactory(meeting=meeting)
    client.force_login(point.owner)
    page = client.get(reverse("partnerships:meeting", args=[meeting.partnership.public_id, meeting.public_id]))
    assert page.content.decode().count("/done/") == 1
    for of, status in ((point, 200), (other, 403)):
        where = reverse("partnerships:action_point_finish", args=[meeting.partnership.public_id, of.public_id])
        assert client.get(where).status_code == status
