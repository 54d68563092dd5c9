"""What ties the demo's organisations together: a jointly owned company, a new name, a merger."""

from datetime import date

from accounts.actions.kin import link_organisations, merge_organisation, rename_organisation
from accounts.actions.organisation import add_organisation, edit_organisation
from accounts.models import LinkKind, Organisation, OrganisationKind, Person
from foundation.database import clock
from partnerships.plan import add_months
from psp_portal.demo.clockwork import midday

JOINT_COMPANY = "Tay Recovery Together"
OWNERS = ("Steady Ground Recovery", "Harbour Recovery")
RENAMED, FORMER_NAME, RENAMED_MONTHS_AGO = "Bright Starts Families", "Bright Start Home Visits", 20
SURVIVOR, MERGED, MERGED_MONTHS_AGO = "First Keys", "West Lothian Furniture Store", 10
ABOUT_MERGED = "Collects furniture and passes it on."


def tie_together(by: Person) -> None:
    """As an administrator would record it. Bright Starts signed its memorandum under the name it had then."""
    today = clock.today()
    _joint_company(add_months(today, -60), by)
    _new_name(add_months(today, -RENAMED_MONTHS_AGO), by)
    _merger(add_months(today, -MERGED_MONTHS_AGO), by)


def _joint_company(since: date, by: Person) -> None:
    company = add_organisation(
        name=JOINT_COMPANY, kind=OrganisationKind.JOINT_COMPANY, about="Bids and delivers for its two members.", by=by
    )
    for name in OWNERS:
        owner = Organisation.objects.get(name=name)
        link_organisations(below=owner, above=company, kind=LinkKind.JOINT_COMPANY, since=since, by=by)


def _new_name(since: date, by: Person) -> None:
    entry = Organisation.objects.get(name=RENAMED)
    edit_organisation(organisation=entry, name=FORMER_NAME, kind=entry.kind, about=entry.about, by=by)
    entry.refresh_from_db()
    with midday(since):
        rename_organisation(organisation=entry, name=RENAMED, since=since, by=by)


def _merger(merged_on: date, by: Person) -> None:
    merged = add_organisation(name=MERGED, kind=OrganisationKind.CHARITY, about=ABOUT_MERGED, by=by)
    survivor = Organisation.objects.get(name=SURVIVOR)
    merge_organisation(organisation=merged, into=survivor, merged_on=merged_on, by=by)
