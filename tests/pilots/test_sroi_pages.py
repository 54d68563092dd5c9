"""The pages of SROI maps and social accounts: who sees what, in how many queries, and what stands on paper."""

import re
from datetime import UTC, datetime
from html import unescape

import page as validation
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.database import clock
from foundation.rendering.models import RenderJob
from foundation.rendering.printing import printed
from partnerships.roles import PartnershipRole
from pilots.actions.sroi import publish_map
from pilots.documents import sroi_document
from pilots.models import MapState, SocialAccounts, SroiMap, SroiOutcome
from tests.factories.partnerships import PartnershipFactory, person_as
from tests.factories.sroi import OutcomeFactory, SroiMapFactory, StakeholderFactory, worked_example

pytestmark = pytest.mark.django_db

R = PartnershipRole
READING = ["sroi_map", "sroi_print", "sroi_pdf_progress"]
WRITING = ["sroi_settings", "sroi_inputs", "sroi_stakeholders", "sroi_outcome_add"]


@pytest.fixture(autouse=True)
def _may():
    with clock.at(datetime(2027, 5, 3, 9, tzinfo=UTC)):
        yield


def text(response):
    return " ".join(unescape(response.content.decode()).replace("\u00ad", "").split())


def main(response):
    return text(response).split('id="main-content"')[1]


def as_role(client, role, partnership):
    person = person_as(role, partnership)
    client.force_login(person)
    return person


def address(name, partnership, *more):
    return reverse(f"pilots:{name}", args=[partnership.public_id, *more])


def test_s35_the_map_shows_the_ratio_with_its_range_and_every_step(client):
    sroi_map = worked_example(published=True)
    as_role(client, R.OBSERVER, sroi_map.partnership)
    shown = main(client.get(address("sroi_map", sroi_map.partnership, 1)))
    for told in (
        "2.23 : 1", "between 0.94 : 1 and 2.23 : 1", "£100,223.20", "£55,223.20", "9.50 months", "1.23 : 1", "44.9%",
        "3.5% a year. Each year’s impact is counted at its end", "40 × £1,200.00 = £48,000.00",
        "£48,000.00 × (1 − 25%) = £36,000.00", "£36,000.00 × (1 − 30%) = £25,200.00", "0.9335", "£30,728.84",
        "£56,871.00", "£32,917.50", "£16,128.00", "Survey of three clubs, 2025", "The same as a table", "<svg",
    ):  # fmt: skip
        assert told in shown, told
    assert "ds_button" not in shown
    assert "1.83" not in shown


def test_s36_the_sensitivity_table_shows_1_93_for_ten_points_more_deadweight(client):
    sroi_map = worked_example()
    as_role(client, R.OBSERVER, sroi_map.partnership)
    shown = main(client.get(address("sroi_map", sroi_map.partnership, 1)))
    row = r"<th [^>]*>{}</th><td [^>]*>{} : 1</td>"
    for told, ratio in (
        ("Deadweight 10 points higher for each outcome", "1.93"),
        ("Attribution 10 points higher for each outcome", "1.92"),
        ("All proxies 20% lower", "1.78"), ("All quantities 10% lower", "2.00"),
        ("Without “Volunteers into work”", "1.41"),
    ):  # fmt: skip
        assert re.search(row.format(told, ratio), shown), told


def test_s37_the_publish_page_names_each_proxy_without_source_and_links_to_it(client):
    sroi_map = worked_example()
    outcome = SroiOutcome.objects.get(title="Less isolation")
    SroiOutcome.objects.filter(pk=outcome.pk).update(source="", source_year=None)
    as_role(client, R.EVALUATOR, sroi_map.partnership)
    where = address("sroi_publish", sroi_map.partnership, 1)
    link = f'<a href="{address("sroi_outcome_edit", sroi_map.partnership, 1, outcome.public_id)}">'
    for response in (client.get(where), client.post(where, {"version": "1"})):
        assert response.status_code == 200
        assert f"{link}“Less isolation”: the proxy has no source and year.</a>" in text(response)
    assert "Publish this map" not in text(client.get(address("sroi_map", sroi_map.partnership, 1)))
    assert SroiMap.objects.get().state == MapState.DRAFT
    assert not RenderJob.objects.exists()


