"""Lists cost the same however long they are; forms keep what was typed and say what to do."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import todo
from accounts.models import Person
from foundation.database import clock
from foundation.files.models import StoredFile
from partnerships import deadlines
from partnerships.roles import PartnershipRole
from procurement.lifecycle import Disclosure, TenderState
from procurement.models import Bid, Bidder, DisclosureItem, PanelMember, Question, Tender
from tests.factories.accounts import OrganisationFactory, PersonFactory
from tests.factories.partnerships import PartnershipFactory, person_as
from tests.factories.procurement import DEADLINE, OPENED, PUBLISHED, TenderFactory, open_tender, preparing

pytestmark = pytest.mark.django_db
MOST = 20


def queries(client, address):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        response = client.get(address)
    assert response.status_code == 200, response.content.decode()[-300:]
    return len(seen)


def assert_constant(client, address, grow):
    """The same number of queries at 1, 3 and 300 rows, at most twenty."""
    counts = []
    for target in (1, 3, 300):
        grow(target)
        counts.append(queries(client, address))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= MOST, counts


def published(count, partnerships, person):
    made = [
        TenderFactory.build(
            partnership=partnership, prepared_by=person, state=TenderState.OPEN, published_at=PUBLISHED,
            published_by=person,
        )
        for partnership in partnerships[:count]
    ]  # fmt: skip
    Tender.objects.bulk_create(made)


def test_the_list_of_notices(client):
    buyer, third = OrganisationFactory(public=True), OrganisationFactory()
    person = PersonFactory(organisation=buyer)
    client.get(reverse("procurement:notices"))

    def grow(target):
        many = [
            PartnershipFactory.build(public_lead=buyer, third_sector_lead=third)
            for _ in range(target - Tender.objects.count())
        ]
        from partnerships.models import Partnership

        published(target, Partnership.objects.bulk_create(many), person)

    assert_constant(client, reverse("procurement:notices"), grow)


def grow_questions(story):
    bidder = Bidder.objects.create(
        tender=story.tender, organisation=OrganisationFactory(), contact=(person := PersonFactory())
    )

    def grow(target):
        for answered in (False, True):
            fields = {"published_text": "Q?", "answer": "A.", "answered_by": story.officer, "published_at": PUBLISHED}
            rows = Question.objects.filter(answer="A." if answered else "")
            Question.objects.bulk_create(
                Question(tender=story.tender, bidder=bidder, asked_by=person, text="Q?", **(fields if answered else {}))
                for _ in range(target - rows.count())
            )

    return grow


def test_the_notice_with_many_questions_and_papers(client):
    story = open_tender()
    file = StoredFile.objects.first()
    more = grow_questions(story)

    def grow(target):
        more(target)
        DisclosureItem.objects.bulk_create(
            DisclosureItem(
                tender=story.tender, title="Paper", source="Pilot", decision=Disclosure.RELEASE, reason="All",
                decided_by=story.officer, decided_at=PUBLISHED, file=file,
            )
            for _ in range(target - story.tender.papers.count())
        )  # fmt: skip

    client.force_login(PersonFactory())
    assert_constant(client, reverse("procurement:notice", args=[story.tender.public_id]), grow)
    client.force_login(story.sponsor)
    assert_constant(client, reverse("procurement:papers", args=[story.tender.public_id]), grow)


def test_the_question_desk(client):
    story = open_tender()
    client.force_login(story.officer)
    assert_constant(client, reverse("procurement:questions", args=[story.tender.public_id]), grow_questions(story))


def grow_bids(story, template):
    def grow(target):
        wanted = target - Bid.objects.count()
        from accounts.models import Organisation

        organisations = Organisation.objects.bulk_create(OrganisationFactory.build() for _ in range(wanted))
        bidders = Bidder.objects.bulk_create(
            Bidder(tender=story.tender, organisation=o, contact=template.submitted_by) for o in organisations
        )
        from procurement.envelopes import Content, seal_bid

        answers = {c.public_id: "Well." for c in story.tender.criteria.all()}
        for bidder in bidders:
            quality, price = seal_bid(bidder, 1, Content(answers, 500_000))
            Bid.objects.bulk_create([
                Bid(
                    tender=story.tender, bidder=bidder, number=1, submitted_by=template.submitted_by,
                    sealed_quality=quality, sealed_price=price, received_at=DEADLINE, receipt_hash="x",
                )
            ])  # fmt: skip

    return grow


def test_pages_with_every_bid(client):
    story = open_tender()
    bid = story.bid()
    story.closed().opened().with_panel()
    tender, criterion, member = story.tender, story.tender.criteria.first(), story.panel[0]
    grow = grow_bids(story, bid)
    counts = {}
    for target in (1, 3, 300):
        grow(target)
        for person, name, args in (
            (story.officer, "opening", []), (story.officer, "agreed", []), (member.person, "declare", []),
            (member.person, "scoring", []), (member.person, "score", [criterion.public_id]),
            (story.officer, "agree", [criterion.public_id]),
        ):  # fmt: skip
            client.force_login(person)
            counts.setdefault(name, []).append(
                queries(client, reverse(f"procurement:{name}", args=[tender.public_id, *args]))
            )
    assert all(len(set(seen)) == 1 and seen[0] <= MOST for seen in counts.values()), counts


def test_the_panel_page(client):
    story = open_tender()
    client.force_login(story.sponsor)

    def grow(target):
        wanted = target - PanelMember.objects.count()
        PanelMember.objects.bulk_create(
            PanelMember(tender=story.tender, person=person) for person in PersonFactory.create_batch(wanted)
        )

    assert_constant(client, reverse("procurement:panel", args=[story.tender.public_id]), grow)


def test_what_waits_and_deadlines_cost_the_same_for_one_tender_and_many():
    story = open_tender()
    counts = []
    for _ in range(2):
        officer = Person.objects.get(pk=story.officer.pk)
        with clock.at(PUBLISHED), CaptureQueriesContext(connection) as seen:
            todo.of(officer)
            found = [d for d in deadlines.due_by(DEADLINE.date()) if d.key.startswith("tender:")]
        counts.append(len(seen))
        for _ in range(3):
            other = open_tender()
            person_as(PartnershipRole.PROCUREMENT_OFFICER, other.tender.partnership, organisation=other.tender.buyer)
    assert counts[0] == counts[1]
    assert {d.title for d in found} >= {f"Deadline for bids: {story.tender}"}


def test_an_officer_the_buyer_does_not_employ_is_not_reminded():
    story = open_tender()
    other = person_as(PartnershipRole.PROCUREMENT_OFFICER, story.tender.partnership)
    with clock.at(PUBLISHED):
        owners = {d.owner for d in deadlines.due_by(DEADLINE.date()) if d.key.startswith("tender:")}
    assert story.officer in owners
    assert other not in owners


def test_the_last_day_for_answers_counts_from_the_scottish_day_of_the_deadline(client):
    """Half past midnight in summer is still the day before in UTC."""
    tender = TenderFactory(
        state=TenderState.OPEN, published_at=PUBLISHED, published_by=PersonFactory(),
        deadline_at=datetime(2026, 6, 10, 23, 30, tzinfo=UTC),
    )  # fmt: skip
    page = client.get(tender.get_absolute_url())
    assert ("Last day for answers", "5 June 2026") in page.context["dates"]


class TestBadInput:
    """A wrong value comes back beside its field, with everything typed still there and nothing changed."""

    def post(self, client, person, address, **data):
        client.force_login(person)
        return client.post(address, data)

    def assert_kept(self, response, *words):
        page = response.content.decode()
        assert response.status_code == 200, response.status_code
        for word in words:
            assert word in page, word

    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            ("deadline_at", "25/10/2026 01:30", "night the clocks change"),  # exists twice: the clocks go back
            ("deadline_at", "29/3/2026 01:30", "night the clocks change"),  # does not exist: the clocks go forward
            ("deadline_at", "tomorrow", "day, month, year and time"),
            ("deadline_at", "25/02/2027", "Add the time, for example 27/3/2027 14:30"),
            ("question_deadline_at", "11 Feb 2027", "Add the time, for example 27/3/2027 14:30"),
            ("estimated_value", "a lot", "must be a number"),
            ("estimated_value", "0", "1 or more"),
            ("contract_ends_on", "31/2/2030", "day, month and year"),
            ("route", "shortcut", "from the list"),
            ("title", "x" * 151, "150 characters or fewer"),
            ("title", "bad\x00title", "Null characters"),
            ("summary", "hidden\u202emark", "invisible control character"),
        ],
    )  # fmt: skip
    def test_the_tender_form(self, client, field, value, message):
        story = preparing()
        data = {
            "title": "Typed title", "summary": "Typed summary", "estimated_value": "600000",
            "contract_starts_on": "1/4/2027", "contract_ends_on": "31/3/2030", "route": "light_touch",
            "specification": "Typed specification", "version": story.tender.version,
        } | {field: value}  # fmt: skip
        address = reverse("procurement:edit", args=[story.tender.public_id])
        response = self.post(client, story.officer, address, **data)
        self.assert_kept(response, "Typed specification", "Error", message)
        assert story.again().version == 1

    def test_the_criteria_form(self, client):
        story = preparing()
        address = reverse("procurement:criteria", args=[story.tender.public_id])
        base = {"version": story.tender.version, "price_weight": "40"}
        for data, message in (
            ({"title_0": "Typed name"}, "Give this criterion a weight"),
            ({"weight_0": "60"}, "Give this criterion a name"),
            ({"title_0": "Typed name", "weight_0": "65"}, "add up to 105%"),
            ({"title_0": "Typed name", "weight_0": "NaN"}, "must be a number"),
            ({"title_0": "Typed name", "weight_0": "101"}, "100 or less"),
            ({"title_0": "Typed name", "weight_0": "60", "price_weight": ""}, "weight of price"),
        ):
            self.assert_kept(self.post(client, story.officer, address, **base | data), message)
        assert not story.tender.criteria.exists()

    def test_the_total_is_worked_out_without_saving(self, client):
        story = preparing()
        address = reverse("procurement:criteria", args=[story.tender.public_id])
        data = {"version": 1, "price_weight": "40", "title_0": "Typed", "weight_0": "25.5", "total": "x"}
        self.assert_kept(self.post(client, story.officer, address, **data), "65.50%", "Typed")
        assert not story.tender.criteria.exists()

    def test_the_bid_form_keeps_answers_beside_a_bad_price(self, client):
        story = open_tender()
        person = PersonFactory()
        address = reverse("procurement:my_bid", args=[story.tender.public_id])
        answers = {f"answer_{c.public_id}": "Typed answer" for c in story.tender.criteria.all()}
        with clock.at(PUBLISHED):
            for price, message in (("-5", "0.01 or more"), ("12 pounds", "must be a number"), ("9" * 14, "too")):
                response = self.post(client, person, address, **answers, price=price, version=0)
                self.assert_kept(response, "Typed answer", message)
        assert not Bidder.objects.exclude(draft_saved_at=None).exists()

    def test_a_late_draft_keeps_what_was_typed_and_says_both_times(self, client):
        story = open_tender()
        bid = story.bid()
        address = reverse("procurement:my_bid", args=[story.tender.public_id])
        criterion = story.tender.criteria.first()
        with clock.at(DEADLINE + timedelta(seconds=1)):
            response = self.post(
                client, bid.submitted_by, address, **{f"answer_{criterion.public_id}": "Typed late"}, price="5",
                version=bid.bidder.version,
            )  # fmt: skip
        self.assert_kept(response, "Typed late", "12:00:00 GMT", "12:00:01 GMT")

    def test_sending_without_the_tick_or_from_a_stale_page_is_refused(self, client):
        story = open_tender()
        bid = story.bid()
        address = reverse("procurement:check_bid", args=[story.tender.public_id])
        with clock.at(PUBLISHED):
            response = self.post(client, bid.submitted_by, address, version=bid.bidder.version)
            self.assert_kept(response, "I have checked the bid")
            response = self.post(client, bid.submitted_by, address, version=0, checked="on")
            self.assert_kept(response, "changed this")
        assert Bid.objects.count() == 1

    def test_the_scoring_form(self, client):
        story = open_tender()
        bid = story.bid()
        story.closed().opened().with_panel()
        member, criterion = story.panel[0], story.tender.criteria.first()
        address = reverse("procurement:score", args=[story.tender.public_id, criterion.public_id])
        score, comment = f"score_{bid.public_id}", f"comment_{bid.public_id}"
        for data, message in (
            ({score: "7", comment: "Typed ground"}, "Choose the score from the list"),
            ({score: "3"}, "Write what the score stands on"),
            ({comment: "Typed ground"}, "Choose a score from 0 to 4"),
        ):
            self.assert_kept(self.post(client, member.person, address, **data), message)
        assert not member.scores.exists()

    def test_an_organisations_name_is_text_never_markup_or_a_template(self, client):
        story = open_tender()
        story.bid(organisation=OrganisationFactory(name="<b>{{ tender.key.wrapped }}</b>"))
        story.closed().opened().with_panel()
        client.force_login(story.panel[0].person)
        criterion = story.tender.criteria.first()
        page = client.get(reverse("procurement:score", args=[story.tender.public_id, criterion.public_id]))
        assert "&lt;b&gt;{{ tender.key.wrapped }}&lt;/b&gt;" in page.content.decode()

    @pytest.mark.parametrize("name", ["publish", "extend", "abandon", "panel_add", "paper_add", "award_decide", "sign"])
    def test_an_empty_or_foolish_post_never_breaks_a_page(self, client, name):
        story = open_tender()
        client.force_login(story.officer)
        address = reverse(f"procurement:{name}", args=[story.tender.public_id])
        for data in ({}, {"version": "abc"}, {"version": "99999999999999999999", "reason": "\x00", "email": "x"}):
            with clock.at(OPENED):
                assert client.post(address, data).status_code in (200, 404, 409)
        assert story.again().state == TenderState.OPEN

    def test_weights_are_shown_as_they_are_typed(self, client):
        story = preparing().with_criteria()
        client.force_login(story.officer)
        page = client.get(reverse("procurement:criteria", args=[story.tender.public_id])).content.decode()
        assert 'name="price_weight" value="40"' in page
        assert 'name="weight_2" value="10"' in page
        assert "E+" not in page
