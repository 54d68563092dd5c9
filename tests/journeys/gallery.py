"""Every component and every kind of field on a few pages, for tests only: a URL configuration beside the product's."""

import threading
from decimal import Decimal

import django_filters
from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from accounts.models import Organisation
from foundation.files.fields import UploadField
from foundation.forms.base import Button, PortalForm
from foundation.forms.filters import FilterForm
from foundation.policy.refusals import NotNow
from foundation.policy.table import FORM, public
from partnerships.health import Health
from partnerships.lifecycle import Stage
from psp_portal.urls import urlpatterns as product

AREAS = [("", "Choose a council area"), ("fife", "Fife"), ("moray", "Moray")]


class EveryField(PortalForm):
    button = "Save the partnership"
    cancel_url = "/"
    secondary = ("later", "Save for later")
    versioned = True

    title = forms.CharField(max_length=150, help_text="A short name, for example “Befriending in Fife”.")
    need = forms.CharField(max_length=3000, widget=forms.Textarea(attrs={"rows": 4}))
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))
    email = forms.EmailField(label="E-mail address")
    website = forms.URLField(required=False, assume_scheme="https")
    charity_number = forms.CharField(max_length=8, required=False)
    amount = forms.DecimalField(label="Amount (£)", max_digits=9, decimal_places=2, min_value=Decimal("0.01"))
    months = forms.IntegerField(min_value=1, max_value=120)
    area = forms.ChoiceField(choices=AREAS)
    starts_on = forms.DateField(label="Start date")
    meets_at = forms.DateTimeField(label="First meeting", required=False)
    lead = forms.ChoiceField(
        label="Who leads the partnership?",
        choices=[("public", "Public body"), ("third", "Third sector organisation")],
        widget=forms.RadioSelect,
        help_text="Somebody has to.",
    )
    outcomes = forms.MultipleChoiceField(
        choices=[("health", "Health"), ("communities", "Communities")], widget=forms.CheckboxSelectMultiple
    )
    councils = forms.MultipleChoiceField(choices=AREAS[1:], required=False)
    seen = forms.SplitDateTimeField(label="Last seen", required=False)
    agreement = UploadField()
    secret = forms.CharField(label="Password", widget=forms.PasswordInput)
    agreed = forms.BooleanField(label="All partners have agreed to this")

    @property
    def helper(self):
        helper = super().helper
        names = [name for name in self.fields if name not in ("title", "starts_on", "months")]
        helper.layout = Layout(Fieldset("About it", "title", Row("starts_on", "months")), *names)
        return helper


class Line(PortalForm):
    what = forms.CharField(max_length=40, help_text="In a word or two.")
    amount = forms.DecimalField(label="Amount (£)")
    area = forms.ChoiceField(choices=AREAS)
    agreed = forms.BooleanField(required=False)


