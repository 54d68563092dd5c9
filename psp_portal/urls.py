"""The site map on one page. The words in an address are the words on the screen."""

from django.urls import include, path, register_converter

from foundation.database.ids import PublicIdConverter
from psp_portal.views import accessibility, health, home, ledger, permissions

register_converter(PublicIdConverter, "pid")

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("accessibility/", accessibility.accessibility, name="accessibility"),
    path("permissions/", permissions.permissions, name="permissions"),
    path("mail/", ledger.Ledger.as_view(), name="ledger"),
    path("mail/<pid:mail_id>/", ledger.mail, name="ledger_mail"),
    path("mail/<pid:mail_id>/resend/", ledger.resend, name="ledger_resend"),
    path("mail/<pid:mail_id>/mark-sent/", ledger.mark_sent, name="ledger_mark_sent"),
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
