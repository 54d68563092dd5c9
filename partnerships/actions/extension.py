"""Extending the pilot: one signer proposes, the others sign, and only then anything moves (scenarios 17 and 18)."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import NotPermitted, stop_if
from partnerships import extending
from partnerships.actions.milestone import move_to
from partnerships.actions.plan import LONGEST
from partnerships.actions.summary import refresh
from partnerships.lifecycle import Stage, extension_signers
from partnerships.models import (
    LONGEST_EXTENSION,
    ExtensionSignature,
    Milestone,
    Partnership,
    PilotExtension,
    PlanBlock,
    roles_of,
)
from partnerships.permissions import set_aside
from partnerships.plan import RECOMMENDED, Block, add_months, extended_in_words, in_months, time_in_stage
from partnerships.roles import PartnershipRole

if TYPE_CHECKING:
    from accounts.models import Person

LATER_BLOCKS = (Block.EVALUATION, Block.CONTRACT)


def signers_of(partnership: Partnership) -> tuple[PartnershipRole, ...]:
    """Who signs the next extension."""
    return extension_signers(partnership.extensions)


def drift_of(partnership: Partnership, today: date) -> str:
    """The notice of a pilot that has been extended so often that the sponsor must agree; empty before that."""
    if partnership.stage != Stage.PILOT or PartnershipRole.SPONSOR not in signers_of(partnership):
        return ""
    return (
        f"It is {time_in_stage(partnership.stage, partnership.stage_since, today)}, and was "
        f"{extended_in_words(partnership.extensions, partnership.extended_months)}. "
        "Another extension needs the sponsor’s signature besides those of both leads."
    )


def blockers_to_extend(partnership: Partnership) -> list[str]:
    """Why the pilot cannot be extended now."""
    if partnership.stage != Stage.PILOT:
        return ["Only a pilot that is running can be extended."]
    found = []
    if PilotExtension.objects.open().filter(partnership=partnership).exists():
        found.append("An extension still waits for a signature. Sign it or withdraw it first.")
    end = Milestone.objects.filter(partnership=partnership, block=Block.PARTNERSHIP, ends_block=True).first()
    if end and end.done_on:
        found.append(f"“{end}” was completed on {end.done_on:%-d %B %Y}: there is nothing left to extend.")
    return found


@verb("extension.propose", on="partnership")
def propose_extension(
    *,
    partnership: Partnership,
    months: int,
    reason: str,
    amount: Decimal,
    source: str,
    by: "Person",
    version: int | None = None,
) -> PilotExtension:
    """Propose to extend the pilot by some months, with the reason and the money; proposing signs it."""
    partnership = locked(partnership, version=version)
    role = _signing_role(by, partnership)
    stop_if(blockers_to_extend(partnership))
    _check(partnership, months, reason, amount, source)
    extension = PilotExtension.objects.create(
        partnership=partnership, months=months, reason=reason, amount=amount, source=source, proposed_by=by
    )
    ExtensionSignature.objects.create(extension=extension, role=role, signed_by=by)
    refresh(partnership)
    record(
        "extension.propose",
        on=extension,
        by=by,
        summary=f"proposed to extend the pilot by {in_months(months)}",
        reason=reason,
        after={"months": months, "amount": str(amount), "source": source},
    )
    return extension


@verb("extension.sign", on="extension")
def sign_extension(*, extension: PilotExtension, by: "Person") -> bool:
    """Sign in a role that has not signed yet; with the last signature the pilot is extended. Whether it is."""
    partnership = locked(extension.partnership)
    extension = locked(extension)
    signed = set(extension.signatures.values_list("role", flat=True))
    role = _signing_role(by, partnership, besides=signed)
    stop_if(blockers_to_sign(extension, by))
    ExtensionSignature.objects.create(extension=extension, role=role, signed_by=by)
    complete = signed | {role} >= set(signers_of(partnership))
    if complete:
        _take_effect(extension, partnership, by)
    record(
        "extension.take" if complete else "extension.sign",
        on=extension,
        by=by,
        summary=f"signed the {str(extension).lower()}" + (", which takes effect" if complete else ""),
        reason=extension.reason,
        before={"ends_on": extension.ended_on.isoformat()} if extension.ended_on else None,
        after={"ends_on": extension.ends_on.isoformat()} if extension.ends_on else None,
    )
    return complete


def blockers_to_sign(extension: PilotExtension, by: "Person") -> list[str]:
    """Why this person cannot sign now."""
    if extension.withdrawn_at:
        return ["This proposal was withdrawn."]
    if extension.effective_at:
        return ["This extension is in effect."]
    if extension.partnership.stage != Stage.PILOT:
        return ["The pilot is over: it can no longer be extended."]
    if extension.signatures.filter(signed_by=by).exists():
        return ["You have signed. The other signatures must be other people’s."]
    return []


@verb("extension.withdraw", on="extension")
def withdraw_extension(*, extension: PilotExtension, reason: str, by: "Person") -> None:
    """Any of the signers may take a proposal off the table, with a reason, while a signature is missing."""
    partnership = locked(extension.partnership)
    extension = locked(extension)
    _signing_role(by, partnership)
    if extension.effective_at or extension.withdrawn_at:
        stop_if(["This proposal is not open any more."])
    if not reason.strip():
        raise ValidationError({"reason": "Say why, so that the other side can put it right."})
    extension.withdrawn_at, extension.withdrawn_because = clock.now(), reason
    extension.save(update_fields=["withdrawn_at", "withdrawn_because"])
    refresh(partnership)
    record("extension.withdraw", on=extension, by=by, summary=f"withdrew the {str(extension).lower()}", reason=reason)


def _check(partnership: Partnership, months: int, reason: str, amount: Decimal, source: str) -> None:
    faults = {}
    if not 1 <= months <= LONGEST_EXTENSION:
        faults["months"] = f"Extend it by 1 to {LONGEST_EXTENSION} months."
    elif _block(partnership).months + months > LONGEST:
        faults["months"] = f"With these the pilot would be longer than {LONGEST} months."
    if not reason.strip():
        faults["reason"] = "Say why. The other signers decide by it, and it stays with every date that moves."
    if amount < 0:
        faults["amount"] = "Give the money in pounds; 0 when the further months cost nothing more."
    if not source.strip():
        faults["source"] = "Say who pays for the further months."
    if faults:
        raise ValidationError(faults)


def _block(partnership: Partnership) -> PlanBlock:
    """The pilot's block, as the plan has it or as it is recommended; saved by whoever changes it."""
    block = PlanBlock.objects.filter(partnership=partnership, block=Block.PARTNERSHIP).first()
    months = RECOMMENDED[Block.PARTNERSHIP].default
    return block or PlanBlock(partnership=partnership, block=Block.PARTNERSHIP, months=months)


