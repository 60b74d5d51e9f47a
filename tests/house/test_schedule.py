"""What runs by itself is there to be run."""

from marche.celery import app
from marche.schedule import CELERY_BEAT_SCHEDULE


def test_every_task_of_the_schedule_is_known_to_the_workers():
    app.loader.import_default_modules()

    assert {entry["task"] for entry in CELERY_BEAT_SCHEDULE.values()} - set(app.tasks) == set()
