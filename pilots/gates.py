"""What the pilot has to show at the gates (`domain.md` 1.7): facts that a checklist asks for."""

from decimal import Decimal
from functools import partial

from django.utils import timezone

from partnerships import gates
from partnerships.gates import Evidence, Fact
from partnerships.lifecycle import Gate
from partnerships.models import Partnership
from pilots.models import GATES_WITH_A_PACK, Evaluation, Indicator, MonthlyReturn, SroiMap, pack_of

REVIEWED_AFTER_MONTHS = 6


def register() -> None:
    """Offer every fact below to the checklists."""
    for key, label, check, page, mend in (
        ("indicators", "Indicators have baselines", indicators_have_baselines, "indicators", "Open the indicators"),
        ("returns", "A monthly return is accepted", months_are_accepted, "pilot", "Open the pilot"),
        ("six_returns", "Six monthly returns are accepted", six_months_are_accepted, "pilot", "Open the pilot"),
        ("spend", "Spend against budget is known", spend_is_known, "pilot", "Open the pilot"),
        ("evaluation", "The evaluation is signed off", evaluation_is_signed_off, "evaluation", "Open the evaluation"),
        ("sroi", "The SROI map, where one is published", sroi_if_published, "sroi", "Open the SROI maps"),
    ):
        gates.add(Fact(f"pilots.{key}", label, check, f"pilots:{page}", mend))
    for gate in GATES_WITH_A_PACK:
        label = f"The evaluation pack for {gate.value}, where one is made"
        made, key = partial(pack_if_made, gate=gate), f"pilots.evaluation_pack_{gate.value.lower()}"
        gates.add(Fact(key, label, made, "pilots:evaluation_packs", "Open the evaluation packs"))


def indicators_have_baselines(partnership: Partnership) -> list[Evidence]:
    """G1: something is measured, and each indicator has a figure from before the pilot."""
    indicators = list(Indicator.objects.filter(partnership=partnership))
    without = [i.code for i in indicators if i.baseline is None]
    with_one = len(indicators) - len(without)
    if not with_one:
        told = (
            "No indicator has a baseline yet. The project lead or a lead partner adds indicators and their baselines."
        )
    elif without:
        told = f"{with_one} of {len(indicators)} indicators have a baseline. Still without: {', '.join(without)}."
    else:
        told = f"Indicators with a baseline: {with_one}."
    return [Evidence("Indicators with baselines", bool(with_one) and not without, told)]


def months_are_accepted(partnership: Partnership) -> list[Evidence]:
    """G3: the outcomes against target rest on accepted months."""
    count = MonthlyReturn.objects.accepted().filter(partnership=partnership).count()
    told = f"Monthly returns accepted: {count}." if count else "No monthly return has been submitted and accepted yet."
    return [Evidence("Monthly returns", bool(count), told)]


def six_months_are_accepted(partnership: Partnership) -> list[Evidence]:
    """G2: a review needs half a year of accepted months."""
    count = MonthlyReturn.objects.accepted().filter(partnership=partnership).count()
    told = f"Monthly returns accepted: {count}. A review needs {REVIEWED_AFTER_MONTHS}."
    return [Evidence("Six monthly returns", count >= REVIEWED_AFTER_MONTHS, told)]


def spend_is_known(partnership: Partnership) -> list[Evidence]:
    """G2: what was spent of the budget, over every accepted month."""
    rows = list(MonthlyReturn.objects.accepted().filter(partnership=partnership).values_list("actual", "budget"))
    if not rows:
        return [Evidence("Spend against budget", False, "No month is accepted yet, so nothing tells what was spent.")]
    actual, budget = (sum((row[n] or Decimal(0) for row in rows), Decimal(0)) for n in (0, 1))
    told = f"£{actual:,.2f} spent of a budget of £{budget:,.2f} in {len(rows)} accepted months."
    return [Evidence("Spend against budget", True, told)]


def evaluation_is_signed_off(partnership: Partnership) -> list[Evidence]:
    """G3: the evaluation is written and the pilot evaluator has signed it off as it stands."""
    evaluation = Evaluation.objects.filter(partnership=partnership).select_related("signed_off_by").first()
    if evaluation is None:
        told = "The evaluation of the pilot is not written yet."
    elif evaluation.signed_off_at is None:
        told = f"Version {evaluation.version} of the evaluation is not signed off yet by the pilot evaluator."
    else:
        told = f"Version {evaluation.version} of the evaluation is signed off by {evaluation.signed_off_by}."
    return [Evidence("Evaluation of the pilot", bool(evaluation and evaluation.signed_off_at), told)]


def sroi_if_published(partnership: Partnership) -> list[Evidence]:
    """G3: what it is worth, where the partners have published it. Nothing is missing without it."""
    maps = SroiMap.objects.published().filter(partnership=partnership).select_related("published_by")
    newest = maps.first()
    if newest is None or newest.published_at is None:
        return []
    day = timezone.localdate(newest.published_at)
    told = f"{newest}, published by {newest.published_by} on {day:%-d %B %Y}. The map shows the ratio with its range."
    return [Evidence("Social return on investment", True, told)]


def pack_if_made(partnership: Partnership, *, gate: Gate) -> list[Evidence]:
    """G2, G3: the newest evaluation pack for the gate, with its checksum. Nothing is missing without one."""
    newest = pack_of(partnership, gate)
    if newest is None:
        return []
    day = timezone.localdate(newest.created_at)
    told = f"{newest}, made for {newest.asked_by} on {day:%-d %B %Y}. Checksum {newest.checksum[:12]}."
    return [Evidence("Evaluation pack", True, told)]
