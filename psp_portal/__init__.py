"""The roof: settings, site map, worker and the pages that need every floor."""

from psp_portal.celery import app as celery_app

__all__ = ["celery_app"]
