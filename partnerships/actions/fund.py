"""Funds and their instalments: where the money comes from and when it arrives (`domain.md` 1.8)."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from partnerships import tied
from partnerships.actions.partnership import blockers_to_edit
from partnerships.models import Fund, Instalment, Partnership
from partnerships.money import Certainty, FundKind, added, left, pounds
from partnerships.permissions import Ability, require
from partnerships.tied import Tie

if TYPE_CHECKING:
    from accounts.models import Person

FIELDS = ("source", "kind", "amount", "in_kind", "what", "valued_how", "conditions", "from_on", "until_on", "certainty")


@verb("fund.add", on="partnership")
def add_fund(*, partnership: Partnership, by: "Person", **values: Any) -> Fund:
    """Write down a source of money or of help; `values` are those of `FIELDS`."""
    partnership = locked(partnership)
    require(by, Ability.EDIT_BUDGET, partnership)
    stop_if(blockers_to_edit(partnership))
    fund = Fund(partnership=partnership)
    _set(fund, values)
    fund.save()
    told = f"added {pounds(fund.amount)}{' in kind' if fund.in_kind else ''} from {fund}"
    record("fund.add", on=fund, by=by, summary=f"{told}, {fund.get_certainty_display().lower()}", after=_facts(fund))
    return fund


@verb("fund.change", on="fund")
def change_fund(*, fund: Fund, by: "Person", version: int | None = None, **values: Any) -> None:
    """Change a fund; never below its instalments, nor to a mere hope once money has arrived."""
    partnership = locked(fund.partnership)
    fund = locked(fund, version=version)
    require(by, Ability.EDIT_BUDGET, partnership)
    stop_if(blockers_to_edit(partnership))
    before = _facts(fund)
    _set(fund, values)
    _check_instalments(fund)
    fund.version += 1
    fund.save()
    record("fund.change", on=fund, by=by, summary=f"changed the fund {fund}", before=before, after=_facts(fund))


def blockers_to_remove(fund: Fund) -> list[str]:
    """Why a fund cannot be taken away now."""
    if fund.arrived:
        told = f"{pounds(fund.arrived)} of this fund was received, so it stays. You can change it."
        return [*blockers_to_edit(fund.partnership), told]
    return blockers_to_edit(fund.partnership)


@verb("fund.remove", on="fund")
def remove_fund(*, fund: Fund, by: "Person") -> None:
    """Take a fund that will not come after all out of the list, with its instalments; the history keeps it."""
    partnership = locked(fund.partnership)
    fund = locked(fund)
    require(by, Ability.EDIT_BUDGET, partnership)
    stop_if(blockers_to_remove(fund))
    before = _facts(fund) | {"instalments": [str(one) for one in fund.instalments.all()]}
    record("fund.remove", on=fund, by=by, summary=f"removed {pounds(fund.amount)} from {fund}", before=before)
    fund.instalments.all().delete()
    fund.delete()


def blockers_to_plan_instalments(fund: Fund) -> list[str]:
    """Why a fund can have no further instalment."""
    if fund.in_kind:
        return ["Help in kind does not arrive in instalments."]
    if left(fund.amount, [fund.planned]) <= 0:
        return [f"The instalments come to all of the {pounds(fund.amount)} already."]
    return blockers_to_edit(fund.partnership)


@verb("instalment.add", on="fund")
def add_instalment(
    *, fund: Fund, due_on: date, amount: Decimal, condition: str, by: "Person", return_for: date | None = None
) -> Instalment:
    """Plan a part of a fund for a day, tied to a return or not. All together they are never more than the fund."""
    partnership = locked(fund.partnership)
    fund = locked(fund)
    require(by, Ability.EDIT_BUDGET, partnership)
    stop_if(blockers_to_plan_instalments(fund))
    _check_fits(fund, amount)
    _check_tie(partnership, return_for)
    instalment = Instalment.objects.create(
        fund=fund, due_on=due_on, amount=amount, condition=condition, return_for=return_for
    )
    told = f"planned an instalment of {fund}: {instalment}"
    record("instalment.add", on=instalment, by=by, summary=told, after=_instalment_facts(instalment))
    return instalment


def tie_of(instalment: Instalment) -> Tie | None:
    """How the return stands that it is tied to; None when it is tied to none. At most one query."""
    return tied.state(instalment.fund.partnership, instalment.return_for) if instalment.return_for else None


def blockers_to_change_instalment(instalment: Instalment) -> list[str]:
    """Why an instalment can neither be changed nor removed now."""
    if instalment.received_on:
        return [f"This instalment was received on {instalment.received_on:%-d %B %Y}. Take the receipt back first."]
    return blockers_to_edit(instalment.fund.partnership)


def blockers_to_untie(instalment: Instalment, tie: Tie | None) -> list[str]:
    """Why it can neither be tied to another return now nor removed: that would let go what its return holds back."""
    if instalment.is_held and tie and tie.planned:
        return [
            "A return holds this instalment back. It is released first: once the return is accepted, or by the sponsor."
        ]
    return []


@verb("instalment.change", on="instalment")
def change_instalment(
    *,
    instalment: Instalment,
    due_on: date,
    amount: Decimal,
    condition: str,
    by: "Person",
    return_for: date | None = None,
    version: int | None = None,
) -> None:
    """Change an instalment that has not arrived. One that was released is held again until it is released anew."""
    instalment = _locked(instalment, by, version)
    stop_if(blockers_to_change_instalment(instalment))
    _check_fits(instalment.fund, amount, but=instalment)
    if return_for != instalment.return_for:
        stop_if(blockers_to_untie(instalment, tie_of(instalment)))
        _check_tie(instalment.fund.partnership, return_for)
    before, was_released = _instalment_facts(instalment), instalment.released_on
    instalment.due_on, instalment.amount, instalment.condition = due_on, amount, condition
    instalment.return_for = return_for
    instalment.released_on, instalment.released_by, instalment.released_because = None, None, ""
    _save(instalment, "due_on", "amount", "condition", "return_for", "released_on", "released_by", "released_because")
    record(
        "instalment.change",
        on=instalment,
        by=by,
        summary=f"changed an instalment of {instalment.fund}: {instalment}"
        + (", which has to be released again" if was_released and return_for else ""),
        before=before,
        after=_instalment_facts(instalment),
    )


@verb("instalment.remove", on="instalment")
def remove_instalment(*, instalment: Instalment, by: "Person") -> None:
    """Take an instalment that has not arrived out of the plan."""
    instalment = _locked(instalment, by)
    stop_if(blockers_to_change_instalment(instalment) or blockers_to_untie(instalment, tie_of(instalment)))
    told = f"removed an instalment of {instalment.fund}: {instalment}"
    record("instalment.remove", on=instalment, by=by, summary=told, before=_instalment_facts(instalment))
    instalment.delete()


def blockers_to_receive(instalment: Instalment) -> list[str]:
    """Why an instalment cannot be received now. Whatever else a release depends on is asked here, and only here."""
    if instalment.received_on:
        return [f"This instalment was received on {instalment.received_on:%-d %B %Y}."]
    if not instalment.fund.is_confirmed:
        return ["This fund is only hoped for. Mark it as confirmed when it is, and the instalment can be received."]
    if instalment.is_held:
        return ["It is tied to a return, and has to be released first."]
    return blockers_to_edit(instalment.fund.partnership)


@verb("instalment.receive", on="instalment")
def receive_instalment(*, instalment: Instalment, received_on: date, by: "Person", version: int | None = None) -> None:
    """Record that the money has arrived, and on which day; whoever records it is named."""
    instalment = _locked(instalment, by, version)
    stop_if(blockers_to_receive(instalment))
    if received_on > clock.today():
        raise ValidationError({"received_on": "Record it when it has arrived: choose today or an earlier day."})
    instalment.received_on, instalment.received_by = received_on, by
    _save(instalment, "received_on", "received_by")
    record(
        "instalment.receive",
        on=instalment,
        by=by,
        summary=f"recorded that {pounds(instalment.amount)} from {instalment.fund} arrived on {received_on:%-d %B %Y}",
        after={"received_on": received_on.isoformat(), "amount": str(instalment.amount)},
    )


def blockers_to_take_back_receipt(instalment: Instalment) -> list[str]:
    """Why a receipt cannot be taken back now."""
    if not instalment.received_on:
        return ["This instalment has not been received."]
    return blockers_to_edit(instalment.fund.partnership)


@verb("instalment.take_back", on="instalment")
def take_back_receipt(*, instalment: Instalment, reason: str, by: "Person", version: int | None = None) -> None:
    """The money had not arrived after all, or something else was recorded wrongly: say what."""
    instalment = _locked(instalment, by, version)
    stop_if(blockers_to_take_back_receipt(instalment))
    if not reason.strip():
        raise ValidationError({"reason": "Say what was wrong. Everyone in the partnership can read it."})
    before = _instalment_facts(instalment)
    instalment.received_on, instalment.received_by = None, None
    _save(instalment, "received_on", "received_by")
    told = f"took back that {pounds(instalment.amount)} from {instalment.fund} had arrived"
    record("instalment.take_back", on=instalment, by=by, summary=told, reason=reason, before=before)


def _locked(instalment: Instalment, by: "Person", version: int | None = None) -> Instalment:
    partnership = locked(instalment.fund.partnership)
    fund = locked(instalment.fund)
    instalment = locked(instalment, version=version)
    require(by, Ability.EDIT_BUDGET, partnership)
    instalment.fund = fund
    return instalment


def _save(instalment: Instalment, *fields: str) -> None:
    instalment.version += 1
    instalment.save(update_fields=[*fields, "version"])


def _set(fund: Fund, values: dict[str, Any]) -> None:
    """Put the values in; those that cannot be are told beside their fields."""
    for name in FIELDS:
        setattr(fund, name, values[name])
    errors = {
        "source": not fund.source.strip() and "Say who gives it.",
        "kind": fund.kind not in FundKind.values and "Choose one of the kinds.",
        "certainty": fund.certainty not in Certainty.values and "Say whether it is confirmed or hoped for.",
        "amount": fund.amount <= 0 and "Enter an amount above £0.",
        "until_on": fund.until_on < fund.from_on and "It cannot end before it begins.",
    }
    if found := {field: told for field, told in (errors | _about_help(fund)).items() if told}:
        raise ValidationError(found)


def _about_help(fund: Fund) -> dict[str, Any]:
    """What only help in kind says, and has to say."""
    if fund.in_kind:
        return {
            "what": not fund.what.strip() and "Say what is given in kind, for example two rooms on Tuesdays.",
            "valued_how": not fund.valued_how.strip() and "Say how its worth was worked out.",
        }
    told = "This is for help in kind. Leave it empty for money."
    return {"what": fund.what and told, "valued_how": fund.valued_how and told}


def _check_instalments(fund: Fund) -> None:
    """What is planned and has arrived still holds after the change."""
    if fund.in_kind and fund.planned:
        raise ValidationError({"in_kind": "It has instalments, so it is money. Remove them first."})
    if (over := -left(fund.amount, [fund.planned])) > 0:
        raise ValidationError({"amount": f"Its instalments come to {pounds(over)} more than that. Change them first."})
    if fund.arrived and not fund.is_confirmed:
        told = f"{pounds(fund.arrived)} of it was received, so it is more than a hope."
        raise ValidationError({"certainty": told})


def _check_fits(fund: Fund, amount: Decimal, but: Instalment | None = None) -> None:
    if amount <= 0:
        raise ValidationError({"amount": "Enter an amount above £0."})
    others = added(one.amount for one in fund.instalments.all() if but is None or one.pk != but.pk)
    if (over := -left(fund.amount, [others, amount])) > 0:
        raise ValidationError(
            {"amount": f"That is {pounds(over)} too much: the instalments would come to more than the fund’s "
                       f"{pounds(fund.amount)}."}
        )  # fmt: skip


def _check_tie(partnership: Partnership, return_for: date | None) -> None:
    if return_for and return_for not in dict(tied.choices(partnership)):
        raise ValidationError({"return_for": "Choose one of the returns that are planned."})


def _facts(fund: Fund) -> dict[str, str]:
    return {name: str(getattr(fund, name)) for name in FIELDS}


def _instalment_facts(instalment: Instalment) -> dict[str, str]:
    names = ("due_on", "amount", "condition", "return_for", "released_on", "received_on")
    return {name: str(getattr(instalment, name) or "") for name in names}
