"""National outcomes: the sets and their keepers, the choice, and what happens when a new set arrives."""

from datetime import UTC, date, datetime
from operator import attrgetter

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.roles import PortalRole
from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.actions.outcome import (
    add_outcome_set,
    archive_outcome_set,
    bring_in_shipped_sets,
    choose_outcomes,
    edit_outcome_set,
    offer_outcome_set,
)
from partnerships.lifecycle import OVER
from partnerships.models import OutcomeSet, Partnership, chosen_by
from partnerships.outcomes import Line, lines_of, mapping, shipped
from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import PartnershipFactory, person_as

pytestmark = pytest.mark.django_db
EDITORS = [PartnershipRole.PROJECT_LEAD, PartnershipRole.PUBLIC_LEAD, PartnershipRole.THIRD_SECTOR_LEAD]
OTHERS = [role for role in PartnershipRole if role not in EDITORS]


@pytest.fixture(autouse=True)
def november():
    with clock.at(datetime(2026, 11, 2, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def keeper():
    return PersonFactory(administrator=True)


@pytest.fixture
def partnership():
    return PartnershipFactory()


def facts(**changed):
    return {
        "name": "Outcomes for Example", "version_name": "2026", "in_force_from": date(2026, 9, 1), "source": "",
        "note": "", "outcomes": "Health\nCare (was: Health; Communities)\nHousing",
    } | changed  # fmt: skip


def ids(outcome_set, *names):
    return [one.public_id for one in outcome_set.outcomes.all() if one.name in names]


def names(partnership):
    return [one.name for one in chosen_by(partnership)]


# Words


def test_the_set_of_2018_comes_with_the_portal_and_names_its_eleven_outcomes():
    (one,) = shipped()
    assert (one.name, one.version_name, len(one.outcomes)) == ("National Performance Framework", "2018", 11)
    assert [line.name for line in one.outcomes][::5] == ["Children and Young People", "Environment", "Poverty"]


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "Write 1 to 100"), ("Health\nhealth", "there twice"), ("x" * 151, "at most 150"), ("(was: A)", "at most 150"),
     ("\n".join(map(str, range(101))), "Write 1 to 100")],
)  # fmt: skip
def test_what_cannot_be_a_set_is_told(text, told):
    with pytest.raises(ValueError, match=told):
        lines_of(text)


# Names differ beyond their case, and no two lines share one.
WORDS = st.text("abcdefgh &-", min_size=1, max_size=20).map(str.strip).filter(bool)


NAME = attrgetter("name")


@given(st.lists(st.builds(Line, WORDS, st.lists(WORDS, max_size=3).map(tuple)), min_size=1, unique_by=NAME))
def test_a_set_reads_back_as_it_was_typed(lines):
    assert lines_of("\n".join(map(str, lines))) == lines


def test_the_mapping_goes_by_name_and_by_what_a_later_outcome_says_it_follows():
    later = [Line("health"), Line("Care", ("Health", "communities")), Line("Housing")]
    assert mapping(["Health", "Communities", "Culture"], later) == {
        "Health": ["health", "Care"], "Communities": ["Care"], "Culture": [],
    }  # fmt: skip


# The sets


def keeping(outcome_set, by):
    return [
        lambda: add_outcome_set(**facts(version_name="next"), by=by),
        lambda: edit_outcome_set(outcome_set=outcome_set, **facts(note="n"), by=by, version=1),
        lambda: archive_outcome_set(outcome_set=outcome_set, by=by),
        lambda: offer_outcome_set(outcome_set=outcome_set, by=by),
        lambda: bring_in_shipped_sets(by=by),
    ]


def test_an_administrator_adds_edits_archives_and_offers_sets(keeper):
    made = add_outcome_set(**facts(), by=keeper)
    for attempt in keeping(made, keeper):
        attempt()
    made.refresh_from_db()
    assert (made.note, made.archived_on, made.version) == ("n", None, 4)
    assert [str(one) for one in OutcomeSet.objects.order_by("pk")] == [
        "Outcomes for Example 2026", "Outcomes for Example next", "National Performance Framework 2018",
    ]  # fmt: skip
    assert sorted({event.action for event in AuditEvent.objects.all()}) == [
        "outcome_set.add", "outcome_set.archive", "outcome_set.edit", "outcome_set.offer",
    ]  # fmt: skip
    with pytest.raises(NotNow, match="is here already"):
        bring_in_shipped_sets(by=keeper)
    with pytest.raises(NotNow, match="is not archived"):
        offer_outcome_set(outcome_set=made, by=keeper)
    archive_outcome_set(outcome_set=made, by=keeper)
    with pytest.raises(NotNow, match="archived already"):
        archive_outcome_set(outcome_set=made, by=keeper)


