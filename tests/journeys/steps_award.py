"""After the deadline: two people open, two score, the panel agrees, prices appear, letters go, standstill holds."""

from playwright.sync_api import expect

from psp_portal.demo.personas import BIDDER, MANAGER, OFFICER, SCORER, SECOND_SCORER, SPONSOR
from tests.journeys.steps_tender import CRITERIA, canary, to_the_file, to_the_notice
from tests.journeys.steps_walking import Walk, link_in_mail

# The two members' scores of the two bids, the same for both criteria: they are far apart about the firm's.
SCORES = {
    SCORER: {MANAGER: "4 Excellent", BIDDER: "4 Excellent"},
    SECOND_SCORER: {MANAGER: "4 Excellent", BIDDER: "2 Acceptable"},
}
AGREED = {MANAGER: "4 Excellent", BIDDER: "3 Good"}


def two_people_open_the_bids(walk: Walk) -> None:
    to_the_file(walk, SPONSOR)
    walk.tab("Opening")
    walk.press("Open the bids", says="You have opened as the first of two.")
    walk.reads("A second, different person must open now, within 30 minutes of you.")
    to_the_file(walk, OFFICER)
    walk.tab("Opening")
    walk.press("Open the bids", says="The bids are open.")
    walk.reads(MANAGER.organisation, BIDDER.organisation, "Unbroken")


def the_officer_names_the_panel(walk: Walk) -> None:
    walk.tab("Panel")
    for member in SCORES:
        walk.follow("Name somebody to the panel")
        walk.fill({"E-mail address": member.email})
        walk.press("Name to the panel", says="Named to the panel, and told by e-mail.")


def each_member_declares_and_scores(walk: Walk) -> None:
    for member, given in SCORES.items():
        walk.becomes(member)
        walk.follow("Declare whether you have an interest")
        walk.tick("No, I have no interest to declare")
        walk.press("Declare", says="Your declaration is kept.")
        for name, _ in CRITERIA:
            walk.follow(name)
            walk.reads(canary(MANAGER, "answer"), f"{canary(BIDDER, 'name')}.csv")
            for bidder, score in given.items():
                answer = walk.main.get_by_role("group", name=bidder.organisation, exact=True)
                walk.tick(score, within=answer)
                walk.fill({"What the score stands on": "Page 3, and the pilot’s own figures."}, within=answer)
            walk.press("Save the scores", says=f"Your scores for “{name}” are saved.")
        expect(walk.main).not_to_contain_text("£")
    walk.axe()


def the_panel_agrees(walk: Walk) -> None:
    """Where two members are two apart, the score needs what was talked about."""
    to_the_file(walk, OFFICER)
    walk.tab("Agreed scores")
    walk.reads("Before the scores can be locked:", "far apart")
    for name, _ in CRITERIA:
        walk.follow(name)
        for bidder, score in AGREED.items():
            walk.tick(score, within=walk.main.get_by_role("group", name=bidder.organisation, exact=True))
        answer = walk.main.get_by_role("group", name=BIDDER.organisation, exact=True)
        if name == CRITERIA[0][0]:
            walk.press("Save the agreed scores", says="The scores are 2 apart. Write what the panel discussed")
        walk.fill({"What the score stands on": "One of us had missed the annex. Together: good."}, within=answer)
        walk.press("Save the agreed scores", says=f"The scores for “{name}” are agreed.")


def prices_appear_once_scores_are_locked(walk: Walk) -> None:
    walk.follow("Lock the agreed scores")
    walk.press("Lock the agreed scores", says="Locked. Prices can be seen now.")
    # domain.md 4.7: quality is score ÷ 4 × weight, price is lowest ÷ price × weight.
    rows = walk.main.get_by_role("table", name="Ranking")
    expect(rows.get_by_role("row", name=MANAGER.organisation)).to_contain_text("£540,000")
    expect(rows.get_by_role("row", name=MANAGER.organisation)).to_contain_text("95.56")
    expect(rows.get_by_role("row", name=BIDDER.organisation)).to_contain_text("85.00")


def the_award_is_decided(walk: Walk) -> None:
    to_the_file(walk, OFFICER)
    walk.tab("Award")
    walk.follow("Decide the award")
    walk.fill({"Reasons": "The highest total under the published criteria."})
    walk.press("Decide the award", says="Decided. Write the letters next.")


def letters_go_and_standstill_holds(walk: Walk) -> None:
    for bidder in (MANAGER, BIDDER):
        walk.follow(bidder.organisation)
        walk.fill({
            "What was good in this bid, and what the winning bid did better": "Clear. The winner shows more outcomes.",
            "How it goes": "By e-mail",
        })  # fmt: skip
        walk.press("Save the letter", says="The letter is saved.")
        walk.follow("Send the letter")
        walk.press("Send the letter", says="The letter has gone.")
    walk.reads(
        "Standstill ends at midnight at the end of 18 March 2027. The contract can be signed from 19 March 2027."
    )
    expect(walk.main.get_by_role("link", name="Sign the contract")).to_have_count(0)
    walk.axe()


def a_bidder_reads_the_result(walk: Walk) -> None:
    """By the link in the mail; whoever has lost the mail finds the letter beside the notice."""
    walk.becomes(BIDDER)
    walk.page.goto(link_in_mail(BIDDER.email, "The result of the tender"))
    walk.heading("The result for your organisation")
    walk.reads("18 March 2027", "Clear. The winner shows more outcomes.")
    letter = walk.page.url
    to_the_notice(walk, BIDDER)
    walk.follow("Read the result")
    expect(walk.page).to_have_url(letter)
    walk.axe()
