"""What is answered, under the national platform's names. Amounts are yuan with two decimals, as numbers."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.timezone import localtime

from accounts.models import LedgerAccount
from claims.models import Settlement
from claims.selectors.national import EBMI, PERSONAL_ACCOUNT, POOLED_FUND, setlinfo
from interface.models import Visit
from interface.schema.fields import DAY, MOMENT
from members.documents import IdentityDocument, Sex
from members.models import Member
from members.selectors.insured import Situation
from policies.engine.facts import age_on
from policies.engine.vocabulary import Benefit, Employment, InsuredStatus
from policies.labels import national_code

# psn_cert_type, gend, clr_type, clr_way and the names of what pays, as the platform writes them.
CERTIFICATES = {
    IdentityDocument.RESIDENT_CARD: "01",
    IdentityDocument.RESIDENCE_PERMIT: "17",
    IdentityDocument.FOREIGNER_CARD: "07",
}
_GENDERS = {Sex.MALE: "1", Sex.FEMALE: "2"}
_OUTPATIENT, _BY_ITEM = "11", "1"
_FUNDS = {POOLED_FUND: "职工基本医疗保险统筹基金", PERSONAL_ACCOUNT: "职工基本医疗保险个人账户"}
_ZERO = Decimal("0.00")
_FLEXIBLE = {InsuredStatus.ACTIVE: "1103", InsuredStatus.RETIRED: "1203"}
# What may be read of a settlement as an amount; all of it, for a row that takes one back, counts below zero.
AMOUNTS = (
    "medfee_sumamt",
    "fulamt_ownpay_amt",
    "overlmt_selfpay",
    "preselfpay_amt",
    "inscp_scp_amt",
    "act_pay_dedc",
    "hifp_pay",
    "fund_pay_sumamt",
    "psn_part_amt",
    "acct_pay",
    "acct_mulaid_pay",
    "psn_cash_pay",
)


def moment(instant: datetime) -> str:
    """An instant on the clock of the office."""
    return localtime(instant).strftime(MOMENT)


def psn_type(situation: Situation) -> str:
    """人员类别 on a day; empty for whoever is not insured."""
    person = situation.person
    if person.status is None:
        return ""
    if person.employment == Employment.FLEXIBLE:
        return _FLEXIBLE[person.status]
    return national_code(person.status)


def baseinfo(member: Member, now: datetime) -> dict[str, Any]:
    """Who somebody is."""
    return {
        "psn_no": member.member_number,
        "psn_cert_type": CERTIFICATES.get(IdentityDocument(member.document_kind), "99"),
        "certno": member.identity_number,
        "psn_name": member.name,
        "gend": _GENDERS[Sex(member.sex)],
        "naty": "",
        "brdy": member.birth_date.strftime(DAY),
        "age": age_on(member.birth_date, localtime(now).date()),
    }


def balance_of(member: Member) -> Decimal:
    """Yuan in the personal account; nothing without one."""
    return LedgerAccount.objects.filter(member=member).values_list("balance", flat=True).first() or _ZERO


def settled(settlement: Settlement, visit: Visit, now: datetime) -> dict[str, Any]:
    """`setlinfo` and `setldetail` of 2207, of a settlement that was written or, for 2206, only calculated."""
    member = settlement.claim.member
    told = setlinfo(settlement)
    amounts = {name: Decimal(told[name]) for name in AMOUNTS}
    sign = -1 if settlement.reverses_id else 1
    spent = settlement.account + settlement.family_account if settlement.pk is None else _ZERO
    info = {
        **baseinfo(member, now),
        "setl_id": told["setl_id"],
        "mdtrt_id": visit.number,
        "insutype": EBMI,
        "med_type": national_code(Benefit(settlement.claim.benefit)) or settlement.claim.benefit,
        "setl_time": moment(settlement.settled_at or now),
        "refd_setl_flag": told["refd_setl_flag"],
        **{name: amount * sign for name, amount in amounts.items()},
        "pool_prop_selfpay": Decimal(told["pool_prop_selfpay"]) if told["pool_prop_selfpay"] else None,
        "cvlserv_pay": _ZERO,
        "hifes_pay": _ZERO,
        "hifmi_pay": _ZERO,
        "hifob_pay": _ZERO,
        "maf_pay": _ZERO,
        "oth_pay": _ZERO,
        "hosp_part_amt": _ZERO,
        "balc": balance_of(member) - (_ZERO if settlement.claim.account_holder_id else spent),
        "medins_setl_id": "",
        "clr_optins": visit.provider.region.admdvs,
        "clr_way": _BY_ITEM,
        "clr_type": _OUTPATIENT,
    }
    return {"setlinfo": info, "setldetail": [_detail(part, told, sign) for part in told["setldetail"]]}


def _detail(part: Mapping[str, str], told: Mapping[str, Any], sign: int) -> dict[str, Any]:
    kind = part["fund_pay_type"]
    return {
        "fund_pay_type": kind,
        "fund_pay_type_name": _FUNDS[kind],
        "inscp_scp_amt": Decimal(told["inscp_scp_amt"]) * sign,
        "crt_payb_lmt_amt": None,
        "fund_payamt": Decimal(part["fund_payamt"]) * sign,
        "setl_proc_info": told["setl_proc_info"] if kind == POOLED_FUND else "",
    }
