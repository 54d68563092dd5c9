"""Health and stage as every page shows them: word, shape and colour. No template has to load these."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from partnerships.health import Health
from partnerships.lifecycle import Stage

register = template.Library()

_HEALTHS, _STAGES = dict(Health.choices), dict(Stage.choices)


@register.filter
def health_badge(health: Any, word: str = "") -> SafeString:
    """Word, shape and colour of a health value, or of its plain code with its `word`."""
    code = str(getattr(health, "value", health) or Health.GREY.value)
    return format_html('<span class="psp_health psp_health--{}">{}</span>', code, word or _HEALTHS.get(code, code))


@register.filter
def stage_pill(stage: Any, word: str = "") -> SafeString:
    """The stage a partnership is in, from its enum member or its plain code."""
    code = str(getattr(stage, "value", stage))
    return format_html('<span class="psp_stage psp_stage--{}">{}</span>', code, word or _STAGES.get(code, code))
