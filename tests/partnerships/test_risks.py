"""Risks: the score by hand, the verbs, the filters, the deadline of the owner."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts import todo
from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.actions.risk import add_risk, close_risk, edit_risk, review_risk
from partnerships.deadlines import due_by
from partnerships.lifecycle import OVER, Stage
from partnerships.models import Risk
from partnerships.risk import RiskColour, colour_of, score_of, scores_of
from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import PartnershipFactory, RiskFactory, person_as
from tests.reading import numbers_in

pytestmark = pytest.mark.django_db
KEEPERS = [
    PartnershipRole.PROJECT_LEAD, PartnershipRole.PUBLIC_LEAD, PartnershipRole.THIRD_SECTOR_LEAD,
    PartnershipRole.PARTNER_MANAGER, PartnershipRole.PROCUREMENT_OFFICER,
]  # fmt: skip
OTHERS = [role for role in PartnershipRole if role not in KEEPERS]


@pytest.fixture(autouse=True)
def november():
    with clock.at(datetime(2026, 11, 2, 12, tzinfo=UTC)):
        yield


def values(partnership, **changed):
    owner = changed.pop("owner", None) or person_as(PartnershipRole.EVALUATOR, partnership)
    return {
        "title": "Drivers leave", "likelihood": 3, "impact": 5, "mitigation": "Train two", "owner": owner,
        "review_on": date(2026, 12, 1),
    } | changed  # fmt: skip


@pytest.mark.parametrize(
    ("likelihood", "impact", "score", "colour"),
    [
        (1, 1, 1, "green"), (1, 5, 5, "green"), (2, 3, 6, "green"), (2, 4, 8, "amber"), (3, 3, 9, "amber"),
        (3, 4, 12, "amber"), (3, 5, 15, "red"), (4, 4, 16, "red"), (5, 5, 25, "red"),
    ],
)  # fmt: skip
def test_scores_by_hand(likelihood, impact, score, colour):
    assert score_of(likelihood, impact) == score
    assert colour_of(score) == colour


def test_the_thresholds_are_7_8_14_15_and_every_score_has_one_colour():
    assert [colour_of(score) for score in (7, 8, 14, 15)] == ["green", "amber", "amber", "red"]
    assert sorted(score for colour in RiskColour for score in scores_of(colour)) == list(range(1, 26))
    assert all(colour_of(score) == colour for colour in RiskColour for score in scores_of(colour))


@pytest.mark.parametrize("pair", [(0, 3), (3, 0), (6, 1), (1, 6), (-1, -1)])
def test_outside_the_scales_there_is_no_score(pair):
    with pytest.raises(ValueError, match="1 to 5"):
        score_of(*pair)


@pytest.mark.parametrize("role", KEEPERS)
@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in OVER])
def test_adding_is_allowed_until_the_partnership_closes(role, stage):
    partnership = PartnershipFactory(stage=stage)
    risk = add_risk(partnership=partnership, **values(partnership), by=person_as(role, partnership))
    assert (risk.score, risk.colour, risk.version) == (15, RiskColour.RED, 1)
    event = AuditEvent.objects.get()
    assert (event.action, event.scope) == ("risk.add", partnership.audit_scope)
    assert event.summary == "added the risk “Drivers leave”, score 15 (red)"


@pytest.mark.parametrize("role", OTHERS)
def test_adding_is_refused_to_other_roles_and_the_refusal_is_recorded(role):
    partnership = PartnershipFactory()
    with pytest.raises(NotPermitted, match="You may not write in the registers"):
        add_risk(partnership=partnership, **values(partnership), by=person_as(role, partnership))
    assert not Risk.objects.exists()
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED


def test_every_verb_is_refused_in_a_closed_partnership():
    risk = RiskFactory(partnership__closed=True)
    lead = person_as(PartnershipRole.PUBLIC_LEAD, risk.partnership)
    given = values(risk.partnership)
    for attempt in (
        lambda: add_risk(partnership=risk.partnership, **given, by=lead),
        lambda: edit_risk(risk=risk, **given, by=lead),
        lambda: review_risk(risk=risk, note="n", likelihood=1, impact=1, review_on=date(2027, 1, 1), by=lead),
        lambda: close_risk(risk=risk, reason="r", by=lead),
    ):
        with pytest.raises(NotNow, match="partnership is closed"):
            attempt()
    risk.refresh_from_db()
    assert (risk.score, risk.version, risk.closed_on) == (9, 1, None)
    assert Risk.objects.count() == 1
    assert not risk.reviews.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"likelihood": 0}, "likelihood"), ({"impact": 6}, "likelihood"),
        ({"review_on": date(2026, 11, 1)}, "review_on"),
        ({"owner": "stranger"}, "owner"),
    ],
)  # fmt: skip
def test_wrong_values_are_told_beside_the_field_and_leave_nothing_behind(wrong, field):
    partnership = PartnershipFactory()
    if "owner" in wrong:
        wrong = {"owner": PersonFactory()}
    with pytest.raises(ValidationError) as refusal:
        add_risk(
            partnership=partnership,
            **values(partnership, **wrong),
            by=person_as(PartnershipRole.PUBLIC_LEAD, partnership),
        )
    assert field in refusal.value.message_dict
    assert not Risk.objects.exists()
    assert not AuditEvent.objects.exists()


def test_editing_keeps_a_passed_review_date_and_refuses_a_stale_tab():
    risk = RiskFactory(review_on=date(2026, 10, 1))
    lead = person_as(PartnershipRole.PROJECT_LEAD, risk.partnership)
    given = values(risk.partnership, review_on=date(2026, 10, 1))
    edit_risk(risk=risk, **given, by=lead, version=1)
    risk.refresh_from_db()
    assert (risk.title, risk.score, risk.version) == ("Drivers leave", 15, 2)
    with pytest.raises(NotNow, match="changed this"):
        edit_risk(risk=risk, **given, by=lead, version=1)


def test_a_review_keeps_its_note_and_both_scores_and_moves_the_deadline():
    risk = RiskFactory()
    lead = person_as(PartnershipRole.PARTNER_MANAGER, risk.partnership)
    review_risk(risk=risk, note="Two trained", likelihood=2, impact=2, review_on=date(2027, 1, 4), by=lead, version=1)
    risk.refresh_from_db()
    review = risk.reviews.get()
    assert (review.score_before, review.score_after, review.note) == (9, 4, "Two trained")
    assert (risk.colour, risk.review_on, risk.version) == ("green", date(2027, 1, 4), 2)
    assert AuditEvent.objects.get().summary.endswith("score 9 became 4")


def test_the_owner_reviews_whatever_the_role_but_does_not_edit_and_not_after_leaving():
    risk = RiskFactory()
    given = {"note": "Seen", "likelihood": 3, "impact": 3, "review_on": date(2027, 1, 4)}
    review_risk(risk=risk, **given, by=risk.owner)
    with pytest.raises(NotPermitted):
        close_risk(risk=risk, reason="r", by=risk.owner)
    risk.partnership.members.filter(person=risk.owner).update(left_on=date(2026, 10, 1))
    with pytest.raises(NotPermitted):
        review_risk(risk=risk, **given, by=risk.owner)
    assert risk.reviews.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"), [({"note": " "}, "note"), ({"review_on": date(2026, 11, 2)}, "review_on"),
                         ({"likelihood": 9}, "likelihood")],
)  # fmt: skip
def test_a_review_needs_a_note_and_a_later_date(wrong, field):
    risk = RiskFactory()
    given = {"note": "Seen", "likelihood": 3, "impact": 3, "review_on": date(2027, 1, 4)} | wrong
    with pytest.raises(ValidationError) as refusal:
        review_risk(risk=risk, **given, by=risk.owner)
    assert field in refusal.value.message_dict
    assert not risk.reviews.exists()


def test_closing_needs_a_reason_happens_once_and_ends_the_deadline():
    risk = RiskFactory(review_on=date(2026, 11, 20))
    lead = person_as(PartnershipRole.PUBLIC_LEAD, risk.partnership)
    with pytest.raises(ValidationError):
        close_risk(risk=risk, reason=" ", by=lead)
    assert [d.title for d in due_by(date(2026, 12, 1))] == [f"Review the risk “{risk}”"]
    close_risk(risk=risk, reason="It can no longer happen", by=lead)
    assert not list(due_by(date(2026, 12, 1)))
    with pytest.raises(NotNow, match="was closed on 2 November 2026"):
        close_risk(risk=risk, reason="Again", by=lead)


def test_the_review_is_on_the_home_page_of_its_owner_and_of_nobody_else():
    risk = RiskFactory(review_on=date(2026, 11, 20))
    RiskFactory(partnership=risk.partnership, owner=risk.owner, review_on=date(2027, 3, 1))
    mine = todo.of(risk.owner)
    assert [(item.title, item.due_on) for item in mine] == [(f"Review the risk “{risk}”", date(2026, 11, 20))]
    assert not todo.of(person_as(PartnershipRole.OBSERVER, risk.partnership))
    risk.partnership.members.filter(person=risk.owner).update(left_on=date(2026, 10, 1))
    assert not todo.of(risk.owner)
    assert not list(due_by(date(2027, 1, 1)))


def test_the_list_is_sorted_by_score_and_filtered_by_the_address(client):
    partnership = PartnershipFactory()
    low, *_ = (
        RiskFactory(partnership=partnership, title=title, likelihood=likelihood, impact=5)
        for title, likelihood in (("Low", 1), ("High", 5), ("Middle", 2))
    )
    RiskFactory(partnership=partnership, title="Over", likelihood=5, impact=5, closed_on=date(2026, 10, 1),
                closing_reason="r")  # fmt: skip
    RiskFactory(title="Of another partnership")
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    cases = {
        "": ["High", "Middle", "Low", "Over"],
        "state=open": ["High", "Middle", "Low"],
        "state=closed": ["Over"],
        "colour=red&state=open": ["High"],
        "colour=amber": ["Middle"],
        "colour=green": ["Low"],
        f"owner={low.owner.public_id}": ["Low"],
        "owner=nobody": ["High", "Middle", "Low", "Over"],
        "colour=blue&page=x": ["High", "Middle", "Low", "Over"],
        "colour=%00": ["High", "Middle", "Low", "Over"],
    }
    for query, titles in cases.items():
        page = client.get(f"{reverse('partnerships:risks', args=[partnership.public_id])}?{query}")
        assert page.status_code == 200, query
        assert [risk.title for risk in page.context["page_obj"]] == titles, query


def test_the_life_of_a_risk_in_the_browser(client):
    partnership = PartnershipFactory()
    lead = person_as(PartnershipRole.PUBLIC_LEAD, partnership)
    client.force_login(lead)
    data = {
        "title": "Drivers leave", "likelihood": "4", "impact": "4", "mitigation": "Train", "owner": lead.public_id,
        "review_on": "1/12/2026",
    }  # fmt: skip
    assert client.post(reverse("partnerships:risk_add", args=[partnership.public_id]), data).status_code == 302
    risk = Risk.objects.get()
    where = [partnership.public_id, risk.public_id]
    assert "16" in numbers_in(client.get(reverse("partnerships:risks", args=where[:1])))
    edited = data | {"title": "<b>Drivers", "version": 1}
    assert client.post(reverse("partnerships:risk_edit", args=where), edited).status_code == 302
    review = {"note": "Better", "likelihood": "2", "impact": "4", "review_on": "1/1/2027", "version": 2}
    assert client.post(reverse("partnerships:risk_review", args=where), review).status_code == 302
    page = client.get(reverse("partnerships:risk", args=where)).content.decode()
    assert "score 16 became 8" in page
    assert "&lt;b&gt;Drivers" in page
    stale = client.post(reverse("partnerships:risk_close", args=where), {"reason": "Over", "version": 1})
    assert "changed this" in stale.content.decode()
    told = stale.context["form"]
    assert told["version"].value() == "3", "whoever was told may send the same form again, and it counts"
    again = {"reason": told["reason"].value(), "version": told["version"].value()}
    assert client.post(reverse("partnerships:risk_close", args=where), again).status_code == 302
    assert "Closed" in client.get(reverse("partnerships:risk", args=where)).content.decode()


def test_the_owner_gets_the_review_button_only(client):
    risk = RiskFactory()
    client.force_login(risk.owner)
    page = client.get(reverse("partnerships:risk", args=[risk.partnership.public_id, risk.public_id])).content.decode()
    assert "/review/" in page
    assert "/close/" not in page
    where = [risk.partnership.public_id, risk.public_id]
    assert client.get(reverse("partnerships:risk_review", args=where)).status_code == 200
    assert client.get(reverse("partnerships:risk_edit", args=where)).status_code == 403
