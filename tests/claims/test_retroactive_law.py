"""What was settled under the law that held before a version was published for past days, and is settled anew under it.

Pingliang, a retiree at a primary institution: a deductible of 200.00 a year, 70 % above it, at most 2500.00 a year;
from 1 July 2023 75 %, which is known in October.
"""

from datetime import date
from decimal import Decimal

import pytest
from django.utils.timezone import localdate

from accounts.models import AccountKind, LedgerEntry
from agency.exceptions import SamePersonDecides
from agency.models import User
from claims.models import BatchState, BenefitUsage, Resettlement
from claims.selectors.former_law import former_law
from claims.services.resettlement_batches import (
    approve_batch,
    submit_batch,
)
from clearing.selectors.statements import unsettled_entries
from clearing.services.statements import draft_statement
from policies.engine.vocabulary import Tier
from reimbursements.models import Reimbursement, ReimbursementState
from reimbursements.selectors.differences import to_pay, to_recover
from reimbursements.services.recoveries import record_recovery
from tests import builder
from tests.builder import retiree
from tests.builder.books import books_agree
from tests.builder.closings import brought, closed, later
from tests.builder.former_law import KNOWN, planned, published, settled_anew, worked_on, years_of
from tests.builder.reimbursements import through_the_bank
from tests.builder.resettlements import anew, standing
from tests.builder.settlements import settled

pytestmark = pytest.mark.django_db

BEFORE, INSIDE, LATER = date(2023, 3, 1), date(2023, 8, 1), date(2023, 8, 20)


def test_what_lies_in_the_past_days_is_settled_anew_and_what_rests_on_it(maker: User, checker: User) -> None:
    """Before: 300.00 pays 70.00; 1000.00 pays 700.00; 3000.00 of February, filed last, 2500.00 − 770.00 = 1730.00.

    Anew: the first stays; 1000.00 pays 750.00; of the ceiling 2500.00 − 820.00 = 1680.00 is left for the third.
    """
    member, untouched = retiree(), retiree()
    first = settled(member, served_on=BEFORE)
    inside = settled(member, "1000.00", served_on=INSIDE)
    third = settled(member, "3000.00", served_on=date(2023, 2, 15))
    settled(untouched, "1000.00", served_on=BEFORE)
    assert [paid for _deductible, paid in standing(member)] == ["70.00", "700.00", "1730.00"]
    version = published(maker, checker)
    found = former_law(version)
    assert (found.settlements, found.members, found.pooled) == (1, 1, Decimal("700.00"))
    batch = planned(version, maker)
    (year,) = batch.years.all()
    amounts = [(line["before"]["pooled"], line["after"]["pooled"]) for line in year.plan["lines"]]
    assert amounts == [("700.00", "750.00"), ("1730.00", "1680.00")]
    assert (batch.state, batch.concerned, batch.difference) == (BatchState.DRAFT, 1, Decimal("0.00"))

    batch = worked_on(approve_batch(submit_batch(batch, actor=maker), actor=checker))
    assert (batch.state, years_of(batch)) == (BatchState.SETTLED, [("settled", "0.00")])
    assert anew(first) == first
    assert (anew(inside).pooled, anew(inside).version) == (Decimal("750.00"), version)
    # The third was given on a day of the version that held then.
    assert (anew(third).pooled, anew(third).version) == (Decimal("1680.00"), third.version)
    assert [each.in_place_of for each in (anew(inside), anew(third))] == [inside, third]
    assert [str(each.difference) for each in Resettlement.objects.order_by("pk")] == ["50.00", "-50.00"]
    used = sum(each.paid for each in BenefitUsage.objects.filter(member=member))
    assert used == Decimal("2500.00")
    assert former_law(version).settlements == 0
    books_agree(member.region)


