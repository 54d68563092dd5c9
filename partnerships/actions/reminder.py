"""How people are reminded: rules for the portal, a partnership or oneself, and one's reminders put off or muted."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from accounts.permissions import Ability as PortalAbility
from accounts.permissions import require as require_portal
from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.delivery.models import OutboxMail
from foundation.policy.refusals import NotPermitted, stop_if
from partnerships import deadlines
from partnerships.actions.blockers import blockers_to_change
from partnerships.models import Partnership, ReminderPause, ReminderRule, roles_of
from partnerships.permissions import Ability, require
from partnerships.reminding import MOST_DAYS, MOST_STEPS, Rule, others_in_words, rule_in_words

if TYPE_CHECKING:
    from accounts.models import Person

LONGEST_BREAK = timedelta(days=92)


@verb("reminders.portal_rule", on="by")
def set_portal_rule(*, kind: str, rule: Rule | None, from_on: date, reason: str, by: "Person") -> ReminderRule:
    """From a day on, the rule for one kind of deadline, or all, where nothing else was set; None: as shipped."""
    require_portal(by, PortalAbility.KEEP_REMINDERS)
    return _set("reminders.portal_rule", kind=kind, rule=rule, from_on=from_on, reason=reason, by=by)


@verb("reminders.partnership_rule", on="partnership")
def set_partnership_rule(
    *, partnership: Partnership, kind: str, rule: Rule | None, from_on: date, reason: str, by: "Person"
) -> ReminderRule:
    """From a day on, the rule of one partnership; None: the portal's again."""
    partnership = locked(partnership)
    require(by, Ability.EDIT_PLAN, partnership)
    stop_if(blockers_to_change(partnership))
    return _set(
        "reminders.partnership_rule",
        kind=kind, rule=rule, from_on=from_on, reason=reason, by=by, partnership=partnership,
    )  # fmt: skip


@verb("reminders.own_rule", on="by")
def set_own_rule(*, kind: str, rule: Rule | None, from_on: date, by: "Person", reason: str = "") -> ReminderRule:
    """From a day on, when one is reminded of what is one's own; None: as everybody. Whom others tell is not asked."""
    if not by.is_active:
        raise NotPermitted("This account is closed.")
    return _set("reminders.own_rule", kind=kind, rule=rule, from_on=from_on, reason=reason, by=by, person=by)


def _set(
    action: str, *, kind: str, rule: Rule | None, from_on: date, reason: str, by: "Person", **whose: Any
) -> ReminderRule:
    kinds = deadlines.kinds()
    if kind and kind not in kinds:
        raise ValidationError({"kind": "Choose one of the kinds, or everything."})
    if from_on < clock.today():
        raise ValidationError(
            {"from_on": "Choose today or a later day: what was sent was sent by the rule of its day."}
        )
    if "person" not in whose and not reason.strip():
        raise ValidationError({"reason": "Say why. Everybody whom it concerns can read it."})
    if rule:
        _check(rule)
    row = ReminderRule.objects.create(
        kind=kind, from_on=from_on, as_usual=rule is None, reason=reason, set_by=by, **(_columns(rule) if rule else {}),
        **whose,
    )  # fmt: skip
    what = kinds.get(kind, "everything that is due")
    told = f"{rule_in_words(rule)}; tells {others_in_words(rule)}" if rule else "as usual again"
    record(
        action, on=row, by=by, reason=reason, after={"kind": kind, "from_on": from_on.isoformat(), "rule": told},
        summary=f"set how people are reminded of {what[:1].lower()}{what[1:]} from {from_on:%-d %B %Y}: {told}",
    )  # fmt: skip
    return row


def _columns(rule: Rule) -> dict[str, Any]:
    return {
        "before": list(rule.before), "on_the_day": rule.on_the_day, "weekly": rule.weekly,
        "one_lead_after": rule.one_lead_after, "both_leads_after": rule.both_leads_after,
    }  # fmt: skip


def _check(rule: Rule) -> None:
    if len(rule.before) > MOST_STEPS or any(not 1 <= days <= MOST_DAYS for days in rule.before):
        told = f"Name at most {MOST_STEPS} numbers of working days, each from 1 to {MOST_DAYS}."
        raise ValidationError({"before": told})
    for name in ("one_lead_after", "both_leads_after"):
        days = getattr(rule, name)
        if days is not None and not 1 <= days <= MOST_DAYS:
            raise ValidationError({name: f"Enter a number of working days from 1 to {MOST_DAYS}, or leave it empty."})
    both, one = rule.both_leads_after, rule.one_lead_after
    if one is not None and both is not None and both <= one:
        raise ValidationError({"both_leads_after": "Both leads are told later than the first one: enter more days."})


