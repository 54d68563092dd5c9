"""The worker and its timetable, on one page.

Celery is the doorbell, the database is the queue: every task below carries ids or nothing, and finds its work in rows
that were written in the transaction that caused it. A lost message costs seconds (the next sweep), never work.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psp_portal.settings")

app = Celery("psp_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="tasks")

app.conf.beat_schedule = {
    "show a sign of life": {"task": "foundation.heartbeats.tasks.beat", "schedule": 15.0, "args": ["timetable"]},
    "drain the outbox": {"task": "foundation.delivery.tasks.sweep", "schedule": 5.0},
    "render what waits": {"task": "foundation.rendering.tasks.sweep", "schedule": 5.0},
    "close tenders at their deadline": {"task": "procurement.tasks.close_due", "schedule": 10.0},
    "write the weekly mails": {"task": "accounts.tasks.write_weeks", "schedule": 1800.0},
    "plan the reminders": {"task": "partnerships.tasks.plan_reminders", "schedule": 60.0},
    "tell of new lessons": {"task": "lessons.tasks.tell_of_new_lessons", "schedule": 600.0},
    "tell the webhooks": {"task": "foundation.webhooks.tasks.sweep", "schedule": 5.0},
    "forget old webhook messages": {"task": "foundation.webhooks.tasks.forget_old", "schedule": 86400.0},
    "remove what killed programs left": {"task": "foundation.rendering.tasks.clear_away", "schedule": 3600.0},
    "remove bytes no row knows": {"task": "foundation.files.tasks.sweep", "schedule": 86400.0},
    "pause what has no lead": {"task": "partnerships.tasks.pause_without_lead", "schedule": 3600.0},
    "forget who sent ideas": {"task": "partnerships.tasks.forget_details", "schedule": 3600.0},
    "forget who asked for formats": {"task": "lessons.tasks.forget_details", "schedule": 3600.0},
    "refresh what the calendar changes": {"task": "partnerships.tasks.refresh_health", "schedule": 600.0},
}
# While no worker listens the bells would pile up; a bell older than the next one says nothing new.
for entry in app.conf.beat_schedule.values():
    entry["options"] = {"expires": entry["schedule"]}
