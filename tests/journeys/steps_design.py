"""From nothing to a pilot: start, partners and people, plan, papers, indicators, and the gate between."""

from datetime import timedelta

from playwright.sync_api import expect

from foundation.database import clock
from partnerships import reminders
from partnerships.actions.risk import add_risk
from partnerships.checklist import VARIANT_MEANS, Variant
from partnerships.lifecycle import Gate
from partnerships.models import Partnership
from psp_portal.demo import evidence
from psp_portal.demo.people import person
from psp_portal.demo.personas import (
    ADMINISTRATOR,
    BOARD,
    COMMISSIONER,
    DEMO_PASSWORD,
    EVALUATOR,
    EVALUATORS,
    MANAGER,
    OFFICER,
    SPONSOR,
    Persona,
)
from tests.journeys.steps_walking import Walk, link_in_mail

TITLE = "Befriending by the Loch"
WHEELS = "Kingdom Wheels"
NEWCOMER = Persona("Rhona Beaton", "rhona.beaton@kingdom-wheels.example", WHEELS, "Depot manager")
MILESTONE = "Design agreed and ready to pilot"
WHY_MOVED = "The hall was double-booked and people asked for an evening."


def the_commissioner_signs_in(walk: Walk) -> None:
    walk.nobody()
    walk.heading("Public social partnerships, from idea to contract")
    walk.axe()
    walk.follow("Sign in")
    walk.fill({"E-mail address": COMMISSIONER.email, "Password": DEMO_PASSWORD})
    walk.press("Sign in", says=f"Welcome, {COMMISSIONER.name}")
    walk.keep_session_of(COMMISSIONER.email)


def starts_a_partnership(walk: Walk) -> None:
    walk.follow("Start a partnership")
    walk.fill({
        "Title": TITLE,
        "Need": "Older people on the peninsula tell us they speak to nobody for days.",
        "Who it is for": "People over 65 who live alone",
        "Area": "Fife",
        "Sponsor": "Iain Douglas, Director of partnerships",
        "Third sector lead": MANAGER.organisation,
        "Start date": "1/4/2026",
    })  # fmt: skip
    walk.tick(f"{Variant.SHORT.label}: {VARIANT_MEANS[Variant.SHORT]}")
    walk.press("Propose the partnership", says="The partnership is proposed. Gate G0 leads to design.")
    walk.heading(TITLE)


def adds_partners_and_people(walk: Walk) -> None:
    walk.tab("Partners")
    for organisation, part in ((WHEELS, "Provider"), (EVALUATORS, "Support partner")):
        walk.follow("Add a partner")
        walk.fill({"Organisation": organisation, "Part": part, "Joins on": "1/4/2026"})
        walk.press("Add the partner", says="The partner is added.")
    for who, role in (
        (MANAGER, "Third sector lead"), (NEWCOMER, "Partner's manager"), (EVALUATOR, "Partner's manager"),
        (EVALUATOR, "Pilot evaluator"), (OFFICER, "Procurement officer"), (SPONSOR, "Sponsor and budget holder"),
    ):  # fmt: skip
        walk.follow("Give a person a role")
        walk.fill({"Name": who.name, "E-mail address": who.email, "Organisation": who.organisation, "Role": role})
        walk.press("Give the role", says="The role is given.")


def a_newcomer_accepts_the_invitation(walk: Walk) -> None:
    walk.nobody()
    walk.page.goto(link_in_mail(NEWCOMER.email, "invit"))
    walk.heading(f"Welcome, {NEWCOMER.name}")
    walk.axe()
    walk.fill({"New password": "three unrelated words walk", "New password again": "three unrelated words walk"})
    walk.press("Save the password and sign in", says="Your password is saved.")
    walk.heading(TITLE)
    walk.reads("Your role: Partner's manager")
    walk.keep_session_of(NEWCOMER.email)


