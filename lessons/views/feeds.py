"""The library's Atom feeds, for everybody."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed

from foundation.published.caching import for_visitors
from lessons import feeds
from partnerships.themes import Theme


@for_visitors
def feed(request: HttpRequest, theme: str = "") -> HttpResponse:
    if theme and theme not in Theme.values:
        raise Http404
    return HttpResponse(feeds.atom(theme), content_type=Atom1Feed.content_type)
