"""The site map on one page. The words in an address are the words on the screen."""

from django.contrib.sitemaps.views import sitemap
from django.urls import include, path, register_converter

from foundation.database.ids import PublicIdConverter
from foundation.published.caching import for_visitors
from partnerships.views import calendars, checklists
from psp_portal.sitemaps import SITEMAPS
from psp_portal.views import accessibility, gallery, health, home, ledger, permissions, robots, webhooks

register_converter(PublicIdConverter, "pid")

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("robots.txt", robots.robots, name="robots"),
    path("sitemap.xml", for_visitors(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
    path("accessibility/", accessibility.accessibility, name="accessibility"),
    path("permissions/", permissions.permissions, name="permissions"),
    path("health/", health.health, name="health"),
    path("mail/", ledger.Ledger.as_view(), name="ledger"),
    path("mail/gallery/", gallery.gallery, name="mail_gallery"),
    path("mail/gallery/<slug:app>/<slug:name>/", gallery.example, name="mail_example"),
    path("mail/gallery/<slug:app>/<slug:name>/preview/", gallery.preview, name="mail_preview"),
    path("mail/<pid:mail_id>/", ledger.mail, name="ledger_mail"),
    path("mail/<pid:mail_id>/resend/", ledger.resend, name="ledger_resend"),
    path("mail/<pid:mail_id>/mark-sent/", ledger.mark_sent, name="ledger_mark_sent"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/<pid:webhook_id>/remove/", webhooks.remove, name="webhook_remove"),
    path("webhooks/messages/<pid:message_id>/again/", webhooks.replay, name="webhook_replay"),
    path("gates/", checklists.checklists, name="checklists"),
    path("gates/<slug:gate>/", checklists.checklist, name="checklist"),
    path("gates/<slug:gate>/publish/", checklists.publish, name="checklist_publish"),
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/make/<slug:kind>/", calendars.make, name="calendar_make"),
    path("calendars/make/for/<pid:partnership_id>/", calendars.make_for, name="calendar_make_for"),
    path("calendars/<pid:feed_id>/take-back/", calendars.revoke, name="calendar_revoke"),
    path("calendar/<slug:token>.ics", calendars.file, name="calendar_file"),
    path("", include("accounts.urls")),
    path("partnerships/", include("partnerships.urls")),
    path("pilots/", include("pilots.urls")),
    path("tenders/", include("procurement.urls")),
    path("lessons/", include("lessons.urls")),
]

handler400 = "psp_portal.views.errors.bad_request"
handler403 = "psp_portal.views.errors.forbidden"
handler404 = "psp_portal.views.errors.not_found"
handler429 = "psp_portal.views.errors.too_many"  # django-allauth asks for it
handler500 = "psp_portal.views.errors.server_error"
