"""System checks: configuration mistakes that must stop the start."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from agency.scoping import region_path_of


def house() -> list[AppConfig]:
    """The project's own apps: those whose folders lie beside this one's."""
    home = Path(apps.get_app_config("agency").path).parent
    return [config for config in apps.get_app_configs() if Path(config.path).parent == home]


@register(Tags.security, deploy=True)
def the_second_factor_is_required(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """agency.E010: without it a password that was seen over a shoulder approves payments."""
    if settings.SECOND_FACTOR_REQUIRED:
        return []
    hint = "Leave SECOND_FACTOR_REQUIRED out, or set it to 1."
    return [Error("Whoever decides, pays or administers signs in with a password alone.", hint=hint, id="agency.E010")]


@register(Tags.security, deploy=True)
def nobody_stays_signed_in(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """agency.E011: a screen that was left would stay open for a day."""
    if settings.SESSION_IDLE_MINUTES:
        return []
    hint = "Set SESSION_IDLE_MINUTES to the minutes after which a screen that was left closes, such as 30."
    return [Error("Sessions never end by themselves.", hint=hint, id="agency.E011")]


@register(Tags.models)
def every_model_says_how_it_is_scoped(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """agency.E001: a model of the house without `region_path` would be seen by nobody or by everybody."""
    problems: list[CheckMessage] = []
    for app in house():
        for model in app.get_models(include_auto_created=False):
            if model._meta.auto_created:
                continue
            try:
                region_path_of(model)
            except LookupError as error:
                problems.append(
                    Error(str(error), hint="Name the lookup to its pooling region.", obj=model, id="agency.E001")
                )
    return problems
