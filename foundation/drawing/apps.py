from django.apps import AppConfig


class DrawingConfig(AppConfig):
    name = "foundation.drawing"
    label = "drawing"
