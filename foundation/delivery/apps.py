from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "foundation.delivery"
    label = "delivery"
