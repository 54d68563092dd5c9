"""The tour's stops about money, national outcomes, acting roles and the memorandum in the making."""

from collections.abc import Iterator

from django.urls import reverse

from partnerships.models import (
    BudgetHeading,
    BudgetLine,
    DraftComment,
    Fund,
    Instalment,
    MemorandumDraft,
    OutcomeSet,
    Partnership,
)
from psp_portal.demo import personas
from psp_portal.demo.means import GRANT
from psp_portal.demo.personas import Persona
from psp_portal.demo.plots import BEFRIENDING, TRANSPORT, Plot

Seen = tuple[str, Persona | None, str]


def stops() -> Iterator[Seen]:
    yield from _means()
    yield from _agreements()


def _id(plot: Plot) -> str:
    return Partnership.objects.get(title=plot.title).public_id


def _means() -> Iterator[Seen]:
    """Money, national outcomes, and a person with two roles that conflict."""
    who, here, young = personas.PROJECT_LEAD, _id(BEFRIENDING), _id(TRANSPORT)
    grant = Fund.objects.get(partnership__public_id=here, source=GRANT)
    hoped = Fund.objects.get(partnership__public_id=here, certainty="hoped_for")
    arrived = grant.instalments.exclude(received_on=None)[0]
    waiting = Instalment.objects.filter(fund__partnership__public_id=young, received_on=None)[0]
    line = BudgetLine.objects.get(partnership__public_id=here, heading=BudgetHeading.DELIVERY_STAFF)
    yield ("budget-whole", who, reverse("partnerships:budget", args=[here]))
    yield ("fund", who, reverse("partnerships:fund", args=[here, grant.public_id]))
    yield ("fund-add", who, reverse("partnerships:fund_add", args=[here]))
    for page in ("fund_change", "fund_remove"):
        yield (page.replace("_", "-"), who, reverse(f"partnerships:{page}", args=[here, hoped.public_id]))
    yield ("instalment-add", who, reverse("partnerships:instalment_add", args=[here, hoped.public_id]))
    for page in ("receive", "change", "remove"):
        yield (f"instalment-{page}", who, reverse(f"partnerships:instalment_{page}", args=[young, waiting.public_id]))
    back = reverse("partnerships:instalment_take_back", args=[here, arrived.public_id])
    yield ("instalment-take-back", who, back)
    yield ("budget-allocate", who, reverse("partnerships:budget_allocate", args=[here, line.public_id]))
    offered = OutcomeSet.objects.all()[0]
    yield ("outcomes-choose", who, reverse("partnerships:outcomes_choose", args=[here]))
    yield ("outcome-sets", personas.ADMINISTRATOR, reverse("partnerships:outcome_sets"))
    yield ("outcome-set", personas.ADMINISTRATOR, offered.get_absolute_url())
    yield ("outcome-set-add", personas.ADMINISTRATOR, reverse("partnerships:outcome_set_add"))
    edit = reverse("partnerships:outcome_set_edit", args=[offered.public_id])
    yield ("outcome-set-edit", personas.ADMINISTRATOR, edit)
    yield ("two-roles", personas.OFFICER, reverse("partnerships:partnership", args=[young]))
    yield ("act-as", personas.OFFICER, reverse("partnerships:act_as", args=[young]))


def _agreements() -> Iterator[Seen]:
    """The third version of a memorandum in the making, in the hands of the project lead, who has the pen."""
    who, here = personas.PROJECT_LEAD, _id(BEFRIENDING)
    draft = MemorandumDraft.objects.open().get(partnership__public_id=here)
    section = draft.sections.get(key="money")
    said = DraftComment.objects.open().get(section=section)
    yield ("memorandum-changes", who, reverse("partnerships:memorandum_compare", args=[here, 1, 2]))
    yield ("memorandum-of-before", who, reverse("partnerships:memorandum_version", args=[here, 1]))
    yield ("draft", who, reverse("partnerships:draft", args=[here]))
    yield ("draft-without-the-pen", personas.MANAGER, reverse("partnerships:draft", args=[here]))
    yield ("draft-changes", who, reverse("partnerships:draft_changes", args=[here]))
    yield ("draft-issue", who, reverse("partnerships:draft_issue", args=[here]))
    yield ("pen-hand-over", who, reverse("partnerships:pen_hand_over", args=[here]))
    yield ("section-add", who, reverse("partnerships:section_add", args=[here]))
    yield ("section-write", who, reverse("partnerships:section_write", args=[here, section.public_id]))
    yield ("section-comment", who, reverse("partnerships:section_comment", args=[here, section.public_id]))
    yield ("comment-resolve", who, reverse("partnerships:comment_resolve", args=[here, said.public_id]))