class Filters(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Words in the title")
    stage = django_filters.ChoiceFilter(label="Stage", choices=Stage.choices, empty_label="Any stage")
    due_before = django_filters.DateFilter(label="Due before")

    class Meta:
        form = FilterForm


class Stacked(forms.BaseFormSet):
    row_name = "Line"


class Table(forms.BaseFormSet):
    caption = "Budget lines"


def page(request: HttpRequest, body: str, **context: object) -> HttpResponse:
    source = (
        "{% extends 'base.html' %}{% load crispy_forms_tags %}{% block title %}Gallery{% endblock %}"
        "{% block breadcrumbs %}<li class='ds_breadcrumbs__item'><a class='ds_breadcrumbs__link' href='/'>Home</a></li>"
        "<li class='ds_breadcrumbs__item' aria-current='page'>Gallery</li>{% endblock %}"
        "{% block content %}<h1>A gallery of everything</h1>" + body + "{% endblock %}"
    )
    return HttpResponse(engines["django"].from_string(source).render(context, request))


def form(request: HttpRequest) -> HttpResponse:
    bound = EveryField(request.POST or None, request.FILES or None, version=3)
    if bound.is_bound:
        bound.add_error(None, NotNow("The sponsor has not signed yet.").reasons[0])
    return page(request, "{% crispy form %}", form=bound)


def formset(request: HttpRequest, shape: str) -> HttpResponse:
    rows = forms.formset_factory(Line, formset=Table if shape == "table" else Stacked, extra=2)(request.POST or None)
    rows.is_valid()
    helper = Line().helper
    helper.layout = None
    helper.inputs = [Button("", "Save the lines")]
    if shape == "table":
        helper.template = "sgds/table_inline_formset.html"
        helper.form_class = "psp_form psp_form--wide"
    return page(request, "{% crispy formset helper %}", formset=rows, helper=helper)


def filters(request: HttpRequest) -> HttpResponse:
    numbered = Paginator(list(range(312)), 25).get_page(request.GET.get("page"))
    rows = [[f"Partnership {n}", "Fife", "27 March 2027", "£12,500", "Third sector", "Ongoing"] for n in range(4)]
    return page(
        request,
        "{% include 'components/filters.html' with form=found.form %}"
        "{% include 'components/table.html' with caption='Partnerships' %}"
        "{% include 'components/pagination.html' %}",
        found=Filters(request.GET, queryset=Organisation.objects.none()), page_obj=numbered, rows=rows,
        headers=["Partnership", "Area", "Next milestone", "Budget", "Lead", "Comment from the last report"],
    )  # fmt: skip


def job_states() -> list[dict[str, object]]:
    return [
        {"state": "queued", "title": "Pilot report", "progress": 0},
        {"state": "rendering", "title": "Lessons report", "progress": 40, "step": "Laying out page 12 of 30."},
        {"state": "done", "title": "Agreement", "progress": 100, "file": {"size": 34567}},
        {"state": "failed", "title": "Pack", "progress": 30, "error": "A picture in it could not be read."},
        {"state": "cancelled", "title": "Draft", "progress": 0, "error": "The lesson was withdrawn."},
    ]


def components(request: HttpRequest) -> HttpResponse:
    messages.success(request, "The milestone is done.")
    messages.info(request, "This was already saved.")
    messages.warning(request, "The tender closes in an hour.")
    messages.error(request, "The file could not be read.")
    body = """
      <h2>Health and stage</h2>
      <div class="psp_row">{% for health in healths %}{% include "components/health.html" %}{% endfor %}</div>
      <div class="psp_row">{% for stage in stages %}{% include "components/stage.html" %}{% endfor %}</div>
      <h2>Words</h2>
      <p>A paragraph of ordinary text, long enough to show how wide a line may become before it is turned, which is
      about as far as an eye likes to travel. It has <a href="#">a link</a> in it.</p>
      <ul><li>One thing</li><li>Another thing</li></ul>
      {% include "components/empty.html" with text="Nothing yet. Risks appear here when a partner adds one." action_url="#" action_label="Add a risk" %}
      {% include "components/summary_list.html" with rows=pairs %}
      {% include "components/table_twin.html" with summary="Show the drawing as a table" caption="Milestones by quarter" %}
      {% for job in jobs %}{% include "components/render_job.html" with download_url="#" %}{% endfor %}
      <div class="psp_row">{% include "components/verb.html" with url="/gallery/" label="Withdraw" about="Befriending" danger=True %}
      {% include "components/verb.html" with url="/gallery/" label="Copy" secondary=True small=True version=4 %}</div>
    """  # noqa: E501
    return page(
        request, body, healths=list(Health), stages=list(Stage), jobs=job_states(), headers=["Quarter", "Done"],
        rows=[["April to June", 3], ["July to September", 4]],
        pairs=[("Title", "Befriending in Fife", "/change"), ("Need", "Lonely people.\nMany.", ""), ("Note", "")],
    )  # fmt: skip


def job_part(request: HttpRequest) -> HttpResponse:
    """A job that is ready the third time somebody asks."""
    seen = job_part.seen = getattr(job_part, "seen", 0) + 1
    job = job_states()[2 if seen > 2 else 1]
    template = engines["django"].get_template("components/render_job.html")
    return HttpResponse(template.render({"job": job, "poll_url": "/gallery/job/part/", "download_url": "#"}, request))


def job(request: HttpRequest) -> HttpResponse:
    job_part.seen = 0
    return page(
        request, "{% include 'components/render_job.html' %}", job=job_states()[0], poll_url="/gallery/job/part/"
    )


def slow(request: HttpRequest) -> HttpResponse:
    """Counts how often its form arrives, and answers when the test says so."""
    if request.method == "POST":
        slow.sent = getattr(slow, "sent", 0) + 1
        slow.answers.wait(timeout=60)
        return HttpResponse(status=204)
    return page(request, "{% crispy form %}", form=Line())


slow.answers = threading.Event()

urlpatterns = [
    *product,
    path("gallery/", components, name="gallery"),
    path("gallery/form/", form, name="gallery_form"),
    path("gallery/formset/<slug:shape>/", formset, name="gallery_formset"),
    path("gallery/filters/", filters, name="gallery_filters"),
    path("gallery/job/", job, name="gallery_job"),
    path("gallery/job/part/", job_part, name="gallery_job_part"),
    path("gallery/slow/", slow, name="gallery_slow"),
]
handler404 = "psp_portal.views.errors.not_found"
RULES = {pattern.name: public(FORM) for pattern in urlpatterns[len(product) :]}
