from django.urls import path

from lessons.views import drafts, editor, learning_points, library, of_partnership, reports

app_name = "lessons"

urlpatterns = [
    path("", library.library, name="library"),
    path("learning-points/", learning_points.learning_points, name="learning_points"),
    path("learning-points/<slug:slug>/", learning_points.learning_point, name="learning_point"),
    path("learning-points/<slug:slug>/pdf/", learning_points.pdf, name="learning_point_pdf"),
    path("of/<pid:partnership_id>/", of_partnership.lessons_of, name="lessons_of"),
    path("reports/", reports.reports, name="reports"),
    path("reports/new/", reports.new, name="report_new"),
    path("reports/<pid:report_id>/", reports.report, name="report"),
    path("reports/<pid:report_id>/progress/", reports.progress, name="report_progress"),
    path("reports/<pid:report_id>/download/", reports.download, name="report_download"),
    path("drafts/", drafts.drafts, name="drafts"),
    path("drafts/lessons/<pid:lesson_id>/", drafts.lesson, name="draft_lesson"),
    path("drafts/lessons/<pid:lesson_id>/publish/", drafts.publish, name="lesson_publish"),
    path("drafts/learning-points/start/", editor.start, name="learning_point_start"),
    path("drafts/learning-points/<pid:point_id>/", editor.edit, name="draft_learning_point"),
    path("drafts/learning-points/<pid:point_id>/lessons/", editor.lessons, name="draft_lessons"),
    path("drafts/learning-points/<pid:point_id>/links/add/", editor.add_a_link, name="link_add"),
    path("drafts/learning-points/<pid:point_id>/links/<pid:link_id>/remove/", editor.remove_a_link, name="link_remove"),
    path("drafts/learning-points/<pid:point_id>/publish/", editor.publish, name="learning_point_publish"),
    path("published/lessons/<pid:lesson_id>/revise/", drafts.revise, name="lesson_revise"),
    path("published/lessons/<pid:lesson_id>/withdraw/", drafts.withdraw, name="lesson_withdraw"),
    path("published/learning-points/<pid:point_id>/revise/", editor.revise, name="learning_point_revise"),
    path("published/learning-points/<pid:point_id>/withdraw/", editor.withdraw, name="learning_point_withdraw"),
    path("published/learning-points/<pid:point_id>/pdf/", editor.make_the_pdf, name="learning_point_make_pdf"),
    # Last: “12-plan-the-step-to-procurement-early”, the permanent address of a lesson.
    path("<slug:slug>/", library.lesson, name="lesson"),
]
