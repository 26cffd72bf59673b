"""Registering a claim."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agency.divisions import check_division
from agency.exceptions import DomainError
from agency.models import User
from agency.services.history import REGISTERED, tracked_save
from claims.models import Claim, ClaimLine, ClaimState, SettlementChannel
from claims.rooms_above import rooms_above
from claims.services.new_claims import NewClaim, put_lines

# No rule of law: what the columns of amounts, in settlements, accumulators and entries, hold with room for sums.
MOST_OF_A_BILL = Decimal("99999999.99")
INVOICE_LENGTH = 64  # What the row keeps of a number; written in other characters it may have been shorter.


def check_line(line: ClaimLine) -> None:
    """DomainError for an amount that is no amount, or a part above the price limit that is larger than the line."""
    for value in (line.amount, line.over_limit):
        if value < 0 or value != value.quantize(Decimal("0.01")):
            raise DomainError(_("An amount is not negative and has at most two decimals."), field="amount")
    if line.amount == 0:
        raise DomainError(_("A line has an amount above zero."), field="amount")
    if line.over_limit > line.amount:
        raise DomainError(_("The part above the price limit is larger than the line."), field="over_limit")
    if line.upfront_rate is not None and not 0 <= line.upfront_rate <= 1:
        raise DomainError(_("An upfront share is a fraction between 0 and 1."), field="upfront_rate")


@transaction.atomic
def register_claim(new: NewClaim, *, today: date, actor: User | None = None, reason: str = REGISTERED) -> Claim:
    """Save a claim with its lines; nothing is calculated yet. A line's missing upfront share comes from the catalogue
    on the day of service.

    DomainError for a service date in the future or before birth, a visit without lines, a provider or a disease of
    another region, a number that is taken, a filing day before the service or in the future, lines of more than
    `MOST_OF_A_BILL` yuan together.
    """
    claim = new.draft()
    check_claim(claim, new.lines, today)
    tracked_save(claim, actor, reason)
    put_lines(claim, new.lines)
    return claim


@transaction.atomic
def enter_claim(new: NewClaim, *, today: date, actor: User | None, reason: str = REGISTERED) -> Claim:
    """Register a claim, and have the examination of a manual one begun. Raises what `register_claim` raises."""
    claim = register_claim(new, today=today, actor=actor, reason=reason)
    if claim.channel == SettlementChannel.MANUAL:
        for room in rooms_above():
            room.begin_examination(claim, actor=actor, reason=reason)
    return claim


def check_claim(claim: Claim, lines: Sequence[ClaimLine], today: date) -> None:
    """DomainError for what `register_claim` refuses. claim: saved already, or not yet."""
    check_facts(claim, lines, today)
    same_number = with_number(claim.region_id, [claim.claim_number])
    if same_number.exclude(pk=claim.pk).exists():
        raise DomainError(
            _("There is a claim %(number)s already.") % {"number": claim.claim_number}, field="claim_number"
        )


def with_number(region_id: int, numbers: Collection[str]) -> QuerySet[Claim]:
    """The region's claims that have these numbers. The number of a claim that was withdrawn is free again."""
    return Claim.objects.filter(region=region_id, claim_number__in=numbers).exclude(state=ClaimState.WITHDRAWN)


def check_facts(claim: Claim, lines: Sequence[ClaimLine], today: date) -> None:
    """The same but for the number, which whoever enters many claims looks up for all of them at once."""
    _check_days(claim, today)
    if len(claim.invoice_number) > INVOICE_LENGTH:
        raise DomainError(
            _("The invoice number is too long. Enter it as it stands on the invoice."), field="invoice_number"
        )
    check_bill(claim, lines)
    holder = claim.account_holder
    if holder is not None and (claim.pay_from_account or holder.region_id != claim.region_id):
        raise DomainError(_("Either the member's own account pays, or that of one relative insured in this region."))
    if claim.provider.region_id != claim.region_id:
        raise DomainError(_("The provider belongs to another region than the member."))
    # Regions list the same diseases.
    if claim.disease is not None and claim.disease.region_id != claim.region_id:
        raise DomainError(_("This disease stands in another region's catalogue."), field="disease")


def check_bill(claim: Claim, lines: Sequence[ClaimLine]) -> None:
    """DomainError for a place that is none, or a bill that nobody could settle, whoever's it is."""
    check_division(claim.place, "place")
    if not lines:
        raise DomainError(_("A claim needs at least one line."))
    for line in lines:
        check_line(line)
    if sum(line.amount for line in lines) > MOST_OF_A_BILL:
        raise DomainError(
            _("The lines come to more than %(most)s yuan. Look for a mistyped amount, or split the bill.")
            % {"most": f"{MOST_OF_A_BILL:,}"}
        )


def _check_days(claim: Claim, today: date) -> None:
    """Birth, service, filing and today come in this order."""
    if claim.served_on > today:
        raise DomainError(_("The day of service lies in the future."), field="served_on")
    if claim.served_on < claim.member.birth_date:
        raise DomainError(_("The day of service lies before the patient's birth."), field="served_on")
    if claim.filed_on is not None and claim.filed_on < claim.served_on:
        raise DomainError(_("The claim was filed before the day of service."), field="filed_on")
    if claim.filed_on is not None and claim.filed_on > today:
        raise DomainError(
            _("The day of filing lies in the future. Enter the day on which it was handed in."), field="filed_on"
        )
