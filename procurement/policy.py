"""Who may reach each address of this app (see `foundation.policy.table`). Parts in a tender: `permissions.py`."""

from accounts.models import Person
from foundation.policy.table import Rule, form, page, public, verb

BIDDER = "an organisation that is not the buyer"
BUYER = "a buyer's part in the tender, employed by the buying authority"
OFFICER = "the tender's procurement officer, employed by the buying authority"
PANEL = "a place on the tender's panel"
MEMBER = "a part in the partnership"


def in_an_organisation(person: Person) -> bool:
    return person.organisation_id is not None


def _named(names: str, rule: Rule) -> dict[str, Rule]:
    return {f"procurement:{name}": rule for name in names.split()}


POLICY: dict[str, Rule] = {
    **_named("notices notice paper", public()),
    **_named("my_document receipt my_letter my_letter_pdf", page(BIDDER, allows=in_an_organisation)),
    **_named("ask my_bid my_documents check_bid withdraw_bid", form(BIDDER, allows=in_an_organisation)),
    **_named("follow my_document_remove", verb(BIDDER, allows=in_an_organisation)),
    **_named("tender_of", page(MEMBER)),
    **_named("tender papers questions opening panel results award history", page(BUYER)),
    **_named("agreed letter_pdf", page(OFFICER)),
    **_named("prepare edit criteria publish extend abandon paper_add paper_decide answer", form(OFFICER)),
    **_named("panel_add panel_remove agree award_decide award_notice challenge challenge_end", form(OFFICER)),
    **_named("letter letter_send sign debrief_asked debrief_answered", form(OFFICER)),
    **_named("lock_quality", form(OFFICER)),
    **_named("open_bids", verb("one of two openers, employed by the buying authority")),
    **_named("scoring", page(PANEL)),
    **_named("declare score", form(PANEL)),
    **_named("bid_document", page(f"{PANEL}, or {OFFICER}")),
}
