"""Ideas from people without an account: taken through a form that defends itself."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from foundation.audit.models import AuditEvent
from foundation.database import clock
from foundation.policy.refusals import NotNow
from partnerships.actions.idea import hashed, send_idea
from partnerships.lifecycle import OVER, Stage
from partnerships.models import Idea, IdeaTally
from partnerships.moderation import IdeaState
from tests.factories.partnerships import (
    PublicPageFactory,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
FULL = {"name": "Jean Typed", "email": "jean@example.org", "access_needs": "A lift please"}
TYPED = {"kind": "idea", "text": "Evenings please", "name": "", "email": "", "access_needs": "", "website": ""}


@pytest.fixture(autouse=True)
def november():
    with clock.at(NOON):
        yield


@pytest.fixture
def partnership():
    return PublicPageFactory(published=True).partnership


def address(name, *args):
    return reverse(f"partnerships:{name}", args=args)


def send(partnership, sender="192.0.2.7", **changed):
    given = {"kind": "idea", "text": "Evenings please"} | changed
    return send_idea(partnership=partnership, sender=sender, by=None, **given)


class TestSending:
    @pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in OVER])
    def test_it_waits_and_its_history_holds_nothing_that_was_typed(self, stage):
        partnership = PublicPageFactory(published=True, partnership__stage=stage).partnership
        idea = send(partnership, **FULL)
        assert (idea.state, idea.email) == (IdeaState.WAITING, "jean@example.org")
        event = AuditEvent.objects.get()
        assert (event.summary, event.actor_name) == ("received an idea from the public page", "The portal")
        kept = f"{event.object_name} {event.summary} {event.reason} {event.before} {event.after}"
        assert not [typed for typed in (*FULL.values(), "Evenings please") if typed in kept]

    @pytest.mark.parametrize(
        ("page", "reason"),
        [
            ({}, "no public page"), ({"published": True, "takes_ideas": False}, "takes no ideas"),
            ({"published": True, "partnership__closed": True}, "is over"),
            ({"published": True, "partnership__stopped": True}, "is over"),
        ],
    )  # fmt: skip
    def test_it_is_refused_without_a_page_that_takes_ideas(self, page, reason):
        with pytest.raises(NotNow, match=reason):
            send(PublicPageFactory(**page).partnership)
        assert not Idea.objects.exists()
        assert not IdeaTally.objects.exists()

    @pytest.mark.parametrize(
        ("wrong", "field"), [({"text": " "}, "text"), ({"text": "x" * 2001}, "text"), ({"kind": "x"}, "kind")]
    )
    def test_wrong_values_are_told_and_leave_nothing_not_even_a_refusal(self, partnership, wrong, field):
        with pytest.raises(ValidationError) as refusal:
            send(partnership, **wrong)
        assert field in refusal.value.message_dict
        assert not Idea.objects.exists()
        assert not AuditEvent.objects.exists()

    def test_five_a_day_from_one_address_in_all_partnerships_together(self, partnership, settings):
        settings.IDEAS_A_DAY = 2
        other = PublicPageFactory(published=True).partnership
        send(partnership)
        send(other)
        with pytest.raises(ValidationError, match="send it tomorrow"):
            send(partnership)
        assert Idea.objects.count() == 2
        assert AuditEvent.objects.count() == 2, "a machine must not fill the history with refusals"
        send(partnership, sender="192.0.2.8")
        with clock.at(NOON + timedelta(days=1)):
            send(partnership)

    def test_the_address_is_kept_only_scrambled_and_differently_each_day(self, partnership):
        send(partnership)
        tally = IdeaTally.objects.get()
        assert "192.0.2.7" not in tally.sender
        with clock.at(NOON + timedelta(days=1)):
            assert hashed("192.0.2.7") != tally.sender

    def test_one_customer_of_ipv6_is_one_sender_and_a_mapped_address_is_itself(self):
        assert hashed("2001:db8::1") == hashed("2001:db8::ffff:2") != hashed("2001:db8:0:1::1")
        assert hashed("::ffff:192.0.2.7") == hashed("192.0.2.7") != hashed("::ffff:192.0.2.8")


class TestTheForm:
    def opened(self, client, partnership):
        form = client.get(address("public_page", partnership.public_id)).context["form"]
        return {**TYPED, "started": form["started"].value(), "form_token": form["form_token"].value()}

    def post(self, client, partnership, data, seconds=10):
        with clock.at(NOON + timedelta(seconds=seconds)):
            return client.post(address("public_page", partnership.public_id), data)

    def test_it_is_sent_without_an_account_once(self, client, partnership):
        data = self.opened(client, partnership) | FULL
        for _ in range(2):  # a double click
            answer = self.post(client, partnership, data)
            assert answer.url == address("idea_sent", partnership.public_id)
        assert Idea.objects.count() == 1
        assert "What happens next" in client.get(answer.url).content.decode()

    @pytest.mark.parametrize(
        ("changed", "seconds", "told"),
        [
            ({"website": "https://spam.example"}, 10, "only machines see"),
            ({}, 2, "quicker than people type"),
            ({}, 90_000, "more than 24 hours ago"),
            ({"started": "forged"}, 10, "more than 24 hours ago"),
            ({"started": ""}, 10, "more than 24 hours ago"),
            ({"email": "jean@"}, 10, "Enter an e-mail address in full"),
            ({"text": ""}, 10, "Your idea or comment"),
            ({"text": "x" * 2001}, 10, "2000 characters or fewer"),
        ],
    )  # fmt: skip
    def test_a_refusal_is_polite_keeps_what_was_typed_and_lets_a_person_try_again(
        self, client, partnership, changed, seconds, told
    ):
        data = self.opened(client, partnership) | FULL | changed
        answer = self.post(client, partnership, data, seconds)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert told in page
        assert "Jean Typed" in page
        assert data["text"] in page
        assert not Idea.objects.exists()
        assert not AuditEvent.objects.exists()
        form = answer.context["form"]
        again = {name: form[name].value() for name in form.fields}
        assert again["website"] == ""
        mended = again | {"text": "Evenings please", "email": "jean@example.org"}
        assert self.post(client, partnership, mended, seconds + 10).status_code == 302

    def test_the_signed_moment_of_one_page_counts_on_no_other(self, client, partnership):
        other = PublicPageFactory(published=True).partnership
        answer = self.post(client, other, self.opened(client, partnership))
        assert "press “Send” once more" in answer.content.decode()

    def test_too_many_a_day_are_refused_with_everything_still_there(self, client, partnership, settings):
        settings.IDEAS_A_DAY = 0
        page = self.post(client, partnership, self.opened(client, partnership) | FULL).content.decode()
        assert "no more are taken from it" in page
        assert "Evenings please" in page

    def test_a_page_that_stopped_taking_ideas_says_so_and_records_nothing(self, client, partnership):
        data = self.opened(client, partnership)
        partnership.public_page.takes_ideas = False
        partnership.public_page.save()
        page = self.post(client, partnership, data).content.decode()
        assert "takes no ideas" in page
        assert "Evenings please" in page
        assert not AuditEvent.objects.exists()
        assert client.get(address("public_page", partnership.public_id)).context["form"] == ""

    def test_another_site_cannot_send_it(self, partnership):
        strict = Client(enforce_csrf_checks=True)
        assert strict.post(address("public_page", partnership.public_id), TYPED).status_code == 403

    @pytest.mark.parametrize("value", ["\x00", "a\x07b", "\u202eevil", "<script>alert(1)</script>", "x" * 3000])
    def test_hostile_input_never_breaks_the_page(self, client, partnership, value):
        data = dict.fromkeys(self.opened(client, partnership), value)
        answer = self.post(client, partnership, data)
        assert answer.status_code == 200
        assert "<script>alert(1)" not in answer.content.decode()

    def test_an_address_cannot_smuggle_a_second_one_into_the_mail(self, client, partnership):
        data = self.opened(client, partnership) | {"email": "a@example.org\nBcc: b@example.org"}
        self.post(client, partnership, data)
        assert not Idea.objects.exclude(email="").exists()
