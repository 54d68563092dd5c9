"""Organisations that contributed to a learning point otherwise than as partners: named, asked, and they sign too."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts import todo
from accounts.actions.kin import merge_organisation
from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.delivery.models import OutboxMail
from foundation.policy.refusals import NotNow, NotPermitted
from lessons.actions.contributor import name_contributor, remove_contributor
from lessons.actions.review import ask_partners, check, sign_off, take_back
from lessons.lifecycle import LessonState
from lessons.models import Contributor, LearningPoint
from lessons.waiting import to_sign_off
from tests.factories.accounts import OrganisationFactory, PersonFactory
from tests.factories.lessons import LearningPointFactory, LessonFactory
from tests.factories.partnerships import PartnershipFactory, both_leads_as_partners
from tests.reading import text

pytestmark = pytest.mark.django_db
FIGURES = "the figures on waiting times"


@pytest.fixture
def publisher():
    return PersonFactory(publisher=True)


@pytest.fixture
def partnership():
    made = PartnershipFactory()
    both_leads_as_partners(made)
    return made


@pytest.fixture
def helper():
    """Somebody of an organisation that is in no partnership."""
    return PersonFactory(organisation=OrganisationFactory(name="The Figures Office"))


@pytest.fixture
def point(partnership):
    return LearningPointFactory(lessons=[LessonFactory(partnership=partnership, published=True)])


def in_a_fortnight():
    return clock.today() + timedelta(days=14)


def named(point, helper, publisher):
    return name_contributor(point=point, organisation=helper.organisation, contributed=FIGURES, by=publisher)


def test_an_organisation_is_named_with_what_it_contributed(point, helper, publisher):
    row = named(point, helper, publisher)
    assert (row.organisation, row.contributed, row.signed_at) == (helper.organisation, FIGURES, None)
    point.refresh_from_db()
    assert (point.state, point.version) == (LessonState.DRAFT, 2)
    event = AuditEvent.objects.get(action="contributor.name")
    assert (event.outcome, event.after["contributed"]) == (Outcome.ALLOWED, FIGURES)
    assert not OutboxMail.objects.exists()  # it is asked later, with the partners


@pytest.mark.parametrize(
    ("trait", "said"),
    [("commented", "signed off or checked"), ("checked", "signed off or checked"), ("published", "no longer a draft")],
)
def test_naming_and_removing_are_refused_from_other_states(trait, said, helper, publisher):
    point = LearningPointFactory(**{trait: True})
    row = point.contributors.create(organisation=helper.organisation, contributed=FIGURES)
    for attempt in (
        lambda: named(point, PersonFactory(organisation=OrganisationFactory()), publisher),
        lambda: remove_contributor(point=point, contributor=row, by=publisher),
    ):
        with pytest.raises(NotNow, match=said):
            attempt()
    assert point.contributors.get() == row


def test_naming_and_removing_are_for_publishers(point, helper, publisher):
    with pytest.raises(NotPermitted):
        named(point, helper, helper)
    row = named(point, helper, publisher)
    with pytest.raises(NotPermitted):
        remove_contributor(point=point, contributor=row, by=helper)
    assert point.contributors.get() == row


def test_nobody_is_named_twice_or_as_what_they_are_not_and_nothing_is_half_done(point, partnership, helper, publisher):
    named(point, helper, publisher)
    with pytest.raises(NotNow, match="named already"):
        named(point, helper, publisher)
    with pytest.raises(NotNow, match="is a partner of a partnership"):
        name_contributor(point=point, organisation=partnership.public_lead, contributed="x", by=publisher)
    into = helper.organisation
    merged = OrganisationFactory(survivor=into, merged_into=into, merged_on=clock.today())
    with pytest.raises(NotNow, match="has merged into another"):
        name_contributor(point=point, organisation=merged, contributed="x", by=publisher)
    with pytest.raises(ValidationError, match="Say what it contributed"):
        name_contributor(point=point, organisation=OrganisationFactory(), contributed=" ", by=publisher)
    point.refresh_from_db()
    assert (point.contributors.count(), point.version) == (1, 2)


def test_it_is_asked_with_the_partners_and_the_round_waits_for_it(point, partnership, helper, publisher):
    named(point, helper, publisher)
    with pytest.raises(NotNow, match="Not asked yet, though they contributed: The Figures Office"):
        check(item=point, names_may_stay=True, by=publisher)
    item = ask_partners(item=point, until=in_a_fortnight(), organisations=[partnership.public_lead], by=publisher)
    assert {row.organisation for row in item.contributors.all()} == {helper.organisation, partnership.public_lead}
    mail = OutboxMail.objects.get(to=helper)
    assert (mail.context["organisation"], mail.context["contributed"]) == ("The Figures Office", FIGURES)
    assert "which contributed to it" in mail.why
    assert [row.title for row in todo.of(helper) if "sign off" in row.title] == [f"Read and sign off “{point}”"]
    with pytest.raises(NotNow, match="The Figures Office"):
        check(item=item, names_may_stay=True, by=publisher)
    sign_off(item=item, by=helper)
    assert item.contributors.get(organisation=helper.organisation).signed_by == helper


def test_it_alone_can_be_asked(helper, publisher):
    point = LearningPointFactory(lessons=[LessonFactory(published=True)])
    with pytest.raises(ValidationError, match="no partner to ask"):
        ask_partners(item=point, until=in_a_fortnight(), by=publisher)
    named(point, helper, publisher)
    item = ask_partners(item=point, until=in_a_fortnight(), by=publisher)
    sign_off(item=item, by=helper)
    item.refresh_from_db()
    assert item.state == LessonState.SIGNED


def test_taken_back_it_stays_named_and_signs_the_new_text(point, helper, publisher):
    named(point, helper, publisher)
    item = ask_partners(item=point, until=in_a_fortnight(), by=publisher)
    assert item.contributors.count() == 3
    sign_off(item=item, by=helper)
    item = take_back(item=item, by=publisher)
    row = item.contributors.get()
    assert (row.organisation, row.contributed, row.signed_at, row.signed_by) == (
        helper.organisation, FIGURES, None, None,
    )  # fmt: skip
    ask_partners(item=item, until=in_a_fortnight(), by=publisher)
    assert item.contributors.filter(signed_at=None).count() == 3
    assert OutboxMail.objects.filter(to=helper).count() == 2


def test_it_is_taken_off_the_list_again(point, helper, publisher):
    row = named(point, helper, publisher)
    remove_contributor(point=point, contributor=row, by=publisher)
    assert not Contributor.objects.exists()
    told = AuditEvent.objects.get(action="contributor.remove")
    assert (told.outcome, told.before["contributed"]) == (Outcome.ALLOWED, FIGURES)
    with pytest.raises(NotNow, match="off the list already"):
        remove_contributor(point=point, contributor=row, by=publisher)
    point.refresh_from_db()
    assert check(item=point, names_may_stay=True, by=publisher).state == LessonState.CHECKED


def test_from_naming_to_signing_through_the_pages(client, point, partnership, helper, publisher):
    OrganisationFactory(name="Nobody Here Yet")
    client.force_login(publisher)
    draft = f"/lessons/drafts/learning-points/{point.public_id}/"
    assert "Nobody but the partners." in text(client.get(draft))
    form = client.get(f"{draft}contributors/name/").content.decode()
    assert "The Figures Office" in form
    assert f'value="{partnership.public_lead.public_id}"' not in form
    sent = {"organisation": helper.organisation.public_id, "version": 1}
    assert "Enter the what it contributed" not in text(client.post(f"{draft}contributors/name/", sent))
    assert client.post(f"{draft}contributors/name/", sent | {"contributed": FIGURES}).url == draft
    page = text(client.get(draft))
    assert f"The Figures Office: {FIGURES}" in page
    assert "has an account" not in page
    assert "Ask those who contributed" in page
    review = f"/lessons/review/learning-point/{point.public_id}/"
    assert f"The Figures Office: {FIGURES}" in text(client.get(f"{review}ask/"))
    client.force_login(helper)
    assert client.get(review).status_code == 404  # not before it is asked
    client.force_login(publisher)
    until = f"{in_a_fortnight():%-d/%-m/%Y}"
    assert client.post(f"{review}ask/", {"version": 2, "until": until}).url == review  # and no partner at all
    client.force_login(helper)
    assert f"The Figures Office ({FIGURES}): not yet" in text(client.get(review))
    assert client.post(f"{review}sign/").status_code == 302
    point.refresh_from_db()
    assert point.state == LessonState.SIGNED


def test_a_name_without_anybody_to_ask_is_said_and_can_be_removed(client, point, publisher):
    lonely = OrganisationFactory(name="Nobody Here Yet")
    row = name_contributor(point=point, organisation=lonely, contributed="a hall", by=publisher)
    client.force_login(publisher)
    draft = f"/lessons/drafts/learning-points/{point.public_id}/"
    assert "Nobody of Nobody Here Yet has an account" in text(client.get(draft))
    assert client.post(f"{draft}contributors/{row.public_id}/remove/").url == draft
    assert "Nobody but the partners." in text(client.get(draft))


def test_people_of_what_it_has_merged_into_are_asked_and_sign_for_it(point, helper, publisher):
    named(point, helper, publisher)
    survivor = OrganisationFactory(name="The Larger Trust")
    merge_organisation(
        organisation=helper.organisation, into=survivor, merged_on=clock.today(), by=PersonFactory(administrator=True)
    )
    helper.organisation = survivor
    helper.save()
    point.refresh_from_db()
    item = ask_partners(item=point, until=in_a_fortnight(), by=publisher)
    assert OutboxMail.objects.filter(to=helper).exists()
    assert to_sign_off(helper)
    assert LearningPoint.objects.visible_to(helper).filter(pk=item.pk).exists()
    assert sign_off(item=item, by=helper).signed_by == helper
