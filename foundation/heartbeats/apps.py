from django.apps import AppConfig


class HeartbeatsConfig(AppConfig):
    name = "foundation.heartbeats"
    label = "heartbeats"
