"""The Celery app: ``celery -A config worker`` and ``celery -A config beat``."""

import os

from celery import Celery
from celery.signals import setup_logging, worker_init, worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def _keep_djangos_logging(**_: object) -> None:
    """Celery leaves logging alone once somebody answers this; its own format prints what tasks return."""


setup_logging.connect(_keep_djangos_logging)


def _limit_waiting(**_: object) -> None:
    """A worker's connections; beat and whoever sends tasks keep their own."""
    # Imported here because it reads the settings, and Django is set up by now.
    from config.waiting import limit_waiting

    limit_waiting("worker")


worker_init.connect(_limit_waiting)
worker_process_init.connect(_limit_waiting)