@pytest.mark.parametrize("role", [role for role in PortalRole if role != PortalRole.ADMINISTRATOR])
def test_nobody_else_keeps_sets_and_each_try_is_recorded(keeper, role):
    made = add_outcome_set(**facts(), by=keeper)
    for attempt in keeping(made, PersonFactory(portal_role=role)):
        with pytest.raises(NotPermitted, match="You may not keep the sets of national outcomes"):
            attempt()
    assert list(OutcomeSet.objects.values_list("version", "note")) == [(1, "")]
    assert AuditEvent.objects.filter(outcome=Outcome.REFUSED).count() == 5


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"outcomes": "A\nA"}, "outcomes"), ({"version_name": "2026"}, "version_name"), ({"source": "no link"}, "source"),
     ({"name": ""}, "name")],
)  # fmt: skip
def test_a_set_that_cannot_be_leaves_nothing(keeper, wrong, field):
    add_outcome_set(**facts(), by=keeper)
    with pytest.raises(ValidationError) as refusal:
        add_outcome_set(**facts(version_name="2027") | wrong, by=keeper)
    assert field in refusal.value.message_dict
    assert OutcomeSet.objects.count() == 1
    assert AuditEvent.objects.count() == 1


def test_the_outcomes_of_a_set_change_until_somebody_has_chosen_and_its_facts_after_that_too(keeper, partnership):
    made = add_outcome_set(**facts(), by=keeper)
    edit_outcome_set(outcome_set=made, **facts(outcomes="Health\nArts"), by=keeper, version=1)
    lead = person_as(PartnershipRole.PUBLIC_LEAD, partnership)
    choose_outcomes(partnership=partnership, outcomes=ids(made, "Arts"), by=lead)
    with pytest.raises(ValidationError, match="so its outcomes stay"):
        edit_outcome_set(outcome_set=made, **facts(outcomes="Health\nCulture"), by=keeper)
    edit_outcome_set(outcome_set=made, **facts(outcomes="Health\nArts", note="checked"), by=keeper)
    assert names(partnership) == ["Arts"]
    with pytest.raises(NotNow, match="changed this"):
        edit_outcome_set(outcome_set=made, **facts(), by=keeper, version=1)


def test_in_force_is_the_newest_that_has_begun_and_is_not_archived(keeper):
    in_force = OutcomeSet.objects.in_force
    assert in_force(clock.today()) is None
    old = add_outcome_set(**facts(version_name="old", in_force_from=date(2018, 1, 1)), by=keeper)
    new = add_outcome_set(**facts(), by=keeper)
    add_outcome_set(**facts(version_name="later", in_force_from=date(2027, 1, 1)), by=keeper)
    days = (date(2017, 12, 31), date(2018, 1, 1), date(2026, 8, 31), date(2026, 9, 1), date(2026, 11, 2))
    assert [in_force(day) for day in days] == [None, old, old, new, new]
    archive_outcome_set(outcome_set=new, by=keeper)
    assert in_force(clock.today()) == old


# The choice


@pytest.mark.parametrize("role", EDITORS)
def test_whoever_edits_the_description_chooses(keeper, partnership, role):
    made = add_outcome_set(**facts(), by=keeper)
    choose_outcomes(partnership=partnership, outcomes=ids(made, "Health", "Housing"), by=person_as(role, partnership))
    assert names(partnership) == ["Health", "Housing"]
    event = AuditEvent.objects.get(action="outcomes.choose")
    assert (event.scope, event.after) == (
        partnership.audit_scope, {"Outcomes for Example 2026": ["Health", "Housing"]},
    )  # fmt: skip


@pytest.mark.parametrize("role", OTHERS)
def test_other_roles_do_not_choose(keeper, partnership, role):
    made = add_outcome_set(**facts(), by=keeper)
    with pytest.raises(NotPermitted, match="edit the description"):
        choose_outcomes(partnership=partnership, outcomes=ids(made, "Health"), by=person_as(role, partnership))
    assert names(partnership) == []


def test_nothing_is_chosen_without_a_set_in_force_or_when_it_is_over_or_from_another_set(keeper, partnership):
    lead = person_as(PartnershipRole.PUBLIC_LEAD, partnership)
    with pytest.raises(NotNow, match="A portal administrator can add one"):
        choose_outcomes(partnership=partnership, outcomes=["x"], by=lead)
    old = add_outcome_set(**facts(version_name="old", in_force_from=date(2018, 1, 1)), by=keeper)
    made = add_outcome_set(**facts(), by=keeper)
    for wrong in ([], ids(old, "Health"), [*ids(made, "Health"), "x" * 22]):
        with pytest.raises(ValidationError, match="Choose one or more outcomes of Outcomes for Example 2026"):
            choose_outcomes(partnership=partnership, outcomes=wrong, by=lead)
    for stage in OVER:
        Partnership.objects.update(stage=stage)
        with pytest.raises(NotNow, match=r"closed|stopped"):
            choose_outcomes(partnership=partnership, outcomes=ids(made, "Health"), by=lead)
    assert names(partnership) == []


