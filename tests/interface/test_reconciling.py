"""Both sides' books compared, and what a clerk decides about what differs."""

from decimal import Decimal
from typing import Any

import pytest

from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import Role
from demo.hospital import Books, Hospital, agree
from interface.models import Reconciliation, ReconciliationRow, RowKind
from interface.services.reconciling import decide_difference, standing_of
from tests.builder import clearing, retiree, staff
from tests.builder.interface import NOON, a_hospital, settled
from tests.builder.screens import words_of

pytestmark = pytest.mark.django_db

DAY = NOON.date()
DAYS = {"stmt_begndate": f"{DAY}", "stmt_enddate": f"{DAY}"}


def compared(hospital: Hospital, *rows: dict[str, Any]) -> dict[str, str]:
    """3202: what differs, by the settlement's number."""
    answer = hospital.ask("3202", {"data": DAYS, "detail": list(rows)})
    assert answer["infcode"] == 0, answer
    return {row["setl_id"]: row["stmt_rslt"] for row in answer["output"]["detail"]}


def test_totals_agree_where_both_know_the_same() -> None:
    """300.00, 70.00 of it from the fund, twice; then one of them taken back."""
    hospital, books = a_hospital(), Books()
    first, second = settled(hospital, retiree()), settled(hospital, retiree())
    books.enter(first)
    books.enter(second)
    assert (books.total("medfee_sumamt"), books.total("fund_pay_sumamt"), books.count) == (
        Decimal("600.00"),
        Decimal("140.00"),
        2,
    )
    assert agree(hospital, books, DAY, DAY)
    asked = {"data": {name: first[name] for name in ("psn_no", "setl_id", "mdtrt_id")}}
    books.enter(hospital.ask("2208", asked)["output"]["setlinfo"])
    assert (books.total("medfee_sumamt"), books.count) == (Decimal("300.00"), 1)
    assert agree(hospital, books, DAY, DAY)
    kept = Reconciliation.objects.get()
    assert (kept.agrees, kept.our_total, kept.our_settlements) == (True, Decimal("300.00"), 1)
    assert ReconciliationRow.objects.count() == 0


def test_each_kind_of_difference_is_named_with_both_sides() -> None:
    hospital = a_hospital()
    lost, wrong = settled(hospital, retiree()), settled(hospital, retiree())
    unknown = wrong | {"setl_id": "987654321"}
    found = compared(hospital, wrong | {"fund_pay_sumamt": "71.00"}, unknown)
    assert found == {lost["setl_id"]: "here_only", wrong["setl_id"]: "different", "987654321": "there_only"}
    rows = {row.setl_id: row for row in ReconciliationRow.objects.all()}
    assert (rows[wrong["setl_id"]].their_fund, rows[wrong["setl_id"]].our_fund) == (Decimal("71.00"), Decimal("70.00"))
    assert rows["987654321"].settlement is None
    assert rows[lost["setl_id"]].kind == RowKind.HERE_ONLY
    # What agrees by now goes.
    assert compared(hospital, lost, wrong) == {}
    assert ReconciliationRow.objects.count() == 0


def test_a_provider_sees_its_own_settlements_only() -> None:
    hospital, other = a_hospital(), a_hospital()
    settled(hospital, retiree())
    theirs = settled(other, retiree())
    assert compared(other, theirs) == {}


def test_a_decision_stays_until_an_amount_changes() -> None:
    hospital, clerk = a_hospital(), staff("clerk", Role.CLERK)
    lost = settled(hospital, retiree())
    compared(hospital)
    row = ReconciliationRow.objects.get()
    with pytest.raises(DomainError):
        decide_difference(row, finding=" ", actor=clerk)
    decide_difference(row, finding="机构补记", actor=clerk, seen=standing_of(row))
    with pytest.raises(MoveNotAllowed):
        decide_difference(row, finding="again", actor=clerk)
    compared(hospital)
    row.refresh_from_db()
    assert (row.finding, row.agrees) == ("机构补记", False)
    compared(hospital, lost)
    row.refresh_from_db()
    assert (row.finding, row.agrees) == ("机构补记", True)
    compared(hospital, lost | {"acct_pay": "1.00"})
    row.refresh_from_db()
    assert (row.finding, row.agrees, row.kind) == ("", False, RowKind.DIFFERENT)


def test_what_was_seen_is_what_is_decided() -> None:
    hospital, clerk = a_hospital(), staff("clerk", Role.CLERK)
    info = settled(hospital, retiree())
    compared(hospital)
    row = ReconciliationRow.objects.get()
    seen = standing_of(row)
    compared(hospital, info | {"acct_pay": "1.00"})
    with pytest.raises(MoveNotAllowed):
        decide_difference(row, finding="机构补记", actor=clerk, seen=seen)


def test_the_monthly_statement_says_whether_the_month_was_reconciled() -> None:
    provider = clearing.a_provider()
    hospital, books = a_hospital(provider=provider), Books()
    books.enter(settled(hospital, retiree()))
    statement = clearing.drafted(provider)
    cashier = staff("finance", Role.FINANCE)
    assert "该机构本月尚未对账。" in words_of(cashier, statement, language="zh-hans")
    agree(hospital, books, DAY, DAY)
    page = words_of(cashier, statement, language="zh-hans")
    assert "2023年3月15日" in page
    assert "相符" in page


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"stmt_enddate": "2023-03-14"}, "起止日期颠倒，或晚于今天。"),
        ({"stmt_enddate": "2023-03-16"}, "起止日期颠倒，或晚于今天。"),
        ({"stmt_begndate": "2022-12-01"}, "一次最多对一个月的账。"),
    ],
)
def test_days_that_are_none_are_refused(days: dict[str, str], sentence: str) -> None:
    answer = a_hospital().ask("3202", {"data": DAYS | days, "detail": []})
    assert (answer["infcode"], answer["err_msg"]) == (-1, sentence)
