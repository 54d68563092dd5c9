from django.apps import AppConfig


class PilotsConfig(AppConfig):
    name = "pilots"

    def ready(self) -> None:
        # Models are loaded now, not at import time: app ready.
        from foundation.delivery import kinds  # noqa: PLC0415  app ready
        from foundation.rendering import jobs  # noqa: PLC0415  app ready
        from partnerships import calendars, entering, extending, tabs, tied  # noqa: PLC0415  app ready
        from partnerships.actions import summary  # noqa: PLC0415  app ready
        from partnerships.lifecycle import Stage, has_reached  # noqa: PLC0415  app ready
        from pilots import dates, documents, packs, standing, ties, waiting  # noqa: PLC0415  app ready
        from pilots import gates as evidence  # noqa: PLC0415  app ready
        from pilots.actions import returns  # noqa: PLC0415  app ready
        from pilots.notifications import RETURN  # noqa: PLC0415  app ready

        kinds.register(RETURN)
        summary.health_sources["pilots.indicators"] = standing.cause_of
        entering.add(Stage.PILOT, "pilots.returns", returns.plan_the_pilot)
        extending.add("pilots.returns", returns.extend_the_pilot)
        tied.add("pilots.returns", tied.Source(ties.choices, ties.states))
        evidence.register()
        jobs.register(documents.SROI_MAP, documents.sroi_document)
        for kind in packs.KINDS.values():
            jobs.register(kind, packs.paper_document)
        # In design the partners agree what to measure; from the pilot on, the pilot's page leads to it.
        tabs.add(
            tabs.Tab(
                "indicators", "Indicators", "pilots:indicators", 50, lambda p: not has_reached(p.stage, Stage.PILOT)
            )
        )
        tabs.add(tabs.Tab("pilot", "Pilot", "pilots:pilot", 50, tabs.from_stage(Stage.PILOT)))
        calendars.add("pilots.returns", dates.returns)
        waiting.register()
        _links()


def _links() -> None:
    from partnerships.links import Link, Place, add  # noqa: PLC0415  app ready
    from pilots.models import GATES_WITH_A_PACK  # noqa: PLC0415  app ready

    add(Link(Place.BESIDE_THE_PORTFOLIO, "pilots.together", "All pilots together", "pilots:together"))
    add(Link(Place.TAKE_AWAY, "pilots.figures", "Every figure of their pilots", "pilots:all_data"))
    packs, gates = "Evaluation packs: the evaluation, results and money as a PDF", frozenset(GATES_WITH_A_PACK)
    add(Link(Place.GATE, "pilots.packs", packs, "pilots:evaluation_packs", gates=gates))
