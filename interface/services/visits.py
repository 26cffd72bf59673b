"""A visit told step by step: 2201 to 2205. Nothing is calculated before it is asked what the bill comes to."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from agency.exceptions import DomainError
from claims.models import ClaimState
from clearing.selectors.file_rows import benefit_of, kind_of
from interface.models import FeeDetail, Visit
from interface.schema.requests import (
    Detail,
    DetailsInput,
    DetailsOfInput,
    OfVisitInput,
    RegistrationInput,
    VisitFactsInput,
)
from interface.services.calls import Call, Reply
from policies.engine.vocabulary import Benefit, CatalogCategory
from policies.labels import national_code, parse_term
from policies.models import Disease
from providers.models import CatalogItem
from providers.selectors import catalog_items_on

ZERO = Decimal("0.00")
EVERY_BATCH = "0000"
_YES = "1"
_EXAMINATION = "03"  # med_chrgitm_type.


def visit_of(call: Call, number: str, psn_no: str) -> Visit:
    """The provider's own visit of this member, locked, so that nobody settles it twice at once.

    DomainError for another provider's, another member's, and for one that was cancelled.
    """
    rows = Visit.objects.select_for_update(of=("self",), no_key=True)
    visit = rows.select_related("member__region", "provider__region", "disease").filter(number=number).first()
    if visit is None or visit.provider_id != call.provider.pk:
        raise DomainError(_("This provider has no visit with this mdtrt_id. Register it with 2201."))
    if visit.member.member_number != psn_no:
        raise DomainError(_("The visit with this mdtrt_id is another person's: psn_no does not fit."))
    if visit.cancelled_at is not None:
        raise DomainError(_("This visit was cancelled with 2202. Register it anew with 2201."))
    return visit


def register_visit(call: Call, asked: RegistrationInput) -> Reply:
    """2201: the patient is here. The day on which it began is the day of service (docs/interpretations/0072)."""
    data = asked.data
    member = call.member(data.psn_no)
    if data.begntime > call.now + timedelta(seconds=settings.INTERFACE_CLOCK_SECONDS):
        raise DomainError(_("begntime lies in the future. Set the clock of the system right."))
    if call.today - localtime(data.begntime).date() > timedelta(days=settings.INTERFACE_LATE_DAYS):
        raise DomainError(
            _("A visit is registered within %(days)s days. Report an older one in a file of direct settlements.")
            % {"days": settings.INTERFACE_LATE_DAYS}
        )
    visit = Visit.objects.create(
        provider=call.provider,
        member=member,
        number=f"{call.region.admdvs}{call.today:%y%m%d}{secrets.randbelow(10**10):010d}",
        provider_number=data.ipt_otp_no,
        begun_at=data.begntime,
    )
    output = {"mdtrt_id": visit.number, "psn_no": member.member_number, "ipt_otp_no": visit.provider_number}
    return Reply({"data": output}, member=member)


def cancel_visit(call: Call, asked: OfVisitInput) -> Reply:
    """2202: the patient went home. Not while a settlement stands."""
    visit = visit_of(call, asked.data.mdtrt_id, asked.data.psn_no)
    if visit.claims.filter(claim__state=ClaimState.SETTLED).exists():
        raise DomainError(_("This visit is settled. Take the settlement back with 2208 first."))
    visit.cancelled_at = call.now
    visit.save(update_fields=["cancelled_at"])
    return Reply(member=visit.member)


def tell_visit(call: Call, asked: VisitFactsInput) -> Reply:
    """2203: what kind of visit it is, and the diagnoses."""
    facts = asked.mdtrtinfo
    visit = visit_of(call, facts.mdtrt_id, facts.psn_no)
    visit.benefit = benefit_told(facts.med_type)
    visit.disease = _disease(call, visit.benefit, facts.dise_codg)
    visit.diagnoses = "\n".join(
        filter(None, (facts.main_cond_dscr, *(f"{each.diag_code} {each.diag_name}" for each in asked.diseinfo)))
    )
    visit.save(update_fields=["benefit", "disease", "diagnoses"])
    return Reply(member=visit.member)


def benefit_told(med_type: str) -> Benefit:
    """The benefit of a med_type. DomainError for one that is not settled here."""
    try:
        return benefit_of(med_type)
    except ValueError as error:
        raise DomainError(_("This med_type is not settled here.")) from error


def _disease(call: Call, benefit: str, code: str) -> Disease | None:
    """Of general care a diagnosis may be told as well, which is no registered disease."""
    if not code or benefit == Benefit.GENERAL_OUTPATIENT:
        return None
    disease = Disease.objects.filter(region=call.region, code=code).first()
    if disease is None:
        raise DomainError(_("This disease code is not in the region's catalogue."))
    return disease


def upload_details(call: Call, asked: DetailsInput) -> Reply:
    """2204: lines of the bill. What our catalogue says of each code holds (docs/interpretations/0071)."""
    first = asked.feedetail[0]
    visit = visit_of(call, first.mdtrt_id, first.psn_no)
    _check_all_alike(asked.feedetail)
    items = catalog_items_on(
        call.region,
        {each.med_list_codg for each in asked.feedetail if each.med_list_codg},
        localtime(visit.begun_at).date(),
    )
    known = set(visit.details.values_list("number", flat=True))
    details = []
    for each in asked.feedetail:
        if each.feedetl_sn in known:
            raise DomainError(_("Line %(line)s was uploaded already.") % {"line": each.feedetl_sn})
        known.add(each.feedetl_sn)
        details.append(_detail(call, visit, each, items.get(each.med_list_codg)))
    FeeDetail.objects.bulk_create(details)
    result = [_result(detail, items.get(detail.code)) for detail in details]
    return Reply({"result": result}, member=visit.member)


def _check_all_alike(details: Sequence[Detail]) -> None:
    if len({(each.mdtrt_id, each.psn_no) for each in details}) > 1:
        raise DomainError(_("All lines of a message belong to one visit of one person."))


def _detail(call: Call, visit: Visit, told: Detail, item: CatalogItem | None) -> FeeDetail:
    line = {"line": told.feedetl_sn}
    day = localtime(told.fee_ocur_time).date()
    if day < localtime(visit.begun_at).date() or told.fee_ocur_time > call.now + timedelta(
        seconds=settings.INTERFACE_CLOCK_SECONDS
    ):
        raise DomainError(_("Line %(line)s is not of this visit: fee_ocur_time lies before it or ahead.") % line)
    if told.det_item_fee_sumamt <= 0:
        raise DomainError(_("Line %(line)s has no amount above zero.") % line)
    detail = FeeDetail(
        visit=visit,
        number=told.feedetl_sn,
        batch=told.chrg_bchno,
        incurred_at=told.fee_ocur_time,
        code=told.med_list_codg,
        name=told.medins_list_name,
        amount=told.det_item_fee_sumamt,
        quantity=told.cnt,
        price=told.pric,
        over_limit=told.overlmt_amt or ZERO,
        is_chinese_medicine=told.tcm_flag == _YES,
        is_examination=told.med_chrgitm_type == _EXAMINATION,
    )
    if detail.over_limit < 0 or detail.over_limit > detail.amount:
        raise DomainError(_("Line %(line)s: the part above the price limit is larger than the line.") % line)
    if item is not None:
        detail.kind, detail.category, detail.upfront_rate = item.kind, item.category, item.upfront_rate
        detail.is_negotiated, detail.name = item.is_negotiated, detail.name or item.name
        return detail
    try:
        detail.kind = kind_of(told.list_type)
        detail.category = parse_term(CatalogCategory, told.chrgitm_lv)
    except ValueError as error:
        raise DomainError(
            _("Line %(line)s: our catalogue does not list this med_list_codg. Send list_type and chrgitm_lv with it.")
            % line
        ) from error
    if told.selfpay_prop is not None and not 0 <= told.selfpay_prop <= 1:
        raise DomainError(_("Line %(line)s: selfpay_prop is a fraction between 0 and 1.") % line)
    detail.upfront_rate = told.selfpay_prop if detail.category == CatalogCategory.B else None
    return detail


def _result(detail: FeeDetail, item: CatalogItem | None) -> dict[str, Any]:
    """What follows from the line alone; what the patient bears first, the rules of the visit say in 2206."""
    is_self_paid = detail.category == CatalogCategory.C
    return {
        "feedetl_sn": detail.number,
        "det_item_fee_sumamt": detail.amount,
        "cnt": detail.quantity,
        "pric": detail.price,
        "pric_uplmt_amt": None if item is None else item.price_limit,
        "selfpay_prop": Decimal(1) if is_self_paid else detail.upfront_rate,
        "fulamt_ownpay_amt": detail.amount if is_self_paid else ZERO,
        "overlmt_amt": ZERO if is_self_paid else detail.over_limit,
        "preselfpay_amt": None,
        "inscp_scp_amt": None,
        "chrgitm_lv": national_code(CatalogCategory(detail.category)),
        "hi_nego_drug_flag": "1" if detail.is_negotiated else "0",
        "memo": "",
    }


def take_back_details(call: Call, asked: DetailsOfInput) -> Reply:
    """2205: lines that were uploaded by mistake, of one batch or all of them; never those of a settlement."""
    data = asked.data
    visit = visit_of(call, data.mdtrt_id, data.psn_no)
    details = open_details(visit, "" if data.chrg_bchno == EVERY_BATCH else data.chrg_bchno)
    if not details:
        raise DomainError(_("There are no lines of this batch that are not settled."))
    FeeDetail.objects.filter(pk__in=[each.pk for each in details]).delete()
    return Reply(member=visit.member)


def open_details(visit: Visit, batch: str = "") -> Sequence[FeeDetail]:
    """The visit's lines that no standing settlement has, of one batch where one is named, in their order."""
    details: Iterable[FeeDetail] = visit.details.select_related("claim").order_by("pk")
    return [
        each
        for each in details
        if (not batch or each.batch == batch) and (each.claim is None or each.claim.state != ClaimState.SETTLED)
    ]
