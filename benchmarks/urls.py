"""The portal's site map, the two yardsticks, and the portfolio as it would be without rules."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from foundation.policy.table import page
from partnerships.models import Partnership
from partnerships.models.partnership import PartnershipQuerySet
from partnerships.views.portfolio import portfolio
from psp_portal.policy import TABLE as PORTAL
from psp_portal.urls import urlpatterns as portal


class YardstickSite(admin.AdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        return True


class PartnershipAdmin(admin.ModelAdmin):
    list_display = (
        "title", "stage", "health", "area", "public_lead", "third_sector_lead", "next_due_on", "stage_since",
        "open_milestones",
    )  # fmt: skip
    search_fields = ("title",)
    list_filter = ("stage", "health")
    list_select_related = ("public_lead", "third_sector_lead")
    list_per_page = 50

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    has_view_permission = has_change_permission = lambda self, request, obj=None: True


site = YardstickSite(name="yardstick")
site.register(Partnership, PartnershipAdmin)


def bare(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


def no_rules(request: HttpRequest) -> HttpResponse:
    """The very portfolio, but that everybody sees everything."""
    rules = PartnershipQuerySet.visible_to
    PartnershipQuerySet.visible_to = lambda rows, person: rows.all()
    try:
        return portfolio(request)
    finally:
        PartnershipQuerySet.visible_to = rules


urlpatterns = [
    path("bare/", bare, name="bare"),
    path("no-rules/", no_rules, name="no_rules"),
    path("yardstick/", site.urls),
    *portal,
]

_YARDSTICKS = ["index", "partnerships_partnership_changelist"]
TABLE = PORTAL | {"bare": page(), "no_rules": page()} | {f"yardstick:{name}": page() for name in _YARDSTICKS}