def test_a_lead_who_cannot_write_reads_what_is_missing_without_a_link_that_refuses(client):
    sroi_map = worked_example()
    SroiOutcome.objects.update(source="")
    as_role(client, R.PUBLIC_LEAD, sroi_map.partnership)
    shown = main(client.get(address("sroi_publish", sroi_map.partnership, 1)))
    assert shown.count("the proxy has no source.") == 3
    assert "/outcomes/" not in shown
    assert "The pilot evaluator can add it" in shown


def test_the_list_never_shows_a_ratio_without_its_range_and_its_map(client):
    sroi_map = worked_example(published=True)
    SroiMapFactory(partnership=sroi_map.partnership, number=2)
    as_role(client, R.OBSERVER, sroi_map.partnership)
    shown = main(client.get(address("sroi", sroi_map.partnership)))
    assert "<strong>2.23 : 1</strong>, between 0.94 : 1 and 2.23 : 1" in shown
    assert "Not worked out yet" in shown
    assert address("sroi_map", sroi_map.partnership, 1) in shown
    pilot = main(client.get(address("pilot", sroi_map.partnership)))
    assert "SROI map 1 is published" in pilot
    assert " : 1" not in pilot


@pytest.mark.parametrize("name", READING)
def test_nobody_outside_learns_that_a_map_exists(client, name):
    sroi_map = worked_example(published=True)
    as_role(client, R.PUBLIC_LEAD, PartnershipFactory(in_pilot=True))
    assert client.get(address(name, sroi_map.partnership, 1)).status_code == 404
    assert client.get(address("sroi", sroi_map.partnership)).status_code == 404
    assert client.get(address("social_accounts", sroi_map.partnership)).status_code == 404


@pytest.mark.parametrize("number", [2, 0, 10**30])
def test_a_number_without_a_map_is_404(client, number):
    sroi_map = worked_example()
    as_role(client, R.EVALUATOR, sroi_map.partnership)
    for name in [*READING, *WRITING, "sroi_pdf", "sroi_publish"]:
        assert client.get(address(name, sroi_map.partnership, number)).status_code == 404
    assert client.post(address("sroi_redraft", sroi_map.partnership, number)).status_code == 404


@pytest.mark.parametrize("role", [R.OBSERVER, R.PUBLIC_LEAD])
def test_who_may_not_write_gets_no_form_and_no_button(client, role):
    sroi_map = worked_example()
    as_role(client, role, sroi_map.partnership)
    outcome = SroiOutcome.objects.first()
    forms = [address(name, sroi_map.partnership, 1) for name in WRITING]
    forms += [
        address(f"sroi_outcome_{verb}", sroi_map.partnership, 1, outcome.public_id) for verb in ("edit", "remove")
    ]
    forms += [address("sroi_start", sroi_map.partnership), address("social_accounts_write", sroi_map.partnership)]
    for where in forms:
        assert client.get(where).status_code == 403, where
        assert client.post(where, {}).status_code == 403, where
    shown = main(client.get(address("sroi_map", sroi_map.partnership, 1)))
    assert "/edit/" not in shown
    assert ("Publish this map" in shown) is (role == R.PUBLIC_LEAD)


def outcome_typed(row, **changed):
    return {
        "stakeholder": row.public_id, "title": "Less isolation", "indicator": "", "quantity": "40",
        "unit": "people", "proxy_name": "Club membership", "proxy": "£1,200", "source": "Survey", "source_year": "2025",
        "deadweight": "25", "displacement": "0", "attribution": "30", "drop_off": "20", "years": "3", "evidence": "",
        "version": "0",
    } | changed  # fmt: skip


