from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "foundation.forms"
    label = "portal_forms"
