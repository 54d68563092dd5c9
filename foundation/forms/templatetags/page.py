"""Tags and filters every template may use without loading them."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, Resolver404, get_script_prefix, resolve, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from foundation.database import ids
from foundation.policy.table import TABLE
from foundation.published import data_block as blocks

register = template.Library()

ICONS = "vendor/scottish-government-design-system/icons.stack.svg"
# The words in an address are the words on the screen; a section shows only to those its policy rule lets in.
SECTIONS = (
    ("Home", ""),
    ("Tasks", "tasks/"),
    ("Inbox", "inbox/"),
    ("Partnerships", "partnerships/"),
    ("Tenders", "tenders/"),
    ("Lessons", "lessons/"),
    ("Organisations", "organisations/"),
    ("Mail ledger", "mail/"),
)
# Pages that belong to a section although their address begins with another word.
BELONGS_TO = {
    "pilots/": "partnerships/",
    "lessons/of/": "partnerships/",
    "partnerships/reminders/": "tasks/",
    "calendars/": "tasks/",
    "working-days/": "tasks/",
    "health/": "mail/",
    "webhooks/": "mail/",
}


@register.filter
def pounds(value: Any) -> str:
    """Money for the screen: £1,234.50, and £1,234 when there are no pence."""
    if value in (None, ""):
        return ""
    return f"£{value:,.2f}".removesuffix(".00").replace("£-", "−£")


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative icon of the design system's sprite; the word beside it carries the meaning."""
    return format_html(
        '<svg class="ds_icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>', static(ICONS), name
    )


@register.filter
def one_after_another(rows: Iterable[SafeString]) -> SafeString:
    """Rows that are markup already, each on a line: without a loop in the template, which costs more than the rows."""
    return mark_safe("\n".join(row.__html__() for row in rows))  # noqa: S308  plain text has no __html__: it raises


@register.filter
def elided_pages(page: Page[Any]) -> Iterable[int | str]:
    """Page numbers for the foot of a list: the ends, the neighbours, and an ellipsis between."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def data_block(described: Mapping[str, Any]) -> SafeString:
    """What the page shows, once more for machines (schema.org); for the `head` block."""
    return blocks.data_block(described)


@register.simple_tag
def address_of(name: str) -> str:
    """`{% url %}` that gives "" for a page this installation does not have."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@register.filter
def address_with(name: str, public_id: str) -> str:
    """`{{ name|address_with:id }}`: what `{% url name id %}` says, for a row of tabs."""
    return ids.address_with(name, public_id)


@register.simple_block_tag
def breadcrumb_trail(content: str) -> str:
    """The trail above the heading; nothing at all for a page that names no crumbs."""
    if not content.strip():
        return ""
    return format_html('<nav aria-label="Breadcrumb"><ol class="ds_breadcrumbs">{}</ol></nav>', content)


@register.inclusion_tag("components/navigation.html", takes_context=True)
def nav(context: template.Context) -> dict[str, Any]:
    """The sections this person may open, the current one marked."""
    request = context.get("request")
    return {"sections": _sections(request) if request is not None else []}


def _sections(request: HttpRequest) -> list[dict[str, Any]]:
    root = get_script_prefix()
    here = request.path_info.removeprefix("/")
    return [
        {"label": label, "href": root + address, "current": _current(here, address)}
        for label, address in SECTIONS
        if _may_open(request, "/" + address)
    ]


def _current(here: str, address: str) -> str:
    """The value of aria-current: this very page, or a page inside the section."""
    if here == address:
        return "page"
    here = next((section for start, section in BELONGS_TO.items() if here.startswith(start)), "") + here
    return "true" if address and here.startswith(address) else ""


def _may_open(request: HttpRequest, address: str) -> bool:
    rule = TABLE.get(_view_name(address, getattr(request, "urlconf", settings.ROOT_URLCONF)))
    if rule is None or rule.public:
        return rule is not None
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated and (rule.allows is None or rule.allows(user)))


@cache
def _view_name(address: str, urlconf: str) -> str | None:
    try:
        return resolve(address, urlconf).view_name
    except Resolver404:
        return None
