from django.apps import AppConfig


class PilotsConfig(AppConfig):
    name = "pilots"

    def ready(self) -> None:
        # Models are loaded now, not at import time: app ready.
        from partnerships import entering, extending, gates, tabs  # noqa: PLC0415  app ready
        from partnerships.actions import summary  # noqa: PLC0415  app ready
        from partnerships.lifecycle import Gate, Stage, has_reached  # noqa: PLC0415  app ready
        from pilots import gates as evidence  # noqa: PLC0415  app ready
        from pilots import standing, waiting  # noqa: PLC0415  app ready
        from pilots.actions import returns  # noqa: PLC0415  app ready

        summary.health_sources["pilots.indicators"] = standing.health_of
        entering.add(Stage.PILOT, "pilots.returns", returns.plan_the_pilot)
        extending.add("pilots.returns", returns.extend_the_pilot)
        gates.add(Gate.G1, "pilots.indicators", evidence.indicators_have_baselines)
        gates.add(Gate.G3, "pilots.returns", evidence.months_are_accepted)
        gates.add(Gate.G3, "pilots.evaluation", evidence.evaluation_is_signed_off)
        # In design the partners agree what to measure; from the pilot on, the pilot's page leads to it.
        tabs.add(
            tabs.Tab(
                "indicators", "Indicators", "pilots:indicators", 50, lambda p: not has_reached(p.stage, Stage.PILOT)
            )
        )
        tabs.add(tabs.Tab("pilot", "Pilot", "pilots:pilot", 50, tabs.from_stage(Stage.PILOT)))
        waiting.register()
