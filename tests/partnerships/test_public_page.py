"""The public page: who opens and closes it, what a visitor reads, and that nothing from the inside is among it."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.actions.public_page import publish_page, take_down_page, write_public_page
from partnerships.in_public import dates_of, extensions_of, steps_of
from partnerships.lifecycle import Stage
from partnerships.models import (
    GateDecision,
    PilotExtension,
    PublicPage,
)
from partnerships.permissions import ABILITIES, Ability
from partnerships.plain_english import hints
from partnerships.plan import Block
from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.lessons import LessonFactory
from tests.factories.partnerships import (
    IdeaFactory,
    InvolvementFactory,
    MilestoneFactory,
    PartnerFactory,
    PartnershipFactory,
    PublicPageFactory,
    both_leads_as_partners,
    person_as,
)
from tests.factories.procurement import TenderFactory

pytestmark = pytest.mark.django_db
R = PartnershipRole
PUBLISHERS = [role for role in R if Ability.PUBLISH_PAGE in ABILITIES[role]]
WRITERS = [role for role in R if Ability.EDIT_PARTNERSHIP in ABILITIES[role]]
WORDS = {
    "summary": "We visit.", "who_for": "Everybody", "take_part": "", "sponsor_post": "Head of Care",
    "shows_vision": True, "takes_ideas": True,
}  # fmt: skip


@pytest.fixture(autouse=True)
def november():
    with clock.at(datetime(2026, 11, 2, 12, tzinfo=UTC)):
        yield


def address(name, *args):
    return reverse(f"partnerships:{name}", args=args)


def test_the_public_lead_and_the_project_lead_publish_and_nobody_else():
    assert PUBLISHERS == [R.PROJECT_LEAD, R.PUBLIC_LEAD]


class TestWriting:
    @pytest.mark.parametrize("role", WRITERS)
    @pytest.mark.parametrize("stage", Stage)
    def test_both_leads_and_the_project_lead_draft_it_in_every_stage(self, role, stage):
        partnership = PartnershipFactory(stage=stage)
        page = write_public_page(partnership=partnership, **WORDS, by=person_as(role, partnership))
        assert (page.summary, page.version, page.is_published) == ("We visit.", 1, False)
        event = AuditEvent.objects.get()
        assert (event.action, event.scope) == ("public_page.write", partnership.audit_scope)
        assert event.after["summary"] == "We visit."

    @pytest.mark.parametrize("role", [role for role in R if role not in WRITERS])
    def test_other_roles_are_refused_and_leave_only_the_refusal(self, role):
        partnership = PartnershipFactory()
        with pytest.raises(NotPermitted):
            write_public_page(partnership=partnership, **WORDS, by=person_as(role, partnership))
        assert not PublicPage.objects.exists()
        assert AuditEvent.objects.get().outcome == Outcome.REFUSED

    def test_a_published_page_is_changed_only_by_who_may_publish(self):
        page = PublicPageFactory(published=True)
        with pytest.raises(NotPermitted, match="publish the public page"):
            write_public_page(
                partnership=page.partnership, **WORDS, by=person_as(R.THIRD_SECTOR_LEAD, page.partnership)
            )
        write_public_page(
            partnership=page.partnership, **WORDS, by=person_as(R.PUBLIC_LEAD, page.partnership), version=1
        )
        page.refresh_from_db()
        assert (page.summary, page.version, page.is_published) == ("We visit.", 2, True)

    @pytest.mark.parametrize("field", ["summary", "who_for"])
    def test_without_words_nothing_is_kept(self, field):
        partnership = PartnershipFactory()
        with pytest.raises(ValidationError) as refusal:
            write_public_page(partnership=partnership, **WORDS | {field: " "}, by=person_as(R.PUBLIC_LEAD, partnership))
        assert field in refusal.value.message_dict
        assert not PublicPage.objects.exists()

    def test_a_stale_tab_is_noticed(self):
        page = PublicPageFactory(version=2)
        with pytest.raises(NotNow, match="changed this"):
            write_public_page(
                partnership=page.partnership, **WORDS, by=person_as(R.PUBLIC_LEAD, page.partnership), version=1
            )


class TestPublishing:
    @pytest.mark.parametrize("role", PUBLISHERS)
    @pytest.mark.parametrize("stage", Stage)
    def test_it_opens_to_everybody_in_every_stage(self, client, role, stage):
        page = PublicPageFactory(partnership__stage=stage)
        url = address("public_page", page.partnership.public_id)
        assert client.get(url).status_code == 404
        publish_page(partnership=page.partnership, by=person_as(role, page.partnership), version=1)
        assert client.get(url).status_code == 200
        assert AuditEvent.objects.get().summary == "published the public page"

    @pytest.mark.parametrize("role", [role for role in R if role not in PUBLISHERS])
    def test_other_roles_are_refused(self, role):
        page = PublicPageFactory()
        with pytest.raises(NotPermitted, match="Project lead, Public sector lead"):
            publish_page(partnership=page.partnership, by=person_as(role, page.partnership))
        page.refresh_from_db()
        assert not page.is_published

    def test_not_without_words_not_twice_and_not_what_was_not_in_the_preview(self):
        partnership = PartnershipFactory()
        lead = person_as(R.PUBLIC_LEAD, partnership)
        with pytest.raises(NotNow, match="has no words yet"):
            publish_page(partnership=partnership, by=lead)
        write_public_page(partnership=partnership, **WORDS, by=lead)
        write_public_page(partnership=partnership, **WORDS | {"summary": "Other"}, by=lead, version=1)
        with pytest.raises(NotNow, match="changed this"):
            publish_page(partnership=partnership, by=lead, version=1)
        publish_page(partnership=partnership, by=lead, version=2)
        with pytest.raises(NotNow, match="public already"):
            publish_page(partnership=partnership, by=lead)

    def test_taking_down_needs_a_reason_closes_the_address_and_keeps_the_words(self, client):
        page = PublicPageFactory(published=True)
        lead, url = person_as(R.PUBLIC_LEAD, page.partnership), address("public_page", page.partnership.public_id)
        with pytest.raises(ValidationError):
            take_down_page(partnership=page.partnership, reason=" ", by=lead)
        with pytest.raises(NotPermitted):
            take_down_page(
                partnership=page.partnership, reason="No", by=person_as(R.THIRD_SECTOR_LEAD, page.partnership)
            )
        assert client.get(url).status_code == 200
        take_down_page(partnership=page.partnership, reason="The leads disagree about it", by=lead, version=1)
        for name in ("public_page", "public_said", "idea_sent"):
            assert client.get(address(name, page.partnership.public_id)).status_code == 404
        assert page.partnership.title not in client.get(address("in_public")).content.decode()
        with pytest.raises(NotNow, match="not public"):
            take_down_page(partnership=page.partnership, reason="Again", by=lead)
        publish_page(partnership=page.partnership, by=lead, version=2)
        page.refresh_from_db()
        assert (page.is_published, page.taken_down_because, page.summary) == (
            True, "", "Volunteers visit people who live alone.",
        )  # fmt: skip


def test_a_visitor_reads_what_who_how_far_and_what_was_learned(client):
    partnership = PartnershipFactory(live=True, area="fife", vision="Together", vision_agreed_on=date(2026, 5, 1))
    both_leads_as_partners(partnership)
    helper = PartnerFactory(partnership=partnership)
    gone = PartnerFactory(partnership=partnership, left_on=date(2026, 10, 1))
    lesson = LessonFactory(partnership=partnership, published=True)
    tender = TenderFactory(
        partnership=partnership, state="open", published_at=clock.now(), published_by=PersonFactory()
    )
    PublicPageFactory(partnership=partnership, published=True, sponsor_post="Head of Care")
    page = client.get(address("public_page", partnership.public_id)).content.decode()
    for words in (
        partnership.title, "Fife", "Volunteers visit", partnership.public_lead.name, partnership.third_sector_lead.name,
        helper.organisation.name, "Head of Care", "Together", lesson.title, lesson.get_absolute_url(), tender.title,
        tender.get_absolute_url(), "It started", "1 April 2026", 'role="img"', "Live: now", "The stages as a table",
    ):  # fmt: skip
        assert escape(words) in page or words in page, words
    assert gone.organisation.name not in page
    PublicPage.objects.update(shows_vision=False)
    assert "Together" not in client.get(address("public_page", partnership.public_id)).content.decode()


def test_extensions_and_moved_dates_are_told_honestly():
    partnership = PartnershipFactory(in_pilot=True, extensions=2, extended_months=9)
    lead = person_as(R.PUBLIC_LEAD, partnership)
    assert extensions_of(partnership) == "The pilot was extended twice, 9 months in all."
    for n, (was, now) in enumerate([(date(2027, 4, 1), date(2027, 10, 1)), (date(2027, 10, 1), date(2028, 1, 1))]):
        PilotExtension.objects.create(
            partnership=partnership, months=6, reason="r", amount=1, source="s", proposed_by=lead, ended_on=was,
            ends_on=now, effective_at=datetime(2026, 10, 1 + n, tzinfo=UTC),
        )  # fmt: skip
    assert extensions_of(partnership) == (
        "The pilot was extended twice, 9 months in all: it was first to end on 1 April 2027, and now on 1 January 2028."
    )
    MilestoneFactory(partnership=partnership, ends_block=True, done_on=date(2026, 9, 30))
    MilestoneFactory(
        partnership=partnership, ends_block=True, block=Block.PARTNERSHIP, due_on=date(2026, 10, 20),
        baseline_on=date(2026, 10, 1),
    )  # fmt: skip
    assert [(d.what, d.on, d.told) for d in dates_of(partnership)] == [
        ("It started", "1 April 2026", ""),
        ("The design is agreed", "30 September 2026", "Done"),
        ("The pilot ends", "20 October 2026", "First planned for 1 October 2026; it is late"),
    ]


def test_the_way_of_one_that_stopped_ends_where_it_stopped():
    partnership = PartnershipFactory(stopped=True)
    lead = person_as(R.PUBLIC_LEAD, partnership)
    for day, leaves, enters in ((1, "design", "pilot"), (2, "pilot", "pilot"), (3, "pilot", "stopped")):
        GateDecision.objects.create(
            partnership=partnership, gate="G1", outcome="pass", leaves=leaves, enters=enters, reason="r",
            proposed_by=lead, decided_at=datetime(2026, 10, day, 12, tzinfo=UTC),
        )  # fmt: skip
    assert [(s.label, s.state, s.told) for s in steps_of(partnership)] == [
        ("Proposed", "done", ""),
        ("Design", "done", "from 1 April 2026"),
        ("Pilot", "stopped", "from 1 October 2026, stopped on 3 October 2026"),
    ]


def test_while_a_lead_is_missing_the_page_says_so(client):
    page = PublicPageFactory(published=True)
    assert "A successor is being looked for" in client.get(page.get_absolute_url()).content.decode()


def test_the_list_is_searched_and_filtered_by_the_address(client):
    fife = PublicPageFactory(partnership__title="Good company", published=True)
    moray = PublicPageFactory(partnership__title="Getting there", partnership__area="moray",
                              partnership__stage=Stage.LIVE, published=True, summary="Buses")  # fmt: skip
    PublicPageFactory(partnership__title="Not yet")
    cases = {
        "": [moray, fife], "text=BUSES": [moray], "text=good": [fife], "area=moray": [moray], "stage=live": [moray],
        f"text={fife.partnership.public_lead.name}": [fife], "text=nothing": [], "area=nowhere": [moray, fife],
        "text=%00": [moray, fife],
    }  # fmt: skip
    for query, pages in cases.items():
        found = client.get(f"{address('in_public')}?{query}")
        assert found.status_code == 200, query
        if query != "text=%00":
            assert list(found.context["object_list"]) == pages, query
    assert "Not yet" not in client.get(f"{address('in_public')}?text=yet").content.decode()


def test_visitors_find_the_list_from_the_first_page_the_sign_in_and_every_foot(client):
    for page in (reverse("home"), reverse("account_login"), reverse("accessibility")):
        assert f'href="{address("in_public")}"' in client.get(page).content.decode()


def test_public_pages_take_the_same_few_queries_at_1_3_and_300_rows(client):
    counts = []
    partnership = PublicPageFactory(published=True).partnership
    for rows in (1, 2, 297):
        InvolvementFactory.create_batch(rows, partnership=partnership, is_public=True)
        InvolvementFactory(partnership=partnership, is_public=True, held_on=date(2027, 1, 1))  # among the newest
        IdeaFactory.create_batch(rows, partnership=partnership, published=True)
        PartnerFactory.create_batch(rows, partnership=partnership)
        PublicPageFactory.create_batch(rows, published=True)
        counts.append([])
        for url in ("in_public", "public_page", "public_said"):
            with CaptureQueriesContext(
                connection,
            ) as captured:
                assert client.get(address(url, *[partnership.public_id][: url != "in_public"])).status_code == 200
            counts[-1].append(len(captured))
            assert [q["sql"] for q in captured if q["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")] == []
    assert counts[0] == counts[1] == counts[2], counts
    assert max(counts[0]) <= 12


class TestPreparing:
    def test_the_preview_shows_the_page_before_it_is_public_and_the_button_publishes(self, client):
        partnership = PartnershipFactory(service="Secret service")
        client.force_login(person_as(R.PUBLIC_LEAD, partnership))
        url = [partnership.public_id]
        form = client.get(address("public_write", *url)).context["form"]
        assert form.initial["summary"] == f"{partnership.need}\n\nSecret service"
        data = {**WORDS, "summary": "We visit service users.", "version": 0}
        assert client.post(address("public_write", *url), data).status_code == 302
        prepared = client.get(address("public_prepare", *url)).content.decode()
        assert "Instead of “service users”" in prepared
        preview = client.get(address("public_publish", *url)).content.decode()
        assert "We visit service users." in preview
        assert client.get(address("public_page", *url)).status_code == 404
        assert client.post(address("public_publish", *url), {"version": 1}).status_code == 302
        assert client.get(address("public_page", *url)).status_code == 200
        stale = client.post(address("public_take_down", *url), {"reason": "x", "version": 1})
        assert "changed this" in stale.content.decode()
        assert client.post(address("public_take_down", *url), {"reason": "x", "version": 2}).status_code == 302

    def test_an_observer_reads_and_gets_no_button_and_a_stranger_learns_nothing(self, client):
        page = PublicPageFactory()
        where = page.partnership.public_id
        client.force_login(person_as(R.OBSERVER, page.partnership))
        main = client.get(address("public_prepare", where)).content.decode().split("<main", 1)[1]
        assert 'class="ds_button' not in main
        for name in ("public_write", "public_publish", "public_take_down"):
            assert client.get(address(name, where)).status_code == 403
        client.force_login(PersonFactory())
        for name in (
            "public_prepare",
            "public_write",
            "public_publish",
            "public_take_down",
            "public_page",
            "public_said",
        ):
            assert client.get(address(name, where)).status_code == 404


def test_hints_for_plain_english():
    assert hints("We visit people. They choose the day.") == []
    assert hints("The HSCP and GPs help (the health and social care partnership, HSCP).") == [
        "Say in full what “HSCP” means.", "Say in full what “GP” means.",
    ]  # fmt: skip
    assert hints("Health and social care partnership (HSCP). The HSCP pays.") == []
    assert hints(f"One {'word ' * 25}.") == [
        "The sentence that begins “One word word word word …” has 26 words. Make two of it."
    ]
    assert hints("Stakeholders facilitate it") == [
        "Instead of “stakeholders” you could say “the people it concerns”.",
        "Instead of “facilitate” you could say “help”.",
    ]
