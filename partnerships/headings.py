"""The headings a memorandum of understanding starts from, in our own words (`domain.md` 1.5). Every one can be changed.

`prompt` says what belongs there; `text`, where there is one, is written in already. `{leads}` and `{partners}` are
filled in with the partnership's own names when a draft begins.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Heading:
    """`key` stays with the section through every version, whatever it is called later."""

    key: str
    title: str
    prompt: str
    text: str = ""


PURPOSE = "purpose"

NOT_A_CONTRACT = (
    "This memorandum says what the partners intend to do together. It is not a contract. It creates no legal "
    "obligation and is not meant to be enforced by a court.\n\n"
    "The partners take part of their own will. The memorandum leaves every other agreement between them as it is. "
    "What is binding, such as grants, liability and insurance, is agreed elsewhere. The services themselves are "
    "described in the plan, which may change without a new memorandum."
)

STARTING_HEADINGS = (
    Heading(PURPOSE, "Purpose", "Why the partnership exists, whom it is for and what it wants to reach."),
    Heading("status", "Status of this memorandum", "That it is not a contract, and where binding things are agreed.",
            NOT_A_CONTRACT),
    Heading("leads", "Lead organisations", "Who leads for each sector, with charity numbers, and what leading means.",
            "{leads}"),
    Heading("governance", "Governance group", "Who sits on it, for which organisation, who chairs, and the quorum."),
    Heading("objectives", "General objectives", "Better design and delivery of the service by working in partnership."),
    Heading("specific", "Objectives of this partnership", "What this partnership will have done, and by when."),
    Heading("roles", "Roles and responsibilities", "What each partner brings and does."),
    Heading("decisions", "How decisions are made", "Who decides what, by which rule, and who stands aside when."),
    Heading("meetings", "Meetings", "How often, who calls them, who writes the minutes and who receives them."),
    Heading("money", "Money and resources", "What each partner puts in, who holds the money, who pays for what."),
    Heading("data", "Sharing and protecting information",
            "Which data are shared under which agreement, and what stays confidential, also towards a later tender."),
    Heading("interests", "Conflicts of interest", "How they are declared, and what happens then."),
    Heading("disputes", "Disagreements", "The steps when partners disagree, who is asked in the end, and how soon."),
    Heading("changes", "Changes to this memorandum", "Who may propose a change, and that all partners sign it again."),
    Heading("leaving", "Leaving the partnership", "How much notice a partner gives, and what it hands over to whom."),
    Heading("review", "Review", "When the partners look at this memorandum again, and who sees to it."),
    Heading("publicity", "Publicity and ownership of the work",
            "Who speaks in public, whose names are used, and who owns what is made together."),
    Heading("term", "Term", "When it starts, and when or by what it ends."),
    Heading("partners", "Partners", "Every organisation that takes part.", "{partners}"),
)  # fmt: skip

BY_KEY = {heading.key: heading for heading in STARTING_HEADINGS}
