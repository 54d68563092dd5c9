"""Start, read and describe a partnership."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import Organisation, Sector
from accounts.views.shared import person_of
from foundation.database import clock
from foundation.forms.submit import carry_out, posted
from foundation.policy.refusals import NotPermitted
from partnerships import gates, ladder
from partnerships.actions.extension import drift_of
from partnerships.actions.partnership import edit_partnership, may_change_variant, start_partnership
from partnerships.forms.partnership import DescriptionForm, StartForm
from partnerships.lifecycle import OVER, THE_WAY, WHAT_HAPPENS, Stage
from partnerships.models import Milestone, Partnership
from partnerships.permissions import Ability
from partnerships.plan import RECOMMENDED, Block, MilestoneKind, extended_in_words, time_in_stage
from partnerships.views.outcomes import outcomes_for
from partnerships.views.shared import partnership_for, partnership_page, partnership_to


def start(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    public_lead = person.organisation
    if public_lead is None or public_lead.sector != Sector.PUBLIC:
        raise NotPermitted("Only somebody who works for a public authority can start a partnership.")
    form = StartForm(posted(request), third_sector=Organisation.objects.third_sector().standing())
    started = []

    def action() -> None:
        started.append(start_partnership(**form.values(), public_lead=public_lead, by=person))

    if request.method == "POST" and carry_out(
        request, form, action, done="The partnership is proposed. Gate G0 leads to design."
    ):
        return redirect(started[0] if started else "partnerships:portfolio")
    context = {"form": form, "public_lead": public_lead, "blocks": _blocks()}
    return render(request, "partnerships/start.html", context)


def _blocks() -> list[tuple[str, str]]:
    told = []
    for block in Block:
        advice = RECOMMENDED[block]
        if advice.most is None:
            told.append((block.label, f"at least {advice.least} months"))
        else:
            told.append((block.label, f"{advice.least} to {advice.most} months".replace("6 to 6", "6")))
    return told


def overview(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    today = clock.today()
    passage = gates.ahead(partnership, ladder.taken_at(partnership))
    evidence = gates.evidence(passage.gate, partnership) if passage else []
    upcoming = (
        Milestone.objects.asked_for().filter(partnership=partnership).select_related("owner").order_by("due_on", "pk")
    )
    return partnership_page(
        request,
        partnership,
        "overview",
        "partnerships/overview.html",
        stage=Stage(partnership.stage),
        stages=[(s, s.value == partnership.stage) for s in (*THE_WAY, *_ended_early(partnership))],
        over=partnership.stage in OVER,
        stopped=partnership.stage == Stage.STOPPED,
        what_happens=WHAT_HAPPENS[Stage(partnership.stage)],
        starts_later=partnership.starts_on > today,
        time_in_stage=time_in_stage(partnership.stage, partnership.stage_since, today),
        extended=extended_in_words(partnership.extensions, partnership.extended_months),
        drift=drift_of(partnership, today),
        themes=partnership.theme_labels(),
        passage=passage,
        met=sum(item.met for item in evidence),
        evidence=evidence,
        upcoming=[(m, m.due_on < today) for m in upcoming.exclude(kind=MilestoneKind.CONDITION)[:5]],
        conditions=[(m, m.due_on < today) for m in upcoming.filter(kind=MilestoneKind.CONDITION)],
        **outcomes_for(partnership),
    )


def _ended_early(partnership: Partnership) -> list[Stage]:
    return [Stage.STOPPED] if partnership.stage == Stage.STOPPED else []


def edit(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_PARTNERSHIP)
    names = [name for name in DescriptionForm.base_fields if name != "themes"]
    initial = {name: getattr(partnership, name) for name in names if hasattr(partnership, name)}
    initial["themes"] = list(partnership.themes.values_list("theme", flat=True))
    form = DescriptionForm(
        posted(request), initial=initial, version=partnership.version, fixed_variant=not may_change_variant(partnership)
    )

    def action() -> None:
        edit_partnership(partnership=partnership, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The description is changed."):
        return redirect(partnership)
    return partnership_page(
        request, partnership, "overview", "partnerships/form.html", form=form, heading="Edit the description"
    )
