"""What programs that read the web are told: where the public pages are, and which of them are only other orders."""

from django.http import HttpRequest, HttpResponse

from foundation.published.caching import for_visitors
from foundation.published.links import absolute

# Addresses with a question mark show in another order what has an address of its own. Everything that is not public
# asks for a sign-in by itself: naming it here would protect nothing.
LINES = ("User-agent: *", "Disallow: /*?", "Allow: /")


@for_visitors
def robots(request: HttpRequest) -> HttpResponse:
    lines = [*LINES, "", f"Sitemap: {absolute('/sitemap.xml')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
