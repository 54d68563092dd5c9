"""What the pilot has to show at the gates (`domain.md` 1.7). Hung on them in `apps.py`."""

from partnerships.gates import Evidence
from partnerships.models import Partnership
from pilots.models import Evaluation, Indicator, MonthlyReturn


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
