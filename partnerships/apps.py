from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "partnerships"

    def ready(self) -> None:
        # Models are loaded now, not at import time: app ready.
        from partnerships import deadlines, evidence, gates, handover, registers, reminders, tabs, waiting  # noqa: PLC0415
        from partnerships.actions import notice  # noqa: PLC0415  app ready
        from partnerships.lifecycle import Gate  # noqa: PLC0415  app ready

        gates.add(Gate.G1, "memorandum", evidence.memorandum_is_signed)
        for gate in (Gate.G1, Gate.G4):
            gates.add(gate, "contingency", evidence.partners_plan_for_losing)
        gates.add(Gate.G1, "budget", evidence.budget_has_the_needed_lines)
        gates.add(Gate.G1, "involvement", evidence.people_were_involved)
        tabs.add(tabs.Tab("overview", "Overview", "partnerships:partnership", 10))
        tabs.add(tabs.Tab("plan", "Plan", "partnerships:plan", 20))
        tabs.add(tabs.Tab("partners", "Partners", "partnerships:partners", 30))
        tabs.add(tabs.Tab("memorandum", "Memorandum", "partnerships:memorandum", 35))
        tabs.add(tabs.Tab("budget", "Budget", "partnerships:budget", 40))
        tabs.add(tabs.Tab("registers", "Registers", "partnerships:registers", 75))
        tabs.add(tabs.Tab("gate", "Gate", "partnerships:gate", 80))
        tabs.add(tabs.Tab("history", "History", "partnerships:history", 90))
        handover.add("milestone", handover.Source("Milestones", notice.milestones_of, notice.give_milestone))
        deadlines.add("partnerships.milestones", reminders.milestones_due)
        waiting.register()
        registers.register()