def the_need_is_written_down(walk: Walk) -> None:
    """One statement of gate G0 by hand; `what_else_is_given` brings the rest."""
    to_the_gate(walk, COMMISSIONER, Gate.G0)
    walk.axe()
    walk.follow("Write it (Need)")
    walk.fill({"Statement": "One in three people over 65 here speaks to nobody for days; the surgeries counted them."})
    walk.press("Save the statement", says="“Need” is saved.")
    walk.reads("the surgeries counted them.")


def what_else_is_given(gate: Gate) -> None:
    """The papers and statements of a gate, through the actions of its pages."""
    partnership, today = Partnership.objects.get(title=TITLE), clock.today()
    if gate == Gate.G1:
        add_risk(
            partnership=partnership, title="Too few volunteers in winter", likelihood=3, impact=3, by=person(MANAGER),
            mitigation="Two are trained for each village.", owner=person(MANAGER), review_on=today + timedelta(days=30),
        )  # fmt: skip
    public = person(COMMISSIONER)
    evidence.give(partnership, gate, evidence.Givers(public, public, person(OFFICER)), on=today)


def to_the_gate(walk: Walk, who: Persona, gate: Gate) -> None:
    walk.becomes(who)
    walk.follow(TITLE)
    walk.tab("Gates")
    walk.follow(gate.label)


def the_gate_refuses_in_words(walk: Walk) -> None:
    """“Pass” is not offered; each sentence leads to the page that mends it."""
    to_the_gate(walk, COMMISSIONER, Gate.G1)
    walk.reads("Missing:")
    walk.follow("Propose a decision")
    expect(walk.main.get_by_label("Pass", exact=True)).to_have_count(0)
    walk.reads(
        "The memorandum of understanding is not written yet.",
        f"No contingency plan yet from {MANAGER.organisation} and {WHEELS}.",
        "The budget has no line for: Development officer and support for members; Shared vision and values;",
        "No indicator has a baseline yet.",
    )
    walk.axe()


def a_milestone_moves_with_a_reason(walk: Walk) -> None:
    walk.tab("Plan")
    walk.axe()
    walk.follow(MILESTONE, "Edit")
    walk.fill({"Owner": MANAGER.name})
    walk.press("Save", says="The milestone is changed.")
    walk.follow("Move the date")
    walk.fill({"New date": "15/10/2026", "Reason": WHY_MOVED})
    walk.press("Move the milestone", says="The milestone is moved.")
    walk.reads("from 1 Oct 2026 to 15 Oct 2026", WHY_MOVED)


def the_papers_are_written(walk: Walk) -> None:
    walk.tab("Memorandum")
    walk.press("Begin the memorandum", says="The draft is begun, and you have the pen.")
    walk.axe()
    for heading, text in (
        ("Purpose", "We find out together what helps people who are alone, and share what we learn."),
        ("How decisions are made", "The two leads have equal rights.\n\nDecisions are made by agreement."),
    ):
        walk.follow(f"Write {heading}")
        walk.fill({"Text": text})
        walk.press("Save the section", says="The section is saved.")
    walk.becomes(MANAGER)
    walk.follow(TITLE)
    walk.tab("Memorandum")
    walk.follow("Read the draft", "Comment on How decisions are made")
    walk.fill({"Comment": "Who decides while one lead is away?"})
    walk.press("Save the comment", says="The comment is saved.")
    walk.becomes(COMMISSIONER)
    walk.follow("Answer 1 comment on the draft of the memorandum", "Issue for signature")
    walk.fill({"Review date": "1/4/2027"})
    walk.press("Issue for signature", says="comment on “How decisions are made”")
    walk.follow("Cancel", f"Resolve {MANAGER.name}’s comment on How decisions are made")
    walk.fill({"What was done about it": "The other lead, after a call."})
    walk.press("Resolve the comment", says="The comment is resolved and kept.")
    walk.follow("Issue for signature")
    walk.fill({"Review date": "1/4/2027"})
    walk.press("Issue for signature", says="The next version is issued.")
    walk.press(f"Sign version 1 for {BOARD}", says=f"You have signed version 1 for {BOARD}.")
    walk.tab("Budget")
    for heading, amount in (
        ("Development officer and support for members", "42,000"), ("Shared vision and values", "3500.50"),
        ("Administrative support", "9800"),
    ):  # fmt: skip
        walk.follow("Add a budget line")
        walk.fill({"Heading": heading, "Amount (£)": amount.replace(",", "")})
        walk.press("Save the line", says="The line is added.")
    walk.reads("£55,300.50")


