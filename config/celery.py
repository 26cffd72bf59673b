"""The Celery app: ``celery -A config worker`` and ``celery -A config beat``."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def _keep_djangos_logging(**_: object) -> None:
    """Celery leaves logging alone once somebody answers this; its own format prints what tasks return."""


setup_logging.connect(_keep_djangos_logging)
