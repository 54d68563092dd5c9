"""Calendars: one's own addresses, how to subscribe, and the file that a calendar program fetches without signing in."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response

from accounts.views.shared import form_page, network_address, person_of
from foundation.forms.base import ConfirmForm
from foundation.forms.submit import carry_out, posted
from foundation.policy import pace
from partnerships.actions.feed import blockers_to_make, blockers_to_revoke, make_feed, revoke_feed
from partnerships.calendar_feed import given, name_of
from partnerships.calendars import FeedKind
from partnerships.clashes import clashes_seen_by
from partnerships.models import CalendarFeed, Partnership
from partnerships.views.shared import partnership_for

PER_PAGE = 50
MOST_A_MINUTE = 30
"""Of one calendar, and of addresses that do not exist from one network address: a program comes every few hours."""
NOTHING_HERE = "There is no calendar at this address. It may have been replaced or taken back by its owner.\n"
TOO_OFTEN = "This calendar was asked for too often. Try again in a minute.\n"
OF_ONESELF = {FeedKind.PERSON.value, FeedKind.PORTFOLIO.value}


def calendars(request: HttpRequest) -> HttpResponse:
    """The addresses one has, and what one could have an address for."""
    person = person_of(request)
    mine = {(feed.kind, feed.partnership_id): feed for feed in CalendarFeed.objects.visible_to(person).open()}
    page = Paginator(Partnership.objects.visible_to(person).open().order_by("title", "pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    own = [
        _row(FeedKind(kind).label, mine.get((kind, None)), reverse("calendar_make", args=[kind]))
        for kind in FeedKind.values
        if kind in OF_ONESELF
    ]
    each = [
        _row(str(one), mine.get((FeedKind.PARTNERSHIP, one.pk)), reverse("calendar_make_for", args=[one.public_id]))
        for one in page.object_list
    ]
    context = {"own": own, "each": each, "page_obj": page, "clashes": clashes_seen_by(person)}
    return render(request, "partnerships/calendars.html", context)


def make(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in OF_ONESELF:
        raise Http404
    return _make(request, FeedKind(kind), None)


def make_for(request: HttpRequest, partnership_id: str) -> HttpResponse:
    return _make(request, FeedKind.PARTNERSHIP, partnership_for(request, partnership_id))


def revoke(request: HttpRequest, feed_id: str) -> HttpResponse:
    person = person_of(request)
    feed = CalendarFeed.objects.visible_to(person).select_related("partnership").filter(public_id=feed_id).first()
    if feed is None:
        raise Http404
    form = ConfirmForm(posted(request), button="Take the address back")
    if request.method == "POST" and carry_out(
        request, form, lambda: revoke_feed(feed=feed, by=person), done="The address is taken back."
    ):
        return redirect("calendars")
    lead = "Every program that subscribed to it finds nothing from now on. You can make a new address at any time."
    blockers = blockers_to_revoke(feed)
    return _page(request, form, f"Take back the calendar address: {feed}?", lead=lead, blockers=blockers)


def file(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar itself. Whoever has the address may read it, so it shows only what its owner may see now."""
    feed = CalendarFeed.objects.at(token)
    if feed is None:
        allowed = pace.within("calendar-refused", network_address(request), MOST_A_MINUTE)
        return _plain(NOTHING_HERE, 404) if allowed else _plain(TOO_OFTEN, 429)
    if not pace.within("calendar", feed.public_id, MOST_A_MINUTE):
        return _plain(TOO_OFTEN, 429)
    now = given(feed)
    response = HttpResponse(now.text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="calendar.ics"'
    response["ETag"] = f'"{now.tag}"'
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    assert isinstance(answer, HttpResponse | HttpResponseNotModified)
    return _kept_private(answer)


def _make(request: HttpRequest, kind: FeedKind, partnership: Partnership | None) -> HttpResponse:
    person = person_of(request)
    before = CalendarFeed.objects.visible_to(person).open().filter(kind=kind, partnership=partnership).exists()
    form = ConfirmForm(posted(request), button="Make a new address" if before else "Make an address")
    made: list[tuple[CalendarFeed, str]] = []
    if request.method == "POST" and carry_out(
        request,
        form,
        lambda: made.append(make_feed(kind=kind, partnership=partnership, by=person)),
        done="Your calendar has an address.",
    ):
        return _address(request, *made[0]) if made else redirect("calendars")
    what = f"everything in “{partnership}”" if partnership else kind.label[:1].lower() + kind.label[1:]
    lead = f"The calendar shows {what}. Whoever has its address can read it without signing in, so give it to nobody."
    if before:
        lead += " The address you have now stops working: programs that use it need the new one."
    heading = f"{form.button} for a calendar"
    return _page(request, form, heading, lead=lead, blockers=blockers_to_make(partnership))


def _address(request: HttpRequest, feed: CalendarFeed, token: str) -> HttpResponse:
    """Shown once, in the answer to the button: it is written down nowhere in the portal."""
    address = settings.SITE_URL + reverse("calendar_file", args=[token])
    context = {"address": address, "called": name_of(feed), "feed": feed}
    return render(request, "partnerships/calendar_address.html", context)


def _row(label: str, feed: CalendarFeed | None, make_url: str) -> dict[str, Any]:
    return {
        "label": label,
        "since": feed.created_at if feed else None,
        "make_url": make_url,
        "revoke_url": reverse("calendar_revoke", args=[feed.public_id]) if feed else "",
    }


def _page(request: HttpRequest, form: ConfirmForm, heading: str, *, lead: str, blockers: list[str]) -> HttpResponse:
    blockers = [] if form.is_bound else blockers
    context = form_page(form, heading, ("Calendars", reverse("calendars")), lead=lead, blockers=blockers)
    return render(request, "accounts/form.html", context)


def _plain(words: str, status: int) -> HttpResponse:
    return _kept_private(HttpResponse(words, status=status, content_type="text/plain; charset=utf-8"))


def _kept_private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response
