"""Why the plan and its milestones cannot be changed now: asked by every verb of the plan, and by its pages."""

from partnerships.lifecycle import Stage, over_blockers
from partnerships.models import Milestone, Partnership
from partnerships.plan import MilestoneKind


def blockers_to_change(partnership: Partnership) -> list[str]:
    """Why the plan cannot be changed now."""
    return over_blockers(partnership.stage, "Its plan")


def blockers_to_complete(milestone: Milestone) -> list[str]:
    """Why a milestone cannot be completed, moved or edited now."""
    done = [f"“{milestone}” was completed on {milestone.done_on:%-d %B %Y}."] if milestone.done_on else []
    if milestone.kind == MilestoneKind.EXIT and milestone.partnership.stage == Stage.STOPPED:
        return done  # what is left to do when a partnership has stopped
    return blockers_to_change(milestone.partnership) + done
