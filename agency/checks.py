"""System checks: configuration mistakes that must stop the start."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, Tags, register

from agency.finality import finality_of
from agency.scoping import region_path_of


def house() -> list[AppConfig]:
    """The project's own apps: those whose folders lie beside this one's."""
    home = Path(apps.get_app_config("agency").path).parent
    return [config for config in apps.get_app_configs() if Path(config.path).parent == home]


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


@register(Tags.models)
def every_model_says_what_of_it_is_final(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """agency.E002: of a model of the house that says nothing, what was decided could be rewritten unseen."""
    return [
        Error(
            f"{model._meta.label} does not say what of its rows is final",
            hint="Give it the triggers of agency.finality, or say why its rows are free; take HistoricalRecords from"
            " agency.history.",
            obj=model,
            id="agency.E002",
        )
        for app in house()
        for model in app.get_models()
        if finality_of(model) is None
    ]
