from django.apps import AppConfig
from django.conf import settings


class LessonsConfig(AppConfig):
    name = "lessons"

    def ready(self) -> None:
        # Models are loaded now, not at import time: app ready.
        from accounts import todo  # noqa: PLC0415  app ready
        from foundation.delivery import kinds  # noqa: PLC0415  app ready
        from foundation.rendering import jobs  # noqa: PLC0415  app ready
        from lessons import arriving, documents, in_public, publications, waiting  # noqa: PLC0415  app ready
        from lessons import gates as lessons_gates  # noqa: PLC0415  app ready
        from lessons.actions.profile import stop_telling  # noqa: PLC0415  app ready
        from lessons.notifications import NEW  # noqa: PLC0415  app ready
        from lessons.search.elsewhere import AUTO, load  # noqa: PLC0415  app ready
        from partnerships import learned_here, public_sections, tabs  # noqa: PLC0415  app ready
        from pilots import retold  # noqa: PLC0415  app ready

        if settings.LESSON_SEARCH != AUTO:
            load(settings.LESSON_SEARCH)
        lessons_gates.register()
        kinds.register(NEW)
        tabs.add(tabs.Tab("lessons", "Lessons", "lessons:lessons_of", 70))
        learned_here.sign_in(learned_here.Source(arriving.add_url, arriving.suggest))
        todo.add("lessons", waiting.drafts_to_publish, "Lessons")
        todo.add("lessons.sign_off", waiting.to_sign_off, "Lessons to sign off")
        todo.add("lessons.formats", waiting.requests_to_settle, "Formats to deliver")
        public_sections.add(public_sections.Section("lessons", "What was learned", 20, in_public.lessons_of))
        retold.add("lessons.profiles", stop_telling)
        jobs.register(publications.REPORT, documents.report_document)
        jobs.register(publications.LEARNING_POINT, documents.learning_point_document)
        jobs.register(publications.PROFILE, documents.report_document)
        jobs.register(publications.KIND, documents.format_document)