def test_a_map_from_nothing_to_published_and_on_to_the_next(client):
    partnership = PartnershipFactory(in_pilot=True)
    as_role(client, R.EVALUATOR, partnership)
    started = {
        "title": "Befriending", "scope": "", "period_from": "1/4/2026", "period_until": "31/3/2027", "rate": "3.5",
        "convention": "end_of_year", "step_deadweight": "10", "step_attribution": "10", "step_proxies": "20",
        "step_quantity": "10", "version": "0",
    }  # fmt: skip
    page = client.post(address("sroi_start", partnership), started, follow=True)
    assert "once the map has inputs and an outcome" in text(page)
    inputs = {"version": "1"}
    for n, what in enumerate(("Grant", "Visits", "")):
        inputs |= {
            f"what_{n}": what,
            f"whose_{n}": what and "Board",
            f"kind_{n}": "cash",
            f"amount_{n}": what and "22500",
        }
    assert client.post(address("sroi_inputs", partnership, 1), inputs).status_code == 302
    people = {"version": "2", "id_0": "", "name_0": "Older people", "about_0": "Those visited."}
    assert client.post(address("sroi_stakeholders", partnership, 1), people).status_code == 302
    stakeholder = SroiMap.objects.get().stakeholders.get()
    assert client.post(address("sroi_outcome_add", partnership, 1), outcome_typed(stakeholder)).status_code == 302
    shown = text(client.get(address("sroi_map", partnership, 1)))
    assert "£25,200.00" in shown
    assert "Draft: not to be quoted" in shown
    page = client.post(address("sroi_publish", partnership, 1), {"version": "4"}, follow=True)
    assert "Published by" in text(page)
    assert "Waiting for its turn" in text(page)
    page = client.post(address("sroi_redraft", partnership, 1), {}, follow=True)
    assert page.redirect_chain[-1][0] == address("sroi_map", partnership, 2)
    again = client.post(address("sroi_redraft", partnership, 1), {})
    assert "SROI map 2 has been started since" in text(again)
    outcome = SroiOutcome.objects.get(stakeholder__sroi_map__number=2)
    where = address("sroi_outcome_edit", partnership, 2, outcome.public_id)
    assert 'value="25"' in text(client.get(where))
    changed = outcome_typed(outcome.stakeholder, deadweight="35", version="1")
    assert client.post(where, changed).status_code == 302
    assert "changed this" in text(client.post(where, changed))
    gone = client.post(address("sroi_outcome_remove", partnership, 2, outcome.public_id), {"version": "2"})
    assert gone.status_code == 302
    assert SroiOutcome.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "bad"),
    [("deadweight", "101"), ("deadweight", "NaN"), ("years", "0"), ("years", "61"), ("quantity", "-1"),
     ("proxy", "1e9"), ("source_year", "3000"), ("stakeholder", "nobody"), ("title", "a\x00b"),
     ("title", ""), ("indicator", "x")],
)  # fmt: skip
def test_a_bad_outcome_is_refused_on_the_form(client, name, bad):
    stakeholder = StakeholderFactory()
    partnership = stakeholder.sroi_map.partnership
    as_role(client, R.EVALUATOR, partnership)
    typed = outcome_typed(stakeholder, **{name: bad})
    response = client.post(address("sroi_outcome_add", partnership, 1), typed)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not SroiOutcome.objects.exists()


def test_half_a_line_of_inputs_is_told_where(client):
    sroi_map = SroiMapFactory()
    as_role(client, R.EVALUATOR, sroi_map.partnership)
    typed = {"version": "1", "kind_0": "cash", "kind_1": "cash", "what_0": "Grant", "whose_0": "", "amount_0": ""}
    typed |= {"what_1": "", "whose_1": "Board", "amount_1": "5"}
    response = client.post(address("sroi_inputs", sroi_map.partnership, 1), typed)
    assert set(response.context["form"].errors) == {"whose_0", "amount_0", "what_1"}


