"""What providers report of the bills: the rows of a file of direct settlements, with their systems' amounts.

A provider's system calculates by the same rules as ours, so the amounts are those of a trial of all its bills.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from decimal import Decimal

from agency.exceptions import DomainError
from agency.models import PoolingRegion, User
from claims.models import ClaimLine, Settlement
from claims.services.adjudication import Adjudication, Calculation
from claims.services.new_claims import NewClaim
from claims.services.settlement import draft_settlement
from clearing.models import SettledFile
from clearing.services.file_reading import read_file
from clearing.services.file_settling import settle_file_chunk
from clearing.services.settled_files import take_file
from demo.population.bills import Bill, Line
from members.models import Member
from policies.engine.errors import MissingLaw
from policies.engine.vocabulary import OutOfAreaKind, Tier
from providers.models import Provider

ZERO = Decimal("0.00")
_HEAD = (
    "mdtrt_id",
    "fixmedins_code",
    "psn_no",
    "med_type",
    "fee_ocur_time",
    "invono",
    "acct_used_flag",
    "rx_hosp_lv",
    "out_fil_type",
)
_AMOUNTS = (
    "medfee_sumamt",
    "fulamt_ownpay_amt",
    "overlmt_selfpay",
    "preselfpay_amt",
    "inscp_scp_amt",
    "act_pay_dedc",
    "hifp_pay",
    "acct_pay",
    "psn_cash_pay",
)
_LINE = (
    "list_type",
    "chrgitm_lv",
    "med_list_codg",
    "medins_list_name",
    "med_chrgitm_type",
    "det_item_fee_sumamt",
    "overlmt_amt",
    "selfpay_prop",
    "hi_nego_drug_flag",
    "prenatal_flag",
)
_EXAMINATION = "03"
Amounts = tuple[Decimal, ...]


def file_of(bills: Sequence[Bill], amounts: Mapping[str, Amounts]) -> bytes:
    """The bills as a file. amounts: in the order of the columns, by claim number; without them all is paid in cash."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*_HEAD, *_AMOUNTS, *_LINE])
    for bill in bills:
        head = _head(bill)
        paid = [str(amount) for amount in amounts.get(bill.claim_number) or _all_in_cash(bill)]
        writer.writerows([*head, *paid, *_line(line)] for line in bill.lines)
    return text.getvalue().encode()


def calculated(region: PoolingRegion, bills: Sequence[Bill]) -> dict[str, Amounts]:
    """What each bill that is paid comes to after the ones before it, by claim number; nothing is written."""
    members = {each.member_number: each for each in Member.objects.filter(region=region).select_related("region")}
    providers = {each.code: each for each in Provider.objects.filter(region=region)}
    claims, lines = [], {}
    in_order = sorted(bills, key=lambda bill: (bill.person.member_number, bill.served_on, bill.served_at or time.min))
    for number, bill in enumerate(in_order, start=1):
        new = _draft(bill, members[bill.person.member_number], providers[bill.provider.code])
        claim = new.draft()
        # A number of the draft's own, under which the adjudication finds its lines.
        claim.pk = -number
        claims.append(claim)
        lines[claim.pk] = new.lines
    patients = {claim.member_id: claim.member for claim in claims}
    adjudication = Adjudication.among(claims, patients, set(), lines, locks=False)
    amounts = {}
    for claim in claims:
        try:
            outcome = adjudication.calculate(claim)
        except (DomainError, MissingLaw):
            continue
        if isinstance(outcome, Calculation):
            adjudication.take(outcome)
            amounts[claim.claim_number] = _amounts(draft_settlement(outcome))
    return amounts


def _draft(bill: Bill, member: Member, provider: Provider) -> NewClaim:
    return NewClaim(
        member=member,
        provider=provider,
        claim_number=bill.claim_number,
        served_on=bill.served_on,
        served_at=bill.served_at,
        prescribing_tier=Tier(bill.prescribing_tier) if bill.prescribing_tier else "",
        out_of_area=OutOfAreaKind(bill.out_of_area) if bill.out_of_area else "",
        invoice_number=bill.invoice_number,
        pay_from_account=bill.pay_from_account,
        lines=[_drafted_line(line) for line in bill.lines],
    )


def _drafted_line(line: Line) -> ClaimLine:
    return ClaimLine(
        kind=line.kind,
        category=line.category,
        code=line.code,
        name=line.name,
        amount=Decimal(line.amount_fen) / 100,
        over_limit=Decimal(line.over_limit_fen) / 100,
        upfront_rate=Decimal(line.upfront_rate) if line.upfront_rate else None,
        is_negotiated=line.is_negotiated,
        is_prenatal=line.is_prenatal,
        is_examination=line.is_examination,
    )


def settle(region: PoolingRegion, content: bytes, name: str, day: date, actor: User | None) -> SettledFile:
    """Take a file in on a day and settle it here and now, as the workers do."""
    file = take_file(region, content=io.BytesIO(content), name=name, today=day, actor=actor)
    for chunk in read_file(file.pk):
        settle_file_chunk(chunk)
    return file


def _amounts(settlement: Settlement) -> Amounts:
    return (
        settlement.total,
        settlement.self_paid,
        settlement.over_limit,
        settlement.upfront_share,
        settlement.covered,
        settlement.deductible,
        settlement.pooled + settlement.pooled_inpatient,
        settlement.account,
        settlement.cash,
    )


def _all_in_cash(bill: Bill) -> Amounts:
    """Amounts of a bill that nobody pays but the patient."""
    total = Decimal(sum(line.amount_fen for line in bill.lines)) / 100
    return (total, ZERO, ZERO, ZERO, total, ZERO, ZERO, ZERO, total)


def _head(bill: Bill) -> list[str]:
    at = f" {bill.served_at:%H:%M:%S}" if bill.served_at else ""
    return [
        bill.claim_number,
        bill.provider.code,
        bill.person.member_number,
        "11",
        f"{bill.served_on}{at}",
        bill.invoice_number,
        "1" if bill.pay_from_account else "0",
        bill.prescribing_tier,
        bill.out_of_area,
    ]


def _line(line: Line) -> Iterator[str]:
    yield from (line.kind, line.category, line.code, line.name)
    yield _EXAMINATION if line.is_examination else ""
    yield from (f"{fen // 100}.{fen % 100:02d}" for fen in (line.amount_fen, line.over_limit_fen))
    yield from (line.upfront_rate, "1" if line.is_negotiated else "0", "1" if line.is_prenatal else "0")
