from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "foundation.webhooks"
    label = "webhooks"
