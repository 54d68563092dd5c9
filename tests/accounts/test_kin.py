"""Related organisations, new names and mergers: the arithmetic, the verbs, the pages, and what the past still says."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.actions.kin import end_link, link_organisations, merge_organisation, rename_organisation
from accounts.kinship import family
from accounts.models import FormerName, LinkKind, Organisation, OrganisationKind, OrganisationLink
from foundation.audit.models import AuditEvent, Outcome
from foundation.policy.refusals import NotNow, NotPermitted
from tests.factories.accounts import OrganisationFactory, PersonFactory

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


# Who belongs together: pairs (above, below)


class TestTheArithmetic:
    @pytest.mark.parametrize(
        ("start", "links", "merged", "found"),
        [
            (1, [], {}, set()),
            (1, [(9, 1), (9, 2)], {}, {9, 2}),  # a member, its company, the other member
            (9, [(9, 1), (9, 2)], {}, {1, 2}),  # seen from the company
            (3, [(1, 2), (2, 3)], {}, {1, 2}),  # a grandparent
            (1, [(8, 1), (8, 2), (9, 2), (9, 3)], {}, {8, 2}),  # a member's other company is not one's own
            (2, [(8, 1), (8, 2), (9, 2), (9, 3)], {}, {8, 1, 9, 3}),
            (1, [(1, 2), (2, 1)], {}, {2}),  # a circle ends
            (1, [(9, 5), (9, 2)], {5: 1}, {5, 9, 2}),  # what was merged into it brings its ties along
            (5, [(9, 1)], {5: 1}, {1, 9}),  # and is itself related to where it went
            (4, [], {4: 5, 5: 6, 7: 6}, {5, 6, 7}),  # one merger after another
        ],
    )
    def test_by_hand(self, start, links, merged, found):
        assert family(start, links, merged) == found

    @given(st.lists(st.tuples(st.integers(1, 8), st.integers(1, 8)), max_size=20), st.integers(1, 8))
    def test_whoever_is_related_to_me_has_me_related_to_them(self, links, start):
        for other in family(start, links, {}):
            assert start in family(other, links, {})

    @given(st.dictionaries(st.integers(1, 6), st.integers(1, 6)), st.integers(1, 6))
    def test_mergers_in_a_circle_end(self, merged, start):
        assert start not in family(start, [], merged)


# Links


def test_s08_a_jointly_owned_company_and_its_members_show_each_other_and_are_found_as_related(client, keeper):
    one, two = OrganisationFactory(name="Kelp Shore Carers"), OrganisationFactory(name="Ben Vane Furniture")
    company = OrganisationFactory(name="Homeward Ltd", kind=OrganisationKind.JOINT_COMPANY)
    for member in (one, two):
        tied(member, company, keeper)
    assert related(one) == {"Ben Vane Furniture", "Homeward Ltd"}
    assert related(company) == {"Kelp Shore Carers", "Ben Vane Furniture"}
    client.force_login(PersonFactory())
    for page, others in ((one, (company, two)), (two, (company, one)), (company, (one, two))):
        text = client.get(page.get_absolute_url()).content.decode()
        for other in others:
            assert f'<a href="{other.get_absolute_url()}">{other}</a>' in text


def test_a_link_counts_from_its_first_to_its_last_day(keeper):
    parent, child = OrganisationFactory(name="Parent"), OrganisationFactory()
    link = tied(child, parent, keeper, LinkKind.SUBSIDIARY)
    end_link(link=link, until=date(2026, 6, 30), by=keeper)
    days = (DAY - A_DAY, DAY, date(2026, 6, 30), date(2026, 7, 1))
    assert [related(child, on=day) for day in days] == [set(), {"Parent"}, {"Parent"}, set()]


def test_linking_is_told_in_the_history_of_both(keeper):
    above, below = OrganisationFactory(), OrganisationFactory()
    tied(below, above, keeper)
    assert {e.scope for e in AuditEvent.objects.filter(action="organisation.link")} == {
        above.audit_scope, below.audit_scope,
    }  # fmt: skip


@pytest.mark.parametrize("publisher", [False, True])
def test_only_keepers_of_the_register_link_end_rename_and_merge(keeper, publisher):
    above, below = OrganisationFactory(), OrganisationFactory()
    link = tied(below, above, keeper)
    by = PersonFactory(organisation=below, publisher=publisher)
    tries = (
        lambda: tied(above, OrganisationFactory(), by),
        lambda: end_link(link=link, until=DAY, by=by),
        lambda: rename_organisation(organisation=below, name="New", since=DAY, by=by),
        lambda: merge_organisation(organisation=below, into=above, merged_on=DAY, by=by),
    )
    for one in tries:
        with pytest.raises(NotPermitted, match="You may not change the register"):
            one()
    assert AuditEvent.objects.filter(outcome=Outcome.REFUSED).count() == len(tries)
    link.refresh_from_db()
    assert (OrganisationLink.objects.count(), link.until, FormerName.objects.count()) == (1, None, 0)
    assert Organisation.objects.exclude(merged_into=None).count() == 0


def test_links_that_make_no_sense_are_refused_beside_the_field_and_leave_nothing(keeper):
    above, below = OrganisationFactory(), OrganisationFactory()
    cases = [
        ({"above": below, "below": below}, "other"),
        ({"kind": "guild"}, "kind"),
        ({"until": DAY - A_DAY}, "until"),
    ]
    for changes, field in cases:
        facts = {"above": above, "below": below, "kind": LinkKind.CONSORTIUM, "since": DAY} | changes
        with pytest.raises(ValidationError) as refusal:
            link_organisations(**facts, by=keeper)
        assert field in refusal.value.message_dict
    assert not OrganisationLink.objects.exists()
    assert not AuditEvent.objects.exists()


def test_two_are_linked_once_at_a_time_and_only_one_of_them_is_above(keeper):
    above, below = OrganisationFactory(), OrganisationFactory()
    first = tied(below, above, keeper)
    for pair in ((below, above), (above, below)):
        with pytest.raises(NotNow, match=r"are related already|stands under"):
            tied(*pair, keeper, since=DAY + A_DAY)
    end_link(link=first, until=DAY + A_DAY, by=keeper)
    tied(below, above, keeper, since=DAY + 2 * A_DAY)
    with pytest.raises(NotNow, match="are related already"):
        tied(below, above, keeper, since=DAY - A_DAY, until=DAY)
    tied(below, above, keeper, since=DAY - 2 * A_DAY, until=DAY - A_DAY)
    assert OrganisationLink.objects.count() == 3


def test_a_link_ends_once_and_not_before_it_began(keeper):
    link = tied(OrganisationFactory(), OrganisationFactory(), keeper)
    with pytest.raises(ValidationError):
        end_link(link=link, until=DAY - A_DAY, by=keeper)
    end_link(link=link, until=DAY, by=keeper)
    with pytest.raises(NotNow, match="This ended on 1 March 2026"):
        end_link(link=link, until=DAY + A_DAY, by=keeper)


# Names


def test_renaming_keeps_the_old_name_with_its_dates(keeper):
    made = OrganisationFactory(name="Old Shore Trust")
    rename_organisation(organisation=made, name="New Shore Trust", since=DAY, by=keeper, version=1)
    made.refresh_from_db()
    rename_organisation(organisation=made, name="Shore", since=date(2026, 5, 1), by=keeper)
    made.refresh_from_db()
    kept = list(made.former_names.values_list("name", "since", "until"))
    assert kept == [("Old Shore Trust", None, DAY - A_DAY), ("New Shore Trust", DAY, date(2026, 4, 30))]
    days = (date(2020, 1, 1), DAY - A_DAY, DAY, date(2026, 4, 30), date(2026, 5, 1))
    assert [made.name_on(day) for day in days] == [
        "Old Shore Trust", "Old Shore Trust", "New Shore Trust", "New Shore Trust", "Shore",
    ]  # fmt: skip
    event = AuditEvent.objects.get(action="organisation.rename", before__name="Old Shore Trust")
    assert event.object_name == "New Shore Trust"


@pytest.mark.parametrize(
    ("name", "since", "field"),
    [
        ("Old", DAY, "name"),
        ("Taken", DAY, "name"),
        ("", DAY, "name"),
        ("n" * 201, DAY, "name"),
        ("New", date(2999, 1, 1), "since"),
    ],
)
def test_a_new_name_that_cannot_be_is_refused_beside_its_field_and_leaves_nothing(keeper, name, since, field):
    OrganisationFactory(name="Taken")
    made = OrganisationFactory(name="Old")
    with pytest.raises(ValidationError) as refusal:
        rename_organisation(organisation=made, name=name, since=since, by=keeper)
    assert field in refusal.value.message_dict
    made.refresh_from_db()
    assert (made.name, made.version, FormerName.objects.count()) == ("Old", 1, 0)


def test_names_follow_each_other_in_time(keeper):
    made = OrganisationFactory()
    rename_organisation(organisation=made, name="Second", since=DAY, by=keeper)
    with pytest.raises(ValidationError, match="has its present name since 1 March 2026"):
        rename_organisation(organisation=made, name="Third", since=DAY, by=keeper)