def test_fifty_five_percent_become_sixty_for_the_providers_next_statement(maker: User, checker: User) -> None:
    """Baoshan, a retiree at a tertiary institution: of 1000.00 less 90.00, 500.50 and then 546.00."""
    member = retiree("baoshan")
    visit = settled(member, "1000.00", tier=Tier.TERTIARY_B, served_on=INSIDE)
    assert visit.pooled == Decimal("500.50")
    draft_statement(visit.claim.provider, month=date(2023, 8, 1), today=KNOWN, actor=maker)
    settled_anew(published(maker, checker, "baoshan", rate="0.60", tier=Tier.TERTIARY_B), maker, checker)
    assert anew(visit).pooled == Decimal("546.00")
    noted = Resettlement.objects.get()
    assert (noted.difference, noted.payee) == (Decimal("45.50"), "direct")
    stated = unsettled_entries(member.region, localdate()).filter(provider=visit.claim.provider)
    amounts = [each.amount if each.credit.kind == "provider_payable" else -each.amount for each in stated]
    assert sum(amounts) == Decimal("45.50")
    books_agree(member.region)


def test_a_year_that_comes_out_the_same_is_dealt_with_and_nothing_of_it_is_written(maker: User, checker: User) -> None:
    """150.00 lies within the deductible under either law."""
    within, other = retiree(), retiree()
    settled(within, "150.00", served_on=INSIDE)
    settled(other, "400.00", served_on=INSIDE)
    version = published(maker, checker)
    batch = settled_anew(version, maker, checker)
    assert years_of(batch) == [("same", "0.00"), ("settled", "10.00")]
    assert former_law(version).settlements == 0
    assert standing(within) == [("150.00", "0.00")]


def test_what_a_member_was_paid_too_little_goes_through_a_batch_of_payments(maker: User, checker: User) -> None:
    """400.00 paid 140.00; of 200.00 above the deductible 75 % is 150.00."""
    member = retiree()
    by_hand = settled(member, "400.00", served_on=INSIDE, filed_on=LATER)
    cashier, treasurer = builder.staff("cashier"), builder.staff("treasurer")
    assert through_the_bank(cashier, treasurer).amount == Decimal("140.00")
    settled_anew(published(maker, checker), maker, checker)
    owed = to_pay().get()
    assert (owed.difference, owed.payee) == (Decimal("10.00"), "manual")
    assert Reimbursement.objects.get(claim=by_hand.claim).state == ReimbursementState.APPROVED
    assert through_the_bank(cashier, treasurer).amount == Decimal("10.00")
    books_agree(member.region)


def test_what_a_member_was_paid_too_much_is_recovered_by_neither_of_the_two(maker: User, checker: User) -> None:
    """At 65 % 200.00 pay 130.00."""
    member = retiree()
    settled(member, "400.00", served_on=INSIDE, filed_on=LATER)
    cashier = builder.staff("cashier")
    through_the_bank(cashier, builder.staff("treasurer"))
    settled_anew(published(maker, checker, rate="0.65"), maker, checker)
    owed = to_recover().get()
    assert owed.difference == Decimal("-10.00")
    on = owed.before.reversed_by.settled_on
    for actor in (maker, checker):
        with pytest.raises(SamePersonDecides):
            record_recovery(owed, on=on, today=on, reference="收据17号", actor=actor)
    record_recovery(owed, on=on, today=on, reference="收据17号", actor=cashier)
    books_agree(member.region)


def test_what_an_account_paid_too_much_goes_to_whoever_got_its_balance(maker: User, checker: User) -> None:
    """The account paid 230.00 of 300.00; at 75 % the patient bears 225.00."""
    member = retiree()
    brought(member, "500.00", maker, checker)
    visit = settled(member, served_on=INSIDE, pay_from_account=True)
    closing = closed(member, maker, checker, LATER, today=LATER)
    batch = settled_anew(published(maker, checker), maker, checker)
    assert (anew(visit).pooled, anew(visit).account) == (Decimal("75.00"), Decimal("225.00"))
    assert later(closing) == [("5.00", "继承人", f"resettled_year:{batch.years.get().pk}")]
    fund = LedgerEntry.objects.filter(debit__kind=AccountKind.POOLED_FUND, cause=f"settlement:{anew(visit).pk}").get()
    assert fund.amount == Decimal("75.00")
    books_agree(member.region)
