"""The kinds of file that the rooms of the house bring in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.module_loading import import_string

from agency.declarations import declared_by_name
from agency.models import PoolingRegion, User
from files.importing.cells import Column


@dataclass(frozen=True)
class ImportColumn:
    """A column of a file: its name, its label, whether the header must have it."""

    name: str
    label: Promise
    is_required: bool


@dataclass(frozen=True)
class ImportKind:
    """A kind of file: its name for `import_file`, its label, the permission that importing it takes, its columns."""

    name: str
    label: Promise
    permission: str
    columns: Sequence[ImportColumn]


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


def columns_of(kind: str) -> dict[str, Column]:
    """The columns of a kind by name, as its rows are read. LookupError for an unknown kind."""
    columns: dict[str, Column] = resource_of(kind).columns()
    return columns


def may_import(kind: str, *, region: PoolingRegion, actor: User) -> bool:
    """Whether a person may import files of a kind for a region. LookupError for an unknown kind."""
    return actor.has_perm(resource_of(kind).permission, region)
