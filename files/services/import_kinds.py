"""The kinds of file that the rooms of the house bring in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from agency.declarations import declared_by_name
from agency.models import PoolingRegion, User
from files.importing.cells import Column
from files.importing.handed import HandedFile
from files.importing.resource import ServiceResource


@dataclass(frozen=True)
class ImportColumn:
    """A column of a file: its name, its label, whether the header must have it."""

    name: str
    label: Promise
    is_required: bool


@dataclass(frozen=True)
class ImportKind:
    """A kind of file: its name for `import_file`, its label, the permission that importing it takes, its columns.

    is_large: its files are read piece by piece, so that they may be large.
    """

    name: str
    label: Promise
    permission: str
    columns: Sequence[ImportColumn]
    is_large: bool


def import_kinds() -> list[ImportKind]:
    """Every kind of file, in the order in which they build on each other.

    An app names its resources as `import_resources` on its AppConfig, so that the lowest floor need not know them.
    """
    return [
        ImportKind(
            name,
            resource.label,
            resource.permission,
            [ImportColumn(column, each.label, each.in_header) for column, each in resource.columns().items()],
            is_large(resource),
        )
        for name, resource in _resources().items()
    ]


def _resources() -> dict[str, Any]:
    return {name: import_string(path) for name, path in declared_by_name("import_resources").items()}


def resource_of(kind: str) -> Any:
    """The resource that reads and saves the rows of a kind. LookupError for an unknown kind."""
    resource = _resources().get(kind)
    if resource is None:
        raise LookupError(f"{kind} is no kind of import")
    return resource


def is_handed(resource: Any) -> bool:
    """Whether files of the kind are handed to a service as a whole."""
    return issubclass(resource, HandedFile)


def is_large(resource: Any) -> bool:
    """Whether files of the kind are read piece by piece, whatever their size."""
    return is_handed(resource) or resource.row_set is not None


def is_known(kind: str) -> bool:
    """Whether the house has the kind; one that went with its room leaves files behind."""
    return kind in _resources()


def model_about(kind: str) -> type[models.Model] | None:
    """The model of what files of a kind are about; None where they are about nothing, or the kind is unknown."""
    resource = _resources().get(kind)
    return apps.get_model(resource.about) if resource is not None and resource.about else None


def can_be_taken_back(kind: str) -> bool:
    """Whether files of the kind can be undone as a whole, where nothing stands on their rows."""
    resource = _resources().get(kind)
    return resource is not None and not is_handed(resource) and resource.take_back is not ServiceResource.take_back


def columns_of(kind: str) -> dict[str, Column]:
    """The columns of a kind by name, as its rows are read. LookupError for an unknown kind."""
    columns: dict[str, Column] = resource_of(kind).columns()
    return columns


def may_import(kind: str, *, region: PoolingRegion, actor: User) -> bool:
    """Whether a person may import files of a kind for a region; of an unknown kind nobody may."""
    return is_known(kind) and actor.has_perm(resource_of(kind).permission, region)
