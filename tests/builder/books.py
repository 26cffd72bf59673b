"""A region whose books hold every kind of entry, each made by the services: what verifying the books is tried on."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import (
    AccountClosing,
    AccountKind,
    AccountRequest,
    CreditDifference,
    CreditRun,
    LedgerAccount,
    LedgerEntry,
    Remedy,
    YearlyInterest,
)
from accounts.selectors.books import find_differences
from accounts.services.account_requests import (
    approve_account_request,
    submit_freeze,
    submit_refund,
    submit_transfer_in,
)
from accounts.services.closing import approve_closing, submit_closing
from accounts.services.differences import approve_remedy, submit_remedy
from accounts.services.interest import approve_interest, post_interest, submit_interest
from accounts.services.spending import spend
from agency.models import PoolingRegion, User
from agency.services.regions import switch_account_interest
from claims.models import Reversal, Settlement
from claims.services.reversal import approve_reversal, request_reversal
from desk.services.books import checks
from members.models import Member
from members.services.contributions import record_contribution
from policies.engine.vocabulary import ClosingReason, InsuredStatus, Purpose, Tier
from reimbursements.models import PaymentItem
from tests import builder
from tests.builder.accounts import authorized
from tests.builder.credit_runs import APRIL, APRIL_END, MARCH, MARCH_END, posted
from tests.builder.law import baoshan_inpatient
from tests.builder.reimbursements import through_the_bank
from tests.builder.settlements import settled

MAY, JUNE = date(2023, 5, 10), date(2023, 6, 20)
WHY: dict[str, Any] = {"document": "业务单1号", "reason": builder.REASON}


@dataclass
class KeptBooks:
    """Baoshan's books. Credits are 2 % of a base of 6,000.00: 120.00 a month."""

    region: PoolingRegion
    maker: User
    checker: User
    holder: Member
    """Credited for two months; pays for the relative, too."""
    relative: Member
    """Retired and without an account."""
    corrected: Member
    """Credited 20.00 too much for March, which was recovered; frozen since."""
    late: Member
    """Contributed late for March; brought a balance along."""
    leaver: Member
    """Credited for March, paid 50.00 of a claim; closed since, and the claim taken back."""

    march: CreditRun
    april: CreditRun
    recovery: CreditDifference
    closing: AccountClosing
    later: AccountClosing
    """What came back to the leaver's account by the second reversal."""
    transfer: AccountRequest
    refund: AccountRequest
    interest: YearlyInterest
    own: Settlement
    """The holder's, with money of the own account."""
    family: Settlement
    """The relative's, with money of the holder's account; filed by hand."""
    large: Settlement
    """The relative's, beyond the year's ceiling, so that inpatient terms pay a part."""
    reversal: Reversal
    payout: PaymentItem
    """What the relative's settlement left to the relative, paid by the bank."""

    @property
    def counter(self) -> Settlement:
        """The row that takes a settlement back."""
        return Settlement.objects.get(reverses=self.reversal.settlement)

    def account(self, member: Member) -> LedgerAccount:
        return LedgerAccount.objects.get(member=member)

    def book(self, kind: AccountKind) -> LedgerAccount:
        """One of the region's books."""
        return LedgerAccount.objects.get(region=self.region, kind=kind)

    def entry(self, **facts: Any) -> LedgerEntry:
        """The first entry of the region with these facts."""
        found = LedgerEntry.objects.filter(region=self.region, **facts).order_by("pk").first()
        assert found is not None, facts
        return found


def keep() -> KeptBooks:
    maker, checker = builder.staff("bookkeeper"), builder.staff("reviewer")
    region = switch_account_interest(builder.region("baoshan"), pays=True, actor=maker, reason=builder.REASON)
    baoshan_inpatient(maker, checker)
    people: dict[str, Any] = {name: builder.insured(region) for name in ("holder", "corrected", "late", "leaver")}
    people["relative"] = builder.insured(region, status=InsuredStatus.RETIRED, birth_date=date(1960, 5, 1))
    runs = _credit(region, people, maker, checker)
    authorized(people["holder"], people["relative"], maker, checker)
    return KeptBooks(
        region,
        maker,
        checker,
        **people,
        **runs,
        **_requests(people, maker, checker),
        **_claims(people, maker, checker),
        interest=_interest(region, maker, checker),
    )


