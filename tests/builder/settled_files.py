"""Files of direct settlements: written by hand, taken, read and settled as the workers do."""

import csv
import io
from datetime import date
from typing import Any

from agency.models import PoolingRegion
from clearing.models import SettledFile, SettledRecord
from clearing.selectors.file_rows import COLUMNS
from clearing.services.file_reading import read_file
from clearing.services.file_settling import settle_file_chunk
from clearing.services.settled_files import take_file
from tests import builder

TODAY = date(2024, 1, 10)
# In a file of several.
PEOPLE, VISITS = 6, 3
# A bill of 300.00 yuan for drugs of category A, paid in cash.
PLAIN = {
    "med_type": "11",
    "fee_ocur_time": "2023-03-01 10:30:00",
    "acct_used_flag": "0",
    "list_type": "101",
    "chrgitm_lv": "01",
    "det_item_fee_sumamt": "300.00",
    "medfee_sumamt": "300.00",
    "fulamt_ownpay_amt": "0",
    "overlmt_selfpay": "0",
    "preselfpay_amt": "0",
    "inscp_scp_amt": "300.00",
    "act_pay_dedc": "0",
    "hifp_pay": "0.00",
    "acct_pay": "0",
    "psn_cash_pay": "300.00",
}


def row(number: str, member: Any, provider: Any, **cells: str) -> dict[str, str]:
    """One row; member and provider by their rows or numbers."""
    named = {
        "mdtrt_id": number,
        "psn_no": getattr(member, "member_number", member),
        "fixmedins_code": getattr(provider, "code", provider),
    }
    return PLAIN | named | cells


def written(*rows: dict[str, str], names: dict[str, str] | None = None) -> str:
    """The text of a file. names: how the header spells columns, if not by field name."""
    headers = [name for name in COLUMNS if any(name in each for each in rows)]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([(names or {}).get(name, name) for name in headers])
    writer.writerows([each.get(name, "") for name in headers] for each in rows)
    return text.getvalue()


def taken(region: PoolingRegion, text: str | bytes, **options: Any) -> SettledFile:
    """The file as it was handed in; no worker has seen it yet."""
    content = text.encode() if isinstance(text, str) else text
    facts: dict[str, Any] = {"name": "settled.csv", "today": TODAY, "actor": None} | options
    return take_file(region, content=io.BytesIO(content), **facts)


def settle(region: PoolingRegion, text: str | bytes, **options: Any) -> SettledFile:
    """The file, read and settled."""
    file = taken(region, text, **options)
    for chunk in read_file(file.pk):
        settle_file_chunk(chunk)
    file.refresh_from_db()
    return file


def records(file: SettledFile) -> dict[str, SettledRecord]:
    """Its records by claim number; those that are no rows have none."""
    return {record.claim_number: record for record in file.records.all()}


def problems(file: SettledFile) -> list[tuple[int, str]]:
    """Line and column of everything that is wrong, in the order of the file."""
    found = [problem for record in file.records.all() for problem in record.problems]
    return sorted((line, column) for line, column, _reason in found)


def people() -> list[Any]:
    """Those of a file of several."""
    return [builder.retiree() for _ in range(PEOPLE)]


def a_file(members: list[Any]) -> SettledFile:
    """Three visits of 300 yuan each, at a primary institution, the last one first in the file.

    Retired, 70 % above 200: the first pays 70.00, the others 210.00 each, and so it was reported.
    """
    provider = builder.a_provider(members[0].region)
    rows = []
    for visit in reversed(range(VISITS)):
        fund = 70 if visit == 0 else 210
        reported = {"hifp_pay": str(fund), "psn_cash_pay": str(300 - fund)}
        day = f"2023-03-{visit + 1:02d} 09:00:00"
        rows += [
            row(f"{each.member_number}-{visit}", each, provider, fee_ocur_time=day, **reported) for each in members
        ]
    return taken(members[0].region, written(*rows))