def test_s38_a_new_set_leaves_the_old_choice_and_offers_a_mapping(client, keeper, partnership):
    (npf,) = bring_in_shipped_sets(by=keeper)
    lead = person_as(PartnershipRole.PUBLIC_LEAD, partnership)
    choose_outcomes(partnership=partnership, outcomes=ids(npf, "Health", "Communities", "Culture"), by=lead)
    client.force_login(lead)
    assert "A newer set is in force" not in client.get(partnership.get_absolute_url()).content.decode()
    made = add_outcome_set(**facts(outcomes="Health\nCare (was: Health; Communities)\nHousing"), by=keeper)
    page = client.get(partnership.get_absolute_url()).content.decode()
    assert "Communities, Culture, Health" in page
    assert "National Performance Framework 2018" in page
    assert "A newer set is in force:</strong> Outcomes for Example 2026" in page
    url = reverse("partnerships:outcomes_choose", args=[partnership.public_id])
    offered = client.get(url)
    assert offered.context["mapped"] == [("Communities", "Care"), ("Culture", ""), ("Health", "Health, Care")]
    assert "Nothing follows it by name" in offered.content.decode()
    ticked = offered.context["form"].initial["outcomes"]
    assert ticked == ids(made, "Health", "Care")
    assert names(partnership) == ["Communities", "Culture", "Health"], "offering changes nothing"
    assert (
        client.post(url, {"outcomes": ticked, "version": offered.context["form"]["version"].value()}).status_code == 302
    )
    assert names(partnership) == ["Health", "Care"]
    event = AuditEvent.objects.get(action="outcomes.choose", summary__contains="2026")
    assert event.before == {"National Performance Framework 2018": ["Communities", "Culture", "Health"]}


# The pages


def test_everybody_reads_the_sets_and_administrators_keep_them_in_the_browser(client, keeper):
    sets, add, bring_in = (
        reverse(f"partnerships:{name}") for name in ("outcome_sets", "outcome_set_add", "outcome_sets_bring_in")
    )
    client.force_login(keeper)
    assert client.post(bring_in, follow=True).status_code == 200
    assert "is here already" in client.post(bring_in, follow=True).content.decode()
    data = facts(in_force_from="1/9/2026") | {"outcomes": "<b>Health"}
    assert client.post(add, data | {"outcomes": ""}).status_code == 200
    page = client.post(add, data, follow=True).content.decode()
    assert "&lt;b&gt;Health" in page
    made = OutcomeSet.objects.get(version_name="2026")
    edit = reverse("partnerships:outcome_set_edit", args=[made.public_id])
    assert client.get(edit).status_code == 200
    assert client.post(edit, data | {"outcomes": "A\nA", "version": 1}).status_code == 200
    assert client.post(edit, data | {"outcomes": "A\nB", "version": 1}).status_code == 302
    archive = reverse("partnerships:outcome_set_archive", args=[made.public_id])
    assert "Archived on 2 November 2026" in client.post(archive, follow=True).content.decode()
    assert client.post(archive.replace("archive", "offer")).status_code == 302
    client.force_login(PersonFactory())
    assert "Outcomes for Example 2026" in client.get(sets).content.decode()
    assert "ds_button" not in client.get(made.get_absolute_url()).content.decode().split("<main")[1].split("</main")[0]
    for url, method in ((add, client.get), (edit, client.get), (archive, client.post), (bring_in, client.post)):
        assert method(url).status_code == 403
    assert client.get(made.get_absolute_url().replace(made.public_id, "x" * 22)).status_code == 404


def test_choosing_is_for_members_only_and_says_why_it_cannot_be_done_yet(client, partnership):
    url = reverse("partnerships:outcomes_choose", args=[partnership.public_id])
    client.force_login(PersonFactory(administrator=True))
    assert client.get(url).status_code == 404
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    assert client.get(url).status_code == 403
    client.force_login(person_as(PartnershipRole.PROJECT_LEAD, partnership))
    assert "No set of national outcomes is in force" in client.get(url).content.decode()
    assert url not in client.get(partnership.get_absolute_url()).content.decode()


def test_the_list_of_sets_costs_the_same_for_one_and_for_many(client, keeper):
    client.force_login(PersonFactory())
    counts = []
    for many in (1, 2, 47):
        for _ in range(many):
            add_outcome_set(**facts(version_name=f"n{OutcomeSet.objects.count()}", outcomes="A\nB"), by=keeper)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("partnerships:outcome_sets"))
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
