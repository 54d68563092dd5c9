"""Lessons where the work is: a link to write one down, and those of the library that fit. No view has to know."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from partnerships import learned_here
from partnerships.models import Partnership

register = template.Library()


@register.simple_tag(takes_context=True)
def lesson_link(
    context: dict[str, Any], partnership: Partnership, written_from: str, about: str = ""
) -> SafeString | str:
    """“Add a lesson”, for whoever may; `written_from` (“risk:…”) fills in what is known already."""
    address = learned_here.add_url(partnership, written_from) if context.get("may", {}).get("add_lesson") else ""
    if not address:
        return ""
    hidden = format_html('<span class="visually-hidden"> from {}</span>', about) if about else ""
    return format_html('<a href="{}">Add a lesson{}</a>', address, hidden)


@register.inclusion_tag("partnerships/arriving.html", takes_context=True)
def arriving(
    context: dict[str, Any], partnership: Partnership, occasion: str, words: str = "", *, beside_a_form: bool = False
) -> dict[str, Any]:
    """The lessons that fit this moment; nothing at all when none does. Beside a form they leave what is typed alone."""
    return {
        "suggestions": learned_here.suggested(partnership, occasion, words),
        "may_use": context.get("may", {}).get("add_lesson"),
        "occasion": occasion,
        "beside_a_form": beside_a_form,
        "csrf_token": context.get("csrf_token"),
    }
