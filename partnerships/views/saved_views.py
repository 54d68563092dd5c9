"""Saved views of the portfolio: the list of one's own, and what can be done with each."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.views.shared import form_page, person_of
from foundation.forms.base import ConfirmForm, PortalForm
from foundation.forms.submit import carry_out, posted
from partnerships.actions.saved_view import blockers_to_save, open_with, remove_view, rename_view, save_view
from partnerships.filters import filter_in_words, filter_of
from partnerships.forms.saved_views import RenameViewForm, SaveViewForm
from partnerships.models import MOST_VIEWS, SavedView


def views(request: HttpRequest) -> HttpResponse:
    mine = SavedView.objects.visible_to(person_of(request)).by_name()
    rows = [(view, filter_in_words(view.query)) for view in mine]
    return render(request, "partnerships/saved_views.html", {"rows": rows, "most": MOST_VIEWS})


def save(request: HttpRequest) -> HttpResponse:
    person, query = person_of(request), filter_of(request.GET)
    form = SaveViewForm(posted(request))

    def action() -> None:
        save_view(**form.values(), query=query, by=person)

    if request.method == "POST" and carry_out(request, form, action, done="The view is saved."):
        return redirect(f"{reverse('partnerships:portfolio')}?{query}")
    lead = f"It shows: {filter_in_words(query)}. To share it, send somebody the address of the page with this filter."
    blockers = blockers_to_save(person, query)
    return _page(request, form, "Save this view", lead=lead if query else "", blockers=blockers)


def rename(request: HttpRequest, view_id: str) -> HttpResponse:
    view = _view(request, view_id)
    form = RenameViewForm(posted(request), initial={"name": view.name})

    def action() -> None:
        rename_view(view=view, **form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The view has another name."):
        return redirect("partnerships:views")
    return _page(request, form, f"Rename the view “{view}”")


def remove(request: HttpRequest, view_id: str) -> HttpResponse:
    view = _view(request, view_id)
    form = ConfirmForm(posted(request), button="Remove the view")

    def action() -> None:
        remove_view(view=view, by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The view is removed."):
        return redirect("partnerships:views")
    return _page(request, form, f"Remove the view “{view}”?", lead="The partnerships it shows are not touched.")


def opening(request: HttpRequest, view_id: str) -> HttpResponse:
    """What “Partnerships” opens with: this view, or all of them again."""
    view = _view(request, view_id)
    wanted = not view.is_default
    label = f"Open “Partnerships” with “{view}”" if wanted else "Open “Partnerships” with all of them"
    form = ConfirmForm(posted(request), button=label)

    def action() -> None:
        open_with(view=view, wanted=wanted, by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="What “Partnerships” opens with is changed."):
        return redirect("partnerships:views")
    return _page(request, form, f"{label}?", lead="The other partnerships are one choice away, under “Clear”.")


def _view(request: HttpRequest, view_id: str) -> SavedView:
    found = SavedView.objects.visible_to(person_of(request)).filter(public_id=view_id).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, form: PortalForm, heading: str, lead: str = "", blockers: list[str] | None = None
) -> HttpResponse:
    crumbs = [("Partnerships", reverse("partnerships:portfolio")), ("Your saved views", reverse("partnerships:views"))]
    context = form_page(form, heading, *crumbs, lead=lead, blockers=[] if form.is_bound else blockers)
    return render(request, "accounts/form.html", context)
