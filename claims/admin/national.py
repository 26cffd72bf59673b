"""The claims of a list as the national platform has their settlements."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from agency.admin.listed import ListSheet
from agency.exporting.sheet import Heading
from claims.selectors.national import SETLINFO_FIELDS, settlements_of


def _rows(claims: QuerySet[Any]) -> Iterator[list[Any]]:
    return ([fields[name] for name in SETLINFO_FIELDS] for fields in settlements_of(claims))


SETTLEMENTS = ListSheet(
    name="setlinfo",
    title=gettext_lazy("Settlements as the platform has them (2207)"),
    permission="claims.view_settlement",
    headings=[Heading(name) for name in SETLINFO_FIELDS],
    rows=_rows,
)
