"""How people are reminded: the rules of the portal and of a partnership; one's own reminders, and what is put off."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.permissions import Ability as PortalAbility
from accounts.permissions import can as can_in_portal
from accounts.views.shared import form_page, person_of
from foundation.database import clock
from foundation.delivery.models import OutboxMail
from foundation.forms.submit import carry_out, posted
from foundation.policy.refusals import NotNow
from partnerships import deadlines
from partnerships.actions.blockers import blockers_to_change
from partnerships.actions.reminder import (
    blockers_to_pause,
    mute,
    resume,
    set_own_rule,
    set_partnership_rule,
    set_portal_rule,
    snooze,
)
from partnerships.forms.reminders import OwnRuleForm, PutOffForm, RuleForm
from partnerships.models import Partnership, ReminderPause, ReminderRule, choices_of
from partnerships.permissions import Ability
from partnerships.reminding import Rules, others_in_words, rule_in_words
from partnerships.views.shared import partnership_for, partnership_page, partnership_to

SHOWN = 50
ALL_RULES = ("How the portal reminds", "partnerships:reminder_rules")
MINE = ("Your reminders", "partnerships:reminders_mine")


def rules(request: HttpRequest) -> HttpResponse:
    """The rule for each kind of deadline, and every rule that was set for the whole portal."""
    rows = ReminderRule.objects.filter(partnership=None, person=None).select_related("set_by")[:SHOWN]
    context = {
        "held": _held(Rules(choices_of([]), clock.today()), None, None),
        "rows": _told(rows),
        "may_set": can_in_portal(request.user, PortalAbility.KEEP_REMINDERS),
    }
    return render(request, "partnerships/reminders/rules.html", context)


def set_for_portal(request: HttpRequest) -> HttpResponse:
    form = RuleForm(posted(request))

    def action() -> None:
        set_portal_rule(**form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The rule is set."):
        return redirect(ALL_RULES[1])
    page = form_page(form, "Set a rule for the whole portal", (ALL_RULES[0], reverse(ALL_RULES[1])))
    return render(request, "accounts/form.html", page)


def here(request: HttpRequest, partnership_id: str) -> HttpResponse:
    """The rules that hold in a partnership, and what its people have put off, with the reasons."""
    partnership = partnership_for(request, partnership_id)
    today = clock.today()
    pauses = partnership.reminder_pauses.quiet(today).select_related("person")[:SHOWN]
    rows = partnership.reminder_rules.select_related("set_by")[:SHOWN]
    return partnership_page(
        request,
        partnership,
        "plan",
        "partnerships/reminders/here.html",
        held=_held(Rules(choices_of([partnership.pk]), today), partnership, None),
        rows=_told(rows),
        pauses=pauses,
        blockers=blockers_to_change(partnership),
    )


def set_here(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_PLAN)
    back = reverse("partnerships:reminders", args=[partnership.public_id])
    form = RuleForm(posted(request), cancel_url=back)

    def action() -> None:
        set_partnership_rule(partnership=partnership, **form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The rule is set."):
        return redirect(back)
    heading = "Set how people are reminded here"
    return partnership_page(request, partnership, "plan", "partnerships/form.html", form=form, heading=heading)


def mine(request: HttpRequest) -> HttpResponse:
    """What one was reminded of lately, why, and what of it is put off. Five queries."""
    person, today = person_of(request), clock.today()
    mails = OutboxMail.objects.filter(to=person, kind="reminder").defer("body").order_by("-pk")[: 4 * SHOWN]
    quiet = {p.deadline: p for p in ReminderPause.objects.quiet(today).filter(person=person)}
    own = ReminderRule.objects.filter(person=person).select_related("set_by")[:SHOWN]
    context = {
        "reminders": _latest(mails, quiet, today)[:SHOWN],
        "pauses": list(quiet.values()),
        "held": _held(Rules(choices_of([], person), today), None, person),
        "rows": _told(own),
    }
    return render(request, "partnerships/reminders/mine.html", context)


def set_mine(request: HttpRequest) -> HttpResponse:
    form = OwnRuleForm(posted(request))

    def action() -> None:
        set_own_rule(**form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="Your rule is set."):
        return redirect(MINE[1])
    page = form_page(form, "Set when you are reminded", (MINE[0], reverse(MINE[1])))
    page["lead"] = "It is about what is yours, in every partnership. What the law asks for is reminded of as usual."
    return render(request, "accounts/form.html", page)


def put_off(request: HttpRequest, mail_id: str) -> HttpResponse:
    person = person_of(request)
    mail = get_object_or_404(OutboxMail, public_id=mail_id, to=person, kind="reminder")
    partnership = _partnership_of(request, mail)
    form = PutOffForm(posted(request))

    def action() -> None:
        values = form.values()
        if values["until_on"]:
            snooze(partnership=partnership, mail=mail, **values, by=person)
        else:
            mute(partnership=partnership, mail=mail, reason=values["reason"], by=person)

    if request.method == "POST" and carry_out(request, form, action, done="You have put it off."):
        return redirect(MINE[1])
    page = form_page(form, f"Put off: {mail.context.get('title', mail)}", (MINE[0], reverse(MINE[1])))
    return render(request, "accounts/form.html", page | {"blockers": blockers_to_pause(mail, person)})


def ask_again(request: HttpRequest, pause_id: str) -> HttpResponse:
    pause = get_object_or_404(ReminderPause.objects.visible_to(person_of(request)), public_id=pause_id)
    try:
        resume(pause=pause, by=person_of(request))
        messages.success(request, "You are reminded of it again.")
    except NotNow as refusal:
        messages.error(request, " ".join(refusal.reasons))
    return redirect(MINE[1])


def put_off_by(deadline: str, due_on: date) -> list[ReminderPause]:
    """Who has put off reminders of one deadline, for its page. One query."""
    today = clock.today()
    rows = ReminderPause.objects.quiet(today).filter(deadline=deadline).select_related("person")
    return [row for row in rows if row.is_quiet(today, due_on)]


def _partnership_of(request: HttpRequest, mail: OutboxMail) -> Partnership:
    what, _, key = mail.scope.partition(":")
    if what != "partnership":
        raise Http404
    return partnership_for(request, key)


def _latest(mails: Iterable[OutboxMail], quiet: dict[str, ReminderPause], today: date) -> list[dict[str, Any]]:
    """The newest mail about each deadline, newest first; with what was skipped of its date before, and why."""
    found: dict[str, dict[str, Any]] = {}
    skipped: dict[tuple[str, str], list[OutboxMail]] = {}
    for mail in mails:
        key, due = mail.context.get("deadline", mail.key), mail.context.get("due", "")
        if mail.skipped_because:
            skipped.setdefault((key, due), []).append(mail)
            continue
        if key in found:
            continue
        pause = quiet.get(key)
        is_quiet = pause is not None and bool(due) and pause.is_quiet(today, date.fromisoformat(due))
        found[key] = {
            "title": mail.context.get("title", mail.subject),
            "path": mail.context.get("path", ""),
            "partnership": mail.context.get("partnership", ""),
            "due_on": mail.context.get("due_on", ""),
            "on": mail.not_before or mail.created_at,
            "why": _without_steps(mail.context.get("now", "")) or mail.why,
            "put_off": pause.in_words if pause and is_quiet else "",
            "pause": pause if is_quiet else None,
            "legal": bool(mail.context.get("legal")),
            "confined": bool(mail.context.get("confined")),
            "skipped": skipped.setdefault((key, due), []),
            "mail": mail,
        }
    for row in found.values():
        row["skipped"].sort(key=lambda mail: mail.not_before, reverse=True)
    return list(found.values())


def _without_steps(now: str) -> str:
    """“It is sent 7 working days before the day; the portal’s usual rule.” Its steps stand below, once for all rows."""
    said, colon, _ = now.partition(": ")
    return f"{said}." if colon else now


def _held(rules: Rules, partnership: Partnership | None, person: Any) -> list[dict[str, Any]]:
    """The rules that hold today and whose they are, with the kinds of deadline each is for; the commonest last."""
    pk, of = partnership.pk if partnership else None, person.pk if person else None
    by_rule: dict[tuple[str, str, str], list[str]] = {}
    for kind, label in deadlines.kinds().items():
        rule, whose = rules.of(kind, pk, of)
        words = (rule_in_words(rule), others_in_words(rule), whose[:1].upper() + whose[1:])
        by_rule.setdefault(words, []).append(label)
    rows = sorted(by_rule.items(), key=lambda row: (len(row[1]), row[1]))
    rest = "Everything else that is due" if len(rows) > 1 else "Everything that is due"
    return [
        {"labels": labels if place < len(rows) else [rest], "rule": rule, "others": others, "whose": whose}
        for place, ((rule, others, whose), labels) in enumerate(rows, 1)
    ]


def _told(rows: Sequence[ReminderRule] | Any) -> list[dict[str, Any]]:
    kinds = deadlines.kinds()
    return [
        {
            "kind": kinds.get(row.kind, "Everything that is due"),
            "from_on": row.from_on,
            "words": rule_in_words(row.rule) if row.rule else "As usual again",
            "others": others_in_words(row.rule) if row.rule and not row.person_id else "",
            "by": row.set_by,
            "reason": row.reason,
        }
        for row in rows
    ]
