"""System checks: configuration mistakes that must stop the start."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError, connection

from agency.finality import finality_of
from agency.scoping import region_path_of
from agency.services.database_roles import privileges


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


# What the role that is connected could do beyond the application's work.
_STANDING = """
SELECT role.rolsuper, role.rolcreaterole OR role.rolbypassrls OR role.rolreplication,
    has_parameter_privilege(role.oid, 'session_replication_role', 'SET'),
    EXISTS (
        SELECT FROM pg_class AS found WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'S')
        AND pg_has_role(role.oid, found.relowner, 'MEMBER')
    )
FROM pg_roles AS role WHERE role.rolname = current_user
"""
_BEYOND = """
SELECT found.relname FROM pg_class AS found CROSS JOIN unnest(%s::text[], %s::text[]) AS needed (name, rights)
WHERE found.relnamespace = 'public'::regnamespace AND found.relname = needed.name
    AND EXISTS (
        SELECT FROM unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS beyond (right_)
        WHERE NOT right_ = ANY (string_to_array(needed.rights, ',')) AND has_table_privilege(found.oid, right_)
    )
ORDER BY found.relname
"""


@register(Tags.security, deploy=True)
def the_application_owns_nothing(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """agency.E003: whoever has the application's password for the database could rewrite what was decided.

    Nothing is said of a database that does not answer.
    """
    needed = privileges()
    try:
        with connection.cursor() as cursor:
            cursor.execute(_STANDING)
            is_superuser, has_powers, sets_replication, owns = cursor.fetchone()
            cursor.execute(_BEYOND, [list(needed), [",".join(rights) for rights in needed.values()]])
            beyond = [table for (table,) in cursor.fetchall()]
    except OperationalError:
        return []
    faults = [
        sentence
        for holds, sentence in (
            (is_superuser, "is a superuser"),
            (has_powers, "has powers over other roles or rows"),
            (sets_replication, "may switch triggers off"),
            (owns, "owns tables, or belongs to their owner"),
            (beyond, f"may do more than it needs with {len(beyond)} tables, such as {', '.join(beyond[:3])}"),
        )
        if holds
    ]
    if not faults:
        return []
    return [
        Error(
            f"The application's database role {'; it '.join(faults)}.",
            hint="Let DATABASE_URL name a role of its own and DATABASE_OWNER_URL the owner, and run migrate.",
            id="agency.E003",
        )
    ]
