"""What a visit comes to (2206), its settlement (2207), and looking at one again (5203)."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal, TypeVar

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from agency.exceptions import DomainError
from claims.models import ClaimLine, Settlement
from claims.services.bills import try_claim
from claims.services.new_claims import NewClaim
from claims.services.registration import register_claim
from claims.services.settlement import settle_claim
from interface.models import FeeDetail, Visit, VisitClaim
from interface.schema.requests import Bill, BillInput, OfSettlementInput
from interface.selectors.answers import settled
from interface.services.calls import Call, Reply
from interface.services.visits import EVERY_BATCH, ZERO, benefit_told, open_details, visit_of
from policies.engine.outcome import Refusal
from policies.engine.vocabulary import Benefit, OutOfAreaKind, RefusalReason, Tier
from policies.labels import label, parse_term

Term = TypeVar("Term", bound=StrEnum)
_YES = "1"
# Our amounts by the name under which the provider may say what it expects.
_EXPECTED = {
    "fulamt_ownpay_amt": "self_paid",
    "overlmt_selfpay": "over_limit",
    "preselfpay_amt": "upfront_share",
    "inscp_scp_amt": "covered",
}


def try_bill(call: Call, asked: BillInput) -> Reply:
    """2206: what 2207 would answer now. Nothing is written."""
    visit = visit_of(call, asked.data.mdtrt_id, asked.data.psn_no)
    new, _details = _new_claim(call, visit, asked.data)
    settlement = _paid(try_claim(new, today=call.today).outcome)
    return Reply(settled(settlement, visit, call.now), _warning(asked.data, settlement), visit.member)


def settle_bill(call: Call, asked: BillInput) -> Reply:
    """2207: register the claim and settle it, as the desk does; what is refused leaves nothing behind."""
    visit = visit_of(call, asked.data.mdtrt_id, asked.data.psn_no)
    new, details = _new_claim(call, visit, asked.data)
    claim = register_claim(new, today=call.today, reason=call.reason)
    settlement = _paid(settle_claim(claim, today=call.today))
    VisitClaim.objects.create(visit=visit, claim=claim)
    FeeDetail.objects.filter(pk__in=[each.pk for each in details]).update(claim=claim)
    settlement.claim.member = visit.member
    return Reply(settled(settlement, visit, call.now), _warning(asked.data, settlement), visit.member, settlement)


def look_up(call: Call, asked: OfSettlementInput) -> Reply:
    """5203: a settlement of the provider's own, or the row that took one back, as it stands in our books."""
    settlement = settlement_of(call, asked)
    visit = settlement.claim.live_visit.visit
    return Reply(settled(settlement, visit, call.now), member=settlement.claim.member, settlement=settlement)


def settlement_of(call: Call, asked: OfSettlementInput) -> Settlement:
    """The provider's settlement with this setl_id of this member's visit. DomainError for any other."""
    data = asked.data
    rows = Settlement.objects.select_related("claim__member__region", "claim__live_visit__visit__provider__region")
    found = rows.filter(
        pk=int(data.setl_id), claim__live_visit__visit__provider=call.provider, member__member_number=data.psn_no
    )
    settlement = found.filter(claim__live_visit__visit__number=data.mdtrt_id).first()
    if settlement is None:
        raise DomainError(_("This provider has no settlement with this setl_id, mdtrt_id and psn_no."))
    return settlement


def _paid(outcome: Settlement | Refusal) -> Settlement:
    if isinstance(outcome, Settlement):
        return outcome
    reason = label(outcome.reason, RefusalReason)
    if outcome.citation is None:
        raise DomainError(_("By the rules nothing is settled: %(reason)s.") % {"reason": reason})
    raise DomainError(
        _("By the rules nothing is settled: %(reason)s (%(instrument)s %(article)s).")
        % {"reason": reason, "instrument": outcome.citation.instrument, "article": outcome.citation.article}
    )


def _warning(bill: Bill, settlement: Settlement) -> str:
    """What the provider expects otherwise; what we calculate holds."""
    told = {name: getattr(bill, name) for name in _EXPECTED}
    wrong = [name for name, ours in _EXPECTED.items() if told[name] not in (None, getattr(settlement, ours))]
    return _("Calculated otherwise than you said: %(names)s.") % {"names": ", ".join(wrong)} if wrong else ""


def _new_claim(call: Call, visit: Visit, bill: Bill) -> tuple[NewClaim, Sequence[FeeDetail]]:
    details = open_details(visit, "" if bill.chrg_bchno == EVERY_BATCH else bill.chrg_bchno)
    _check_sums(bill, details)
    benefit = benefit_told(bill.med_type)
    if visit.benefit and visit.benefit != benefit:
        raise DomainError(_("2203 has told another med_type of this visit. Tell it again, or settle as that."))
    earlier = visit.claims.count()
    begun = localtime(visit.begun_at)
    new = NewClaim(
        member=visit.member,
        provider=call.provider,
        claim_number=f"{visit.number}-{earlier + 1}" if earlier else visit.number,
        served_on=begun.date(),
        served_at=begun.time().replace(tzinfo=None),
        benefit=benefit,
        disease=visit.disease if benefit != Benefit.GENERAL_OUTPATIENT else None,
        stay_hours=bill.stay_hours,
        prescribing_tier=_term(Tier, bill.rx_hosp_lv, "rx_hosp_lv"),
        out_of_area=_term(OutOfAreaKind, bill.out_fil_type, "out_fil_type"),
        place=call.envelope.mdtrtarea_admvs if bill.out_fil_type else "",
        invoice_number=bill.invono,
        account_holder=call.member(bill.mulaid_psn_no) if bill.mulaid_psn_no else None,
        pay_from_account=bill.acct_used_flag == _YES,
        lines=[_line(each) for each in details],
    )
    return new, details


def _check_sums(bill: Bill, details: Sequence[FeeDetail]) -> None:
    if not details:
        raise DomainError(_("There are no lines to settle. Upload them with 2204."))
    total = sum((each.amount for each in details), ZERO)
    if total != bill.medfee_sumamt:
        raise DomainError(
            _("medfee_sumamt is %(told)s, and the lines that were uploaded come to %(total)s.")
            % {"told": bill.medfee_sumamt, "total": total}
        )
    told = [getattr(bill, name) for name in _EXPECTED]
    if None not in told and sum(told) != bill.medfee_sumamt:
        raise DomainError(_("The parts of the bill do not add up to its total."))


def _term(terms: type[Term], text: str, name: str) -> Term | Literal[""]:
    if not text:
        return ""
    try:
        return parse_term(terms, text)
    except ValueError as error:
        raise DomainError(_("%(name)s is not one of the values that it may have.") % {"name": name}) from error


def _line(detail: FeeDetail) -> ClaimLine:
    return ClaimLine(
        kind=detail.kind,
        category=detail.category,
        code=detail.code,
        name=detail.name,
        amount=detail.amount,
        over_limit=detail.over_limit,
        upfront_rate=detail.upfront_rate,
        is_negotiated=detail.is_negotiated,
        is_chinese_medicine=detail.is_chinese_medicine,
        is_examination=detail.is_examination,
    )
