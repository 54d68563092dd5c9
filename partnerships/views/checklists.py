"""What each gate asks for, for everybody who is signed in; administrators publish new versions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.permissions import Ability, can
from accounts.views.shared import person_of
from foundation.database import clock
from foundation.forms.submit import carry_out, posted
from partnerships import gates
from partnerships.actions.checklist import publish_checklist
from partnerships.categories import DocumentCategory
from partnerships.checklist import EVERYBODY, VARIANT_MEANS, Item, Variant, Version
from partnerships.checklists import all_versions, in_force_everywhere
from partnerships.forms.gates import ChecklistForm
from partnerships.lifecycle import PASSAGES
from partnerships.views.gate import passage_of


def checklists(request: HttpRequest) -> HttpResponse:
    """The eight gates with what they ask for today."""
    today = in_force_everywhere(clock.today())
    rows = [(passage, today[passage.gate], _told(today[passage.gate])) for passage in PASSAGES]
    variants = [(variant.label, VARIANT_MEANS[variant]) for variant in Variant]
    return render(request, "partnerships/gates/checklists.html", {"rows": rows, "variants": variants})


def checklist(request: HttpRequest, gate: str) -> HttpResponse:
    """One gate: every version of its checklist, the newest first."""
    passage = passage_of(gate)
    today = clock.today()
    versions = all_versions(passage.gate)
    current = [v for v in versions if v.in_force_from is None or v.in_force_from <= today][-1]
    context = {
        "passage": passage,
        "versions": [(version, _told(version), version is current) for version in reversed(versions)],
        "may_publish": can(person_of(request), Ability.KEEP_CHECKLISTS),
    }
    return render(request, "partnerships/gates/checklist.html", context)


def publish(request: HttpRequest, gate: str) -> HttpResponse:
    """The newest version, ready to be changed into the next."""
    passage = passage_of(gate)
    newest = all_versions(passage.gate)[-1]
    back = reverse("checklist", args=[passage.gate])
    form = ChecklistForm(posted(request), items=newest.items, version=newest.number, cancel_url=back)

    def action() -> None:
        publish_checklist(gate=passage.gate, **form.values(), number=form.version, by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The new version is published."):
        return redirect(back)
    return render(request, "partnerships/gates/publish.html", {"form": form, "passage": passage, "newest": newest})


def _told(version: Version) -> list[tuple[Item, str, str]]:
    """Each item with where it is read from and of whom it is asked, in words."""
    labels = {fact.key: fact.label for fact in gates.facts()} | dict(DocumentCategory.choices)
    return [(item, labels.get(item.source, ""), _asked_of(item)) for item in version.items]


def _asked_of(item: Item) -> str:
    if set(item.variants) == set(EVERYBODY):
        return ""
    return "Only: " + ", ".join(variant.label.lower() for variant in Variant if variant in item.variants)
