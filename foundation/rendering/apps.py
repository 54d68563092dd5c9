from django.apps import AppConfig


class RenderingConfig(AppConfig):
    name = "foundation.rendering"
    label = "rendering"
