"""The report of some months and the evaluation pack: what they tell, who may have them, what a withdrawn story does."""

from datetime import UTC, date, datetime
from decimal import Decimal

import page as validation
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.files.models import StoredFile
from foundation.files.store import path_of
from foundation.policy.refusals import NotNow, NotPermitted
from foundation.rendering.jobs import discard, request
from foundation.rendering.models import JobState, RenderJob
from foundation.rendering.printing import printed
from foundation.rendering.queue import run_pending
from partnerships import gates
from partnerships.lifecycle import Gate, Stage
from partnerships.models import Partnership
from partnerships.packs import content_of as gate_content
from partnerships.roles import PartnershipRole
from pilots.actions.papers import request_evaluation_pack, request_report
from pilots.actions.stories import withdraw_story
from pilots.models import MonthlyReturn, PilotPaper
from pilots.packs import KINDS, pack_content, paper_document
from pilots.report import Range, content_of, last_quarter, usual_range
from pilots.spending import rows_of
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import (
    InvolvementFactory,
    MilestoneFactory,
    PartnershipFactory,
    RiskFactory,
    person_as,
)
from tests.factories.pilots import EvaluationFactory, IndicatorFactory, ReturnFactory, StoryFactory, ValueFactory
from tests.factories.sroi import worked_example
from tests.reading import numbers_in, text

pytestmark = pytest.mark.django_db
QUARTER = Range(date(2026, 7, 1), date(2026, 9, 1))
MADE = {"report": lambda p, by: request_report(partnership=p, asked=QUARTER, by=by),
        "pack": lambda p, by: request_evaluation_pack(partnership=p, gate=Gate.G3, by=by)}  # fmt: skip
VERBS = {"report": "pilot.report", "pack": "pilot.evaluation_pack"}


