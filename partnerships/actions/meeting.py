"""Meetings: minutes, action points, and the decisions register with reasons and dissent (`domain.md` 1.5)."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from partnerships.actions.registers import blockers_to_write, check_member
from partnerships.models import ActionPoint, Dissent, Meeting, MeetingDecision, Partnership
from partnerships.permissions import Ability, require, require_own_or

if TYPE_CHECKING:
    from accounts.models import Person


def blockers_to_finish(point: ActionPoint) -> list[str]:
    """Why an action point cannot be marked as done now."""
    done = [f"“{point}” was done on {point.done_on:%-d %B %Y}."] if point.done_on else []
    return blockers_to_write(point.meeting.partnership) + done


def blockers_to_decide(meeting: Meeting) -> list[str]:
    """Why no decision of a meeting can be written down now."""
    early = meeting.held_on > clock.today()
    told = [f"This meeting is on {meeting.held_on:%-d %B %Y}: it has decided nothing yet."] if early else []
    return blockers_to_write(meeting.partnership) + told


@verb("meeting.add", on="partnership")
def add_meeting(*, partnership: Partnership, present: "list[Person]", by: "Person", **values: Any) -> Meeting:
    """Write down a meeting, before it (agenda) or after it (minutes).

    `values`: title, held_on, others, agenda, minutes.
    """
    partnership = locked(partnership)
    require(by, Ability.KEEP_REGISTERS, partnership)
    stop_if(blockers_to_write(partnership))
    _check(partnership, present, **values)
    meeting = Meeting.objects.create(partnership=partnership, **values)
    meeting.present.set(present)
    told = f"added the meeting “{meeting}” of {meeting.held_on:%-d %B %Y}"
    record("meeting.add", on=meeting, by=by, summary=told, after=_facts(meeting))
    return meeting


@verb("meeting.edit", on="meeting")
def edit_meeting(
    *, meeting: Meeting, present: "list[Person]", by: "Person", version: int | None = None, **values: Any
) -> None:
    """Change a meeting or write its minutes. The history keeps what stood there before."""
    partnership = locked(meeting.partnership)
    meeting = locked(meeting, version=version)
    require(by, Ability.KEEP_REGISTERS, partnership)
    stop_if(blockers_to_write(partnership))
    _check(partnership, present, **values)
    if values["held_on"] > clock.today() and meeting.decisions.exists():
        raise ValidationError({"held_on": "It has made decisions, so it cannot be still to come."})
    before = _facts(meeting)
    for name, value in values.items():
        setattr(meeting, name, value)
    meeting.version += 1
    meeting.save(update_fields=[*values, "version"])
    meeting.present.set(present)
    told = f"changed the meeting “{meeting}” of {meeting.held_on:%-d %B %Y}"
    record("meeting.edit", on=meeting, by=by, summary=told, before=before, after=_facts(meeting))


@verb("action_point.add", on="meeting")
def add_action_point(*, meeting: Meeting, what: str, owner: "Person", due_on: date, by: "Person") -> ActionPoint:
    """Give somebody something to do by a day: a deadline of theirs until it is done."""
    partnership = locked(meeting.partnership)
    meeting = locked(meeting)
    require(by, Ability.KEEP_REGISTERS, partnership)
    stop_if(blockers_to_write(partnership))
    check_member(partnership, owner)
    if due_on < meeting.held_on:
        raise ValidationError(
            {"due_on": f"The meeting is on {meeting.held_on:%-d %B %Y}: choose that day or a later one."}
        )
    point = ActionPoint.objects.create(meeting=meeting, what=what, owner=owner, due_on=due_on)
    told = f"gave {owner} the action “{what}”, due {due_on:%-d %B %Y}"
    record("action_point.add", on=point, by=by, summary=told)
    return point


@verb("action_point.finish", on="point")
def finish_action_point(*, point: ActionPoint, note: str, by: "Person", version: int | None = None) -> None:
    """Mark an action point as done today; its owner may, too. The deadline and its reminders end with it."""
    partnership = locked(point.meeting.partnership)
    point = locked(point, version=version)
    require_own_or(by, point.owner_id, Ability.KEEP_REGISTERS, partnership)
    stop_if(blockers_to_finish(point))
    point.done_on, point.note, point.version = clock.today(), note, point.version + 1
    point.save(update_fields=["done_on", "note", "version"])
    record("action_point.finish", on=point, by=by, summary=f"did “{point}”", reason=note)


@verb("meeting_decision.add", on="meeting")
def add_meeting_decision(
    *, meeting: Meeting, what: str, reasons: str, who: str, noted: str, by: "Person"
) -> MeetingDecision:
    """Enter a decision in the register, with its reasons and, where somebody disagreed, that it be noted."""
    partnership = locked(meeting.partnership)
    meeting = locked(meeting)
    require(by, Ability.KEEP_REGISTERS, partnership)
    stop_if(blockers_to_decide(meeting))
    if not what.strip():
        raise ValidationError({"what": "Say what was decided."})
    if not reasons.strip():
        raise ValidationError({"reasons": "Say why. The reasons are what somebody will look for in two years."})
    decision = MeetingDecision.objects.create(meeting=meeting, what=what, reasons=reasons, recorded_by=by)
    if who.strip() or noted.strip():
        _dissent(decision, who, noted, by)
    record("meeting_decision.add", on=decision, by=by, summary=f"entered the decision “{decision}”", reason=reasons)
    return decision


@verb("dissent.note", on="decision")
def note_dissent(*, decision: MeetingDecision, who: str, noted: str, by: "Person") -> Dissent:
    """“X asked that it be noted that …”: added to a decision, and never taken away."""
    partnership = locked(decision.meeting.partnership)
    decision = locked(decision)
    require(by, Ability.KEEP_REGISTERS, partnership)
    stop_if(blockers_to_write(partnership))
    dissent = _dissent(decision, who, noted, by)
    record("dissent.note", on=decision, by=by, summary=f"noted what {who} said to “{decision}”", reason=noted)
    return dissent


def _dissent(decision: MeetingDecision, who: str, noted: str, by: "Person") -> Dissent:
    if not who.strip():
        raise ValidationError({"who": "Say who asked that it be noted."})
    if not noted.strip():
        raise ValidationError({"noted": f"Say what {who} asked to be noted."})
    return Dissent.objects.create(decision=decision, who=who, noted=noted, noted_by=by)


def _check(partnership: Partnership, present: "list[Person]", **values: Any) -> None:
    if values["held_on"] > clock.today() and values["minutes"].strip():
        raise ValidationError({"minutes": "Minutes are written when the meeting has been held."})
    members = set(partnership.members.values_list("person", flat=True))
    if strangers := [str(person) for person in present if person.pk not in members]:
        raise ValidationError({"present": f"No part in this partnership: {', '.join(strangers)}. Name them as others."})


def _facts(meeting: Meeting) -> dict[str, Any]:
    names = ("title", "others", "agenda", "minutes")
    return {name: getattr(meeting, name) for name in names} | {
        "held_on": meeting.held_on.isoformat(),
        "present": sorted(person.name for person in meeting.present.all()),
    }
