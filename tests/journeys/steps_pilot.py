"""The pilot: a month's return in two sittings and two pairs of hands, the evaluation, a lesson."""

from psp_portal.demo.personas import COMMISSIONER, EVALUATOR, MANAGER
from tests.journeys.steps_design import TITLE
from tests.journeys.steps_walking import Walk

LESSON = "Book the hall before the date is promised"


def the_manager_begins_a_return(walk: Walk) -> None:
    walk.becomes(MANAGER)
    walk.follow(TITLE)
    walk.tab("Pilot")
    walk.axe()
    walk.follow("Fill in the return for October 2026")
    walk.fill({"Active at the start of the month": "0", "Referrals in": "15", "New starts": "12"})
    walk.press("Save draft", says="draft")


def and_submits_it_another_day(walk: Walk) -> None:
    """Figures that do not add up are refused beside the field; nothing that was typed is lost."""
    walk.becomes(MANAGER)
    walk.follow(TITLE)
    walk.tab("Pilot")
    walk.follow("Fill in the return for October 2026")
    walk.fill({
        "Referrals accepted": "13", "Planned exits": "1", "Unplanned exits": "1",
        "Active at the end of the month": "11", "On the waiting list at the end of the month": "2",
        "People reviewed this month": "6", "Improved": "4", "The same": "1", "Worse": "1",
        "Budget of this month (£)": "4000", "Spent this month (£)": "3,950.25",
        "One thing you learned": "Referrals come from the library.",
    })  # fmt: skip
    walk.press("Submit", says="You typed 11; expected 10 (at the start 0, plus new starts 12, minus exits 2).")
    walk.axe()
    walk.fill({"Active at the end of the month": "10"})
    walk.press("Submit", says="October 2026")
    walk.reads("Submitted by Ailsa Grant")


def a_second_person_accepts_it(walk: Walk) -> None:
    walk.becomes(COMMISSIONER)
    walk.follow(TITLE)
    walk.tab("Pilot")
    walk.follow("October 2026")
    walk.press("Accept the return", says="The return for October 2026 is accepted.")
    walk.tab("Pilot")
    walk.reads("12", "£3,950.25 spent of a budget of £4,000")


def the_evaluation_is_written_and_signed_off(walk: Walk) -> None:
    walk.becomes(EVALUATOR)
    walk.follow(TITLE)
    walk.tab("Pilot")
    walk.follow("Go to the evaluation", "Write the evaluation")
    walk.fill({
        "Summary": "It worked well enough to buy.",
        "Findings": "Starts reached the target in the first month; four in six people reviewed felt better.",
        "Cost for each person (£)": "329.19",
    })  # fmt: skip
    walk.press("Save the evaluation", says="The evaluation is saved.")
    walk.press("Sign off this version", says="You have signed off the evaluation.")
    walk.axe()


def the_manager_adds_a_lesson(walk: Walk) -> None:
    walk.becomes(MANAGER)
    walk.follow(TITLE)
    walk.tab("Lessons")
    walk.fill({
        "The lesson in one line": LESSON,
        "What happened": "The workshop moved by two weeks because the hall was double-booked.",
        "Why it happened": "The date was promised before the room was.",
        "What others should do": "Book the room first, and then tell people the date.",
        "What shows it": "The plan’s record of moves.",
        "Stage in which it helps": "Design",
        "Theme": "Communication",
    })  # fmt: skip
    walk.press("Add the lesson", says="The lesson is added as a draft.")
    walk.axe()