def blockers_to_pause(mail: OutboxMail, by: "Person") -> list[str]:
    """Why one's reminders of what a mail is about cannot be put off or muted."""
    if mail.kind != "reminder" or "deadline" not in mail.context:
        return ["Only a reminder of a deadline can be put off."]
    told = []
    if mail.context.get("legal"):
        told.append("The law asks for this, so its reminders cannot be put off.")
    elif mail.context.get("confined"):
        told.append(
            "Not everybody in the partnership may know of this, and all would read that it is put off and why. So its "
            "reminders keep coming. You can ask for fewer of them: set when you are reminded."
        )
    if (quiet := _open(mail, by)) and quiet.is_quiet(clock.today(), date.fromisoformat(mail.context["due"])):
        told.append(f"You have it {quiet.in_words}. Ask for reminders again first.")
    return told


def _open(mail: OutboxMail, by: "Person") -> ReminderPause | None:
    return ReminderPause.objects.open().filter(person=by, deadline=mail.context["deadline"]).first()


@verb("reminders.snooze", on="partnership")
def snooze(*, partnership: Partnership, mail: OutboxMail, until_on: date, reason: str, by: "Person") -> ReminderPause:
    """Put one's reminders of what `mail` is about off until a day; on that day they begin again."""
    today = clock.today()
    return _pause("reminders.snooze", partnership, mail, until_on, reason, by, _until(until_on, today))


@verb("reminders.mute", on="partnership")
def mute(*, partnership: Partnership, mail: OutboxMail, reason: str, by: "Person") -> ReminderPause:
    """Hear no more of what `mail` is about, until its date moves. Leads are still told that it is late."""
    return _pause("reminders.mute", partnership, mail, None, reason, by, {})


def _until(until_on: date, today: date) -> dict[str, str]:
    if until_on <= today:
        return {"until_on": "Choose a day that is still to come."}
    if until_on > today + LONGEST_BREAK:
        return {"until_on": f"Choose a day up to {today + LONGEST_BREAK:%-d %B %Y}: three months is the longest."}
    return {}


def _pause(
    action: str, partnership: Partnership, mail: OutboxMail, until_on: date | None, reason: str, by: "Person",
    wrong: dict[str, str],
) -> ReminderPause:  # fmt: skip
    partnership = locked(partnership)
    mail = locked(mail)
    if mail.to_id != by.pk or mail.scope != partnership.audit_scope or not roles_of(by, partnership):
        raise NotPermitted("Only whoever gets a reminder puts it off.")
    stop_if(blockers_to_pause(mail, by))
    if not reason.strip():
        wrong["reason"] = "Say why. Everybody in the partnership can read it."
    if wrong:
        raise ValidationError(wrong)
    if over := _open(mail, by):
        _end(over)
    pause = ReminderPause.objects.create(
        partnership=partnership, person=by, deadline=mail.context["deadline"], title=mail.context["title"][:250],
        due_on=date.fromisoformat(mail.context["due"]), until_on=until_on, reason=reason,
    )  # fmt: skip
    after = {"until_on": until_on.isoformat() if until_on else None}
    told = f"put off reminders of “{pause.title}” until {until_on:%-d %B %Y}" if until_on else f"muted “{pause.title}”"
    record(action, on=pause, by=by, summary=told, reason=reason, after=after)
    return pause


def blockers_to_resume(pause: ReminderPause) -> list[str]:
    """Why reminders cannot be asked for again: they come already."""
    if pause.ended_at or not pause.is_quiet(clock.today(), pause.due_on):
        return ["These reminders come again already."]
    return []


@verb("reminders.resume", on="pause")
def resume(*, pause: ReminderPause, by: "Person") -> None:
    """Be reminded again before the day that was said."""
    pause = locked(pause)
    if pause.person_id != by.pk:
        raise NotPermitted("Only whoever put a reminder off asks for it again.")
    stop_if(blockers_to_resume(pause))
    _end(pause)
    record("reminders.resume", on=pause, by=by, summary=f"asked for reminders of “{pause.title}” again")


def _end(pause: ReminderPause) -> None:
    pause.ended_at = clock.now()
    pause.save(update_fields=["ended_at"])
