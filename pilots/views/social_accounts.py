"""The social accounts: one page to read and print, one form."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.forms.submit import carry_out, posted
from partnerships.models import Partnership
from partnerships.views.shared import partnership_for, partnership_page
from pilots.actions.social_accounts import NOT_WRITTEN, blockers_to_write, write_social_accounts
from pilots.forms.social_accounts import SocialAccountsForm, initial_of
from pilots.models import SocialAccounts
from pilots.permissions import may_write_value, require_to_write_value
from pilots.principles import ASKS, Principle
from pilots.views.shared import tab_of


def read(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    written = _written(request, partnership)
    known = {row.principle: row for row in written.principles.all()} if written else {}
    return partnership_page(
        request,
        partnership,
        tab_of(partnership),
        "pilots/social_accounts.html",
        written=written,
        rows=[(principle.label, ASKS[principle], known.get(principle)) for principle in Principle],
        done=sum(1 for row in known.values() if row.done_on),
        blockers=blockers_to_write(partnership),
        writes=may_write_value(person_of(request), partnership),
    )


def write(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    require_to_write_value(person_of(request), partnership)
    written = _written(request, partnership)
    back = reverse("pilots:social_accounts", args=[partnership.public_id])
    form = SocialAccountsForm(
        posted(request), initial=initial_of(written), version=written.version if written else NOT_WRITTEN,
        cancel_url=back,
    )  # fmt: skip

    def action() -> None:
        write_social_accounts(
            partnership=partnership, accounts=form.accounts(), by=person_of(request), version=form.version
        )

    if request.method == "POST" and carry_out(request, form, action, done="The social accounts are saved."):
        return redirect(back)
    lead = "The eight principles of social accounting: say what was done for each, and tick it when it is done."
    return partnership_page(
        request, partnership, tab_of(partnership), "pilots/form.html", form=form, heading="Social accounts", lead=lead
    )


def _written(request: HttpRequest, partnership: Partnership) -> SocialAccounts | None:
    visible = SocialAccounts.objects.visible_to(person_of(request)).filter(partnership=partnership)
    return visible.select_related("written_by").prefetch_related("principles").first()
