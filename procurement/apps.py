from django.apps import AppConfig


class ProcurementConfig(AppConfig):
    name = "procurement"

    def ready(self) -> None:
        # Models are loaded now, not at import time: app ready.
        from accounts import desk, todo  # noqa: PLC0415  app ready
        from foundation.delivery import kinds  # noqa: PLC0415  app ready
        from foundation.rendering import jobs  # noqa: PLC0415  app ready
        from foundation.workdays.models import bank_holidays  # noqa: PLC0415  app ready
        from partnerships import back_plan, calendars, deadlines, entering, public_sections, tabs  # noqa: PLC0415
        from partnerships.lifecycle import Stage  # noqa: PLC0415  app ready
        from procurement import (  # noqa: PLC0415  app ready
            dates,
            documents,
            in_public,
            own,
            timetable,
            waiting,
        )
        from procurement import gates as evidence  # noqa: PLC0415  app ready
        from procurement.notifications import TENDER  # noqa: PLC0415  app ready

        evidence.register()
        kinds.register(TENDER)
        entering.forbid(Stage.STOPPED, "tender", evidence.no_tender_is_unfinished)
        entering.forbid(Stage.REDESIGN, "tender", evidence.no_tender_is_published)
        tabs.add(tabs.Tab("tender", "Tender", "procurement:tender_of", 60, shows=tabs.from_stage(Stage.REDESIGN)))
        todo.add("procurement", waiting.todos, "Tenders")
        desk.add("procurement.tenders", own.tenders_of)
        back_plan.add("procurement", lambda starts_on, months: timetable.back_plan(starts_on, months, bank_holidays()))
        calendars.add("procurement.tenders", dates.tender_dates)
        deadlines.add("procurement.questions", waiting.question_deadlines, "Tenders: deadline for questions")
        deadlines.add("procurement.answers", waiting.answers_due, "Tenders: questions wait for answers")
        deadlines.add("procurement.bids", waiting.tender_deadlines, "Tenders: deadline for bids")
        deadlines.add("procurement.signing", waiting.signing_days, "Tenders: signing the contract")
        deadlines.add("procurement.debriefs", waiting.debriefs_due, "Tenders: debriefs of bidders")
        deadlines.add("procurement.award_notices", waiting.award_notices, "Tenders: the award notice")
        section = public_sections.Section("tenders", "Tenders", 10, in_public.notices_of)
        public_sections.add(section)
        jobs.register(documents.STANDSTILL_LETTER, documents.standstill_letter)
