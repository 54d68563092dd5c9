"""What every page knows about the site itself."""

from django.conf import settings
from django.http import HttpRequest

from foundation.audit.events import request_id


def site(request: HttpRequest) -> dict[str, str]:
    return {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, "reference": request_id.get()}
