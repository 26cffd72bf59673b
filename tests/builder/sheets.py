"""Files for import tests, and what their reports say."""

from datetime import date

from agency.models import PoolingRegion, User
from files.importing.report import ImportReport
from files.services.imports import import_file
from members.models import Sex
from scenarios.people import invented_identity_number

TODAY = date(2023, 4, 10)
BORN = date(1985, 6, 7)
MEMBER_HEADER = "region,member_number,name,identity_number,sex,birth_date"


def sheet(header: str, *rows: str, encoding: str = "utf-8") -> bytes:
    """A file with a header and rows, each a line."""
    return "".join(f"{line}\n" for line in (header, *rows)).encode(encoding)


def identity_number(number: int, born: date = BORN) -> str:
    """A woman's identity number, one for each number."""
    return invented_identity_number(PoolingRegion(admdvs="410200"), born, Sex.FEMALE, number)


def member_row(place: PoolingRegion, number: int, **overrides: str) -> str:
    """A row below MEMBER_HEADER: a woman of 1985 with a fitting identity number, unless said otherwise."""
    cells = {
        "region": place.slug,
        "member_number": f"{number:06d}",
        "name": f"测试{number}",
        "identity_number": identity_number(number),
        "sex": "F",
        "birth_date": BORN.isoformat(),
    }
    return ",".join((cells | overrides).values())


def bring_in(
    kind: str, content: bytes, region: PoolingRegion, *, actor: User | None = None, only_good_rows: bool = False
) -> ImportReport:
    """Import as a command does, where nobody's permission is asked, or as somebody."""
    return import_file(kind, content, region=region, actor=actor, today=TODAY, only_good_rows=only_good_rows)


def places(report: ImportReport) -> list[tuple[int, str]]:
    """Line and column of every error."""
    return [(error.line, error.column) for error in report.errors]


def counts(report: ImportReport) -> tuple[int, int, int]:
    """Rows imported, unchanged and left out."""
    return report.imported, report.unchanged, report.left_out