def _credit(region: PoolingRegion, people: dict[str, Member], maker: User, checker: User) -> dict[str, Any]:
    """March; then April, which finds March's base of one too high and March's contribution of another come late."""
    for name in ("holder", "corrected"):
        builder.contributions(people[name], MARCH, APRIL)
    builder.contributions(people["leaver"], MARCH, MARCH)
    march = posted(region, MARCH, MARCH_END, maker, checker)
    builder.contributions(people["late"], APRIL, APRIL)
    late: dict[str, Any] = {"received_on": APRIL_END, "known_on": APRIL_END}
    record_contribution(people["late"], month=MARCH, base=Decimal("6000.00"), reason="late", **late)
    record_contribution(
        people["corrected"], month=MARCH, base=Decimal("5000.00"), known_on=APRIL_END, reason="corrected"
    )
    april = posted(region, APRIL, APRIL_END, maker, checker)
    listed = CreditDifference.objects.get(run=april)
    submit_remedy(listed, remedy=Remedy.RECOVER, actor=maker, reason=builder.REASON)
    return {"march": march, "april": april, "recovery": approve_remedy(listed, on=MAY, actor=checker)}


def _requests(people: dict[str, Member], maker: User, checker: User) -> dict[str, Any]:
    def done(request: AccountRequest) -> AccountRequest:
        return approve_account_request(request, today=JUNE, actor=checker)

    asked: dict[str, Any] = WHY | {"on": MAY, "actor": maker}
    drug: dict[str, Any] = {
        "purpose": Purpose.PHARMACY_DRUG,
        "on": MAY,
        "provider": builder.pharmacy(people["holder"].region),
    }
    bought = spend(people["holder"], amount=Decimal("10.00"), key="bought", **drug)
    spend(people["holder"], amount=Decimal("15.00"), key="gift", relative=people["relative"], **drug)
    done(submit_freeze(people["corrected"], **asked))
    settled(people["leaver"], "50.00", pay_from_account=True, served_on=date(2023, 3, 15), tier=Tier.SECONDARY)
    closing = submit_closing(
        people["leaver"],
        closing_reason=ClosingReason.NO_ACCOUNT_AT_DESTINATION,
        on=MAY,
        actor=maker,
        reason=builder.REASON,
    )
    return {
        "transfer": done(
            submit_transfer_in(people["late"], amount=Decimal("300.00"), other_agency="大理州医保中心", **asked)
        ),
        "refund": done(submit_refund(bought.entry, **asked)),
        "closing": approve_closing(closing, today=MAY, actor=checker),
    }


def _claims(people: dict[str, Member], maker: User, checker: User) -> dict[str, Any]:
    holder, relative = people["holder"], people["relative"]
    hospital: dict[str, Any] = {"tier": Tier.SECONDARY, "served_on": date(2023, 6, 15)}
    from_account: dict[str, Any] = hospital | {"pay_from_account": True, "served_on": date(2023, 3, 15)}
    own = settled(holder, "150.00", **from_account)
    by_hand: dict[str, Any] = hospital | {"filed_on": JUNE}
    family = settled(relative, "100.00", account_holder=holder, **by_hand)
    large = settled(relative, "12000.00", **hospital)
    mistaken = settled(holder, "80.00", **from_account)
    reversal = request_reversal(mistaken, actor=maker, reason="entered twice")
    approve_reversal(reversal, actor=checker, today=JUNE)
    reversal.refresh_from_db()
    after = request_reversal(Settlement.objects.get(member=people["leaver"]), actor=maker, reason="entered twice")
    approve_reversal(after, actor=checker, today=JUNE)
    found = {
        "own": own,
        "family": family,
        "large": large,
        "reversal": reversal,
        "payout": through_the_bank(builder.staff("cashier"), builder.staff("treasurer"), "baoshan"),
    }
    return found | {"later": AccountClosing.objects.get(follows__isnull=False)}


def _interest(region: PoolingRegion, maker: User, checker: User) -> YearlyInterest:
    """One percent for the year."""
    asked = submit_interest(
        region,
        year=2023,
        rate=Decimal("0.01"),
        source="保医保发〔2024〕1号",
        today=date(2024, 1, 2),
        actor=maker,
        reason=builder.REASON,
    )
    interest = approve_interest(asked, actor=checker)
    while post_interest(interest.pk):
        pass
    interest.refresh_from_db()
    return interest


def books_agree(region: PoolingRegion) -> None:
    assert [found.check.name for found in find_differences(region, checks()) if found.differing] == []
