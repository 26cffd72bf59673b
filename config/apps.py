from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectConfig(AppConfig):
    """Loads the Celery app with Django, so that a task sent from any process knows its broker."""

    name = "config"
    verbose_name = _("Configuration")

    def ready(self) -> None:
        import config.celery  # noqa: F401 - importing makes it Celery's current app.