@pytest.fixture(autouse=True)
def november():
    with clock.at(datetime(2026, 11, 28, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def partnership():
    return PartnershipFactory(in_pilot=True)


@pytest.fixture
def reader(client, partnership):
    person = person_as(PartnershipRole.OBSERVER, partnership)
    client.force_login(person)
    return person


def address(name, partnership, *args):
    return reverse(f"pilots:{name}", args=[partnership.public_id, *args])


def quarter(partnership):
    """July to September: 8 people started each month; August came late, September is a corrected one."""
    july, august = (
        ReturnFactory(partnership=partnership, accepted=True, period=date(2026, month, 1), learned=f"Lesson of {month}")
        for month in (7, 8)
    )
    MonthlyReturn.objects.filter(pk=august.pk).update(first_submitted_on=date(2026, 9, 16))
    old = ReturnFactory(partnership=partnership, accepted=True, period=date(2026, 9, 1))
    MonthlyReturn.objects.filter(pk=old.pk).update(state="superseded")
    september = ReturnFactory(
        partnership=partnership, accepted=True, period=date(2026, 9, 1), revision=2, corrects=old,
        correction_reason="A bill was booked twice", users_said="Open on Sundays", changed_because="Sundays are open",
    )  # fmt: skip
    return july, august, september


def told(content):
    """Everything the content says, as one text."""
    return " ".join(str(block) for section in content["sections"] for block in section["blocks"])


def block_of(content, caption):
    return next(b for s in content["sections"] for b in s["blocks"] if b.get("caption") == caption)


# What the report tells


def test_the_usual_range_is_the_quarter_that_ended_last_or_the_last_one_told(partnership):
    assert last_quarter(date(2026, 11, 28)) == QUARTER
    assert last_quarter(date(2026, 10, 1)) == QUARTER
    assert last_quarter(date(2026, 2, 1)) == Range(date(2025, 10, 1), date(2025, 12, 1))
    assert usual_range(rows_of(partnership), date(2026, 11, 28)) == QUARTER
    ReturnFactory(partnership=partnership, accepted=True, period=date(2025, 5, 1))
    assert usual_range(rows_of(partnership), date(2026, 11, 28)) == Range(date(2025, 4, 1), date(2025, 6, 1))


def test_the_report_tells_reach_outcomes_money_milestones_risks_voice_lessons_lateness_and_corrections(partnership):
    """Three months of £10,400 of £10,000: £31,200 of £30,000, 4% over; 24 people started, £1,300 each."""
    july, *_ = quarter(partnership)
    ReturnFactory(partnership=partnership, accepted=True, period=date(2026, 6, 1), actual=Decimal(12_000))
    indicator = IndicatorFactory(partnership=partnership, code="R1", target=Decimal(10))
    ValueFactory(monthly_return=july, indicator=indicator, amount=Decimal(8))
    MilestoneFactory(
        partnership=partnership, title="Second team", due_on=date(2026, 8, 3), baseline_on=date(2026, 8, 3)
    )
    MilestoneFactory(partnership=partnership, title="Another year", due_on=date(2027, 8, 3))
    RiskFactory(partnership=partnership, title="No drivers", likelihood=4, impact=4)
    content = content_of(partnership, QUARTER)
    reach = block_of(content, "People, by period")["rows"]
    assert [row[0] for row in reach] == ["July 2026", "August 2026", "September 2026", "All together"]
    assert reach[-1][1:] == ["36", "24", "12", "3", "33", "2"]
    facts = dict(block_of(content, "Money in these months")["rows"])
    assert (facts["Spent, in cash"], facts["Difference"]) == ("£31,200", "£1,200 over (4%)")
    assert facts["Cost for each person started"] == "£1,300"
    assert facts["Cost for each person improved"] == "£1,733.33"
    year = dict(block_of(content, "Year to date: April 2026 to the end of September 2026")["rows"])
    assert (year["Spent"], year["State"]["word"]) == ("£43,200", "At risk")  # 8% over, with June
    assert block_of(content, "Indicators in these months, against their targets")["rows"][0][1:] == [
        "8", "10", {"health": "amber", "word": "At risk"},
    ]  # fmt: skip
    late = {row[0]: row[3] for row in block_of(content, "When the returns came")["rows"]}
    assert late["July 2026"]["word"] == "On track"
    assert late["August 2026"]["word"] == "At risk"
    said = told(content)
    for words in ("Second team", "No drivers", "16 (", "Open on Sundays", "Sundays are open", "Lesson of 8",
                  "A bill was booked twice", "3 of 3 returns"):  # fmt: skip
        assert words in said
    assert "Another year" not in said


# Asking


@pytest.mark.parametrize("kind", list(MADE))
def test_every_member_may_have_a_paper_and_the_same_content_is_the_same_paper(partnership, kind):
    quarter(partnership)
    for role in PartnershipRole:
        by = person_as(role, partnership)
        paper = MADE[kind](partnership, by)
    assert (PilotPaper.objects.count(), RenderJob.objects.count(), paper.edition) == (1, 1, 1)
    ReturnFactory(partnership=partnership, accepted=True, period=date(2026, 6, 1))
    MonthlyReturn.objects.filter(period=date(2026, 7, 1)).update(actual=Decimal(9_999))
    assert MADE[kind](partnership, by).edition == 2
    events = AuditEvent.objects.filter(action=VERBS[kind])
    assert {(event.scope, event.outcome) for event in events} == {(partnership.audit_scope, Outcome.ALLOWED)}
    assert events.last().after["checksum"]


@pytest.mark.parametrize("kind", list(MADE))
def test_strangers_and_pilots_without_an_accepted_return_get_no_paper_and_are_told_why(partnership, kind):
    with pytest.raises(NotPermitted, match="part in this partnership"):
        MADE[kind](partnership, PersonFactory())
    member = person_as(PartnershipRole.PROJECT_LEAD, partnership)
    ReturnFactory(partnership=partnership, submitted=True)
    with pytest.raises(NotNow, match="No return has been accepted yet"):
        MADE[kind](partnership, member)
    Partnership.objects.update(stage=Stage.DESIGN)
    with pytest.raises(NotNow, match="The pilot has not begun"):
        MADE[kind](partnership, member)
    assert not PilotPaper.objects.exists()
    assert not RenderJob.objects.exists()
    assert {event.outcome for event in AuditEvent.objects.all()} == {Outcome.REFUSED}


def test_what_cannot_be_asked_for_is_refused_and_nothing_is_kept(partnership):
    quarter(partnership)
    by = person_as(PartnershipRole.OBSERVER, partnership)
    with pytest.raises(ValidationError, match="cannot come before"):
        request_report(partnership=partnership, asked=Range(QUARTER.last, QUARTER.first), by=by)
    with pytest.raises(ValidationError, match="Only gates G2 and G3"):
        request_evaluation_pack(partnership=partnership, gate=Gate.G1, by=by)
    assert not PilotPaper.objects.exists()


# Stories


def test_s34_a_withdrawn_story_is_gone_from_the_page_and_every_paper_that_told_it_is_withdrawn(
    client, partnership, reader, django_capture_on_commit_callbacks
):
    july, august, _ = quarter(partnership)
    story = StoryFactory(monthly_return=july, published=True, text="She pours the tea.")
    StoryFactory(monthly_return=august, agreed=True, published_on=None, text="Agreed, but not published.")
    assert "She pours the tea." in text(client.get(address("report", partnership)))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address("report_ask", partnership, *vars(QUARTER).values()))
        client.post(address("evaluation_pack_ask", partnership, "G3"))
    made, waiting = PilotPaper.objects.get(kind="report"), PilotPaper.objects.get(kind="pack")
    assert "She pours the tea." in told(made.content)
    assert "not published" not in told(made.content)
    run_pending(limit=1)
    file = StoredFile.objects.get()
    where = path_of(file)
    assert where.exists()
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_story(story=story, by=person_as(PartnershipRole.PUBLIC_LEAD, partnership))
    assert "She pours the tea." not in text(client.get(address("report", partnership)))
    for paper in (made, waiting):
        paper.refresh_from_db()
        assert paper.withdrawn_on == date(2026, 11, 28)
        assert "She pours the tea." not in told(paper.content)
        assert paper.render_job.state == JobState.CANCELLED
        assert client.get(address("paper_download", partnership, paper.public_id)).status_code == 404
        assert "Withdrawn on 28 Nov 2026" in text(client.get(address("paper", partnership, paper.public_id)))
    assert not where.exists()
    assert not StoredFile.objects.exists()
    assert run_pending() == 0
    event = AuditEvent.objects.get(action="story.withdraw")
    assert event.summary == "withdrew a story that was published, and with it 2 papers that told it"
    assert event.after["papers"] == [str(waiting), str(made)]
    again = request_report(partnership=partnership, asked=QUARTER, by=reader)
    assert (again.edition, again.withdrawn_on) == (2, None)
    assert "She pours the tea." not in told(again.content)


def test_a_paper_that_never_told_the_story_stays(partnership, reader):
    july, *_ = quarter(partnership)
    request_report(partnership=partnership, asked=QUARTER, by=reader)
    story = StoryFactory(monthly_return=july, published=True)
    withdraw_story(story=story, by=person_as(PartnershipRole.PUBLIC_LEAD, partnership))
    assert PilotPaper.objects.in_use().count() == 1
    assert AuditEvent.objects.get(action="story.withdraw").summary == "withdrew a story that was published"


def test_a_document_that_is_being_made_is_stopped_when_it_is_discarded(partnership, reader):
    job = request(kind=KINDS["report"], inputs={}, key="k", title="A paper", by=reader)
    RenderJob.objects.update(state=JobState.RENDERING, lease_until=clock.now())
    discard(job)
    job.refresh_from_db()
    assert (job.state, job.file, job.lease_until) == (JobState.CANCELLED, None, None)


# The evaluation pack


def test_the_pack_tells_the_signed_evaluation_indicators_money_the_ratio_with_its_range_and_the_evidence(partnership):
    july, *_ = quarter(partnership)
    sroi_map = worked_example(partnership=partnership, published=True)
    indicator = IndicatorFactory(partnership=partnership, percent=True, code="O1", baseline=Decimal(40))
    ValueFactory(monthly_return=july, indicator=indicator, amount=Decimal(9), out_of=Decimal(12))
    InvolvementFactory(partnership=partnership, heard="They want evenings")
    evaluation = EvaluationFactory(partnership=partnership, summary="It worked.", findings="Secret until signed.")
    unsigned = told(pack_content(partnership, Gate.G3))
    assert "The evaluation is not signed off yet." in unsigned
    assert "Secret until signed." not in unsigned
    evaluation.signed_off_by, evaluation.signed_off_at = evaluation.written_by, clock.now()
    evaluation.save()
    content = pack_content(partnership, Gate.G3)
    [row] = block_of(content, "From baseline to result")["rows"]
    assert row[0].startswith("O1")
    assert row[1:] == ["40% (April 2026)", "80%", "75%", {"health": "amber", "word": "At risk"}]
    said = told(content)
    ratio = reverse("pilots:sroi_map", args=[partnership.public_id, sroi_map.number])
    for words in ("It worked.", "Secret until signed.", "2.23 : 1, between", ratio, "They want evenings",
                  "Lesson of 7", "Cost for each person improved in", "What the gate asks for"):  # fmt: skip
        assert words in said
    evidence = next(s for s in content["sections"] if s["key"] == "evidence")
    assert ["Evaluation of the pilot", "There"] in [row[:2] for row in evidence["blocks"][1]["rows"]]


def test_the_gate_shows_its_pack_as_evidence_and_the_pack_does_not_count_itself(client, partnership, reader):
    quarter(partnership)
    before = pack_content(partnership, Gate.G3)
    paper = request_evaluation_pack(partnership=partnership, gate=Gate.G3, by=reader)
    assert pack_content(partnership, Gate.G3) == before
    [line] = [line for line in gates.evidence(Gate.G3, partnership) if line.key == "evaluation_pack"]
    assert line.met
    assert paper.checksum[:12] in line.sentence
    assert line.address == address("evaluation_packs", partnership)
    assert not [line for line in gates.evidence(Gate.G2, partnership) if line.key == "evaluation_pack"]
    assert "Evaluation pack" in [one["name"] for one in gate_content(partnership, Gate.G3)["evidence"]]
    shown = text(client.get(reverse("partnerships:gate_at", args=[partnership.public_id, "G3"])))
    assert address("evaluation_packs", partnership) in shown
    assert address("evaluation_packs", partnership) in text(client.get(address("evaluation", partnership)))


# Pages and PDFs


def test_the_report_is_read_asked_for_made_by_the_worker_and_downloaded(client, partnership, reader):
    quarter(partnership)
    page = client.get(address("report", partnership))
    assert "Report of the pilot, July to September 2026" in text(page)
    assert {"31200", "24"} <= numbers_in(page)
    other = client.get(address("report", partnership), {"first": "2026-07", "last": "2026-08"})
    assert "Report of the pilot, July to August 2026" in text(other)
    wrong = client.get(address("report", partnership), {"first": "2026-09", "last": "2026-07"})
    assert "The last month cannot come before the first one. Choose a later one." in text(wrong)
    assert client.get(address("report", partnership), {"first": "\x00", "last": "2026-13"}).status_code == 200
    ask = address("report_ask", partnership, *vars(QUARTER).values())
    assert client.get(ask).status_code == 405
    where = client.post(ask)
    assert "Waiting for its turn" in text(client.get(where.url))
    paper = PilotPaper.objects.get()
    assert client.get(address("paper_download", partnership, paper.public_id)).status_code == 404
    run_pending()
    assert "Ready." in text(client.get(address("paper_progress", partnership, paper.public_id)))
    answer = client.get(address("paper_download", partnership, paper.public_id))
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert 'filename="pilot-report-2026-07-to-2026-09-edition-1.pdf"' in answer["Content-Disposition"]
    assert "Edition 1: July 2026 to September 2026" in text(client.get(address("papers", partnership)))
    backwards = address("report_ask", partnership, QUARTER.last, QUARTER.first)
    assert client.post(backwards).status_code == 404
    for last in (date(9999, 12, 1), date(2040, 1, 1)):
        assert client.post(address("report_ask", partnership, QUARTER.first, last)).status_code == 404
    assert client.post(address("evaluation_pack_ask", partnership, "G1")).status_code == 404


def test_strangers_find_no_paper_and_a_member_no_paper_of_another_partnership(client, partnership, reader):
    quarter(partnership)
    other = PartnershipFactory(in_pilot=True)
    quarter(other)
    paper = request_report(partnership=other, asked=QUARTER, by=person_as(PartnershipRole.OBSERVER, other))
    for name, args in (("report", ()), ("papers", ()), ("evaluation_packs", ()), ("paper", (paper.public_id,))):
        assert client.get(address(name, other, *args)).status_code == 404
    for name in ("paper", "paper_progress", "paper_download"):
        assert client.get(address(name, partnership, paper.public_id)).status_code == 404
    assert client.post(address("evaluation_pack_ask", other, "G2")).status_code == 404


def test_before_anything_is_accepted_the_pages_say_so(client, partnership, reader):
    for name in ("report", "evaluation_packs"):
        assert "No return has been accepted yet, so there is nothing to report." in text(
            client.get(address(name, partnership))
        )


@pytest.mark.parametrize("name", ["report", "papers", "evaluation_packs"])
def test_the_pages_take_the_same_few_queries_at_1_3_and_300_rows(client, partnership, reader, name):
    counts = []
    months = [date(1996 + n // 12, n % 12 + 1, 1) for n in range(300)]
    query = {"first": "1996-01", "last": "2020-12"}
    for rows in (months[:1], months[1:3], months[3:]):
        for period in rows:
            row = ReturnFactory(partnership=partnership, accepted=True, period=period)
            StoryFactory(monthly_return=row, published=True)
            PilotPaper.objects.create(
                partnership=partnership, kind="report", edition=PilotPaper.objects.count() + 1, first=period,
                last=period, asked_by=reader, checksum=str(period),
            )  # fmt: skip
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(name, partnership), query).status_code == 200
        counts.append(len(captured))
    assert len(set(counts)) == 1
    assert counts[0] <= 20


@pytest.mark.parametrize("kind", list(MADE))
def test_the_paper_is_accessible_pdf_with_its_drawings(tmp_path, partnership, reader, kind):
    """PDF/UA-1 by an independent validator."""
    july, *_ = quarter(partnership)
    StoryFactory(monthly_return=july, published=True)
    headline = IndicatorFactory(partnership=partnership, is_headline=True)
    ValueFactory(monthly_return=july, indicator=headline)
    worked_example(partnership=partnership, published=True)
    document = paper_document({"paper": MADE[kind](partnership, reader).public_id})
    assert document.html.count("<svg") >= 2
    made = tmp_path / document.filename
    made.write_bytes(printed(document.html, lambda step, progress: True))
    found = validation.validate_pdf(str(made), profile="ua1")
    assert found.is_compliant, str(found)