def an_indicator_gets_its_baseline(walk: Walk) -> None:
    walk.tab("Indicators")
    walk.follow("Add an indicator")
    walk.fill({
        "Code": "R1",
        "What it measures": "People starting each month",
        "Where the figure comes from": "People starting (R1)",
        "Unit": "People or things, counted",
        "How months become one figure": "The months are added up",
        "Baseline": "0",
        "Baseline measured on": "1/4/2026",
        "Target": "12",
    })  # fmt: skip
    walk.tick("Show it in the pilot’s chart")
    walk.press("Save the indicator", says="The indicator is added.")


def people_who_use_services_are_heard(walk: Walk) -> None:
    walk.tab("Registers")
    walk.follow("Involvement diary", "Log an activity")
    walk.fill({
        "Activity": "Design workshop in the village hall",
        "Date": "1/4/2026",
        "Kind of activity": "Workshop",
        "Number of people who use services": "12",
        "National Standard for Community Engagement that it serves": "Working together",
        "What people said": "Evenings suit us better.",
    })  # fmt: skip
    walk.tick("Yes")
    walk.press("Save the entry", says="The activity is in the diary.")
    walk.reads("Evenings suit us better.")


def all_partners_sign(walk: Walk) -> None:
    for who, plans in ((MANAGER, True), (NEWCOMER, True), (EVALUATOR, False)):
        walk.becomes(who)
        walk.follow("Read and sign the memorandum, version 1")
        if who == MANAGER:
            walk.axe()
        walk.press(f"Sign version 1 for {who.organisation}", says=f"You have signed version 1 for {who.organisation}.")
        if plans:
            walk.tab("Partners")
            walk.follow("Write your contingency plan")
            walk.fill({"If you do not win the contract": "Four posts would end or transfer; reserves last two months."})
            walk.press("Save the contingency plan", says="The contingency plan is saved.")
    walk.tab("Memorandum")
    walk.reads("4 of 4 partners signed.")


def a_reminder_leads_to_the_milestone(walk: Walk) -> None:
    """The timetable's function writes the mail, the outbox sends it, its link opens on the thing to do."""
    assert reminders.plan(clock.now()) == 11, "the milestone, four partners’ skills, six to leads about these"
    assert reminders.plan(clock.now()) == 0
    address = link_in_mail(MANAGER.email, MILESTONE)
    walk.becomes(MANAGER)
    walk.page.goto(address)
    walk.follow("Mark as complete")
    walk.fill({"Evidence": "Signed off by the governance group on 1 October."})
    walk.press("Mark as complete", says="The milestone is complete.")
    walk.reads("Signed off by the governance group on 1 October.")


def the_administrator_reads_why_it_was_sent(walk: Walk) -> None:
    walk.becomes(ADMINISTRATOR)
    walk.section("Mail ledger")
    walk.follow(f"Due on 15 October 2026: {MILESTONE}")
    walk.reads(
        f"You get this mail because “{MILESTONE}” is yours in the partnership “{TITLE}”.", f"{MANAGER.name}, ", "Sent"
    )


def pass_the_gate(walk: Walk, gate: Gate, first: Persona, second: Persona, reason: str) -> None:
    """With all it asks for, both sign; the first proposes. It begins and ends on the gate's page."""
    what_else_is_given(gate)
    for who in (first, second):
        to_the_gate(walk, who, gate)
        if who == first:
            walk.follow("Propose a decision")
            walk.tick("Pass")
            walk.fill({"Reason": reason})
            walk.press("Propose and sign", says="Your proposal is signed by you.")
        else:
            walk.follow("Read and sign")
            walk.press("Sign the decision", says="The decision is signed and in effect.")
