"""Meetings, their action points, and the decisions register."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.forms.submit import posted
from partnerships.actions.meeting import (
    add_action_point,
    add_meeting,
    add_meeting_decision,
    blockers_to_decide,
    edit_meeting,
    finish_action_point,
    note_dissent,
)
from partnerships.actions.registers import blockers_to_write
from partnerships.forms.meetings import (
    ActionPointForm,
    DissentForm,
    EditMeetingForm,
    FinishForm,
    MeetingDecisionForm,
    MeetingForm,
)
from partnerships.models import ActionPoint, Meeting, MeetingDecision, Partnership
from partnerships.permissions import Ability, require_own_or
from partnerships.views.registers import PER_PAGE, register_form, register_page
from partnerships.views.shared import partnership_for, partnership_to


def meetings(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    points = ActionPoint.objects.open().filter(meeting__partnership=partnership)
    return register_page(
        request,
        partnership,
        "meetings",
        "partnerships/registers/meetings.html",
        page_obj=Paginator(partnership.meetings.with_counts(), PER_PAGE).get_page(request.GET.get("page")),
        points=points.select_related("owner", "meeting")[:PER_PAGE],
        blockers=blockers_to_write(partnership),
    )


def meeting(request: HttpRequest, partnership_id: str, meeting_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    found = _meeting(partnership, meeting_id)
    return register_page(
        request,
        partnership,
        "meetings",
        "partnerships/registers/meeting.html",
        meeting=found,
        present=found.present.order_by("name"),
        points=found.action_points.select_related("owner"),
        decisions=found.decisions.prefetch_related("dissents"),
        blockers=blockers_to_write(partnership),
        undecided=blockers_to_decide(found),
        me=person_of(request).pk,
    )


def decisions(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    rows = MeetingDecision.objects.filter(meeting__partnership=partnership).order_by("-meeting__held_on", "-pk")
    rows = rows.select_related("meeting").prefetch_related("dissents")
    return register_page(
        request,
        partnership,
        "decisions",
        "partnerships/registers/decisions.html",
        page_obj=Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
    )


def add(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.KEEP_REGISTERS)
    back = reverse("partnerships:meetings", args=[partnership.public_id])
    form = MeetingForm(posted(request), partnership=partnership, cancel_url=back)

    def action() -> None:
        add_meeting(partnership=partnership, **form.values(), by=person_of(request))

    return register_form(
        request, partnership, "meetings", form, action, heading="Add a meeting", done="The meeting is added."
    )


def edit(request: HttpRequest, partnership_id: str, meeting_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.KEEP_REGISTERS)
    found = _meeting(partnership, meeting_id)
    names = ("title", "held_on", "others", "agenda", "minutes")
    initial = {name: getattr(found, name) for name in names}
    initial["present"] = list(found.present.values_list("public_id", flat=True))
    form = EditMeetingForm(
        posted(request), initial=initial, partnership=partnership, version=found.version, cancel_url=_address(found)
    )

    def action() -> None:
        edit_meeting(meeting=found, **form.values(), by=person_of(request), version=form.version)

    return register_form(
        request, partnership, "meetings", form, action, heading="Edit the meeting", done="The meeting is changed."
    )


def add_action(request: HttpRequest, partnership_id: str, meeting_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.KEEP_REGISTERS)
    found = _meeting(partnership, meeting_id)
    form = ActionPointForm(posted(request), partnership=partnership, cancel_url=_address(found))

    def action() -> None:
        add_action_point(meeting=found, **form.values(), by=person_of(request))

    heading = "Add an action"
    return register_form(
        request, partnership, "meetings", form, action, heading=heading, done="The action is added.", lead=f"“{found}”"
    )


def finish(request: HttpRequest, partnership_id: str, point_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    point = ActionPoint.objects.filter(meeting__partnership=partnership, public_id=point_id).first()
    if point is None:
        raise Http404
    require_own_or(person_of(request), point.owner_id, Ability.KEEP_REGISTERS, partnership)
    form = FinishForm(posted(request), version=point.version, cancel_url=_address(point.meeting))

    def action() -> None:
        finish_action_point(point=point, **form.values(), by=person_of(request), version=form.version)

    return register_form(
        request, partnership, "meetings", form, action, heading="Mark as done", done="Done.", lead=f"“{point}”"
    )


def decide(request: HttpRequest, partnership_id: str, meeting_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.KEEP_REGISTERS)
    found = _meeting(partnership, meeting_id)
    form = MeetingDecisionForm(posted(request), cancel_url=_address(found))

    def action() -> None:
        add_meeting_decision(meeting=found, **form.values(), by=person_of(request))

    done = "The decision is in the register."
    return register_form(
        request, partnership, "meetings", form, action, heading="Enter a decision", done=done, lead=f"“{found}”"
    )


def dissent(request: HttpRequest, partnership_id: str, decision_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.KEEP_REGISTERS)
    found = MeetingDecision.objects.filter(meeting__partnership=partnership, public_id=decision_id).first()
    if found is None:
        raise Http404
    form = DissentForm(posted(request), cancel_url=_address(found.meeting))

    def action() -> None:
        note_dissent(decision=found, **form.values(), by=person_of(request))

    return register_form(
        request, partnership, "meetings", form, action, heading="Note a dissent", done="It is noted.", lead=f"“{found}”"
    )


def _meeting(partnership: Partnership, meeting_id: str) -> Meeting:
    found = partnership.meetings.filter(public_id=meeting_id).first()
    if found is None:
        raise Http404
    return found


def _address(meeting: Meeting) -> str:
    return reverse("partnerships:meeting", args=[meeting.partnership.public_id, meeting.public_id])
