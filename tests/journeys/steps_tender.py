"""The tender: criteria that make 100, papers for all, the notice, questions, and bids that nobody can read."""

from playwright.sync_api import expect

from psp_portal.demo.personas import BIDDER, MANAGER, OFFICER, Persona
from tests.journeys.steps_design import TITLE
from tests.journeys.steps_walking import Walk

TENDER = "Befriending service for Fife"
CRITERIA = (("Outcomes for people", "40"), ("Workforce and fair work", "20"))
PRICES = {MANAGER: "540000", BIDDER: "480000"}
FILE_PAGES = ("Overview", "Papers", "Questions", "Panel", "Opening", "History")
CLOSED_PAGES = ("Agreed scores", "Results")


def canary(bidder: Persona, place: str) -> str:
    """Words that stand in one place of one bid and nowhere else in the world."""
    return f"canary-{bidder.name.split()[0].lower()}-{place}"


def to_the_file(walk: Walk, who: Persona) -> None:
    walk.becomes(who)
    walk.follow(TITLE)
    walk.tab("Tender")
    walk.follow(f"Open the tender file of {TENDER}")


def to_the_notice(walk: Walk, who: Persona) -> None:
    walk.becomes(who)
    walk.section("Tenders")
    walk.follow(TENDER)


def the_officer_prepares_the_tender(walk: Walk) -> None:
    walk.becomes(OFFICER)
    walk.follow(TITLE)
    walk.tab("Tender")
    walk.follow("Prepare a tender")
    walk.fill({
        "Title": TENDER,
        "Summary": "Befriending for older people on the peninsula.",
        "Estimated value (£)": "560000",
        "Contract starts": "1/6/2027",
        "Contract ends": "31/5/2030",
    })  # fmt: skip
    walk.press("Start the tender", says="The tender is started.")
    walk.follow("Edit the tender")
    walk.fill({
        "Specification": "Everyone who asks is visited within two weeks.",
        "How to bid": "Answer in the portal. If you have no account, write to procurement@caledon.example.",
        "Deadline for questions": "10/2/2027 12:00",
        "Deadline for bids": "1/3/2027 12:00",
        "If two totals are equal": "The bid with the higher quality score wins",
        "Why the contract is not split into lots": "One team has to hold the whole pathway.",
    })  # fmt: skip
    walk.press("Save the tender", says="The tender is saved.")


def weights_must_make_a_hundred(walk: Walk) -> None:
    walk.follow("Set the criteria")
    walk.fill({"Weight of price (%)": "45"})
    _criterion(walk, 1, "Outcomes for people", "60")
    walk.press("Save the criteria", says="The weights add up to 105%. Together with price they must make exactly 100%.")
    walk.reads("What you typed makes 105%.")
    walk.axe()
    walk.fill({"Weight of price (%)": "40"})
    for place, (name, weight) in enumerate(CRITERIA, start=1):
        _criterion(walk, place, name, weight)
    walk.press("Save the criteria", says="The criteria are saved.")


def _criterion(walk: Walk, place: int, name: str, weight: str) -> None:
    fields = walk.main.get_by_role("group", name=f"Criterion {place}", exact=True)
    walk.fill({"Name": name, "Weight (%)": weight}, within=fields)


def papers_are_reviewed(walk: Walk) -> None:
    walk.tab("Papers")
    walk.reads("No paper has been reviewed.")
    for title, source in (("Figures of the pilot", "Monthly returns"), ("Lead partner’s payroll", "Budget meeting")):
        walk.follow("List a paper")
        walk.fill({"Title": title, "Source": source})
        walk.press("List the paper", says="The paper is listed.")
    walk.follow("Decide on Figures of the pilot")
    walk.tick("Release to all bidders")
    walk.fill({"Reason": "Every bidder needs the volumes."})
    walk.attach("The copy bidders will get", "pilot-figures.csv", "Month,Starts\n2026-10,12\n")
    walk.press("Save the decision", says="The decision is saved.")
    walk.follow("Decide on Lead partner’s payroll")
    walk.tick("Not relevant to bidding")
    walk.fill({"Reason": "One partner’s own costs."})
    walk.press("Save the decision", says="The decision is saved.")
    walk.axe()


def the_notice_goes_out(walk: Walk) -> None:
    """By the officer, who has just signed at the gate."""
    walk.tab("Tender")
    walk.follow(f"Open the tender file of {TENDER}", "Publish the notice")
    walk.press("Publish the notice", says="The notice is out. Everybody can read it.")
    walk.nobody()
    walk.section("Tenders")
    walk.follow(TENDER)
    walk.reads("Deadline for bids", "Figures of the pilot", "Outcomes for people")
    walk.axe()


def a_bidder_asks(walk: Walk, who: Persona, question: str) -> None:
    to_the_notice(walk, who)
    walk.follow("Ask a question")
    walk.fill({"Your question": question})
    walk.press("Ask the question", says="Your question is with the buyer.")


def the_officer_answers_to_all(walk: Walk, *answers: str) -> None:
    walk.becomes(OFFICER)
    for answer in answers:
        walk.section("Home")
        walk.follow("Answer a bidder's question")
        for bidder in (MANAGER, BIDDER):
            expect(walk.main).not_to_contain_text(bidder.organisation)
        walk.fill({"Answer": answer})
        walk.press("Publish to all bidders", says="Published. Every bidder is told.")


def a_bidder_bids(walk: Walk, who: Persona) -> None:
    to_the_notice(walk, who)
    walk.follow("Your bid", "Add a document")
    walk.attach("Document", f"{canary(who, 'name')}.csv", f"Month,Visits\n2027-06,{canary(who, 'document')}\n")
    walk.press("Add the document", says="The document is added, sealed.")
    answers = {f"{name} ({weight}%)": f"Friends within a week. {canary(who, 'answer')}" for name, weight in CRITERIA}
    walk.fill(answers | {"Your price (£)": PRICES[who]})
    walk.press("Save, then check and send", says="Check your bid")
    walk.reads(canary(who, "answer"), f"{canary(who, 'name')}.csv")
    walk.axe()
    walk.tick("I have checked the bid and may send it for my organisation")
    walk.press("Send the bid", says="Your bid is in. Keep the receipt.")
    walk.reads("This bid counts.")


def the_buyer_can_read_nothing(walk: Walk) -> None:
    """Every page of the file, before the deadline: sealed ones refuse in words, no other shows a word of a bid."""
    to_the_file(walk, OFFICER)
    for name in FILE_PAGES:
        walk.tab(name)
        _no_canary_on(walk)
    walk.tab("Opening")
    walk.reads("Bids are still being received. They can be opened after the deadline.")
    for name in CLOSED_PAGES:
        walk.tab(name)
        walk.reads("Bids are sealed")
        _no_canary_on(walk)
        walk.axe()
        walk.page.go_back()
    walk.section("Home")
    _no_canary_on(walk)


def _no_canary_on(walk: Walk) -> None:
    content = walk.page.content()
    for sealed in ("canary-", *PRICES.values(), "540,000", "480,000", BIDDER.organisation):
        assert sealed not in content, f"{walk.page.url} shows “{sealed}”"
