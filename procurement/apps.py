from django.apps import AppConfig


class ProcurementConfig(AppConfig):
    name = "procurement"

    def ready(self) -> None:
        # Models are loaded now, not at import time: app ready.
        from accounts import todo  # noqa: PLC0415  app ready
        from foundation.rendering import jobs  # noqa: PLC0415  app ready
        from foundation.workdays.models import holidays  # noqa: PLC0415  app ready
        from partnerships import back_plan, deadlines, entering, gates, tabs  # noqa: PLC0415  app ready
        from partnerships.lifecycle import Gate, Stage  # noqa: PLC0415  app ready
        from procurement import documents, timetable, waiting  # noqa: PLC0415  app ready
        from procurement import gates as evidence  # noqa: PLC0415  app ready

        gates.add(Gate.G4, "tender", evidence.tender_is_prepared)
        gates.add(Gate.G4, "disclosure", evidence.disclosure_is_reviewed)
        gates.add(Gate.G6, "award", evidence.award_is_final)
        entering.forbid(Stage.STOPPED, "tender", evidence.no_tender_is_unfinished)
        tabs.add(tabs.Tab("tender", "Tender", "procurement:tender_of", 60, shows=tabs.from_stage(Stage.REDESIGN)))
        todo.add("procurement", waiting.todos)
        back_plan.add("procurement", lambda starts_on, months: timetable.back_plan(starts_on, months, holidays()))
        deadlines.add("procurement.questions", waiting.question_deadlines)
        deadlines.add("procurement.bids", waiting.tender_deadlines)
        deadlines.add("procurement.award_notices", waiting.award_notices)
        jobs.register(documents.STANDSTILL_LETTER, documents.standstill_letter)
