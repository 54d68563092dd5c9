from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "psp_portal"
    verbose_name = "Portal"
