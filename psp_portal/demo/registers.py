"""What each partnership of the demo wrote into its registers while it designed its service."""

from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import Person
from partnerships.actions.risk import add_risk, close_risk, review_risk
from partnerships.models import Partnership
from partnerships.plan import add_months
from psp_portal.demo.clockwork import midday


@dataclass(frozen=True)
class Writers:
    """Who writes: the project lead and the two equal leads."""

    project: Person
    public: Person
    third: Person


def keep(partnership: Partnership, writers: Writers, *, began: date, today: date) -> None:
    """The registers of the design stage, in the order of the days."""
    _risks(partnership, writers, began, today)


def _risks(partnership: Partnership, writers: Writers, began: date, today: date) -> None:
    first, later = add_months(began, 1), add_months(began, 2)
    review = min(add_months(began, 5), today + timedelta(days=10))
    rows = (
        ("Too few people are referred in the first months", 4, 4, "Practices are visited twice a month.", writers.third),
        ("The grant for transport ends halfway", 3, 3, "A second funder is asked.", writers.public),
        ("Volunteers’ checks take longer than planned", 2, 3, "Applications go in at once.", writers.project),
        ("No hall can be found for the workshops", 2, 2, "The library holds two dates.", writers.project),
    )  # fmt: skip
    with midday(first):
        risks = [
            add_risk(
                partnership=partnership, title=title, likelihood=likelihood, impact=impact, mitigation=mitigation,
                owner=owner, review_on=max(review, later), by=writers.project,
            )
            for title, likelihood, impact, mitigation, owner in rows
        ]  # fmt: skip
    with midday(later):
        review_risk(
            risk=risks[0], note="Three practices now send people; two are still to be visited.", likelihood=3,
            impact=4, review_on=max(review, later + timedelta(days=30)), by=writers.third,
        )  # fmt: skip
        close_risk(risk=risks[3], reason="The workshops were held.", by=writers.project)
