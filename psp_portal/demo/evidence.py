"""What the demo's people give to the gates: papers, statements, and a statement that nobody has looked at again."""

from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Person
from partnerships import gates
from partnerships.actions.document import add_document
from partnerships.actions.evidence import give_evidence
from partnerships.actions.skills import assess_skills
from partnerships.categories import DocumentCategory
from partnerships.checklist import ItemKind
from partnerships.information import InformationClass
from partnerships.lifecycle import Gate, passage_through
from partnerships.models import Partner, Partnership
from partnerships.roles import PartnershipRole
from partnerships.skills import Topic
from psp_portal.demo.clockwork import midday

STATEMENTS = {
    "need": "{need} We counted them from our own waiting lists and asked 60 people how they live with it.",
    "market": "Two charities and one firm could do parts of it, none all of it. The board would buy it for five years.",
    "size": "It is new: nobody runs it today. We allow half a year to set it up.",
    "procurement_advice": "A later contract falls under the light-touch rules. What partners learn will be shared with "
    "every bidder, so the log of shared information begins on the first day.",
    "wanted": "People asked for it in both workshops. The board has money for a contract, if the pilot works.",
    "feedback": "Eighteen people were asked at home. They like that one person stays with them; they want evenings.",
    "safeguarding": "One concern was reported, looked at the same day by the board’s lead, and closed.",
    "judgement": "The users’ panel wants it bought for at least three years, with two evenings a week.",
    "money_after": "The board’s integration fund, £560,000 over three years; minute 14 of its March meeting.",
    "intentions": "Each partner has said in writing whether it will bid, stand aside or work for a bidder. The "
    "letters are in the document register.",
    "fair_work": "Bidders are asked about pay, contracts and a voice at work. Community benefits are asked for as one "
    "of four criteria.",
    "staff": "Staff of the pilot may transfer. Anonymised figures about them are with the papers for all bidders.",
    "money": "The integration board approved £560,000 for the whole term.",
    "checks": "Accounts, two references and the exclusion grounds were checked. Nothing was found.",
    "data": "Records of those who agreed went over in one week; the others were told where to ask.",
    "agreed": "Every partner has read what is published about it. Two sentences were changed on their request.",
    "retention": "The board keeps the file for six years. Nothing is destroyed without a named decision.",
}
CLOSED = (DocumentCategory.PROCUREMENT_STRATEGY, DocumentCategory.AWARD_REPORT)


@dataclass(frozen=True)
class Givers:
    """Who writes: the project lead while the partners work together, the officer once it is about buying."""

    project: Person
    public: Person
    officer: Person

    def at(self, gate: Gate) -> Person:
        buys = PartnershipRole.PROCUREMENT_OFFICER in passage_through(gate).signers
        return self.officer if buys else self.project


def give(partnership: Partnership, gate: Gate, givers: Givers, *, on: date, only: tuple[str, ...] = ()) -> None:
    """Every paper and every statement that the gate asks for, or some; the facts are told elsewhere in the story."""
    who = givers.at(gate)
    with midday(on, 11):
        for item in gates.checklist_of(gate, partnership).asked_of(partnership.variant):
            if only and item.key not in only:
                continue
            if item.kind == ItemKind.STATEMENT:
                text = STATEMENTS[item.key].format(need=partnership.need)
                give_evidence(partnership=partnership, gate=gate, key=item.key, text=text, by=who)
            elif item.kind == ItemKind.DOCUMENT:
                _paper(partnership, DocumentCategory(item.source), who)


def _paper(partnership: Partnership, category: DocumentCategory, who: Person) -> None:
    """One page of text; what every partner may read stands in the information-sharing log at once."""
    text = f"{category.label}\n\n{partnership.title}\n\nThis page stands for the paper itself.\n"
    closed = category in CLOSED
    add_document(
        partnership=partnership, category=category, title=category.label, partner=None, log=not closed, by=who,
        information_class=InformationClass.AUTHORITY if closed else InformationClass.PARTNERSHIP,
        file=SimpleUploadedFile(f"{category.value.replace('_', '-')}.txt", text.encode()),
    )  # fmt: skip


def assess(partner: Partner, manager: Person, *, on: date) -> None:
    """A first self-assessment in time for the review; the leads make theirs every half year."""
    if not partner.skills.exists():
        with midday(on, 10):
            assess_skills(partner=partner, scores=dict.fromkeys(Topic.values, 3), by=manager)
