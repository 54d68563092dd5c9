"""How mails come: the choice as an action, on the page with every kind, and behind the link in a mail."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.actions.mail import choose_mail, chosen_by
from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.delivery import kinds, sorting
from foundation.delivery.choosing import token_for
from foundation.delivery.kinds import How
from foundation.delivery.models import MailChoice, MailState, OutboxMail
from foundation.delivery.outbox import enqueue
from foundation.policy.refusals import NotNow, NotPermitted
from tests.factories.accounts import PersonFactory
from tests.reading import text

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def ailsa():
    return PersonFactory(name="Ailsa Reid")


def how_of(person, kind="reminder"):
    return chosen_by(person)[kind]


def a_reminder(person, key="one") -> OutboxMail:
    return enqueue(
        kind="reminder", key=key, to=person, subject="Due soon", template="emails/partnerships/deadline",
        context={"title": "Report", "path": "/x/"}, why="You get this mail because it is yours.",
    )  # fmt: skip


class TestChoosing:
    def test_who_chose_nothing_gets_everything_at_once_and_the_week_on_mondays(self, ailsa):
        chosen = chosen_by(ailsa)
        assert chosen.pop(kinds.WEEK) == How.MONDAY
        assert set(chosen.values()) == {How.AT_ONCE}

    def test_the_choice_is_kept_and_told_in_the_persons_history(self, ailsa):
        choose_mail(person=ailsa, chosen={"reminder": "daily", kinds.WEEK: "friday"}, by=ailsa)
        assert (how_of(ailsa), how_of(ailsa, kinds.WEEK)) == (How.DAILY, How.FRIDAY)
        event = AuditEvent.objects.of(ailsa.audit_scope).get()
        assert event.action == "person.choose_mail"
        assert (event.before["reminder"], event.after["reminder"]) == ("at_once", "daily")
        assert "Reminders of dates, in one mail a day" in event.summary

    def test_the_same_again_is_no_event_and_a_second_choice_replaces_the_first(self, ailsa):
        for how in ("daily", "daily", "portal"):
            choose_mail(person=ailsa, chosen={"reminder": how}, by=ailsa)
        assert MailChoice.objects.get().how == "portal"
        assert AuditEvent.objects.count() == 2

    def test_what_was_gathered_follows_the_new_choice(self, ailsa):
        with clock.at(NOON):
            choose_mail(person=ailsa, chosen={"reminder": "weekly"}, by=ailsa)
            mail = a_reminder(ailsa)
            sorting.sort()
            mail.refresh_from_db()
            assert mail.state == MailState.GATHERED
            choose_mail(person=ailsa, chosen={"reminder": "at_once"}, by=ailsa)
            sorting.sort()
        mail.refresh_from_db()
        assert mail.state == MailState.PENDING

    @pytest.mark.parametrize(
        ("kind", "how"),
        [("legal", "portal"), ("security", "portal"), ("nonsense", "daily"), ("reminder", "monday"),
         ("reminder", "nonsense"), (kinds.WEEK, "daily"), ("reminder", "")],
    )  # fmt: skip
    def test_what_is_not_offered_is_refused_whole(self, ailsa, kind, how):
        with pytest.raises(ValidationError):
            choose_mail(person=ailsa, chosen={"notice": "daily", kind: how}, by=ailsa)
        assert not MailChoice.objects.exists()
        assert not AuditEvent.objects.exists()

    def test_nobody_chooses_for_somebody_else(self, ailsa):
        with pytest.raises(NotPermitted):
            choose_mail(person=ailsa, chosen={"reminder": "portal"}, by=PersonFactory(administrator=True))
        assert not MailChoice.objects.exists()
        assert AuditEvent.objects.get().outcome == Outcome.REFUSED

    def test_a_closed_account_chooses_nothing(self):
        gone = PersonFactory(is_active=False)
        with pytest.raises(NotNow, match="account is closed"):
            choose_mail(person=gone, chosen={"reminder": "portal"}, by=gone)
        assert not MailChoice.objects.exists()


class TestThePage:
    def test_it_lists_every_kind_and_says_why_some_cannot_be_changed(self, client, ailsa):
        client.force_login(ailsa)
        page = text(client.get(reverse("accounts:mail_choices")))
        for kind in kinds.changeable():
            assert kind.label in page
            assert kind.about in page
        for kind in kinds.fixed():
            assert kind.label in page
            assert kind.because in page

    def test_it_saves_all_of_them(self, client, ailsa):
        client.force_login(ailsa)
        chosen = {kind.name: kind.choices[-1].value for kind in kinds.changeable()}
        assert client.post(reverse("accounts:mail_choices"), chosen).status_code == 302
        assert set(chosen_by(ailsa).values()) == {How.PORTAL}

    def test_nonsense_gets_a_message_beside_its_field(self, client, ailsa):
        client.force_login(ailsa)
        chosen = {kind.name: kind.default.value for kind in kinds.changeable()} | {"reminder": "hourly"}
        answer = client.post(reverse("accounts:mail_choices"), chosen)
        assert answer.status_code == 200
        assert answer.context["form"].errors.keys() == {"reminder"}
        assert not MailChoice.objects.exists()

    def test_five_questions_at_most(self, client, ailsa, django_assert_max_num_queries):
        client.force_login(ailsa)
        with django_assert_max_num_queries(5):
            client.get(reverse("accounts:mail_choices"))


class TestTheLinkInAMail:
    """A stranger's browser or a mail program: no session, no cookie, and the CSRF check switched on."""

    @pytest.fixture
    def stranger(self):
        return Client(enforce_csrf_checks=True)

    def address(self, person, kind="reminder") -> str:
        return reverse("accounts:mail_how", args=[token_for(person.public_id, kind)])

    def test_opening_it_changes_nothing_however_often(self, stranger, ailsa):
        for method in (stranger.get, stranger.head, stranger.get):
            assert method(self.address(ailsa)).status_code == 200
        assert not MailChoice.objects.exists()
        assert not AuditEvent.objects.exists()
        page = text(stranger.get(self.address(ailsa)))
        assert "Reminders of dates" in page
        assert ailsa.name not in page, "a forwarded mail does not say whose it was"
        assert ailsa.email not in page

    def test_one_click_of_a_mail_program_leaves_it_in_the_portal_only(self, stranger, ailsa):
        for _ in range(2):
            answer = stranger.post(self.address(ailsa), {"List-Unsubscribe": "One-Click"})
            assert answer.status_code == 200
            assert answer["Content-Type"].startswith("text/plain")
        assert how_of(ailsa) == How.PORTAL
        event = AuditEvent.objects.get()
        assert event.actor_id == ailsa.pk

    @pytest.mark.parametrize("how", [choice.value for choice in kinds.EACH])
    def test_the_form_offers_each_way_without_signing_in(self, stranger, ailsa, how):
        MailChoice.objects.create(person=ailsa, kind="reminder", how=How.WEEKLY)
        assert stranger.post(self.address(ailsa), {"how": how}).status_code == 302
        assert how_of(ailsa) == how
        assert how_of(ailsa, "notice") == How.AT_ONCE

    def test_the_week_has_its_days(self, stranger, ailsa):
        address = self.address(ailsa, kinds.WEEK)
        assert "By mail on Wednesdays" in text(stranger.get(address))
        assert stranger.post(address, {"how": "wednesday"}).status_code == 302
        assert how_of(ailsa, kinds.WEEK) == How.WEDNESDAY
        stranger.post(address, {"List-Unsubscribe": "One-Click"})
        assert how_of(ailsa, kinds.WEEK) == How.PORTAL

    @pytest.mark.parametrize("data", [{}, {"how": ""}, {"how": "friday"}, {"how": "\x00"}, {"List-Unsubscribe": "x"}])
    def test_nonsense_is_a_message_and_changes_nothing(self, stranger, ailsa, data):
        answer = stranger.post(self.address(ailsa), data)
        assert answer.status_code == 200
        assert answer.context["form"].errors
        assert not MailChoice.objects.exists()

    def test_nobody_is_signed_in_by_it(self, stranger, ailsa):
        stranger.post(self.address(ailsa), {"how": "daily"})
        assert stranger.get(reverse("accounts:mail_choices")).status_code == 302

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_a_broken_link_a_closed_account_and_a_fixed_kind_are_not_there(self, stranger, ailsa, method):
        token, gone = token_for(ailsa.public_id, "reminder"), PersonFactory(is_active=False)
        tokens = [
            token[:-2], "x", "%00", token_for("nobody", "reminder"), token_for(gone.public_id, "reminder"),
            token_for(ailsa.public_id, "legal"),
        ]  # fmt: skip
        for each in tokens:
            address = reverse("accounts:mail_how", args=[each])
            assert getattr(stranger, method)(address, {"List-Unsubscribe": "One-Click"}).status_code == 404, each
        assert not MailChoice.objects.exists()