def _take_effect(extension: PilotExtension, partnership: Partnership, by: "Person") -> None:
    """The pilot's block is longer; its end and every open date after it move; the upper floors are told."""
    block = _block(partnership)
    block.months += extension.months
    if block.months > LONGEST:
        stop_if([f"With these months the pilot would be longer than {LONGEST} months."])
    block.save()
    rows = Milestone.objects.open().filter(partnership=partnership)
    end = rows.filter(block=Block.PARTNERSHIP, ends_block=True).first()
    extension.ended_on = end.due_on if end else None
    reason = f"The pilot is extended by {in_months(extension.months)}: {extension.reason}"
    for milestone in [*([end] if end else []), *rows.filter(block__in=LATER_BLOCKS)]:
        agreed = add_months(milestone.due_on, extension.months)
        milestone.agreed_days += (agreed - milestone.due_on).days
        move_to(milestone, agreed, reason, by)
    extension.ends_on = end.due_on if end else None
    extension.effective_at = clock.now()
    extension.save(update_fields=["ended_on", "ends_on", "effective_at"])
    extending.run(partnership, extension.months, by)
    partnership.extensions += 1
    partnership.extended_months += extension.months
    partnership.version += 1
    partnership.save(update_fields=["extensions", "extended_months", "version"])
    refresh(partnership)


def _signing_role(by: "Person", partnership: Partnership, besides: Collection[str] = ()) -> PartnershipRole:
    """The role in which `by` signs: one of the signers', held by `by`, that has not signed yet."""
    signers, held = signers_of(partnership), roles_of(by, partnership)
    free = [role for role in signers if role in held and role not in besides]
    if free:
        return free[0]
    if any(role in held for role in signers):
        stop_if(["You have signed for your role. The other signatures are missing."])
    who = " and ".join(f"the {role.label.lower()}" for role in signers)
    hint = set_aside(by, partnership, signers)
    raise NotPermitted(f"The pilot is extended by {who}. You may read about it.{hint}")
