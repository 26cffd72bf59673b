from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectConfig(AppConfig):
    """Loads the Celery app with Django, so that a task sent from any process knows its broker, and beat its tasks."""

    name = "config"
    verbose_name = _("Configuration")

    def ready(self) -> None:
        # Importing makes it Celery's current app; the rooms' tasks need their models.
        from config.celery import app
        from config.schedule import beat_schedule

        app.conf.beat_schedule = beat_schedule()
