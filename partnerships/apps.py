from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "partnerships"

    def ready(self) -> None:
        # Models are loaded now, not at import time: app ready.
        from foundation.delivery import kinds  # noqa: PLC0415  app ready
        from partnerships import (  # noqa: PLC0415  app ready
            calendar_feed,
            chat,
            deadlines,
            evidence,
            handover,
            registers,
            reminders,
            tabs,
            waiting,
        )
        from partnerships.actions import budget, notice  # noqa: PLC0415  app ready
        from partnerships.notifications import SIGN  # noqa: PLC0415  app ready

        tabs.add(tabs.Tab("overview", "Overview", "partnerships:partnership", 10))
        tabs.add(tabs.Tab("plan", "Plan", "partnerships:plan", 20))
        tabs.add(tabs.Tab("partners", "Partners", "partnerships:partners", 30))
        tabs.add(tabs.Tab("memorandum", "Memorandum", "partnerships:memorandum", 35))
        tabs.add(tabs.Tab("budget", "Budget", "partnerships:budget", 40))
        tabs.add(tabs.Tab("registers", "Registers", "partnerships:registers", 75))
        tabs.add(tabs.Tab("gate", "Gates", "partnerships:gate", 80))
        tabs.add(tabs.Tab("public", "Public page", "partnerships:public_prepare", 85))
        tabs.add(tabs.Tab("history", "History", "partnerships:history", 90))
        handover.add("milestone", handover.Source("Milestones", notice.milestones_of, notice.give_milestone))
        money = handover.Source("Allocations", budget.allocations_of, budget.give_allocation, to_partners=True)
        handover.add("allocation", money)
        conditions = {reminders.CONDITIONS: "Conditions of a gate decision and exit tasks"}
        deadlines.add("partnerships.milestones", reminders.milestones_due, "Milestones", **conditions)
        deadlines.add("partnerships.leavers", waiting.leavers_due, "What a partner leaves behind")
        kinds.register(SIGN)
        waiting.register()
        calendar_feed.register()
        chat.register()
        registers.register()
        evidence.register()
        _papers()


def _papers() -> None:
    """What the memorandum and the contingency plans ask for; the memorandum and the gates as PDFs; open data."""
    from foundation.rendering import jobs  # noqa: PLC0415  app ready
    from partnerships import agreements, documents, links, packs  # noqa: PLC0415  app ready

    grants = "Their grants as open data"
    links.add(links.Link(links.Place.TAKE_AWAY, "partnerships.grants", grants, "partnerships:all_grants", 20))
    agreements.register()
    jobs.register(documents.MEMORANDUM, documents.memorandum_document)
    jobs.register(packs.KIND, packs.pack_document)