@pytest.mark.parametrize("name", ["sroi_map", "sroi_print"])
def test_a_map_takes_the_same_queries_with_1_3_and_300_outcomes(client, name):
    sroi_map = worked_example(published=True)
    SroiOutcome.objects.exclude(title="Less isolation").delete()
    as_role(client, R.OBSERVER, sroi_map.partnership)
    counts = []
    for more in (0, 2, 297):
        people = StakeholderFactory.create_batch(min(more, 5), sroi_map=sroi_map)
        rows = [OutcomeFactory.build(stakeholder=people[n % len(people)]) for n in range(more)]
        SroiOutcome.objects.bulk_create(rows)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address(name, sroi_map.partnership, 1)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2] <= 16, counts


def test_the_list_takes_the_same_queries_with_1_3_and_300_maps(client):
    partnership = worked_example(published=True, number=1000).partnership
    as_role(client, R.OBSERVER, partnership)
    counts = []
    for numbers in (range(0), range(2, 4), range(4, 301)):
        maps = [
            SroiMapFactory.build(
                partnership=partnership, number=n, state="published", published_at=clock.now(),
                started_by=person, published_by=person,
            )
            for n in numbers for person in [SroiMap.objects.get(number=1000).published_by]
        ]  # fmt: skip
        SroiMap.objects.bulk_create(maps)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address("sroi", partnership)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2], counts


def test_the_pdf_is_for_members_once_it_is_made(client):
    sroi_map = worked_example()
    publish_map(sroi_map=sroi_map, by=person_as(R.EVALUATOR, sroi_map.partnership))
    as_role(client, R.OBSERVER, sroi_map.partnership)
    assert "SROI map 1 as a PDF" in text(client.get(address("sroi_pdf_progress", sroi_map.partnership, 1)))
    assert client.get(address("sroi_pdf", sroi_map.partnership, 1)).status_code == 404


def test_the_paper_holds_the_whole_arithmetic_and_is_accessible_pdf(tmp_path):
    """PDF/UA-1 by an independent validator."""
    sroi_map = worked_example(published=True, scope="What the volunteers themselves gain is left out.")
    document = sroi_document({"sroi_map": sroi_map.public_id})
    for told in ("2.23 : 1", "0.94 : 1", "£100,223.20", "Less deadweight", "1.93 : 1", "Survey of three clubs"):
        assert told in document.html
    assert document.filename == "sroi-map-1.pdf"
    made = tmp_path / document.filename
    made.write_bytes(printed(document.html, lambda step, progress: True))
    found = validation.validate_pdf(str(made), profile="ua1")
    assert found.is_compliant, str(found)


def test_the_social_accounts_are_begun_ticked_and_read(client):
    partnership = PartnershipFactory(in_pilot=True)
    as_role(client, R.EVALUATOR, partnership)
    where = address("social_accounts_write", partnership)
    typed = {"version": "0", "done_purpose": "on", "note_purpose": "Vision agreed.", "panel_chair": "", "statement": ""}
    assert client.post(where, typed).status_code == 302
    shown = main(client.get(address("social_accounts", partnership)))
    assert "1 of 8 done" in shown
    assert "done, 3 May 2027" in shown
    bad = client.post(where, typed | {"version": "1", "done_scope": "on", "panel_chair": "Ann Auditor"})
    assert set(bad.context["form"].errors) == {"note_scope", "panel_met_on"}
    panel = {"panel_chair": "Ann Auditor", "panel_met_on": "1/5/2027", "statement": "True and fair.", "version": "1"}
    assert client.post(where, typed | panel).status_code == 302
    as_role(client, R.OBSERVER, partnership)
    shown = main(client.get(address("social_accounts", partnership)))
    assert "True and fair." in shown
    assert "ds_button" not in shown
    assert SocialAccounts.objects.get().version == 2
