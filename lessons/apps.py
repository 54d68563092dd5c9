from django.apps import AppConfig


class LessonsConfig(AppConfig):
    name = "lessons"

    def ready(self) -> None:
        # Models are loaded now, not at import time: app ready.
        from accounts import todo  # noqa: PLC0415  app ready
        from foundation.rendering import jobs  # noqa: PLC0415  app ready
        from lessons import documents, waiting  # noqa: PLC0415  app ready
        from lessons import gates as lessons_gates  # noqa: PLC0415  app ready
        from partnerships import gates, tabs  # noqa: PLC0415  app ready
        from partnerships.lifecycle import Gate  # noqa: PLC0415  app ready

        gates.add(Gate.G7, "lessons", lessons_gates.lessons_are_published)
        tabs.add(tabs.Tab("lessons", "Lessons", "lessons:lessons_of", 70))
        todo.add("lessons", waiting.drafts_to_publish)
        jobs.register(documents.REPORT, documents.report_document)
        jobs.register(documents.LEARNING_POINT, documents.learning_point_document)
