"""Related organisations, new names and mergers: mergers, pages, and what the past still says."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions.kin import link_organisations, merge_organisation, rename_organisation
from accounts.models import FormerName, LinkKind, Organisation, OrganisationLink
from foundation.audit.models import AuditEvent
from foundation.database import clock
from foundation.policy.refusals import NotNow
from partnerships.actions.memorandum import sign_memorandum, write_memorandum
from partnerships.actions.partner import add_partner
from partnerships.models import Partner
from partnerships.roles import PartnershipRole
from tests.factories.accounts import OrganisationFactory, PersonFactory
from tests.factories.partnerships import PartnershipFactory, both_leads_as_partners, person_as

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 1)
A_DAY = timedelta(days=1)


@pytest.fixture
def keeper():
    return PersonFactory(commissioner=True)


def tied(below, above, by, kind=LinkKind.JOINT_COMPANY, since=DAY, until=None):
    return link_organisations(below=below, above=above, kind=kind, since=since, until=until, by=by)


def related(organisation, on=DAY):
    return {str(other) for other in Organisation.objects.related_to(organisation, on=on)}


def address(name, *args):
    return reverse(f"accounts:organisation_{name}", args=[getattr(a, "public_id", a) for a in args])


def signed_partnership():
    """A memorandum signed on 2 February 2026 by a charity that was then called Old Shore Trust."""
    partnership = PartnershipFactory(third_sector_lead__name="Old Shore Trust", starts_on=date(2026, 1, 1))
    _, partner = both_leads_as_partners(partnership)
    signer = person_as(
        PartnershipRole.THIRD_SECTOR_LEAD, partnership, organisation=partner.organisation, name="Isla Munro"
    )
    with clock.at(datetime(2026, 2, 2, 12, tzinfo=UTC)):
        memorandum = write_memorandum(
            partnership=partnership, purpose="p", how_we_work="h", review_on=date(2090, 1, 1), by=signer
        )
        sign_memorandum(memorandum=memorandum, partner=partner, by=signer)
    return partnership, partner, signer


def test_s23_after_a_new_name_the_past_shows_the_old_one_and_both_find_the_organisation(client, keeper):
    partnership, partner, signer = signed_partnership()
    rename_organisation(organisation=partner.organisation, name="Tide Line", since=DAY, by=keeper)
    client.force_login(signer)
    memorandum = client.get(reverse("partnerships:memorandum", args=[partnership.public_id])).content.decode()
    assert ">Old Shore Trust</th>" in memorandum, "who signed is told as it was called then"
    history = client.get(reverse("partnerships:history", args=[partnership.public_id])).content.decode()
    assert "The memorandum was signed: version 1 for Old Shore Trust" in history
    assert "Tide Line" not in history.split("<main", 1)[1]
    partners = client.get(reverse("partnerships:partners", args=[partnership.public_id])).content.decode()
    assert "Tide Line" in partners, "the present is told with the present name"
    Partner.objects.filter(pk=partner.pk).update(left_on=date(2026, 2, 20))
    partners = client.get(reverse("partnerships:partners", args=[partnership.public_id])).content.decode()
    assert f'<a href="{partner.organisation.get_absolute_url()}">Old Shore Trust</a> (now Tide Line)' in partners
    for words in ("old+shore", "tide"):
        rows = client.get(f"/organisations/?text={words}").context["rows"]
        assert [row["name"] for row in rows] == ["Tide Line"]
        found = client.get(reverse("partnerships:portfolio") + f"?lead={words}").content.decode()
        assert partnership.title in found
    page = client.get(partner.organisation.get_absolute_url()).content.decode()
    assert "Old Shore Trust, to 28 Feb 2026" in page


# Mergers


def test_s23_after_a_merger_links_lead_on_and_nothing_of_the_past_is_rewritten(client, keeper):
    partnership, partner, signer = signed_partnership()
    old, new = partner.organisation, OrganisationFactory(name="Tide Line")
    events = AuditEvent.objects.count()
    merge_organisation(organisation=old, into=new, merged_on=DAY, by=keeper, version=1)
    partner.refresh_from_db()
    assert (partner.organisation_id, AuditEvent.objects.count()) == (old.pk, events + 2)
    client.force_login(signer)
    page = client.get(old.get_absolute_url()).content.decode()
    assert "was merged into Tide Line on 1 Mar 2026" in page
    assert f'<a href="{new.get_absolute_url()}">Go to Tide Line</a>' in page
    assert "Old Shore Trust</a>, merged into Tide Line" in client.get(new.get_absolute_url()).content.decode()
    memorandum = client.get(reverse("partnerships:memorandum", args=[partnership.public_id])).content.decode()
    assert ">Old Shore Trust</th>" in memorandum
    partners = client.get(reverse("partnerships:partners", args=[partnership.public_id])).content.decode()
    assert f'merged into <a href="{new.get_absolute_url()}">Tide Line</a>' in partners
    assert related(new) == {"Old Shore Trust"}, "a bidder is recognised as the partner it has absorbed"
    assert related(new, on=DAY - A_DAY) == set()


def test_lists_and_forms_offer_only_the_survivor_and_the_old_name_finds_it(client, keeper):
    old, middle, new = (OrganisationFactory(name=name) for name in ("Old Shore", "Middle Bay", "Tide Line"))
    merge_organisation(organisation=old, into=middle, merged_on=DAY, by=keeper)
    merge_organisation(organisation=middle, into=new, merged_on=DAY, by=keeper)
    old.refresh_from_db()
    assert (old.merged_into, old.survivor) == (middle, new), "what happened, and where it leads"
    client.force_login(keeper)
    for words in ("old+shore", "middle", "tide"):
        assert [row["name"] for row in client.get(f"/organisations/?text={words}").context["rows"]] == ["Tide Line"]
    partnership = PartnershipFactory()
    client.force_login(person_as(PartnershipRole.PUBLIC_LEAD, partnership, portal_role="commissioner"))
    forms = [
        client.get(reverse("partnerships:partner_add", args=[partnership.public_id])),
        client.get(reverse("accounts:invite")),
        client.get(address("link", partnership.public_lead)),
        client.get(address("merge", partnership.public_lead)),
    ]
    for form in forms:
        text = form.content.decode()
        assert "Tide Line" in text
        assert "Old Shore" not in text


def test_a_merged_organisation_does_not_join_merge_or_change_again(keeper):
    old, new = OrganisationFactory(name="Old Shore"), OrganisationFactory(name="Tide Line")
    merge_organisation(organisation=old, into=new, merged_on=DAY, by=keeper)
    old.refresh_from_db()
    other, told = OrganisationFactory(), "Old Shore was merged into Tide Line on 1 March 2026"
    with pytest.raises(NotNow, match=told):
        merge_organisation(organisation=old, into=other, merged_on=DAY, by=keeper)
    with pytest.raises(NotNow, match=told):
        rename_organisation(organisation=old, name="Newer", since=DAY, by=keeper)
    with pytest.raises(NotNow, match=told):
        tied(other, old, keeper)
    with pytest.raises(ValidationError, match="into Tide Line: choose that one"):
        merge_organisation(organisation=new, into=old, merged_on=DAY, by=keeper)
    partnership = PartnershipFactory()
    lead = person_as(PartnershipRole.PUBLIC_LEAD, partnership)
    with pytest.raises(ValidationError, match="was merged into Tide Line: add that"):
        add_partner(partnership=partnership, organisation=old, part="provider", joined_on=date(2026, 5, 1), by=lead)


@pytest.mark.parametrize(
    ("itself", "merged_on", "field"), [(True, DAY, "into"), (False, date(2999, 1, 1), "merged_on")]
)
def test_a_merger_that_cannot_be_is_refused_and_leaves_nothing(keeper, itself, merged_on, field):
    old, new = OrganisationFactory(), OrganisationFactory()
    with pytest.raises(ValidationError) as refusal:
        merge_organisation(organisation=old, into=old if itself else new, merged_on=merged_on, by=keeper)
    assert field in refusal.value.message_dict
    old.refresh_from_db()
    assert (old.merged_into, old.survivor, AuditEvent.objects.count()) == (None, None, 0)


def test_people_of_a_merged_organisation_can_still_be_corrected(client, keeper):
    person, new = PersonFactory(), OrganisationFactory()
    merge_organisation(organisation=person.organisation, into=new, merged_on=DAY, by=keeper)
    client.force_login(keeper)
    data = {"name": "Isla", "job_title": "", "organisation": person.organisation.public_id, "version": 1}
    assert client.post(person.get_absolute_url() + "edit/", data).status_code == 302


# The pages


@pytest.mark.parametrize("name", ["link", "rename", "merge"])
def test_the_forms_are_closed_to_others_and_unknown_organisations_not_found(client, keeper, name):
    person = PersonFactory()
    for who, where, status in (
        (person, person.organisation, 403), (keeper, "x" * 22, 404), (keeper, person.organisation, 200),
    ):  # fmt: skip
        client.force_login(who)
        assert client.get(address(name, where)).status_code == status
    client.logout()
    assert client.get(address(name, person.organisation)).status_code == 302


def test_everything_is_recorded_through_the_pages(client, keeper):
    one, other = OrganisationFactory(name="Kelp Shore"), OrganisationFactory(name="Tide Line")
    client.force_login(keeper)
    data = {"kind": "joint_company:below", "other": other.public_id, "since": "1/3/2026", "until": ""}
    assert client.post(address("link", one), data).url == one.get_absolute_url()
    link = OrganisationLink.objects.get()
    assert (link.above, link.below, link.kind) == (one, other, "joint_company")
    assert client.get(address("unlink", one, link)).status_code == 200
    assert client.get(address("unlink", OrganisationFactory(), link)).status_code == 404
    assert client.post(address("unlink", one, link), {"until": "1/4/2026"}).status_code == 302
    assert "Member of this jointly owned company (ended)" in client.get(one.get_absolute_url()).content.decode()
    renamed = {"name": "Kelp Bay", "since": "1/3/2026", "version": 1}
    assert client.post(address("rename", one), renamed).status_code == 302
    stale = client.post(address("rename", one), renamed | {"name": "Typed in the old tab"}).content.decode()
    assert "changed this" in stale
    assert "Typed in the old tab" in stale
    merged = {"into": other.public_id, "merged_on": "1/4/2026", "version": 2}
    assert client.post(address("merge", one), merged).status_code == 302
    assert "was merged into Tide Line" in client.get(one.get_absolute_url()).content.decode()
    assert "This cannot be done" not in client.get(other.get_absolute_url()).content.decode()


def test_a_double_click_links_once(client, keeper):
    one, other = OrganisationFactory(), OrganisationFactory()
    client.force_login(keeper)
    data = {"kind": "consortium:above", "other": other.public_id, "since": "1/3/2026", "form_token": "same"}
    assert [client.post(address("link", one), data).status_code for _ in range(2)] == [302, 302]
    assert OrganisationLink.objects.count() == 1


@pytest.mark.parametrize("name", ["link", "rename", "merge"])
@pytest.mark.parametrize("value", ["", "x" * 5001, "\x00", "31/2/2027", "0001-01-01", "<script>alert(1)</script>"])
def test_bad_input_is_answered_beside_the_field_and_nothing_is_saved(client, keeper, name, value):
    one = OrganisationFactory(name="Kelp Shore")
    client.force_login(keeper)
    fields = client.get(address(name, one)).context["form"].fields
    page = client.post(address(name, one), dict.fromkeys(fields, value))
    assert page.status_code == 200
    assert page.context["form"].errors
    assert "<script>alert(1)" not in page.content.decode()
    one.refresh_from_db()
    assert (one.name, one.survivor, OrganisationLink.objects.count()) == ("Kelp Shore", None, 0)


def test_the_page_costs_the_same_with_1_3_and_300_ties(client, keeper):
    centre = OrganisationFactory()
    client.force_login(PersonFactory())
    client.get(centre.get_absolute_url())
    counts = []
    for new in (1, 2, 297):
        for other in OrganisationFactory.create_batch(new):
            OrganisationLink.objects.create(above=centre, below=other, kind=LinkKind.CONSORTIUM, since=DAY)
            FormerName.objects.create(organisation=centre, name=f"Name {other.pk}", until=DAY)
        away = OrganisationFactory(merged_into=centre, survivor=centre, merged_on=DAY)
        assert away.survivor == centre
        with CaptureQueriesContext(connection) as queries:
            assert client.get(centre.get_absolute_url()).status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 20


def test_adding_an_organisation_under_its_former_name_is_pointed_out(client, keeper):
    made = OrganisationFactory(name="Old Shore Trust")
    rename_organisation(organisation=made, name="Tide Line", since=DAY, by=keeper)
    client.force_login(keeper)
    page = client.post(reverse("accounts:organisation_add"), {"name": "Old Shore Trust", "kind": "charity"})
    assert "“Tide Line” has or had a similar name" in page.content.decode()
    assert Organisation.objects.filter(name="Old Shore Trust").count() == 0
