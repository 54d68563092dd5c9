"""Every action leaves exactly one event, done or refused; the same form sent twice has one effect."""

import threading

import pytest
from django.db import connections

from accounts.models import Organisation
from foundation.audit.chain import verify
from foundation.audit.events import new_form_token, record, sent_once
from foundation.audit.models import AuditEvent, Outcome
from foundation.audit.verbs import verb
from foundation.database.locks import locked
from foundation.policy.refusals import AlreadyDone, NotNow
from tests.factories.accounts import OrganisationFactory, PersonFactory


@verb("organisation.rename", on="organisation")
def rename(*, organisation, name, by, blockers=()):
    Organisation.objects.filter(pk=organisation.pk).update(name=name)
    if blockers:
        raise NotNow(*blockers)
    record("organisation.rename", on=organisation, by=by, summary=f"renamed it “{name}”")


@verb("organisation.merge", on="organisation")
def merge(*, organisation, other, by, blockers=()):
    rename(organisation=organisation, name="Merged", by=by)
    rename(organisation=other, name="Gone", by=by, blockers=blockers)


@pytest.mark.django_db
class TestOneEvent:
    def test_allowed(self):
        organisation, person = OrganisationFactory(), PersonFactory()
        rename(organisation=organisation, name="New name", by=person)
        event = AuditEvent.objects.get()
        assert (event.outcome, event.actor, event.summary) == (Outcome.ALLOWED, person, "renamed it “New name”")

    def test_refused_with_the_reason_and_nothing_done(self):
        organisation = OrganisationFactory(name="Old name")
        with pytest.raises(NotNow):
            rename(organisation=organisation, name="New name", by=PersonFactory(), blockers=["The register is closed."])
        event = AuditEvent.objects.get()
        assert (event.outcome, event.reason) == (Outcome.REFUSED, "The register is closed.")
        organisation.refresh_from_db()
        assert organisation.name == "Old name"

    def test_a_verb_inside_a_verb_is_part_of_it(self):
        one, other, person = OrganisationFactory(), OrganisationFactory(), PersonFactory()
        merge(organisation=one, other=other, by=person)
        assert list(AuditEvent.objects.values_list("action", flat=True)) == ["organisation.rename"] * 2

    def test_a_refusal_inside_undoes_the_outer_verb_and_is_recorded_once_under_its_name(self):
        one, other = OrganisationFactory(name="One"), OrganisationFactory(name="Other")
        with pytest.raises(NotNow):
            merge(organisation=one, other=other, by=PersonFactory(), blockers=["Not while a tender is open."])
        event = AuditEvent.objects.get()
        assert (event.action, event.outcome, event.object_name) == ("organisation.merge", Outcome.REFUSED, "One")
        assert set(Organisation.objects.filter(pk__in=[one.pk, other.pk]).values_list("name", flat=True)) == {
            "One", "Other",
        }  # fmt: skip

    def test_a_refusal_may_leave_one_thing_written_down_with_its_event(self):
        organisation = OrganisationFactory(name="Old name")

        @verb("organisation.strike", on="organisation")
        def strike(*, organisation, by):
            Organisation.objects.filter(pk=organisation.pk).update(name="Struck")
            note = Organisation.objects.filter(pk=organisation.pk)
            raise NotNow("Somebody has to stand aside.", minute=lambda: note.update(about="tried"))

        with pytest.raises(NotNow):
            strike(organisation=organisation, by=PersonFactory())
        organisation.refresh_from_db()
        assert (organisation.name, organisation.about) == ("Old name", "tried")
        assert AuditEvent.objects.get().outcome == Outcome.REFUSED

    def test_any_other_failure_leaves_neither_change_nor_event(self):
        organisation = OrganisationFactory(name="Old name")
        with pytest.raises(TypeError):
            rename(organisation=organisation, name="New name", by=PersonFactory(), blockers=5)
        assert not AuditEvent.objects.exists()
        organisation.refresh_from_db()
        assert organisation.name == "Old name"


@verb("organisation.describe", on="organisation")
def describe(*, organisation, about, by, version):
    organisation = locked(organisation, version=version)
    organisation.about, organisation.version = about, organisation.version + 1
    organisation.save()
    record("organisation.describe", on=organisation, by=by, summary="described it")


