"""The Celery application: `celery -A santesurvey.celery worker`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "santesurvey.settings")
app = Celery("santesurvey")
app.set_default()  # for every thread: Celery would make another application, without our broker, in the others
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="tasks_documents")  # analytics: white papers and datasets
