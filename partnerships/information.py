"""The four classes of information and what each means, in words (`domain.md` 1.6)."""

from django.db import models


class InformationClass(models.TextChoices):
    """Most open first."""

    PUBLIC = "public", "Public"
    PARTNERSHIP = "partnership", "Partnership-shared"
    PARTNER = "partner", "Partner-confidential"
    AUTHORITY = "authority", "Authority-confidential"


WHAT_IT_MEANS = {
    InformationClass.PUBLIC: "Everyone may know it, and it stays public in the tender.",
    InformationClass.PARTNERSHIP: (
        "For all partners and the public body: needs data, notes of the design, pilot figures, the evaluation. Before "
        "the tender it is reviewed, and what matters for bidding is given to every bidder at the same minute."
    ),
    InformationClass.PARTNER: (
        "A partner’s own costs, pay or methods. Read by the organisations it was shared between and the public lead; "
        "never given to bidders as it is."
    ),
    InformationClass.AUTHORITY: (
        "The budget’s ceiling, draft award criteria, names of evaluators, scores. Read by people of the public lead "
        "only; nobody else learns that it exists."
    ),
}

WHO_READS = {
    InformationClass.PUBLIC: "Every member of the partnership; it may also be shown to the public.",
    InformationClass.PARTNERSHIP: (
        "Every member of the partnership. People of a partner that joins later read what is shared from the day it "
        "joins; earlier versions only when they are granted to it."
    ),
    InformationClass.PARTNER: "People of the partner whose it is, and of the public lead. Every download is recorded.",
    InformationClass.AUTHORITY: (
        "People of the public lead only; nobody else learns that it exists. Every download is recorded."
    ),
}

OPEN_TO_ALL_MEMBERS = (InformationClass.PUBLIC, InformationClass.PARTNERSHIP)
