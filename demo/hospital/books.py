"""The hospital's own books: what it knows to be settled, and how it agrees with the agency in the evening."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from demo.hospital.system import Hospital

ZERO = Decimal("0.00")
_AGREES = "0"


@dataclass(slots=True)
class Books:
    """Rows by the settlement's number, as the answers told them; what takes one back is below zero."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)

    def enter(self, setlinfo: Mapping[str, Any]) -> None:
        """Write down what was answered; told again it is the same row."""
        names = ("setl_id", "mdtrt_id", "medfee_sumamt", "fund_pay_sumamt", "acct_pay", "refd_setl_flag", "psn_no")
        self.rows[setlinfo["setl_id"]] = {name: setlinfo[name] for name in names}

    def total(self, name: str) -> Decimal:
        return sum((Decimal(row[name]) for row in self.rows.values()), ZERO)

    @property
    def count(self) -> int:
        """Settlements less those that were taken back."""
        return sum(-1 if row["refd_setl_flag"] == "1" else 1 for row in self.rows.values())


def agree(hospital: Hospital, books: Books, first_day: date, last_day: date) -> bool:
    """Compare the totals of some days; where they differ, find the rows and take over what the agency has.

    Returns whether both sides agree in the end. Lost where an answer is lost; asked again it goes on.
    """
    days = {"stmt_begndate": f"{first_day}", "stmt_enddate": f"{last_day}"}
    if _totals_agree(hospital, books, days):
        return True
    answer = hospital.ask("3202", {"data": days, "detail": list(books.rows.values())})
    for row in answer["output"]["detail"]:
        if row["medfee_sumamt"] is None:
            del books.rows[row["setl_id"]]
        else:
            known = books.rows.get(row["setl_id"], {"psn_no": ""})
            books.rows[row["setl_id"]] = known | {name: row[name] for name in row if name != "stmt_rslt"}
    return _totals_agree(hospital, books, days)


def _totals_agree(hospital: Hospital, books: Books, days: Mapping[str, str]) -> bool:
    told = {
        **days,
        "medfee_sumamt": books.total("medfee_sumamt"),
        "fund_pay_sumamt": books.total("fund_pay_sumamt"),
        "acct_pay": books.total("acct_pay"),
        "fixmedins_setl_cnt": books.count,
    }
    answer = hospital.ask("3201", {"data": told})
    return bool(answer["output"]["stmtinfo"]["stmt_rslt"] == _AGREES)
