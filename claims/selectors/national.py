"""A settlement under the national platform's field names (interface 2207, 医疗费用结算信息)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from claims.models import Claim, Settlement
from claims.selectors.explanations import explain
from policies.engine.outcome import StepCode
from policies.engine.vocabulary import Benefit
from policies.labels import national_code

_FETCHED = 2_000
EBMI = "310"  # insutype: employee basic medical insurance.
POOLED_FUND, PERSONAL_ACCOUNT = "310100", "310200"  # fund_pay_type.
# The fields of `setlinfo` that are one value each, in their order.
SETLINFO_FIELDS = (
    "setl_id",
    "mdtrt_id",
    "psn_no",
    "insutype",
    "med_type",
    "setl_time",
    "refd_setl_flag",
    "medfee_sumamt",
    "fulamt_ownpay_amt",
    "overlmt_selfpay",
    "preselfpay_amt",
    "inscp_scp_amt",
    "act_pay_dedc",
    "hifp_pay",
    "pool_prop_selfpay",
    "fund_pay_sumamt",
    "psn_part_amt",
    "acct_pay",
    "acct_mulaid_pay",
    "psn_cash_pay",
)


def setlinfo(settlement: Settlement) -> dict[str, Any]:
    """The settlement as 2207's `setlinfo` with `setldetail`; amounts are yuan as text with two decimals.

    `setl_proc_info` is the calculation, a line a step, in the active language.
    """
    fund = settlement.pooled + settlement.pooled_inpatient
    return {
        **setlinfo_fields(settlement),
        "setldetail": [
            {"fund_pay_type": code, "fund_payamt": f"{amount:.2f}"}
            for code, amount in (
                (POOLED_FUND, fund),
                (PERSONAL_ACCOUNT, settlement.account + settlement.family_account),
            )
            if amount
        ],
        "setl_proc_info": "\n".join(
            f"{step.label} {step.amount_in} {step.parameter} {step.amount_out} {step.instrument} {step.article}".strip()
            for step in explain(settlement)
        ),
    }


def setlinfo_fields(settlement: Settlement) -> dict[str, Any]:
    """Those of 2207's `setlinfo` that are one value each. A counter-row has refd_setl_flag 1; a trial has no number and
    no time.
    """
    claim = settlement.claim
    fund = settlement.pooled + settlement.pooled_inpatient
    rate = next((step["parameter"] for step in settlement.steps if step["code"] == StepCode.REIMBURSEMENT), None)
    return {
        "setl_id": "" if settlement.pk is None else str(settlement.pk),
        "mdtrt_id": claim.claim_number,
        "psn_no": claim.member.member_number,
        "insutype": EBMI,
        "med_type": national_code(Benefit(claim.benefit)),
        "setl_time": settlement.settled_at.isoformat() if settlement.settled_at else "",
        "refd_setl_flag": "1" if settlement.reverses_id else "0",
        "medfee_sumamt": f"{settlement.total:.2f}",
        "fulamt_ownpay_amt": f"{settlement.self_paid:.2f}",
        "overlmt_selfpay": f"{settlement.over_limit:.2f}",
        "preselfpay_amt": f"{settlement.upfront_share:.2f}",
        "inscp_scp_amt": f"{settlement.covered:.2f}",
        "act_pay_dedc": f"{settlement.deductible:.2f}",
        "hifp_pay": f"{fund:.2f}",
        "pool_prop_selfpay": rate,
        "fund_pay_sumamt": f"{fund:.2f}",
        "psn_part_amt": f"{settlement.patient_share:.2f}",
        "acct_pay": f"{settlement.account:.2f}",
        "acct_mulaid_pay": f"{settlement.family_account:.2f}",
        "psn_cash_pay": f"{settlement.cash:.2f}",
    }


def settlements_of(claims: QuerySet[Claim]) -> Iterator[dict[str, Any]]:
    """The fields of every settlement and counter-row of some claims, in the order of settlement; a few at a time."""
    rows = Settlement.objects.filter(claim__in=claims.order_by().values("pk")).select_related("claim__member")
    return (setlinfo_fields(settlement) for settlement in rows.order_by("pk").iterator(chunk_size=_FETCHED))
