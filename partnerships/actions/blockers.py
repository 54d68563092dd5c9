"""Why the plan and its milestones cannot be changed now: asked by every verb of the plan, and by its pages."""

from partnerships.lifecycle import Stage
from partnerships.models import Milestone, Partnership


def blockers_to_change(partnership: Partnership) -> list[str]:
    """Why the plan cannot be changed now."""
    if partnership.stage == Stage.CLOSED:
        return ["This partnership is closed. Its plan can be read but no longer changed."]
    return []


def blockers_to_complete(milestone: Milestone) -> list[str]:
    """Why a milestone cannot be completed, moved or edited now."""
    done = [f"“{milestone}” was completed on {milestone.done_on:%-d %B %Y}."] if milestone.done_on else []
    return blockers_to_change(milestone.partnership) + done
