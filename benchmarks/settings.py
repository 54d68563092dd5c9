"""The shipped settings, plus what the yardsticks need: Django's admin and a bare page."""

from urllib.parse import urlsplit

from psp_portal.settings import *  # noqa: F403
from psp_portal.settings import BASE_DIR, INSTALLED_APPS, MAIL_URL, TEMPLATES

INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.admin"]
ROOT_URLCONF = "benchmarks.urls"
POLICY_TABLE = "benchmarks.urls.TABLE"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["*"]
SILENCED_SYSTEM_CHECKS = ["admin.E402", "admin.E403"]
TEMPLATES = [TEMPLATES[0] | {"DIRS": [*TEMPLATES[0]["DIRS"], BASE_DIR / "benchmarks" / "templates"]}]
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = urlsplit(MAIL_URL).hostname, urlsplit(MAIL_URL).port