@pytest.mark.django_db
class TestAStalePage:
    """Two people open the same page; the second to save is told who was first, and when."""

    def test_names_whoever_was_first(self):
        organisation = OrganisationFactory()
        describe(organisation=organisation, about="Hers", by=PersonFactory(name="Ailsa Grant"), version=1)
        with pytest.raises(NotNow, match=r"Somebody else changed this .*: Ailsa Grant, on \d+ .* at \d\d:\d\d:\d\d"):
            describe(organisation=organisation, about="His", by=PersonFactory(), version=1)
        organisation.refresh_from_db()
        assert organisation.about == "Hers"

    def test_says_so_when_it_was_the_same_person_in_another_window(self):
        organisation, person = OrganisationFactory(), PersonFactory()
        describe(organisation=organisation, about="One", by=person, version=1)
        with pytest.raises(NotNow, match="You changed this yourself"):
            describe(organisation=organisation, about="Other", by=person, version=1)

    def test_names_nobody_when_the_history_knows_of_no_change(self):
        organisation = OrganisationFactory(version=2)
        with pytest.raises(NotNow, match=r"Somebody else changed this while you were looking at it\. What you typed"):
            describe(organisation=organisation, about="Other", by=PersonFactory(), version=1)

    def test_a_refused_attempt_before_is_not_taken_for_a_change(self):
        organisation = OrganisationFactory(version=2)
        for _ in range(2):
            with pytest.raises(NotNow, match=r"looking at it\. What"):
                describe(organisation=organisation, about="Other", by=PersonFactory(), version=1)


@pytest.mark.django_db
class TestFormTokens:
    def test_the_same_form_twice_has_one_effect_and_says_so(self):
        organisation, person, token = OrganisationFactory(), PersonFactory(), new_form_token()
        with sent_once(token):
            rename(organisation=organisation, name="First", by=person)
        with pytest.raises(AlreadyDone, match="sent twice"), sent_once(token):
            rename(organisation=organisation, name="Second", by=person)
        organisation.refresh_from_db()
        assert organisation.name == "First"
        assert AuditEvent.objects.count() == 1

    def test_a_refused_form_can_be_corrected_and_sent_again(self):
        organisation, person, token = OrganisationFactory(), PersonFactory(), new_form_token()
        with pytest.raises(NotNow), sent_once(token):
            rename(organisation=organisation, name="First", by=person, blockers=["Not now."])
        with sent_once(token):
            rename(organisation=organisation, name="Second", by=person)
        organisation.refresh_from_db()
        assert organisation.name == "Second"

    def test_two_events_of_one_form_are_both_written(self):
        one, other, person = OrganisationFactory(), OrganisationFactory(), PersonFactory()
        with sent_once(new_form_token()):
            merge(organisation=one, other=other, by=person)
        assert AuditEvent.objects.count() == 2


def at_once(work, count: int) -> list[str]:
    """Run `work(number)` in that many threads from one starting line; each thread's outcome in words."""
    line, outcomes = threading.Barrier(count), [""] * count

    def one(number: int) -> None:
        try:
            line.wait(timeout=120)
            work(number)
            outcomes[number] = "done"
        except AlreadyDone:
            outcomes[number] = "already done"
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
class TestRaces:
    @pytest.mark.parametrize("round_", range(5))
    @pytest.mark.parametrize("same_object", [True, False])
    def test_two_threads_with_one_token_have_one_effect(self, same_object, round_):
        organisations, person, token = OrganisationFactory.create_batch(2), PersonFactory(), new_form_token()

        def send(number: int) -> None:
            with sent_once(token):
                rename(organisation=organisations[0 if same_object else number], name=f"Name {number}", by=person)

        assert at_once(send, 2) == ["already done", "done"]
        assert AuditEvent.objects.count() == 1
        assert Organisation.objects.filter(name__startswith="Name ").count() == 1

    def test_eight_writers_make_one_chain_without_gap_or_fork(self):
        organisation, person = OrganisationFactory(), PersonFactory()

        def write(number: int) -> None:
            for step in range(10):
                rename(organisation=organisation, name=f"Name {number}-{step}", by=person)

        assert at_once(write, 8) == ["done"] * 8
        assert verify(organisation.audit_scope) == []
        assert AuditEvent.objects.of(organisation.audit_scope).first().seq == 80
