"""A tour of the demo: every page of the thread with somebody who may open it. Pictures and browser tests follow it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import starmap

from django.urls import reverse

from accounts.models import Organisation
from foundation.delivery.models import OutboxMail
from lessons.models import LearningPoint, Lesson, Report
from partnerships.lifecycle import Gate
from partnerships.models import (
    Document,
    Idea,
    Involvement,
    Issue,
    Meeting,
    Milestone,
    Partner,
    Partnership,
    PilotExtension,
    Risk,
    SavedView,
    SharingEntry,
    Training,
)
from partnerships.roles import PartnerPart
from pilots.lifecycle import ReturnState
from pilots.models import MonthlyReturn, SroiOutcome
from procurement.lifecycle import TenderState
from procurement.models import Bidder, Criterion, Question, StandstillLetter, Tender
from psp_portal.demo import (
    agreed_tour,
    formats_tour,
    gates_tour,
    learning_tour,
    mail_tour,
    measured_tour,
    outside_tour,
    papers_tour,
    personas,
    profiled_tour,
    reminded_tour,
    returns_tour,
)
from psp_portal.demo.kin import JOINT_COMPANY, MERGED, RENAMED
from psp_portal.demo.papers import JOINS_LATE
from psp_portal.demo.people import person
from psp_portal.demo.personas import Persona
from psp_portal.demo.plots import BEFRIENDING, HOUSING, RECOVERY, REPAIR, TRANSPORT, WELLBEING, Plot
from psp_portal.demo.standing import LEAVES


@dataclass(frozen=True)
class Stop:
    """One page: what its picture is called, who looks (None: a visitor), and its address."""

    name: str
    who: Persona | None
    address: str


def stops() -> Iterator[Stop]:
    """The whole tour, in the order a reader of the README would take it."""
    yield from _visitor()
    yield from _commissioner()
    yield from _registers()
    yield from _papers()
    yield from _standing()
    yield from starmap(Stop, gates_tour.stops())
    yield from starmap(Stop, agreed_tour.stops())
    yield from _pilot()
    yield from starmap(Stop, measured_tour.stops())
    yield from _value()
    yield from starmap(Stop, [*returns_tour.stops(), *papers_tour.stops(), *reminded_tour.stops(), *mail_tour.stops()])
    yield from starmap(Stop, formats_tour.stops())
    yield from _buyer()
    yield from _panel_and_bidders()
    yield from _lessons()
    yield from starmap(Stop, [*learning_tour.stops(), *profiled_tour.stops()])
    yield from _administrator()
    yield from _finding()


def _finding() -> Iterator[Stop]:
    """The portfolio by theme, and the views somebody keeps of it."""
    who, view = personas.COMMISSIONER, SavedView.objects.order_by("name")[0]
    yield Stop("portfolio-by-theme", who, reverse("partnerships:portfolio") + "?theme=partners")
    yield Stop("saved-views", who, reverse("partnerships:views"))
    yield Stop("view-save", who, reverse("partnerships:view_save") + "?stage=pilot&health=red")
    yield Stop("view-open", who, reverse("partnerships:view_opening", args=[view.public_id]))
    yield from starmap(Stop, outside_tour.stops())
    yield from _in_public()


def _partnership(plot: Plot) -> str:
    return Partnership.objects.get(title=plot.title).public_id


def _visitor() -> Iterator[Stop]:
    yield Stop("front-page", None, reverse("home"))
    yield Stop("sign-in", None, reverse("account_login"))
    yield Stop("password-forgotten", None, reverse("account_reset_password"))
    yield Stop("tenders", None, reverse("procurement:notices"))
    yield Stop("notice", None, reverse("procurement:notice", args=[_tender(TenderState.STANDSTILL).public_id]))
    yield Stop("lessons", None, reverse("lessons:library"))
    yield Stop("lessons-search", None, reverse("lessons:library") + "?text=partners")
    first = Lesson.objects.filter(partnership=None).order_by("number").first()
    assert first is not None
    yield Stop("lesson", None, first.get_absolute_url())
    yield Stop("learning-points", None, reverse("lessons:learning_points"))
    point = LearningPoint.objects.filter(state="published").first()
    assert point is not None
    yield Stop("learning-point", None, point.get_absolute_url())
    yield Stop("accessibility", None, reverse("accessibility"))
    yield Stop("not-found", None, "/nowhere/")


def _commissioner() -> Iterator[Stop]:
    who, young, pilot = personas.COMMISSIONER, _partnership(TRANSPORT), _partnership(BEFRIENDING)
    yield Stop("home", who, reverse("home"))
    yield Stop("portfolio", who, reverse("partnerships:portfolio"))
    yield Stop("portfolio-empty", who, reverse("partnerships:portfolio") + "?text=nothing")
    yield Stop("start", who, reverse("partnerships:start"))
    yield Stop("partnership", who, reverse("partnerships:partnership", args=[pilot]))
    yield Stop("plan", who, reverse("partnerships:plan", args=[pilot]))
    yield Stop("plan-late", who, reverse("partnerships:plan", args=[young]))
    extension = PilotExtension.objects.open().get(partnership__public_id=pilot)
    yield Stop("extension-propose", who, reverse("partnerships:extension_propose", args=[pilot]))
    yield Stop("extension-sign", who, reverse("partnerships:extension_sign", args=[pilot, extension.public_id]))
    yield Stop("plan-filtered", who, reverse("partnerships:plan", args=[young]) + "?kind=payment")
    yield Stop("plan-change", who, reverse("partnerships:plan_change", args=[young]))
    milestone = Milestone.objects.filter(partnership__public_id=young, title__startswith="Workshop").get()
    yield Stop("plan-start", who, reverse("partnerships:plan_start", args=[young]))
    yield Stop("milestone", who, reverse("partnerships:milestone", args=[young, milestone.public_id]))
    yield Stop("milestone-move", who, reverse("partnerships:milestone_move", args=[young, milestone.public_id]))
    yield Stop("milestone-waits", who, reverse("partnerships:milestone_waits", args=[young, milestone.public_id]))
    yield Stop("partners", who, reverse("partnerships:partners", args=[pilot]))
    yield Stop("member-add", who, reverse("partnerships:member_add", args=[pilot]))
    yield Stop("memorandum", who, reverse("partnerships:memorandum", args=[pilot]))
    yield Stop("budget", who, reverse("partnerships:budget", args=[young]))
    yield Stop("gate", who, reverse("partnerships:gate_at", args=[young, Gate.G1]))
    yield Stop("gate-decisions", who, reverse("partnerships:gate", args=[_partnership(WELLBEING)]))
    yield Stop("gate-conditions", who, reverse("partnerships:gate_at", args=[_partnership(HOUSING), Gate.G3]))
    yield Stop("partnership-conditions", who, reverse("partnerships:partnership", args=[_partnership(HOUSING)]))
    yield Stop("partnership-stopped", who, reverse("partnerships:partnership", args=[_partnership(REPAIR)]))
    yield Stop("gate-stopped", who, reverse("partnerships:gate", args=[_partnership(REPAIR)]))
    yield Stop("decision-propose", who, reverse("partnerships:decision_propose", args=[young, Gate.G1]))
    yield Stop("interests", who, reverse("partnerships:interests", args=[_partnership(WELLBEING)]))
    yield Stop("interest-declare", who, reverse("partnerships:interest_declare", args=[young]))
    yield Stop("history", who, reverse("partnerships:history", args=[pilot]))
    yield Stop("organisations", who, reverse("accounts:organisations"))
    yield Stop("organisation", who, reverse("accounts:organisation", args=[Organisation.objects.all()[0].public_id]))
    for name, told in (("joint-company", JOINT_COMPANY), ("renamed", RENAMED), ("merged", MERGED)):
        yield Stop(f"organisation-{name}", who, Organisation.objects.get(name=told).get_absolute_url())
    company = Organisation.objects.get(name=JOINT_COMPANY)
    for page in ("link", "rename", "merge"):
        yield Stop(f"organisation-{page}", who, reverse(f"accounts:organisation_{page}", args=[company.public_id]))
    yield Stop("permissions", who, reverse("permissions"))


def _registers() -> Iterator[Stop]:
    who, here = personas.PROJECT_LEAD, _partnership(BEFRIENDING)
    yield Stop("registers", who, reverse("partnerships:registers", args=[here]))
    yield Stop("risks", who, reverse("partnerships:risks", args=[here]))
    yield Stop("risk-add", who, reverse("partnerships:risk_add", args=[here]))
    risk = Risk.objects.filter(partnership__public_id=here, closed_on=None)[0]
    yield Stop("risk", who, reverse("partnerships:risk", args=[here, risk.public_id]))
    yield Stop("risk-review", who, reverse("partnerships:risk_review", args=[here, risk.public_id]))

    yield Stop("sharing", who, reverse("partnerships:sharing", args=[here]))
    yield Stop("sharing-log", personas.COMMISSIONER, reverse("partnerships:sharing_log", args=[here]))
    entry = SharingEntry.objects.filter(partnership__public_id=here).exclude(corrects=None)[0]
    yield Stop("sharing-entry", who, reverse("partnerships:sharing_entry", args=[here, entry.public_id]))

    meeting = Meeting.objects.filter(partnership__public_id=here)[0]
    yield Stop("meetings", who, reverse("partnerships:meetings", args=[here]))
    yield Stop("meeting", who, reverse("partnerships:meeting", args=[here, meeting.public_id]))
    yield Stop("meeting-edit", who, reverse("partnerships:meeting_edit", args=[here, meeting.public_id]))
    yield Stop("meeting-decide", who, reverse("partnerships:meeting_decision_add", args=[here, meeting.public_id]))
    yield Stop("meeting-decisions", who, reverse("partnerships:meeting_decisions", args=[here]))

    heard = Involvement.objects.filter(partnership__public_id=here)[0]
    yield Stop("involvement", who, reverse("partnerships:involvement", args=[here]))
    yield Stop("involvement-edit", who, reverse("partnerships:involvement_edit", args=[here, heard.public_id]))
    yield Stop("you-said", who, reverse("partnerships:you_said", args=[here]))

    partner = Partnership.objects.get(public_id=here).partners.get(part=PartnerPart.THIRD_SECTOR_LEAD)
    yield Stop("skills", who, reverse("partnerships:skills", args=[here]))
    yield Stop("partner-skills", who, reverse("partnerships:partner_skills", args=[here, partner.public_id]))
    assess = reverse("partnerships:skills_assess", args=[here, partner.public_id])
    yield Stop("skills-assess", personas.MANAGER, assess)


def _papers() -> Iterator[Stop]:
    """The document register, issues and trainings; one paper as a partner sees it that joined later."""
    who, here, young = personas.PROJECT_LEAD, _partnership(BEFRIENDING), _partnership(TRANSPORT)
    late = next(lead for lead in personas.LEADS if lead.organisation == JOINS_LATE)
    papers = Document.objects.filter(partnership__public_id=here)
    model, secret = papers.get(category="logic_model"), papers.get(information_class="authority")
    paper = [here, model.public_id]
    yield Stop("documents", who, reverse("partnerships:documents", args=[here]))
    yield Stop("documents-young", personas.COMMISSIONER, reverse("partnerships:documents", args=[young]))
    yield Stop("document", who, reverse("partnerships:document", args=paper))
    yield Stop("document-joined-later", late, reverse("partnerships:document", args=paper))
    yield Stop("document-confidential", who, reverse("partnerships:document", args=[here, secret.public_id]))
    yield Stop("document-add", who, reverse("partnerships:document_add", args=[here]) + "?category=pilot_plan")
    yield Stop("document-version", who, reverse("partnerships:document_next_version", args=paper))
    yield Stop("document-confirm", who, reverse("partnerships:document_confirm", args=paper))
    yield Stop("document-class", personas.MANAGER, reverse("partnerships:document_class", args=paper))
    options = papers.get(category="options_appraisal")
    yield Stop("document-grant", who, reverse("partnerships:document_grant", args=[here, options.public_id]))
    issue = Issue.objects.filter(partnership__public_id=here, risk__isnull=False)[0]
    yield Stop("issues", who, reverse("partnerships:issues", args=[here]))
    yield Stop("issue", who, reverse("partnerships:issue", args=[here, issue.public_id]))
    yield Stop("issue-open", who, reverse("partnerships:issue_open", args=[here]))
    yield Stop("issue-resolve", who, reverse("partnerships:issue_resolve", args=[here, issue.public_id]))
    risk = Risk.objects.filter(partnership__public_id=here, closed_on=None)[0]
    yield Stop("risk-happened", who, reverse("partnerships:risk_happened", args=[here, risk.public_id]))
    training = Training.objects.filter(partnership__public_id=here)[0]
    yield Stop("trainings", who, reverse("partnerships:trainings", args=[here]))
    yield Stop("training-log", who, reverse("partnerships:training_log", args=[here]))
    yield Stop("training-correct", who, reverse("partnerships:training_correct", args=[here, training.public_id]))


def _standing() -> Iterator[Stop]:
    """A partner that leaves, a partnership that is paused, and the forms around both."""
    who, here, paused = personas.COMMISSIONER, _partnership(BEFRIENDING), _partnership(HOUSING)
    young = _partnership(TRANSPORT)
    leaver = Partner.objects.get(partnership__public_id=here, organisation__name=LEAVES)
    drivers = Milestone.objects.get(partnership__public_id=here, title__startswith="Volunteer drivers")
    stays = Partner.objects.filter(partnership__public_id=here, left_on=None).order_by("-pk")[0]
    yield Stop("partner-gives-notice", who, reverse("partnerships:partner_leave", args=[here, stays.public_id]))
    yield Stop("partner-leaving", who, reverse("partnerships:partner_leaving", args=[here, leaver.public_id]))
    yield Stop("partner-stays", who, reverse("partnerships:partner_stay", args=[here, leaver.public_id]))
    thing = [here, leaver.public_id, "milestone", drivers.public_id]
    yield Stop("hand-over", who, reverse("partnerships:partner_hand_over", args=thing))
    yield Stop("paused", who, reverse("partnerships:partnership", args=[paused]))
    yield Stop("resume", who, reverse("partnerships:resume", args=[paused]))
    yield Stop("lead-leaves", who, reverse("partnerships:partners", args=[paused]))
    yield Stop("successor", who, reverse("partnerships:successor", args=[paused]))
    yield Stop("pause", who, reverse("partnerships:pause", args=[young]))
    yield Stop("vision", who, reverse("partnerships:agree", args=[here]))


def _pilot() -> Iterator[Stop]:
    who, here = personas.MANAGER, _partnership(BEFRIENDING)
    yield Stop("manager-home", who, reverse("home"))
    yield Stop("pilot", who, reverse("pilots:pilot", args=[here]))
    returns = MonthlyReturn.objects.filter(partnership__public_id=here)
    draft, accepted = returns.get(state=ReturnState.DRAFT), returns.filter(state=ReturnState.ACCEPTED).last()
    submitted = returns.get(state=ReturnState.SUBMITTED)
    assert accepted is not None
    yield Stop("return-fill-in", who, reverse("pilots:return_fill_in", args=[here, draft.period]))
    yield Stop("return", who, reverse("pilots:return", args=[here, accepted.period]))
    yield Stop("return-to-accept", personas.COMMISSIONER, reverse("pilots:return", args=[here, submitted.period]))
    yield Stop("evaluation", personas.EVALUATOR, reverse("pilots:evaluation", args=[_partnership(RECOVERY)]))
    yield Stop("evaluation-write", personas.EVALUATOR, reverse("pilots:evaluation_write", args=[here]))


def _value() -> Iterator[Stop]:
    """What the pilot is worth: a published SROI map, a draft, and the social accounts."""
    who, here = personas.MANAGER, _partnership(BEFRIENDING)
    yield Stop("sroi", who, reverse("pilots:sroi", args=[here]))
    yield Stop("sroi-map", who, reverse("pilots:sroi_map", args=[here, 1]))
    yield Stop("sroi-print", who, reverse("pilots:sroi_print", args=[here, 1]))
    yield Stop("sroi-draft", who, reverse("pilots:sroi_map", args=[here, 2]))
    outcome = SroiOutcome.objects.get(stakeholder__sroi_map__number=2, title="Less isolation")
    yield Stop("sroi-outcome", who, reverse("pilots:sroi_outcome_edit", args=[here, 2, outcome.public_id]))
    yield Stop("sroi-outcome-remove", who, reverse("pilots:sroi_outcome_remove", args=[here, 2, outcome.public_id]))
    for page in ("settings", "inputs", "stakeholders"):
        yield Stop(f"sroi-{page}", who, reverse(f"pilots:sroi_{page}", args=[here, 2]))
    yield Stop("sroi-publish", personas.EVALUATOR, reverse("pilots:sroi_publish", args=[here, 2]))
    yield Stop("social-accounts", who, reverse("pilots:social_accounts", args=[here]))
    yield Stop("social-accounts-write", who, reverse("pilots:social_accounts_write", args=[here]))


def _tender(state: TenderState) -> Tender:
    return Tender.objects.get(state=state)


def _buyer() -> Iterator[Stop]:
    who, preparing, standstill = personas.OFFICER, _tender(TenderState.PREPARING), _tender(TenderState.STANDSTILL)
    yield Stop("officer-home", who, reverse("home"))
    yield Stop("tender-of", who, reverse("procurement:tender_of", args=[preparing.partnership.public_id]))
    yield Stop("tender-preparing", who, reverse("procurement:tender", args=[preparing.public_id]))
    yield Stop("tender-edit", who, reverse("procurement:edit", args=[preparing.public_id]))
    yield Stop("criteria", who, reverse("procurement:criteria", args=[preparing.public_id]))
    yield Stop("papers", who, reverse("procurement:papers", args=[preparing.public_id]))
    for name, page in (
        ("tender-standstill", "tender"), ("questions", "questions"), ("opening", "opening"), ("panel", "panel"),
        ("agreed-scores", "agreed"), ("results", "results"), ("award", "award"), ("tender-history", "history"),
    ):  # fmt: skip
        yield Stop(name, who, reverse(f"procurement:{page}", args=[standstill.public_id]))
    letter = StandstillLetter.objects.filter(award__tender=standstill)[0]
    yield Stop("letter", who, reverse("procurement:letter", args=[standstill.public_id, letter.public_id]))
    question = Question.objects.filter(tender=standstill)[0]
    yield Stop("answer", who, reverse("procurement:answer", args=[standstill.public_id, question.public_id]))


def _panel_and_bidders() -> Iterator[Stop]:
    standstill = _tender(TenderState.STANDSTILL)
    criterion = Criterion.objects.filter(tender=standstill)[0]
    yield Stop("scoring", personas.SCORER, reverse("procurement:scoring", args=[standstill.public_id]))
    yield Stop("score", personas.SCORER, reverse("procurement:score", args=[standstill.public_id, criterion.public_id]))
    bidder = personas.BIDDER
    bid = Bidder.objects.get(tender=standstill, organisation=person(bidder).organisation).bids.all()[0]
    yield Stop("bidder-home", bidder, reverse("home"))
    yield Stop("receipt", bidder, reverse("procurement:receipt", args=[standstill.public_id, bid.public_id]))
    yield Stop("my-letter", bidder, reverse("procurement:my_letter", args=[standstill.public_id]))


def _lessons() -> Iterator[Stop]:
    who = personas.PUBLISHER
    yield Stop("lessons-of", personas.PROJECT_LEAD, reverse("lessons:lessons_of", args=[_partnership(WELLBEING)]))
    yield Stop("reports", who, reverse("lessons:reports"))
    yield Stop("report-new", who, reverse("lessons:report_new"))
    yield Stop("report", who, reverse("lessons:report", args=[Report.objects.all()[0].public_id]))
    yield Stop("drafts", who, reverse("lessons:drafts"))
    yield Stop("learning-point-start", who, reverse("lessons:learning_point_start"))


def _administrator() -> Iterator[Stop]:
    who = personas.ADMINISTRATOR
    yield Stop("people", who, reverse("accounts:people"))
    yield Stop("invite", who, reverse("accounts:invite"))
    yield Stop("organisation-add", who, reverse("accounts:organisation_add"))
    yield Stop("person", who, reverse("accounts:person", args=[person(personas.MANAGER).public_id]))
    yield Stop("health", who, reverse("health"))
    yield Stop("mail-ledger", who, reverse("ledger"))
    yield Stop("mail", who, reverse("ledger_mail", args=[OutboxMail.objects.all()[0].public_id]))


def _in_public() -> Iterator[Stop]:
    """What a visitor reads and sends, and what the moderator does with it."""
    here, who = _partnership(BEFRIENDING), personas.PROJECT_LEAD
    yield Stop("in-public", None, reverse("partnerships:in_public"))
    yield Stop("public-page", None, reverse("partnerships:public_page", args=[here]))
    yield Stop("public-page-tender", None, reverse("partnerships:public_page", args=[_partnership(RECOVERY)]))
    yield Stop("public-said", None, reverse("partnerships:public_said", args=[here]))
    yield Stop("idea-sent", None, reverse("partnerships:idea_sent", args=[here]))
    yield Stop("ideas-kept", None, reverse("partnerships:ideas_kept"))
    yield Stop("public-prepare", who, reverse("partnerships:public_prepare", args=[here]))
    yield Stop("public-write", who, reverse("partnerships:public_write", args=[here]))
    yield Stop("public-take-down", who, reverse("partnerships:public_take_down", args=[here]))
    yield Stop("public-prepare-empty", who, reverse("partnerships:public_prepare", args=[_partnership(TRANSPORT)]))
    yield Stop("ideas", who, reverse("partnerships:ideas", args=[here]))
    idea = Idea.objects.waiting().filter(partnership__public_id=here).order_by("pk")[0]
    for name in ("idea", "idea_publish", "idea_keep_private", "idea_reject", "idea_remove_details"):
        yield Stop(name.replace("_", "-"), who, reverse(f"partnerships:{name}", args=[here, idea.public_id]))
    yield Stop("history-dates", who, reverse("partnerships:history", args=[here]) + "?kind=dates&order=oldest")
    yield Stop("history-all", who, reverse("partnerships:history_all", args=[here]))
