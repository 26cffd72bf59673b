"""Counting without reading a whole table."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import QuerySet
from django.utils.functional import cached_property

# Beyond this nobody pages; a search or a filter is quicker for the clerk and for the database.
COUNTED_ROWS = 10_000


class EstimatingPaginator(Paginator):
    """Counts exactly up to a bound; beyond it, takes PostgreSQL's own estimate of an unfiltered table.

    `is_estimate` tells the page to say "more than" beside the number. There are no pages beyond the bound: the database
    would have to pass by all rows before them.
    """

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[: COUNTED_ROWS + 1].count())

    @property
    def is_estimate(self) -> bool:
        """Whether there are more rows than were counted."""
        return self._counted > COUNTED_ROWS

    @cached_property
    def num_pages(self) -> int:
        """As many as the counted rows fill."""
        return super().num_pages if not self.is_estimate else max(COUNTED_ROWS // self.per_page, 1)

    def page(self, number: int | str) -> Page:
        """The keys of the page's rows, which an index may answer alone, and then these rows: what belongs to the rows
        before them is not read.
        """
        number, rows = self.validate_number(number), self.object_list
        if not isinstance(rows, QuerySet):
            return super().page(number)
        first = (number - 1) * self.per_page
        keys = list(rows.values_list("pk", flat=True)[first : first + self.per_page])
        return Page(rows.filter(pk__in=keys), number, self)

    @cached_property
    def count(self) -> int:
        if not self.is_estimate:
            return self._counted
        rows: Any = self.object_list
        query = rows.query
        if query.where:
            return COUNTED_ROWS
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass(%s)",
                [connection.ops.quote_name(query.model._meta.db_table)],
            )
            row = cursor.fetchone()
        return max(row[0] if row else 0, COUNTED_ROWS)
