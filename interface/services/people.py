"""Who somebody is, what they are entitled to, what they used: 1101, 2001, 5206. Every look-up stays on record."""

from typing import Any

from django.db.models import Sum
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from agency.exceptions import DomainError
from claims.models import BenefitUsage
from claims.selectors.national import EBMI, POOLED_FUND
from claims.selectors.standing import standing_on
from clearing.selectors.file_rows import benefit_of
from interface.schema.fields import DAY
from interface.schema.requests import Entitlement, EntitlementInput, Identity, IdentityInput, UsedInput
from interface.selectors.answers import balance_of, baseinfo, moment, psn_type
from interface.services.calls import Call, Reply
from members.documents import possible_hashes
from members.models import Member
from members.names import normal_name
from members.selectors.insured import situations
from policies.engine.errors import MissingLaw
from policies.engine.vocabulary import Benefit
from policies.labels import label, national_code

# mdtrt_cert_type: a resident's card. The others carry numbers that the agency does not keep.
_BY_CARD = "02"
_INSURED, _NOT_INSURED = "1", "0"


def identify(call: Call, asked: IdentityInput) -> Reply:
    """1101: whoever gives a name and the number of a document that belong together, and nobody else."""
    member = _matching(call, asked.data)
    (situation,) = situations([(member, call.today)])
    enrollment = member.enrollments.filter(period__contains=call.today).first()
    info = {
        "balc": balance_of(member),
        "insutype": EBMI,
        "psn_type": psn_type(situation),
        "psn_insu_stas": _INSURED if enrollment else _NOT_INSURED,
        "psn_insu_date": enrollment.period.lower.strftime(DAY) if enrollment else "",
        "paus_insu_date": "",
        "cvlserv_flag": "0",
        "insuplc_admdvs": call.region.admdvs,
        "emp_name": member.employer,
    }
    output = {"baseinfo": baseinfo(member, call.now), "insuinfo": [info], "idetinfo": []}
    return Reply(output, member=member)


def _matching(call: Call, identity: Identity) -> Member:
    number = identity.certno
    if not number and identity.mdtrt_cert_type == _BY_CARD:
        number = identity.mdtrt_cert_no
    if not number:
        raise DomainError(_("Give certno, the number of the patient's identity document: nobody is found by a card."))
    found = Member.objects.filter(region=call.region, identity_hash__in=possible_hashes(number)).select_related(
        "region"
    )
    member = found.first()
    # The same sentence for both: whoever guesses learns nothing.
    if member is None or member.name != normal_name(identity.psn_name):
        raise DomainError(_("No member of this region has this name with this document. Check both."))
    return member


def check_entitlement(call: Call, asked: EntitlementInput) -> Reply:
    """2001: whether a visit on a day would be paid as far as that rests on the member, and why not."""
    data = asked.data
    member = call.member(data.psn_no)
    day = localtime(data.begntime).date()
    try:
        refusal = standing_on(member, day).refusal
        standing, why = (refusal is None, label(refusal.reason, type(refusal.reason)) if refusal else "")
    except MissingLaw:
        standing, why = False, _("The rules in force do not decide this.")
    if standing:
        standing, why = _registered(member, data)
    output = {
        "psn_no": member.member_number,
        "trt_chk_type": "",
        "fund_pay_type": POOLED_FUND,
        "trt_enjymnt_flag": "1" if standing else "0",
        "begndate": day.strftime(DAY),
        "enddate": "",
        "trt_chk_rslt": why,
    }
    return Reply({"trtinfo": [output]}, member=member)


def _registered(member: Member, data: Entitlement) -> tuple[bool, str]:
    """Whether the disease that is asked about is registered, where one is named with its benefit."""
    if not data.med_type or not data.dise_codg:
        return True, ""
    try:
        benefit = benefit_of(data.med_type)
    except ValueError as error:
        raise DomainError(_("This med_type is not settled here.")) from error
    (situation,) = situations([(member, localtime(data.begntime).date())])
    benefits = {registered for registered, _code in situation.registrations}
    if benefit == Benefit.GENERAL_OUTPATIENT or (benefit.value, data.dise_codg) in situation.registrations:
        return True, ""
    known = benefit.value in benefits
    return False, _("This disease is not registered.") if known else _("No disease is registered for this med_type.")


def add_up_use(call: Call, asked: UsedInput) -> Reply:
    """5206: what the pooled fund has paid for a member in a year, or in a month of it, by kind of benefit."""
    member = call.member(asked.data.psn_no)
    year, month = _month_of(asked.data.cum_ym, call)
    rows = BenefitUsage.objects.filter(member=member, year=year, key="", scope__in=[each.value for each in Benefit])
    if month is not None:
        rows = rows.filter(month=month)
    sums = rows.order_by("scope").values_list("scope").annotate(sum=Sum("paid"))
    output = [
        {
            "insutype": EBMI,
            "year": str(year),
            "cum_ym": asked.data.cum_ym or f"{year}",
            "cum_type_code": f"D{POOLED_FUND}_BIZ{national_code(Benefit(scope)) or scope}",
            "cum": amount,
        }
        for scope, amount in sums
    ]
    return Reply({"cuminfo": output}, member=member)


def _month_of(text: str, call: Call) -> tuple[int, int | None]:
    """A year, or a year and a month, such as 2026 and 202603; this year where nothing is said."""
    digits = text.replace("-", "")
    if not digits:
        return call.today.year, None
    if not (digits.isascii() and digits.isdigit() and len(digits) in (4, 6)):
        raise DomainError(_("cum_ym is a year or a month, such as 2026 or 202603."))
    month = int(digits[4:]) if len(digits) == 6 else None
    if month is not None and not 1 <= month <= 12:
        raise DomainError(_("cum_ym is a year or a month, such as 2026 or 202603."))
    return int(digits[:4]), month


def sign_in(call: Call, asked: Any) -> Reply:
    """9001: the day's number. Nothing depends on it: every message is signed by itself."""
    number = f"{call.region.admdvs}{call.provider.code}{localtime(call.now):%Y%m%d%H%M%S}"[:40]
    return Reply({"signinoutb": {"sign_time": moment(call.now), "sign_no": number}})


def sign_out(call: Call, asked: Any) -> Reply:
    """9002."""
    return Reply({"signoutoutb": {"sign_time": moment(call.now)}})
