"""What an import of contributions is measured against: COPY, INSERT … SELECT, and import-export's own bulk mode."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.owner import as_the_owner

if TYPE_CHECKING:
    from agency.models import PoolingRegion

HEADER = "member_number,month,base,received_on"
_PEER_ROWS = 5_000


@as_the_owner
def tidy() -> None:
    """Vacuum, and write all to disk, so that the server does not do it by itself meanwhile."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(1024 * 1024):
            yield piece


def _copy(cursor: Any, table: str, path: Path) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN (FORMAT csv, HEADER)") as copy:
        for piece in _pieces(path):
            copy.write(piece)


_COLUMNS = "(member_number text, month text, base text, received_on text)"


@as_the_owner
def copy_raw(path: Path) -> float:
    """Seconds to copy the file as it is into an unlogged table."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_raw")
        cursor.execute(f"CREATE UNLOGGED TABLE bench_raw {_COLUMNS}")
        began = time.monotonic()
        _copy(cursor, "bench_raw", path)
        return time.monotonic() - began


@as_the_owner
def copy_and_insert(path: Path, region: "PoolingRegion") -> float:
    """Seconds to write the same rows and their history, for another month, without any question; then they go."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_bare")
        cursor.execute(f"CREATE TABLE bench_bare {_COLUMNS}")
        tidy()
        began = time.monotonic()
        with transaction.atomic():
            _copy(cursor, "bench_bare", path)
            cursor.execute(
                "WITH made AS (INSERT INTO members_contribution (member_id, month, base, received_on)"
                " SELECT member.id, date '2024-06-01', bare.base::numeric, bare.received_on::date"
                " FROM bench_bare AS bare JOIN members_member AS member"
                " ON member.member_number = bare.member_number AND region_id = %s"
                " RETURNING id, month, base, received_on, member_id)"
                " INSERT INTO members_historicalcontribution (id, month, base, received_on, member_id, history_date,"
                " history_change_reason, history_type) SELECT *, now(), 'benchmark', '+' FROM made",
                [region.pk],
            )
        seconds = time.monotonic() - began
        # A history is written once; this one is taken out again past its triggers.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM members_contribution WHERE month = '2024-06-01'")
        cursor.execute("DELETE FROM members_historicalcontribution WHERE month = '2024-06-01'")
        cursor.execute("SET session_replication_role = origin")
    return seconds


def peer(region: "PoolingRegion", numbers: list[str]) -> float:
    """Rows a second of django-import-export in bulk mode; without history, reasons and changes noted."""
    import tablib
    from django.db import transaction
    from import_export.fields import Field
    from import_export.resources import ModelResource
    from import_export.widgets import Widget

    from members.models import Contribution, Member

    class Known(Widget):
        """All members at once; to ask for each would take longer than everything else."""

        members = {
            member.member_number: member
            for member in Member.objects.filter(region=region, member_number__in=numbers[:_PEER_ROWS])
        }

        def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Member:
            return self.members[value]

    class Contributions(ModelResource):
        member = Field("member", "member_number", Known())

        class Meta:
            model = Contribution
            fields = ("member", "month", "base", "received_on")
            import_id_fields = ("member", "month")
            use_bulk = force_init_instance = skip_diff = True
            batch_size = 1000

    rows = tablib.Dataset(headers=HEADER.split(","))
    for number in numbers[:_PEER_ROWS]:
        rows.append([number, "2024-07-01", "5000.00", "2024-07-20"])
    began = time.monotonic()
    with transaction.atomic():
        result = Contributions().import_data(rows, raise_errors=True)
        seconds = time.monotonic() - began
        transaction.set_rollback(True)
    return len(rows) / seconds if not result.has_errors() else 0
