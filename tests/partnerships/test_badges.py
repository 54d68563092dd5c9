"""Health and stage in words on the page."""

import pytest
from django.template.loader import render_to_string

from partnerships.health import Health
from partnerships.lifecycle import Stage


@pytest.mark.parametrize("health", [*Health, *Health.values])
def test_a_health_badge_has_a_word_and_a_class_of_its_own(health):
    html = render_to_string("components/health.html", {"health": health})
    assert Health(health).label in html
    assert f"psp_health--{Health(health).value}" in html


@pytest.mark.parametrize("stage", [*Stage, *Stage.values])
def test_a_stage_pill_says_the_stage(stage):
    assert f">{Stage(stage).label}<" in render_to_string("components/stage.html", {"stage": stage})


def test_a_badge_takes_another_word_and_escapes_it():
    html = render_to_string("components/health.html", {"health": "red", "label": "<late>"})
    assert "&lt;late&gt;" in html
