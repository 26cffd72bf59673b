"""Who has no account, and whose is merely empty because nothing was credited yet."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import LedgerAccount
from accounts.services.spending import SpendingRefused, spend
from members.models import Member
from policies.engine.vocabulary import AccountScheme, Employment, InsuredStatus, Purpose
from tests import builder

pytestmark = pytest.mark.django_db


def refusal(member: Member, purpose: Purpose = Purpose.PHARMACY_DRUG) -> str:
    """Why ten yuan are not paid in March 2023."""
    with pytest.raises(SpendingRefused) as caught:
        spend(
            member,
            amount=Decimal("10.00"),
            purpose=purpose,
            on=date(2023, 3, 1),
            key="k",
            provider=builder.pharmacy(member.region),
        )
    assert not LedgerAccount.objects.filter(member=member).exists()
    return caught.value.reason


@pytest.mark.parametrize("status", InsuredStatus)
def test_an_account_that_was_never_credited_is_empty(status: InsuredStatus) -> None:
    """Pingliang 15 credits employees and retirees; what the account may not pay is said first."""
    member = builder.insured(builder.region("pingliang"), status=status)
    assert refusal(member) == "insufficient_balance"
    assert refusal(member, Purpose.FITNESS) == "purpose_not_allowed"


@pytest.mark.parametrize(
    ("slug", "how"),
    [
        ("pingliang", {"employment": Employment.FLEXIBLE}),
        ("zaozhuang", {"employment": Employment.FLEXIBLE}),
        ("kaifeng", {"scheme": AccountScheme.POOLED_ONLY}),
        ("dazhou", {"scheme": AccountScheme.POOLED_ONLY, "status": InsuredStatus.RETIRED}),
        ("baoshan", {"since": date(2023, 4, 1)}),
    ],
)
def test_whom_the_region_credits_nothing_has_none(slug: str, how: dict[str, object]) -> None:
    """Pingliang 9, Zaozhuang 10, Kaifeng 16, Dazhou 4; and who is not insured yet."""
    assert refusal(builder.insured(builder.region(slug), **how)) == "no_account"  # type: ignore[arg-type]


def test_a_relative_who_is_not_insured_has_none() -> None:
    assert refusal(builder.a_member(builder.region("pingliang"))) == "no_account"
