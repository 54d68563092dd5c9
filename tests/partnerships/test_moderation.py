"""Ideas from people without an account: moderated, answered, forgotten, and the pages of the register."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import todo
from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.delivery.delivery import drain
from foundation.delivery.message import text_of
from foundation.delivery.models import MailState, OutboxMail
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.actions.idea import send_idea
from partnerships.actions.moderation import keep_idea_private, publish_idea, reject_idea, remove_details
from partnerships.lifecycle import Stage
from partnerships.models import IdeaTally
from partnerships.moderation import UNANSWERED, Rejection
from partnerships.permissions import ABILITIES, Ability
from partnerships.roles import PartnershipRole
from partnerships.tasks import forget_details
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import (
    IdeaFactory,
    InvolvementFactory,
    PartnershipFactory,
    PublicPageFactory,
    person_as,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
MODERATORS = [role for role in PartnershipRole if Ability.KEEP_REGISTERS in ABILITIES[role]]
OTHERS = [role for role in PartnershipRole if role not in MODERATORS]
FULL = {"name": "Jean Typed", "email": "jean@example.org", "access_needs": "A lift please"}


@pytest.fixture(autouse=True)
def november():
    with clock.at(NOON):
        yield


@pytest.fixture
def partnership():
    return PublicPageFactory(published=True).partnership


@pytest.fixture
def moderator(partnership):
    return person_as(PartnershipRole.PROJECT_LEAD, partnership)


def address(name, *args):
    return reverse(f"partnerships:{name}", args=args)


def send(partnership, sender="192.0.2.7", **changed):
    given = {"kind": "idea", "text": "Evenings please"} | changed
    return send_idea(partnership=partnership, sender=sender, by=None, **given)


DECISIONS = {
    "publish": lambda idea, **by: publish_idea(
        idea=idea, shown="Evenings", we_did="Until eight", we_could_not="", **by
    ),
    "private": lambda idea, **by: keep_idea_private(idea=idea, answer="Thank you", **by),
    "reject": lambda idea, **by: reject_idea(idea=idea, reason="elsewhere", **by),
    "remove": lambda idea, **by: remove_details(idea=idea, text="[removed]", shown="", **by),
}
LEADS_TO = {"publish": "published", "private": "private", "reject": "rejected", "remove": "waiting"}


class TestModerating:
    @pytest.mark.parametrize("decision", DECISIONS)
    @pytest.mark.parametrize("role", MODERATORS)
    def test_keepers_of_the_registers_decide_and_the_details_go(self, partnership, decision, role):
        idea = IdeaFactory(partnership=partnership, **FULL)
        DECISIONS[decision](idea, by=person_as(role, partnership), version=1)
        idea.refresh_from_db()
        assert (idea.state, idea.name, idea.email, idea.access_needs) == (LEADS_TO[decision], "", "", "")
        assert idea.version == 2
        event = AuditEvent.objects.get()
        assert event.outcome == Outcome.ALLOWED
        kept = f"{event.object_name} {event.summary} {event.reason} {event.before} {event.after}"
        assert not [typed for typed in (*FULL.values(), idea.text, "Evenings") if typed in kept]

    @pytest.mark.parametrize("decision", DECISIONS)
    @pytest.mark.parametrize("role", OTHERS)
    def test_other_roles_are_refused_and_nothing_changes(self, partnership, decision, role):
        idea = IdeaFactory(partnership=partnership, **FULL)
        with pytest.raises(NotPermitted, match="write in the registers"):
            DECISIONS[decision](idea, by=person_as(role, partnership))
        idea.refresh_from_db()
        assert (idea.state, idea.version, idea.name) == ("waiting", 1, "Jean Typed")
        assert not OutboxMail.objects.exists()

    @pytest.mark.parametrize("decision", DECISIONS)
    def test_a_stale_tab_is_noticed_and_the_address_is_not_written_to(self, partnership, moderator, decision):
        idea = IdeaFactory(partnership=partnership, **FULL)
        with pytest.raises(NotNow, match="changed this"):
            DECISIONS[decision](idea, by=moderator, version=7)
        assert not OutboxMail.objects.exists()

    @pytest.mark.parametrize("first", ["publish", "private", "reject"])
    @pytest.mark.parametrize("then", ["publish", "private", "reject"])
    @pytest.mark.parametrize("stage", [Stage.DESIGN, Stage.CLOSED])
    def test_a_decision_can_be_changed_in_every_stage(self, partnership, moderator, first, then, stage):
        type(partnership).objects.update(stage=stage)
        idea = IdeaFactory(partnership=partnership)
        DECISIONS[first](idea, by=moderator)
        DECISIONS[then](idea, by=moderator)
        idea.refresh_from_db()
        assert idea.state == LEADS_TO[then]

    @pytest.mark.parametrize(
        ("action", "given", "field"),
        [
            (publish_idea, {"shown": " ", "we_did": "x", "we_could_not": ""}, "shown"),
            (publish_idea, {"shown": "x", "we_did": " ", "we_could_not": ""}, "we_did"),
            (publish_idea, {"shown": "x" * 2001, "we_did": "x", "we_could_not": ""}, "shown"),
            (reject_idea, {"reason": "because"}, "reason"),
            (remove_details, {"text": " "}, "text"),
        ],
    )  # fmt: skip
    def test_what_is_missing_is_told_beside_the_field(self, partnership, moderator, action, given, field):
        idea = IdeaFactory(partnership=partnership, **FULL)
        with pytest.raises(ValidationError) as refusal:
            action(idea=idea, **given, by=moderator)
        assert field in refusal.value.message_dict
        idea.refresh_from_db()
        assert (idea.state, idea.email) == ("waiting", "jean@example.org")
        assert not OutboxMail.objects.exists()

    def test_removed_words_are_gone_from_a_published_idea_too(self, partnership, moderator, client):
        idea = IdeaFactory(partnership=partnership, published=True, text="Ask Jean", shown="Ask Jean")
        with pytest.raises(ValidationError):
            remove_details(idea=idea, text="Ask [removed]", shown="", by=moderator)
        remove_details(idea=idea, text="Ask [removed]", shown="Ask [removed]", by=moderator)
        page = client.get(address("public_page", partnership.public_id)).content.decode()
        assert "Ask [removed]" in page
        assert "Jean" not in page


class TestAnswering:
    def mail(self):
        return OutboxMail.objects.get()

    def test_the_answer_goes_to_the_address_once_without_what_was_typed(self, partnership, moderator):
        idea = IdeaFactory(partnership=partnership, text="Evenings please", **FULL)
        publish_idea(idea=idea, shown="Evenings", we_did="Until eight", we_could_not="No Sundays", by=moderator)
        mail = self.mail()
        assert (mail.to, mail.to_address, mail.kind) == (None, "jean@example.org", "answer")
        text = text_of(mail)
        for words in ("Until eight", "No Sundays", f"/in-public/{partnership.public_id}/", partnership.title):
            assert words in text
        assert "Evenings" not in text
        assert "Jean" not in text
        publish_idea(idea=idea, shown="Evenings", we_did="Until nine", we_could_not="", by=moderator)
        assert OutboxMail.objects.count() == 1

    @pytest.mark.parametrize("reason", Rejection)
    def test_a_rejection_is_mailed_with_its_reason_but_abuse_is_not_answered(self, partnership, moderator, reason):
        reject_idea(idea=IdeaFactory(partnership=partnership, **FULL), reason=reason, by=moderator)
        if reason in UNANSWERED:
            assert not OutboxMail.objects.exists()
        else:
            assert reason.label in text_of(self.mail())

    def test_kept_private_with_an_answer_and_no_mail_without_an_address(self, partnership, moderator):
        keep_idea_private(idea=IdeaFactory(partnership=partnership), answer="Thank you", by=moderator)
        assert not OutboxMail.objects.exists()
        partnership.public_page.delete()
        keep_idea_private(idea=IdeaFactory(partnership=partnership, **FULL), answer="Come on Monday", by=moderator)
        text = text_of(self.mail())
        assert "Come on Monday" in text
        assert "in-public" not in text

    def test_the_ledger_shows_it_and_the_address_is_forgotten_once_it_is_sent(self, partnership, moderator, client):
        DECISIONS["publish"](IdeaFactory(partnership=partnership, **FULL), by=moderator)
        client.force_login(PersonFactory(administrator=True))
        for url in (reverse("ledger"), reverse("ledger_mail", args=[self.mail().public_id])):
            page = client.get(url).content.decode()
            assert "Somebody without an account" in page
            assert "jean@example.org" in page
        assert forget_details() == 0
        assert drain() == 1
        assert self.mail().state == MailState.SENT
        assert "jean@example.org" not in self.mail().body
        assert forget_details() == 1
        assert (self.mail().to_address, forget_details()) == ("", 0)
        page = client.get(reverse("ledger_mail", args=[self.mail().public_id])).content.decode()
        assert "address deleted" in page
        assert "jean@example.org" not in page


class TestForgetting:
    def test_details_that_nobody_answered_are_deleted_after_the_days_of_the_setting(self, partnership, settings):
        settings.IDEA_DETAILS_DAYS = 30
        old, young = (
            IdeaFactory(partnership=partnership, created_at=NOON - timedelta(days=days), **FULL) for days in (32, 29)
        )
        assert forget_details() == 1
        old.refresh_from_db()
        young.refresh_from_db()
        assert (old.name, old.email, old.access_needs, old.state) == ("", "", "", "waiting")
        assert young.email == "jean@example.org"
        assert AuditEvent.objects.get().summary == "deleted who sent an idea: nobody decided on it in 30 days"
        assert forget_details() == 0

    def test_a_mail_that_never_left_loses_its_address_after_those_days_and_cannot_be_sent_again(
        self, partnership, moderator, client
    ):
        DECISIONS["private"](IdeaFactory(partnership=partnership, **FULL), by=moderator)
        OutboxMail.objects.update(state=MailState.DEAD, last_error="jean@example.org: no such mailbox")
        with clock.at(NOON + timedelta(days=364)):
            assert forget_details() == 0
        with clock.at(NOON + timedelta(days=367)):
            assert forget_details() == 1
        mail = OutboxMail.objects.get()
        assert (mail.to_address, mail.last_error) == ("", "")
        client.force_login(PersonFactory(administrator=True))
        client.post(reverse("ledger_resend", args=[mail.public_id]))
        mail.refresh_from_db()
        assert mail.state == MailState.DEAD

    def test_mails_to_people_with_an_account_keep_their_address(self):
        from tests.psp_portal.test_ledger import mail_in

        mail = mail_in(MailState.SENT)
        OutboxMail.objects.update(created_at=NOON - timedelta(days=900))
        assert forget_details() == 0
        mail.refresh_from_db()
        assert mail.to_address

    def test_tallies_are_kept_two_days(self, partnership):
        send(partnership)
        with clock.at(NOON + timedelta(days=1)):
            forget_details()
            assert IdeaTally.objects.count() == 1
        with clock.at(NOON + timedelta(days=2)):
            forget_details()
            assert not IdeaTally.objects.exists()


class TestPages:
    def test_moderators_see_all_and_everybody_else_in_the_partnership_only_what_is_published(self, client, partnership):
        waiting = IdeaFactory(partnership=partnership, text="Not read yet", **FULL)
        IdeaFactory(partnership=partnership, decided=True, text="Between us")
        shown = IdeaFactory(partnership=partnership, published=True, text="Told by Jean", shown="Evenings")
        client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
        for query in ("", "?state=waiting", "?state=private"):
            page = client.get(address("ideas", partnership.public_id) + query).content.decode()
            assert "Not read yet" not in page
            assert "Between us" not in page
            assert "Told by Jean" not in page
        assert "Evenings" in client.get(address("ideas", partnership.public_id)).content.decode()
        for name in ("idea", "idea_publish", "idea_keep_private", "idea_reject", "idea_remove_details"):
            for idea in (waiting, shown):
                assert client.get(address(name, partnership.public_id, idea.public_id)).status_code == 403
        client.force_login(person_as(PartnershipRole.PROCUREMENT_OFFICER, partnership))
        found = client.get(address("ideas", partnership.public_id))
        assert found.context["page_obj"][0].pk == waiting.pk
        assert len(found.context["page_obj"]) == 3
        one = client.get(address("idea", partnership.public_id, waiting.public_id)).content.decode()
        assert "Jean Typed" in one
        assert "jean@example.org" not in one, "nobody needs the address to answer"

    def test_a_stranger_and_another_partnerships_moderator_learn_nothing(self, client, partnership, moderator):
        idea = IdeaFactory(partnership=partnership)
        other = PartnershipFactory()
        client.force_login(person_as(PartnershipRole.PUBLIC_LEAD, other))
        for name in ("idea", "idea_publish", "idea_keep_private", "idea_reject", "idea_remove_details"):
            for where in (partnership, other):
                assert client.get(address(name, where.public_id, idea.public_id)).status_code == 404
        assert client.get(address("ideas", partnership.public_id)).status_code == 404

    def test_from_the_register_to_the_public_page_and_the_page_to_print(self, client, partnership, moderator):
        idea = IdeaFactory(partnership=partnership, text="<b>Evenings")
        client.force_login(moderator)
        where = [partnership.public_id, idea.public_id]
        assert client.get(address("idea_publish", *where)).context["form"].initial["shown"] == "<b>Evenings"
        data = {"shown": "<b>Evenings", "we_did": "", "we_could_not": "No staff", "version": 1}
        assert client.post(address("idea_publish", *where), data).status_code == 302
        for name in ("public_page", "public_said", "you_said", "ideas"):
            page = client.get(address(name, partnership.public_id)).content.decode()
            assert "&lt;b&gt;Evenings" in page
        assert (
            "No staff" in page or "No staff" in client.get(address("you_said", partnership.public_id)).content.decode()
        )
        for name, data in (("keep_private", {"answer": ""}), ("reject", {"reason": "people"})):
            idea.refresh_from_db()
            data |= {"version": idea.version}
            assert client.post(address(f"idea_{name}", *where), data).status_code == 302
        assert "Evenings" not in client.get(address("public_page", partnership.public_id)).content.decode()

    def test_a_diary_entry_is_told_in_public_only_when_it_is_marked(self, client, partnership, moderator):
        entry = InvolvementFactory(partnership=partnership, heard="Come at seven")
        assert "Come at seven" not in client.get(address("public_page", partnership.public_id)).content.decode()
        client.force_login(moderator)
        url = address("involvement_edit", partnership.public_id, entry.public_id)
        form = client.get(url).context["form"]
        data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
        assert client.post(url, data | {"held_on": "4/5/2026", "is_public": "on"}).status_code == 302
        assert "Come at seven" in client.get(address("public_page", partnership.public_id)).content.decode()

    def test_waiting_ideas_are_on_the_home_page_of_the_moderators_alone(self, partnership, moderator):
        IdeaFactory.create_batch(2, partnership=partnership)
        IdeaFactory(partnership=partnership, decided=True)
        IdeaFactory()
        (item,) = todo.of(moderator)
        assert (item.title, item.about) == ("Decide on 2 ideas from the public page", partnership.title)
        assert item.url.endswith("/ideas/?state=waiting")
        assert not todo.of(person_as(PartnershipRole.OBSERVER, partnership))

    def test_the_register_takes_the_same_few_queries_at_1_3_and_300_rows(self, client, partnership):
        counts = {}
        observer, moderator = (
            person_as(r, partnership) for r in (PartnershipRole.OBSERVER, PartnershipRole.PROJECT_LEAD)
        )
        for rows in (1, 2, 297):
            IdeaFactory.create_batch(rows, partnership=partnership, published=True)
            for person in (observer, moderator):
                client.force_login(person)
                with CaptureQueriesContext(connection) as captured:
                    client.get(address("ideas", partnership.public_id))
                counts.setdefault(person, []).append(len(captured))
        assert [len(set(found)) for found in counts.values()] == [1, 1], counts
        assert counts[observer][0] <= 12

    def test_what_is_kept_is_said_where_the_form_is(self, client, partnership):
        assert address("ideas_kept") in client.get(address("public_page", partnership.public_id)).content.decode()
        assert "365 days" in client.get(address("ideas_kept")).content.decode()
