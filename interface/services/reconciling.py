"""Both sides' books of some days compared: totals (3201), rows (3202), and what a clerk decides about what differs."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import User
from interface.models import Reconciliation, ReconciliationRow, RowKind
from interface.schema.requests import BookRow, Period, RowsInput, Totals, TotalsInput
from interface.selectors.books import Row, Sums, our_rows, summed
from interface.services.calls import Call, Reply
from providers.models import Provider

_AGREES, _DIFFERS = "0", "1"
_TAKES_BACK = "1"
# A month, and a little more for a system that closes it late.
_MOST_DAYS = 62


def compare_totals(call: Call, asked: TotalsInput) -> Reply:
    """3201: whether the provider's totals of some days are ours."""
    data = asked.data
    _check_days(call, data)
    theirs = Sums(data.medfee_sumamt, data.fund_pay_sumamt, data.acct_pay, data.fixmedins_setl_cnt)
    ours = summed(our_rows(call.provider, data.stmt_begndate, data.stmt_enddate).values())
    _keep(call, data, theirs, ours)
    return Reply({"stmtinfo": _said(call, theirs == ours, ours)})


def compare_rows(call: Call, asked: RowsInput) -> Reply:
    """3202: the rows of some days that are in one of the books only, or differ. They wait for a clerk from now on."""
    data = asked.data
    _check_days(call, data)
    theirs = {row.setl_id: _their(row) for row in asked.detail}
    if len(theirs) != len(asked.detail):
        raise DomainError(_("A setl_id comes twice among the rows."))
    ours = our_rows(call.provider, data.stmt_begndate, data.stmt_enddate)
    reconciliation = _keep(call, data, summed(theirs.values()), summed(ours.values()))
    differing = {
        number: (ours.get(number), theirs.get(number))
        for number in [*ours, *(each for each in theirs if each not in ours)]
        if number not in theirs or number not in ours or ours[number].amounts != theirs[number].amounts
    }
    _keep_rows(reconciliation, differing)
    output = [_told(number, *sides) for number, sides in differing.items()]
    sums = summed(ours.values())
    return Reply({"stmtinfo": _said(call, not differing, sums), "detail": output})


def _check_days(call: Call, data: Period | Totals) -> None:
    if data.stmt_enddate < data.stmt_begndate or data.stmt_enddate > call.today:
        raise DomainError(_("The days are not in their order, or lie ahead."))
    if data.stmt_enddate - data.stmt_begndate > timedelta(days=_MOST_DAYS):
        raise DomainError(_("Reconcile a month at a time at the most."))


def _their(row: BookRow) -> Row:
    return Row(
        row.setl_id,
        row.mdtrt_id,
        row.medfee_sumamt,
        row.fund_pay_sumamt,
        row.acct_pay,
        row.refd_setl_flag == _TAKES_BACK,
    )


def _keep(call: Call, data: Any, theirs: Sums, ours: Sums) -> Reconciliation:
    """The totals of both sides, which take the place of those told before for the same days."""
    facts: dict[str, Any] = {"compared_at": call.now}
    for side, sums in (("their", theirs), ("our", ours)):
        facts |= {f"{side}_{name}": amount for name, amount in sums._asdict().items()}
    days = {"provider": call.provider, "first_day": data.stmt_begndate, "last_day": data.stmt_enddate}
    # Two at once: the second waits for the first.
    Provider.objects.select_for_update(no_key=True).get(pk=call.provider.pk)
    kept, _created = Reconciliation.objects.update_or_create(**days, defaults=facts)
    return kept


def _keep_rows(reconciliation: Reconciliation, differing: Mapping[str, tuple[Row | None, Row | None]]) -> None:
    before = {row.setl_id: row for row in reconciliation.rows.select_for_update()}
    for number, (ours, theirs) in differing.items():
        row = before.pop(number, None) or ReconciliationRow(reconciliation=reconciliation, setl_id=number)
        _fill(row, ours, theirs)
        row.save()
    for row in before.values():
        if row.decided_by_id is None:
            row.delete()
        else:
            row.agrees = True
            row.save(update_fields=["agrees"])


def _fill(row: ReconciliationRow, ours: Row | None, theirs: Row | None) -> None:
    amounts = _amounts("our", ours) | _amounts("their", theirs)
    if row.pk is not None and any(getattr(row, name) != amount for name, amount in amounts.items()):
        row.decided_by, row.decided_at, row.finding = None, None, ""
    for name, amount in amounts.items():
        setattr(row, name, amount)
    row.agrees = False
    row.kind = RowKind.DIFFERENT if ours and theirs else RowKind.HERE_ONLY if ours else RowKind.THERE_ONLY
    row.settlement_id = int(row.setl_id) if ours else None
    row.mdtrt_id = ours.mdtrt_id if ours else theirs.mdtrt_id if theirs else ""


def _amounts(side: str, row: Row | None) -> dict[str, Decimal | None]:
    return {f"{side}_{name}": None if row is None else getattr(row, name) for name in ("total", "fund", "account")}


def _said(call: Call, agrees: bool, ours: Sums) -> dict[str, Any]:
    words = _("Both sides agree.") if agrees else _("We have: %(count)s settlements, %(total)s yuan.")
    facts = {"count": ours.settlements, "total": ours.total}
    return {
        "setl_optins": call.region.admdvs,
        "stmt_rslt": _AGREES if agrees else _DIFFERS,
        "stmt_rslt_dscr": words % facts if not agrees else words,
    }


def _told(number: str, ours: Row | None, theirs: Row | None) -> dict[str, Any]:
    """A row that differs, as we have it; no amounts where we do not have it."""
    kind = RowKind.DIFFERENT if ours and theirs else RowKind.HERE_ONLY if ours else RowKind.THERE_ONLY
    return {
        "setl_id": number,
        "mdtrt_id": ours.mdtrt_id if ours else theirs.mdtrt_id if theirs else "",
        "refd_setl_flag": None if ours is None else "1" if ours.takes_back else "0",
        "medfee_sumamt": None if ours is None else ours.total,
        "fund_pay_sumamt": None if ours is None else ours.fund,
        "acct_pay": None if ours is None else ours.account,
        "stmt_rslt": kind.value,
    }


@transaction.atomic
def decide_difference(row: ReconciliationRow, *, finding: str, actor: User, seen: str = "") -> ReconciliationRow:
    """Say what a difference is and what is done about it. It changes no amount.

    seen: `standing_of` the row that the person looked at; "" where nobody did. DomainError without a finding;
    MoveNotAllowed where it was decided already, agrees by now, or is another difference than was seen.
    """
    if not finding.strip():
        raise DomainError(gettext_lazy("Say what was found."), field="finding")
    held = ReconciliationRow.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if held.decided_by_id is not None or held.agrees:
        raise MoveNotAllowed(gettext_lazy("This difference was decided already, or is gone by now."))
    if seen and seen != standing_of(held):
        raise MoveNotAllowed(gettext_lazy("The amounts have changed since you looked at them. Look at the page again."))
    held.decided_by, held.decided_at, held.finding = actor, now(), finding.strip()[:300]
    held.save(update_fields=["decided_by", "decided_at", "finding"])
    return held


def standing_of(row: ReconciliationRow) -> str:
    """What stands on a row: another text once an amount is another."""
    sides = (row.our_total, row.our_fund, row.our_account, row.their_total, row.their_fund, row.their_account)
    return " ".join(f"{amount}" for amount in (row.kind, *sides))
