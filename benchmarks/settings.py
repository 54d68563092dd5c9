"""The shipped settings, plus what the yardsticks need: Django's admin and a bare page."""

from psp_portal.settings import *  # noqa: F403
from psp_portal.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.admin"]
ROOT_URLCONF = "benchmarks.urls"
POLICY_TABLE = "benchmarks.urls.TABLE"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["*"]
SILENCED_SYSTEM_CHECKS = ["admin.E402", "admin.E403"]
